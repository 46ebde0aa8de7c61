"""What members and channels read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from boostmon.app.delivering.messages import MOST_IN_LOG, MOST_TOGETHER
from boostmon.domain.ids import NOBODY, ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, ResolvedNotice, WarningNotice
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Barrier, Refusal, ToChannel, ToMember, Way, ways_of
from boostmon.texts import stamps
from boostmon.texts.notices import (
    NO_NAMES,
    Names,
    channel_message,
    direct_message,
    log_message,
)
from boostmon.texts.obstacles import EITHER, in_the_way
from boostmon.texts.reasons import BARRIERS
from tests.support.stored_values import NOTICES
from tests.support.words import ENGLISH

KEY = TimerKey(GuildId(1), UserId(22), RoleId(333))
MOMENT = datetime(2026, 12, 31, 18, 0, 0, 999_999, tzinfo=UTC)
UNIX = 1798740001
"""Rounded, as everywhere."""
HELD = "As of this message, <@22> has the role <@&333>"
NOW = MOMENT - timedelta(minutes=9, seconds=58)
WARNING = WarningNotice(KEY, ChannelId(4), threshold=timedelta(minutes=10), ends_at=MOMENT)
ENDED = EndedNotice(KEY, ChannelId(4), ended_at=MOMENT)


def embed(message: dict[str, Any]) -> dict[str, Any]:
    (only,) = message["embeds"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES.keys())
def test_every_kind_says_something_wherever_it_may_go(notice: Notice) -> None:
    """Cards are gathered by kinds, so one that is left out would make an empty message."""
    ways = {type(way) for way in ways_of(notice, Policy(warning_channel=ChannelId(5), log_channel=ChannelId(6)))}
    assert ways
    for way in ways:
        assert embed(_by(way, notice))["title"]


def _by(way: type[Way], notice: Notice) -> dict[str, Any]:
    if way is ToChannel:
        return channel_message([notice], ENGLISH, now=NOW)
    if way is ToMember:
        return direct_message(notice, NO_NAMES, ENGLISH, now=NOW)
    return log_message([notice], (), ENGLISH, now=NOW)


@pytest.mark.parametrize("notice", [WARNING, ENDED])
def test_channel_message_pings_the_member_and_nobody_else(notice: Notice) -> None:
    message = channel_message([notice], ENGLISH, now=NOW)
    assert message["content"] == "<@22>"
    assert message["allowed_mentions"] == {"parse": [], "users": ["22"]}


@pytest.mark.parametrize("notice", [WARNING, ENDED])
def test_direct_message_pings_nobody(notice: Notice) -> None:
    message = direct_message(notice, Names("VIP", "Boost Town"), ENGLISH, now=NOW)
    assert message["allowed_mentions"] == {"parse": []}
    assert "content" not in message


def test_warning_in_a_channel() -> None:
    assert embed(channel_message([WARNING], ENGLISH, now=NOW)) == {
        "author": {"name": "BoostMon"},
        "title": "Role ending",
        "description": f"{HELD} for another **10 minutes**, until <t:{UNIX}:F>.",
        "color": 0xF39C12,
    }


def test_end_in_a_channel() -> None:
    assert embed(channel_message([ENDED], ENGLISH, now=NOW)) == {
        "author": {"name": "BoostMon"},
        "title": "Role ended",
        "description": f"The time of <@22> with the role <@&333> ended on <t:{UNIX}:F>. The role was removed.",
        "color": 0xE74C3C,
    }


def test_warning_to_the_member() -> None:
    assert embed(direct_message(WARNING, Names("VIP", "Boost Town"), ENGLISH, now=NOW)) == {
        "author": {"name": "BoostMon"},
        "title": "Role ending",
        "description": "As of this message, you have the role **VIP** in **Boost Town** "
        f"for another **10 minutes**, until <t:{UNIX}:F>.",
        "color": 0xF39C12,
    }


def test_end_to_the_member() -> None:
    text = embed(direct_message(ENDED, Names("VIP", "Boost Town"), ENGLISH, now=NOW))["description"]
    assert text == f"Your time with the role **VIP** in **Boost Town** ended on <t:{UNIX}:F>. The role was removed."


@pytest.mark.parametrize(
    ("names", "start"),
    [
        (NO_NAMES, "As of this message, you have one of your roles in one of your servers for another "),
        (Names(None, "Boost Town"), "As of this message, you have one of your roles in **Boost Town** for another "),
        (Names("VIP", None), "As of this message, you have the role **VIP** in one of your servers for another "),
    ],
)
def test_names_may_be_unknown(names: Names, start: str) -> None:
    assert embed(direct_message(WARNING, names, ENGLISH, now=NOW))["description"].startswith(start)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=1) - timedelta(seconds=1.3), "1 hour"),
        (timedelta(minutes=56, seconds=29), "56 minutes"),
        (timedelta(minutes=10) - timedelta(seconds=4), "10 minutes"),
        (timedelta(minutes=1) - timedelta(seconds=2), "1 minute"),
        (timedelta(seconds=12.4), "12 seconds"),
        (timedelta(days=30) - timedelta(seconds=1), "30 days"),
    ],
)
def test_what_remains_is_told_as_people_would(left: timedelta, words: str) -> None:
    text = embed(direct_message(WARNING, NO_NAMES, ENGLISH, now=MOMENT - left))["description"]
    assert f"for another **{words}**, until <t:{UNIX}:F>." in text


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=-0.2), timedelta(seconds=5)])
def test_a_warning_at_the_very_end_names_the_moment_alone(late: timedelta) -> None:
    text = embed(channel_message([WARNING], ENGLISH, now=MOMENT + late))["description"]
    assert text == f"As of this message, <@22> has the role <@&333> until <t:{UNIX}:F>."


@pytest.mark.parametrize(
    "message",
    [
        channel_message([WARNING, ENDED], ENGLISH, now=NOW),
        channel_message([WARNING, WARNING, ENDED, ENDED], ENGLISH, now=NOW),
        direct_message(WARNING, NO_NAMES, ENGLISH, now=NOW),
        direct_message(ENDED, NO_NAMES, ENGLISH, now=NOW),
        log_message([WARNING, ENDED], None, ENGLISH, now=NOW),
        log_message([WARNING, WARNING, ENDED, ENDED], None, ENGLISH, now=NOW),
    ],
)
def test_nothing_in_a_message_that_stays_counts_on_by_itself(message: dict[str, Any]) -> None:
    text = str(message["embeds"])
    assert ":R>" not in text
    assert "soon" not in text
    assert "<t:" in text


def test_the_same_end_is_the_same_second_in_messages_and_answers() -> None:
    for microseconds in (0, 499_999, 500_001, 999_999):
        end = MOMENT.replace(microsecond=microseconds)
        warning = WarningNotice(KEY, None, threshold=timedelta(minutes=10), ends_at=end)
        assert stamps.moment(end) in embed(channel_message([warning], ENGLISH, now=NOW))["description"]


def test_names_cannot_format_the_message() -> None:
    text = embed(direct_message(WARNING, Names("V*I*P", "`a` __b__"), ENGLISH, now=NOW))["description"]
    assert r"**V\*I\*P**" in text
    assert r"\`a\` \_\_b\_\_" in text


def test_longest_names_fit() -> None:
    text = embed(direct_message(WARNING, Names("*" * 100, "_" * 100), ENGLISH, now=NOW))["description"]
    assert len(text) <= 4096


BLOCKED = BlockedNotice(KEY, Obstacle.MISSING_PERMISSIONS, at=MOMENT)
REFUSALS = [
    Refusal(ToChannel(ChannelId(4)), "403 Forbidden (error code: 50001): Missing Access", Barrier.CHANNEL_UNSEEN),
    Refusal(ToMember(), "403 Forbidden (error code: 50007): Cannot send messages", Barrier.DMS_CLOSED),
]


@pytest.mark.parametrize("notice", [WARNING, ENDED, BLOCKED])
def test_the_log_channel_pings_nobody_and_names_member_and_role(notice: Notice) -> None:
    message = log_message([notice], REFUSALS, ENGLISH, now=NOW)
    assert message["allowed_mentions"] == {"parse": []}
    assert "content" not in message
    assert "<@22>" in embed(message)["description"]
    assert "<@&333>" in embed(message)["description"]


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_comes_with_its_remedy(obstacle: Obstacle) -> None:
    text = embed(log_message([BlockedNotice(KEY, obstacle, at=MOMENT)], (), ENGLISH, now=NOW))["description"]
    assert in_the_way(obstacle, [KEY.role], ENGLISH) in text
    assert "did not let me take it" in text


def test_the_log_channel_hears_what_was_tried() -> None:
    assert embed(log_message([WARNING], REFUSALS, ENGLISH, now=NOW)) == {
        "title": "A member could not be warned",
        "description": f"{HELD} for another **10 minutes**, until <t:{UNIX}:F>.\n"
        "What I tried:\n"
        "- <#4>: I cannot see the channel. Allow me **View Channel** there.\n"
        "- a direct message: the member takes none from me.\n"
        "`/timersettings channel` names a channel for members who cannot be written to.",
        "color": 0xE67E22,
    }


def test_the_log_channel_hears_that_no_way_was_left() -> None:
    text = embed(log_message([ENDED], (), ENGLISH, now=NOW))["description"]
    assert "The role was removed." in text
    assert "Direct messages are off here" in text


@pytest.mark.parametrize("barrier", Barrier)
def test_each_barrier_is_told_in_words_and_what_discord_said_is_not(barrier: Barrier) -> None:
    refusals = [Refusal(ToMember(), "403 Forbidden (error code: 50007): [x](https://evil.example)", barrier)]
    text = embed(log_message([WARNING], refusals, ENGLISH, now=NOW))["description"]
    assert f"- a direct message: {BARRIERS[barrier]}\n" in text
    assert not any(word in text for word in ("403", "error code", "evil"))


def test_what_is_the_same_for_people_is_said_once() -> None:
    """The bot remembers closed direct messages, and words that otherwise than Discord does."""
    refusals = [Refusal(ToMember(), error, Barrier.DMS_CLOSED) for error in ("403 Forbidden", "remembered")]
    text = embed(log_message([WARNING], refusals, ENGLISH, now=NOW))["description"]
    assert text.count("- a direct message") == 1


def of(user: int, role: int = 333) -> TimerKey:
    return TimerKey(GuildId(1), UserId(user), RoleId(role))


def warning(user: int, role: int = 333) -> WarningNotice:
    return WarningNotice(of(user, role), ChannelId(4), threshold=timedelta(minutes=10), ends_at=MOMENT)


def ended(user: int, role: int = 333) -> EndedNotice:
    return EndedNotice(of(user, role), ChannelId(4), ended_at=MOMENT)


def test_many_in_a_channel_are_one_embed_for_each_kind_with_a_line_for_each_member() -> None:
    message = channel_message([warning(1), ended(2), warning(3), ended(1, role=4), ended(5)], ENGLISH, now=NOW)
    assert message == {
        "content": "<@1> <@2> <@3> <@5>",
        "embeds": [
            {
                "author": {"name": "BoostMon"},
                "title": "Roles ending",
                "description": "When these roles end, as of this message:\n"
                f"<@&333> of <@1>: <t:{UNIX}:F>\n<@&333> of <@3>: <t:{UNIX}:F>",
                "color": 0xF39C12,
            },
            {
                "author": {"name": "BoostMon"},
                "title": "Roles ended",
                "description": "These roles ended and were removed:\n"
                f"<@&333> of <@2>: <t:{UNIX}:F>\n<@&4> of <@1>: <t:{UNIX}:F>\n<@&333> of <@5>: <t:{UNIX}:F>",
                "color": 0xE74C3C,
            },
        ],
        "allowed_mentions": {"parse": [], "users": ["1", "2", "3", "5"]},
    }


def test_a_single_one_among_many_of_another_kind_reads_as_it_does_alone() -> None:
    warnings, end = channel_message([warning(1), warning(2), ENDED], ENGLISH, now=NOW)["embeds"]
    assert warnings["title"] == "Roles ending"
    assert end == embed(channel_message([ENDED], ENGLISH, now=NOW))


def test_many_in_the_log_channel_say_once_what_was_tried() -> None:
    message = log_message([warning(1), warning(2), ended(3), ended(4)], REFUSALS, ENGLISH, now=NOW)
    unwarned, untold = message["embeds"]
    assert unwarned == {
        "title": "Members could not be warned",
        "description": "When these roles end, as of this message:\n"
        f"<@&333> of <@1>: <t:{UNIX}:F>\n<@&333> of <@2>: <t:{UNIX}:F>",
        "color": 0xE67E22,
    }
    assert untold["title"] == "Members could not be told"
    assert f"<@&333> of <@4>: <t:{UNIX}:F>\nWhat I tried:\n- <#4>: I cannot see" in untold["description"]
    assert message["allowed_mentions"] == {"parse": []}


def test_more_reasons_than_fit_are_counted() -> None:
    many = [Refusal(ToChannel(ChannelId(number)), "404", Barrier.CHANNEL_GONE) for number in range(5)]
    text = embed(log_message([WARNING], many, ENGLISH, now=NOW))["description"]
    assert "- <#2>: the channel does not exist any more.\n- and 2 more\n" in text


def test_reasons_that_are_forgotten_are_not_made_up() -> None:
    assert embed(log_message([WARNING], None, ENGLISH, now=NOW))["description"].endswith(":F>.")


def test_obstacles_of_many_roles_are_told_by_obstacle() -> None:
    notices = [
        BlockedNotice(of(1, role=1), Obstacle.REFUSED, at=MOMENT),
        BlockedNotice(of(2, role=2), Obstacle.MISSING_PERMISSIONS, at=MOMENT),
        BlockedNotice(of(3, role=3), Obstacle.REFUSED, at=MOMENT),
    ]
    refused, missing = log_message(notices, (), ENGLISH, now=NOW)["embeds"]
    assert "did not let me take them: <@&1>, <@&3>.\n" in refused["description"]
    assert in_the_way(Obstacle.REFUSED, [], ENGLISH) in refused["description"]
    assert missing == embed(log_message(notices[1:2], (), ENGLISH, now=NOW))


def test_roles_that_need_different_things_are_told_apart() -> None:
    own = RoleId(99)
    lacks = {
        RoleId(1): Lack(own, manage_roles=False, place=True),
        RoleId(2): Lack(own, manage_roles=False, place=True),
    }
    notices = [BlockedNotice(of(role, role), Obstacle.MISSING_PERMISSIONS, at=MOMENT) for role in (1, 2, 3)]
    above, unknown = log_message(notices, (), ENGLISH, now=NOW, lacks=lacks)["embeds"]
    assert "My highest role, <@&99>, does not stand above <@&1> and <@&2>" in str(above["description"])
    assert "<@&3>" not in str(above["description"])
    assert EITHER in unknown["description"]


def resolved(role: int) -> ResolvedNotice:
    return ResolvedNotice(TimerKey(GuildId(1), NOBODY, RoleId(role)), at=MOMENT)


@pytest.mark.parametrize(
    ("roles", "which"), [([1], "the role <@&1>"), ([1, 2], "the roles <@&1>, <@&2>"), ([1, 1], "the role <@&1>")]
)
def test_that_an_obstacle_is_gone(roles: list[int], which: str) -> None:
    message = log_message([resolved(role) for role in roles], (), ENGLISH, now=NOW)
    assert embed(message) == {
        "title": "An obstacle is gone",
        "description": f"As of this message, nothing waits for {which} any more. Nothing is left to do.",
        "color": 0x2ECC71,
    }
    assert message["allowed_mentions"] == {"parse": []}


LARGEST = 2**64 - 1
LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def largest_notices(number: int, kinds: int) -> list[Notice]:
    """Of as many members, in turn of so many kinds: the two for members, that obstacles are gone, then one each."""
    keys = [TimerKey(GuildId(LARGEST), UserId(LARGEST - n), RoleId(LARGEST - n)) for n in range(number)]
    return [largest_notice(n % kinds, key) for n, key in enumerate(keys)]


def largest_notice(kind: int, key: TimerKey) -> Notice:
    if kind == 0:
        return WarningNotice(key, None, threshold=timedelta(days=1), ends_at=LATEST)
    if kind == 1:
        return EndedNotice(key, None, ended_at=LATEST)
    if kind == 2:
        return ResolvedNotice(key, at=LATEST)
    return BlockedNotice(key, list(Obstacle)[kind - 3], at=LATEST)


def _author(embed: dict[str, Any]) -> str:
    return str(embed.get("author", {}).get("name", ""))


def must_fit(message: dict[str, Any]) -> None:
    """Discord's limits, by its reference of the message resource."""
    assert len(message.get("content", "")) <= 2000
    assert len(message["embeds"]) <= 10
    assert all(len(one["title"]) <= 256 and len(one["description"]) <= 4096 for one in message["embeds"])
    texts = [text for one in message["embeds"] for text in (one["title"], one["description"], _author(one))]
    assert sum(map(len, texts)) <= 6000
    assert len(message["allowed_mentions"].get("users", ())) <= 100


@pytest.mark.parametrize("kinds", [1, 2])
def test_as_many_as_go_together_fit_in_a_channels_message(kinds: int) -> None:
    message = channel_message(largest_notices(MOST_TOGETHER, kinds), ENGLISH, now=NOW)
    assert len(message["allowed_mentions"]["users"]) == MOST_TOGETHER
    must_fit(message)


@pytest.mark.parametrize("kinds", range(1, len(Obstacle) + 4))
def test_as_many_as_go_together_fit_in_the_log_channels_message(kinds: int) -> None:
    channels = [ToChannel(ChannelId(LARGEST - number)) for number in range(5)]
    longest = max(Barrier, key=lambda barrier: len(BARRIERS[barrier]))
    worst = [Refusal(channel, "*" * 1000, longest) for channel in channels]
    must_fit(log_message(largest_notices(MOST_IN_LOG, kinds), worst, ENGLISH, now=NOW))

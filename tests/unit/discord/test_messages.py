"""What members and channels read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from boostmon.adapters.discord.messages import (
    NO_NAMES,
    REMEDIES,
    Names,
    channel_message,
    direct_message,
    log_message,
)
from boostmon.app.messages import MOST_IN_LOG, MOST_TOGETHER
from boostmon.app.ports import Refusal
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, WarningNotice
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import ToChannel, ToMember

KEY = TimerKey(GuildId(1), UserId(22), RoleId(333))
MOMENT = datetime(2026, 12, 31, 18, 0, 0, 999_999, tzinfo=UTC)
UNIX = 1798740000
WARNING = WarningNotice(KEY, ChannelId(4), threshold=timedelta(minutes=10), ends_at=MOMENT)
ENDED = EndedNotice(KEY, ChannelId(4), ended_at=MOMENT)


def embed(message: dict[str, Any]) -> dict[str, Any]:
    (only,) = message["embeds"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("notice", [WARNING, ENDED])
def test_channel_message_pings_the_member_and_nobody_else(notice: Notice) -> None:
    message = channel_message([notice])
    assert message["content"] == "<@22>"
    assert message["allowed_mentions"] == {"parse": [], "users": ["22"]}


@pytest.mark.parametrize("notice", [WARNING, ENDED])
def test_direct_message_pings_nobody(notice: Notice) -> None:
    message = direct_message(notice, Names("VIP", "Boost Town"))
    assert message["allowed_mentions"] == {"parse": []}
    assert "content" not in message


def test_warning_in_a_channel() -> None:
    assert embed(channel_message([WARNING])) == {
        "title": "Role ends soon",
        "description": f"The role <@&333> of <@22> ends <t:{UNIX}:R> (<t:{UNIX}:F>).",
        "color": 0x2ECC71,
    }


def test_end_in_a_channel() -> None:
    assert embed(channel_message([ENDED])) == {
        "title": "Role ended",
        "description": f"The time of <@22> with the role <@&333> was up <t:{UNIX}:R> (<t:{UNIX}:F>). "
        "The role was removed.",
        "color": 0xE74C3C,
    }


def test_warning_to_the_member() -> None:
    assert embed(direct_message(WARNING, Names("VIP", "Boost Town"))) == {
        "title": "Your role ends soon",
        "description": f"Your role **VIP** in **Boost Town** ends <t:{UNIX}:R> (<t:{UNIX}:F>).",
        "color": 0x2ECC71,
    }


def test_end_to_the_member() -> None:
    text = embed(direct_message(ENDED, Names("VIP", "Boost Town")))["description"]
    assert text == f"Your role **VIP** in **Boost Town** ended <t:{UNIX}:R> (<t:{UNIX}:F>) and was removed."


@pytest.mark.parametrize(
    ("names", "start"),
    [
        (NO_NAMES, "One of your roles in a server that you are in ends "),
        (Names(None, "Boost Town"), "One of your roles in **Boost Town** ends "),
        (Names("VIP", None), "Your role **VIP** in a server that you are in ends "),
    ],
)
def test_names_may_be_unknown(names: Names, start: str) -> None:
    assert embed(direct_message(WARNING, names))["description"].startswith(start)


def test_names_cannot_format_the_message() -> None:
    text = embed(direct_message(WARNING, Names("V*I*P", "`a` __b__")))["description"]
    assert r"**V\*I\*P**" in text
    assert r"\`a\` \_\_b\_\_" in text


def test_longest_names_fit() -> None:
    text = embed(direct_message(WARNING, Names("*" * 100, "_" * 100)))["description"]
    assert len(text) <= 4096


BLOCKED = BlockedNotice(KEY, Obstacle.MISSING_PERMISSIONS, at=MOMENT)
REFUSALS = [
    Refusal(ToChannel(ChannelId(4)), "403 Forbidden (error code: 50013): Missing Permissions"),
    Refusal(ToMember(), "403 Forbidden (error code: 50007): Cannot send messages to this user"),
]


@pytest.mark.parametrize("notice", [WARNING, ENDED, BLOCKED])
def test_the_log_channel_pings_nobody_and_names_member_and_role(notice: Notice) -> None:
    message = log_message([notice], REFUSALS)
    assert message["allowed_mentions"] == {"parse": []}
    assert "content" not in message
    assert "<@22>" in embed(message)["description"]
    assert "<@&333>" in embed(message)["description"]


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_comes_with_its_remedy(obstacle: Obstacle) -> None:
    text = embed(log_message([BlockedNotice(KEY, obstacle, at=MOMENT)], ()))["description"]
    assert REMEDIES[obstacle] in text
    assert "does not let me take it" in text


def test_the_log_channel_hears_what_was_tried() -> None:
    assert embed(log_message([WARNING], REFUSALS)) == {
        "title": "A member could not be warned",
        "description": f"The role <@&333> of <@22> ends <t:{UNIX}:R> (<t:{UNIX}:F>).\n"
        "What I tried:\n"
        r"- <#4>: 403 Forbidden \(error code\: 50013\)\: Missing Permissions"
        "\n"
        r"- a direct message: 403 Forbidden \(error code\: 50007\)\: Cannot send messages to this user"
        "\n"
        "`/timersettings channel` names a channel for members who cannot be written to.",
        "color": 0xE67E22,
    }


def test_the_log_channel_hears_that_no_way_was_left() -> None:
    text = embed(log_message([ENDED], ()))["description"]
    assert "and was removed" in text
    assert "Direct messages are off here" in text


def test_what_discord_said_cannot_break_the_message() -> None:
    text = embed(log_message([WARNING], [Refusal(ToMember(), "**x**" * 1000)] * 3))["description"]
    assert len(text) <= 4096
    assert "**x" not in text


def of(user: int, role: int = 333) -> TimerKey:
    return TimerKey(GuildId(1), UserId(user), RoleId(role))


def warning(user: int, role: int = 333) -> WarningNotice:
    return WarningNotice(of(user, role), ChannelId(4), threshold=timedelta(minutes=10), ends_at=MOMENT)


def ended(user: int, role: int = 333) -> EndedNotice:
    return EndedNotice(of(user, role), ChannelId(4), ended_at=MOMENT)


def test_many_in_a_channel_are_one_embed_for_each_kind_with_a_line_for_each_member() -> None:
    message = channel_message([warning(1), ended(2), warning(3), ended(1, role=4), ended(5)])
    assert message == {
        "content": "<@1> <@2> <@3> <@5>",
        "embeds": [
            {
                "title": "Roles end soon",
                "description": f"<@&333> of <@1> ends <t:{UNIX}:R>\n<@&333> of <@3> ends <t:{UNIX}:R>",
                "color": 0x2ECC71,
            },
            {
                "title": "Roles ended",
                "description": "Time was up, and these roles were removed:\n"
                f"<@&333> of <@2>, <t:{UNIX}:R>\n<@&4> of <@1>, <t:{UNIX}:R>\n<@&333> of <@5>, <t:{UNIX}:R>",
                "color": 0xE74C3C,
            },
        ],
        "allowed_mentions": {"parse": [], "users": ["1", "2", "3", "5"]},
    }


def test_a_single_one_among_many_of_another_kind_reads_as_it_does_alone() -> None:
    warnings, end = channel_message([warning(1), warning(2), ENDED])["embeds"]
    assert warnings["title"] == "Roles end soon"
    assert end == embed(channel_message([ENDED]))


def test_many_in_the_log_channel_say_once_what_was_tried() -> None:
    message = log_message([warning(1), warning(2), ended(3), ended(4)], REFUSALS)
    unwarned, untold = message["embeds"]
    assert unwarned == {
        "title": "Members could not be warned",
        "description": f"<@&333> of <@1> ends <t:{UNIX}:R>\n<@&333> of <@2> ends <t:{UNIX}:R>",
        "color": 0xE67E22,
    }
    assert untold["title"] == "Members could not be told"
    assert f"<@&333> of <@4>, <t:{UNIX}:R>\nWhat I tried:\n- <#4>: 403" in untold["description"]
    assert message["allowed_mentions"] == {"parse": []}


def test_more_reasons_than_fit_are_counted() -> None:
    many = [Refusal(ToChannel(ChannelId(number)), "403") for number in range(5)]
    text = embed(log_message([WARNING], many))["description"]
    assert "- <#2>: 403\n- and 2 more\n" in text


def test_reasons_that_are_forgotten_are_not_made_up() -> None:
    assert embed(log_message([WARNING], None))["description"].endswith(":F>).")


def test_obstacles_of_many_roles_are_told_by_obstacle() -> None:
    notices = [
        BlockedNotice(of(1, role=1), Obstacle.REFUSED, at=MOMENT),
        BlockedNotice(of(2, role=2), Obstacle.MISSING_PERMISSIONS, at=MOMENT),
        BlockedNotice(of(3, role=3), Obstacle.REFUSED, at=MOMENT),
    ]
    refused, missing = log_message(notices, ())["embeds"]
    assert "does not let me take them: <@&1>, <@&3>.\n" in refused["description"]
    assert REMEDIES[Obstacle.REFUSED] in refused["description"]
    assert missing == embed(log_message(notices[1:2], ()))


LARGEST = 2**64 - 1
LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def largest_notices(number: int, kinds: int) -> list[Notice]:
    """Of as many members, in turn of so many kinds: the two for members, then an obstacle each."""
    keys = [TimerKey(GuildId(LARGEST), UserId(LARGEST - n), RoleId(LARGEST - n)) for n in range(number)]
    return [largest_notice(n % kinds, key) for n, key in enumerate(keys)]


def largest_notice(kind: int, key: TimerKey) -> Notice:
    if kind == 0:
        return WarningNotice(key, None, threshold=timedelta(days=1), ends_at=LATEST)
    if kind == 1:
        return EndedNotice(key, None, ended_at=LATEST)
    return BlockedNotice(key, list(Obstacle)[kind - 2], at=LATEST)


def must_fit(message: dict[str, Any]) -> None:
    """Discord's limits, by its reference of the message resource."""
    assert len(message.get("content", "")) <= 2000
    assert len(message["embeds"]) <= 10
    assert all(len(one["title"]) <= 256 and len(one["description"]) <= 4096 for one in message["embeds"])
    assert sum(len(one["title"]) + len(one["description"]) for one in message["embeds"]) <= 6000
    assert len(message["allowed_mentions"].get("users", ())) <= 100


@pytest.mark.parametrize("kinds", [1, 2])
def test_as_many_as_go_together_fit_in_a_channels_message(kinds: int) -> None:
    message = channel_message(largest_notices(MOST_TOGETHER, kinds))
    assert len(message["allowed_mentions"]["users"]) == MOST_TOGETHER
    must_fit(message)


@pytest.mark.parametrize("kinds", range(1, len(Obstacle) + 3))
def test_as_many_as_go_together_fit_in_the_log_channels_message(kinds: int) -> None:
    worst = [Refusal(ToChannel(ChannelId(LARGEST)), "*" * 1000), *[Refusal(ToMember(), "_" * 1000)] * 5]
    must_fit(log_message(largest_notices(MOST_IN_LOG, kinds), worst))

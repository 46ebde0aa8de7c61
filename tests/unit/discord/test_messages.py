"""What members and channels read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from boostmon.adapters.discord.messages import (
    NO_NAMES,
    REMEDIES,
    Names,
    Refusal,
    channel_message,
    direct_message,
    log_message,
)
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
    message = channel_message(notice)
    assert message["content"] == "<@22>"
    assert message["allowed_mentions"] == {"parse": [], "users": ["22"]}


@pytest.mark.parametrize("notice", [WARNING, ENDED])
def test_direct_message_pings_nobody(notice: Notice) -> None:
    message = direct_message(notice, Names("VIP", "Boost Town"))
    assert message["allowed_mentions"] == {"parse": []}
    assert "content" not in message


def test_warning_in_a_channel() -> None:
    assert embed(channel_message(WARNING)) == {
        "title": "Role ends soon",
        "description": f"The role <@&333> of <@22> ends <t:{UNIX}:R> (<t:{UNIX}:F>).",
        "color": 0x2ECC71,
    }


def test_end_in_a_channel() -> None:
    assert embed(channel_message(ENDED)) == {
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
    message = log_message(notice, REFUSALS)
    assert message["allowed_mentions"] == {"parse": []}
    assert "content" not in message
    assert "<@22>" in embed(message)["description"]
    assert "<@&333>" in embed(message)["description"]


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_comes_with_its_remedy(obstacle: Obstacle) -> None:
    text = embed(log_message(BlockedNotice(KEY, obstacle, at=MOMENT), ()))["description"]
    assert REMEDIES[obstacle] in text
    assert "does not let me take it" in text


def test_the_log_channel_hears_what_was_tried() -> None:
    assert embed(log_message(WARNING, REFUSALS)) == {
        "title": "A member could not be warned",
        "description": f"The role <@&333> of <@22> ends <t:{UNIX}:R> (<t:{UNIX}:F>).\n"
        "What I tried:\n"
        "- <#4>: 403 Forbidden (error code: 50013): Missing Permissions\n"
        "- a direct message: 403 Forbidden (error code: 50007): Cannot send messages to this user\n"
        "`/timersettings channel` names a channel for members who cannot be written to.",
        "color": 0xE67E22,
    }


def test_the_log_channel_hears_that_no_way_was_left() -> None:
    text = embed(log_message(ENDED, ()))["description"]
    assert "and was removed" in text
    assert "Direct messages are off here" in text


def test_what_discord_said_cannot_break_the_message() -> None:
    text = embed(log_message(WARNING, [Refusal(ToMember(), "**x**" * 1000)] * 3))["description"]
    assert len(text) <= 4096
    assert "**x" not in text

"""Notices as the bodies of Discord messages.

A message may be read late, or delivered a moment late: it says when the role ends by timestamps that Discord shows
in the reader's own zone and keeps counting, never by the threshold that caused it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from nextcord.utils import escape_markdown

from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, WarningNotice
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way

ACTIVE = 0x2ECC71
ENDED = 0xE74C3C
ATTENTION = 0xE67E22

REMEDIES: dict[Obstacle, str] = {
    Obstacle.MISSING_PERMISSIONS: (
        "Give me the permission **Manage Roles**, and in Server Settings → Roles drag my own role above it."
    ),
    Obstacle.GUILD_GONE: "Invite me again.",
    Obstacle.ROLE_NOT_ASSIGNABLE: (
        "Discord or another app hands that role out by itself, so nobody else can take it. Take it by hand if you "
        "can, and end the timers with `/cleartime`."
    ),
    Obstacle.REFUSED: "Discord does not say why. Whoever runs me finds its answer in my log.",
}
"""What to do about an obstacle that keeps a role from being taken."""

MOST_REFUSAL = 300
"""Characters of each reason that is quoted to a log channel."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A way that did not take a notice, and what Discord said."""

    way: Way
    error: str


@dataclass(frozen=True, slots=True)
class Names:
    """What a role and its guild are called; None where it is not known."""

    role: str | None
    guild: str | None


NO_NAMES = Names(role=None, guild=None)


def channel_message(notice: Notice) -> dict[str, Any]:
    """The message to a channel of the guild. It pings the member, and nobody else."""
    mentions = {"parse": [], "users": [str(notice.key.user)]}
    return {"content": _member(notice), "embeds": [_public_embed(notice)], "allowed_mentions": mentions}


def direct_message(notice: Notice, names: Names) -> dict[str, Any]:
    """The message to the member, with names in the place of mentions that mean nothing outside the guild."""
    return {"embeds": [_private_embed(notice, names)], "allowed_mentions": {"parse": []}}


def log_message(notice: Notice, refusals: Sequence[Refusal]) -> dict[str, Any]:
    """The message to those who run the guild. It names members and roles, and pings nobody.

    `refusals` say why the member was not told, one way each; empty where no way was left to try.
    """
    return {"embeds": [_log_embed(notice, refusals)], "allowed_mentions": {"parse": []}}


def _log_embed(notice: Notice, refusals: Sequence[Refusal]) -> dict[str, Any]:
    role, member = f"<@&{notice.key.role}>", _member(notice)
    match notice:
        case BlockedNotice(obstacle=obstacle):
            text = (
                f"The time of {member} with the role {role} is up, but Discord does not let me take it. "
                f"{REMEDIES[obstacle]}\nThe same holds for everybody whose time with {role} is up: I go on trying, "
                "and take it from all of them as soon as I may."
            )
            return _embed("I cannot take a role", text, ATTENTION)
        case WarningNotice(ends_at=ends_at):
            text = f"The role {role} of {member} ends {_when(ends_at)}."
            return _embed("A member could not be warned", f"{text}\n{_reasons(refusals)}", ATTENTION)
        case EndedNotice(ended_at=ended_at):
            text = f"The role {role} of {member} ended {_when(ended_at)} and was removed."
            return _embed("A member could not be told", f"{text}\n{_reasons(refusals)}", ATTENTION)
        case _ as never:
            assert_never(never)


def _reasons(refusals: Sequence[Refusal]) -> str:
    if not refusals:
        return "Direct messages are off here, and there is no channel for it: `/timersettings channel` names one."
    tried = "\n".join(f"- {_place(one.way)}: {escape_markdown(one.error[:MOST_REFUSAL])}" for one in refusals)
    return f"What I tried:\n{tried}\n`/timersettings channel` names a channel for members who cannot be written to."


def _place(way: Way) -> str:
    match way:
        case ToMember():
            return "a direct message"
        case ToChannel(channel) | ToLog(channel):
            return f"<#{channel}>"
        case _ as never:
            assert_never(never)


def _public_embed(notice: Notice) -> dict[str, Any]:
    role, member = f"<@&{notice.key.role}>", _member(notice)
    match notice:
        case WarningNotice(ends_at=ends_at):
            return _embed("Role ends soon", f"The role {role} of {member} ends {_when(ends_at)}.", ACTIVE)
        case EndedNotice(ended_at=ended_at):
            text = f"The time of {member} with the role {role} was up {_when(ended_at)}. The role was removed."
            return _embed("Role ended", text, ENDED)
        case BlockedNotice():
            return _log_embed(notice, ())
        case _ as never:
            assert_never(never)


def _private_embed(notice: Notice, names: Names) -> dict[str, Any]:
    role = f"Your role {_bold(names.role)}" if names.role else "One of your roles"
    guild = f"in {_bold(names.guild)}" if names.guild else "in a server that you are in"
    match notice:
        case WarningNotice(ends_at=ends_at):
            return _embed("Your role ends soon", f"{role} {guild} ends {_when(ends_at)}.", ACTIVE)
        case EndedNotice(ended_at=ended_at):
            return _embed("Your role ended", f"{role} {guild} ended {_when(ended_at)} and was removed.", ENDED)
        case BlockedNotice():
            return _log_embed(notice, ())
        case _ as never:
            assert_never(never)


def _embed(title: str, text: str, colour: int) -> dict[str, Any]:
    return {"title": title, "description": text, "color": colour}


def _member(notice: Notice) -> str:
    return f"<@{notice.key.user}>"


def _when(instant: datetime) -> str:
    seconds = int(instant.timestamp())
    return f"<t:{seconds}:R> (<t:{seconds}:F>)"


def _bold(name: str) -> str:
    return f"**{escape_markdown(name)}**"

"""Notices as the bodies of Discord messages.

A message may be read late, or delivered a moment late: it says when the role ends by timestamps that Discord shows
in the reader's own zone and keeps counting, never by the threshold that caused it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from boostmon.adapters.discord.quoting import escaped
from boostmon.app.ports import Refusal
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, WarningNotice
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way

ACTIVE = 0x2ECC71
ENDED = 0xE74C3C
ATTENTION = 0xE67E22

MANY_ENDED = "Time was up, and these roles were removed:"

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
MOST_REFUSALS = 3
"""Reasons that are quoted, as many as one notice can have ways that refuse it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a role and its guild are called; None where it is not known."""

    role: str | None
    guild: str | None


NO_NAMES = Names(role=None, guild=None)


def channel_message(notices: Sequence[Notice]) -> dict[str, Any]:
    """The message to a channel of the guild. It pings the members whom it is about, and nobody else."""
    members = dict.fromkeys(notice.key.user for notice in notices)
    return {
        "content": " ".join(f"<@{member}>" for member in members),
        "embeds": _public_embeds(notices),
        "allowed_mentions": {"parse": [], "users": [str(member) for member in members]},
    }


def direct_message(notice: Notice, names: Names) -> dict[str, Any]:
    """The message to the member, with names in the place of mentions that mean nothing outside the guild."""
    return {"embeds": [_private_embed(notice, names)], "allowed_mentions": {"parse": []}}


def log_message(notices: Sequence[Notice], refusals: Sequence[Refusal] | None) -> dict[str, Any]:
    """The message to those who run the guild. It names members and roles, and pings nobody.

    `refusals` say why members were not told, one way each; empty where no way was left to try, None where the reasons
    are forgotten.
    """
    warnings, ends, obstacles = _sorted(notices)
    reasons = "" if refusals is None else f"\n{_reasons(refusals)}"
    untold = [_unwarned(warnings)] if warnings else []
    untold += [_untold(ends)] if ends else []
    if untold:  # why is said once, below the last of them
        untold[-1]["description"] += reasons
    return {"embeds": [*_obstacle_embeds(obstacles), *untold], "allowed_mentions": {"parse": []}}


def _sorted(notices: Sequence[Notice]) -> tuple[list[WarningNotice], list[EndedNotice], list[BlockedNotice]]:
    warnings = [notice for notice in notices if isinstance(notice, WarningNotice)]
    ends = [notice for notice in notices if isinstance(notice, EndedNotice)]
    obstacles = [notice for notice in notices if isinstance(notice, BlockedNotice)]
    return warnings, ends, obstacles


def _obstacle_embeds(notices: Sequence[BlockedNotice]) -> list[dict[str, Any]]:
    """One for each obstacle, as each has its own remedy."""
    by_obstacle: dict[Obstacle, list[BlockedNotice]] = {}
    for notice in notices:
        by_obstacle.setdefault(notice.obstacle, []).append(notice)
    return [_obstacle_embed(obstacle, of_it) for obstacle, of_it in by_obstacle.items()]


def _obstacle_embed(obstacle: Obstacle, notices: Sequence[BlockedNotice]) -> dict[str, Any]:
    roles = list(dict.fromkeys(_role(notice) for notice in notices))
    if len(roles) == 1:
        [role] = roles
        text = (
            f"The time of {_member(notices[0])} with the role {role} is up, but Discord does not let me take it. "
            f"{REMEDIES[obstacle]}\nThe same holds for everybody whose time with {role} is up: I go on trying, "
            "and take it from all of them as soon as I may."
        )
        return _embed("I cannot take a role", text, ATTENTION)
    text = (
        f"The time of members with these roles is up, but Discord does not let me take them: {', '.join(roles)}.\n"
        f"{REMEDIES[obstacle]}\nI go on trying, and take them from everybody whose time is up as soon as I may."
    )
    return _embed("I cannot take some roles", text, ATTENTION)


def _unwarned(warnings: Sequence[WarningNotice]) -> dict[str, Any]:
    if len(warnings) > 1:
        return _embed("Members could not be warned", _lines(map(_warning_line, warnings)), ATTENTION)
    [only] = warnings
    text = f"The role {_role(only)} of {_member(only)} ends {_when(only.ends_at)}."
    return _embed("A member could not be warned", text, ATTENTION)


def _untold(ends: Sequence[EndedNotice]) -> dict[str, Any]:
    if len(ends) > 1:
        return _embed("Members could not be told", f"{MANY_ENDED}\n{_lines(map(_end_line, ends))}", ATTENTION)
    [only] = ends
    text = f"The role {_role(only)} of {_member(only)} ended {_when(only.ended_at)} and was removed."
    return _embed("A member could not be told", text, ATTENTION)


def _reasons(refusals: Sequence[Refusal]) -> str:
    if not refusals:
        return "Direct messages are off here, and there is no channel for it: `/timersettings channel` names one."
    told = [f"- {_place(one.way)}: {escaped(one.error, MOST_REFUSAL)}" for one in refusals[:MOST_REFUSALS]]
    if len(refusals) > MOST_REFUSALS:
        told.append(f"- and {len(refusals) - MOST_REFUSALS} more")
    tried = "\n".join(told)
    return f"What I tried:\n{tried}\n`/timersettings channel` names a channel for members who cannot be written to."


def _place(way: Way) -> str:
    match way:
        case ToMember():
            return "a direct message"
        case ToChannel(channel) | ToLog(channel):
            return f"<#{channel}>"
        case _ as never:
            assert_never(never)


def _public_embeds(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    """One for each kind, with a line for each member."""
    warnings, ends, obstacles = _sorted(notices)
    embeds = [_warnings_embed(warnings)] if warnings else []
    embeds += [_ends_embed(ends)] if ends else []
    return embeds + _obstacle_embeds(obstacles)


def _warnings_embed(warnings: Sequence[WarningNotice]) -> dict[str, Any]:
    if len(warnings) > 1:
        return _embed("Roles end soon", _lines(map(_warning_line, warnings)), ACTIVE)
    [only] = warnings
    text = f"The role {_role(only)} of {_member(only)} ends {_when(only.ends_at)}."
    return _embed("Role ends soon", text, ACTIVE)


def _ends_embed(ends: Sequence[EndedNotice]) -> dict[str, Any]:
    if len(ends) > 1:
        return _embed("Roles ended", f"{MANY_ENDED}\n{_lines(map(_end_line, ends))}", ENDED)
    [only] = ends
    text = (
        f"The time of {_member(only)} with the role {_role(only)} was up {_when(only.ended_at)}. The role was removed."
    )
    return _embed("Role ended", text, ENDED)


def _warning_line(notice: WarningNotice) -> str:
    return f"{_role(notice)} of {_member(notice)} ends {_relative(notice.ends_at)}"


def _end_line(notice: EndedNotice) -> str:
    return f"{_role(notice)} of {_member(notice)}, {_relative(notice.ended_at)}"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _private_embed(notice: Notice, names: Names) -> dict[str, Any]:
    role, guild = (escaped(name or "") for name in (names.role, names.guild))
    role = f"Your role **{role}**" if role else "One of your roles"
    guild = f"in **{guild}**" if guild else "in a server that you are in"
    match notice:
        case WarningNotice(ends_at=ends_at):
            return _embed("Your role ends soon", f"{role} {guild} ends {_when(ends_at)}.", ACTIVE)
        case EndedNotice(ended_at=ended_at):
            return _embed("Your role ended", f"{role} {guild} ended {_when(ended_at)} and was removed.", ENDED)
        case BlockedNotice():
            return _obstacle_embed(notice.obstacle, [notice])
        case _ as never:
            assert_never(never)


def _embed(title: str, text: str, colour: int) -> dict[str, Any]:
    return {"title": title, "description": text, "color": colour}


def _role(notice: Notice) -> str:
    return f"<@&{notice.key.role}>"


def _member(notice: Notice) -> str:
    return f"<@{notice.key.user}>"


def _when(instant: datetime) -> str:
    return f"{_relative(instant)} (<t:{int(instant.timestamp())}:F>)"


def _relative(instant: datetime) -> str:
    return f"<t:{int(instant.timestamp())}:R>"

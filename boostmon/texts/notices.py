"""Notices as the bodies of Discord messages.

A message stays, and may be read at any time: it is worded so that it is true then, too (docs/adr/0013). It names the
moment of an end, which Discord shows in the reader's own zone; what remains is that of the moment `now` at which it is
composed, and it says so. Nothing in it counts on by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, assert_never

from boostmon.app.ports import Refusal
from boostmon.domain.ids import RoleId
from boostmon.domain.lacks import Lack
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, ResolvedNotice, WarningNotice
from boostmon.domain.timers import Obstacle
from boostmon.texts import stamps
from boostmon.texts.cards import Colour
from boostmon.texts.english import approximate
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.quoting import escaped
from boostmon.texts.reasons import reasons

AUTHOR = "BoostMon"
"""Who says it, above what is told to members: the bot's account may be called otherwise."""
MANY_ENDED = "These roles ended and were removed:"
MANY_END = "When these roles end, as of this message:"


@dataclass(frozen=True, slots=True)
class Names:
    """What a role and its guild are called; None where it is not known."""

    role: str | None
    guild: str | None


NO_NAMES = Names(role=None, guild=None)


def channel_message(notices: Sequence[Notice], *, now: datetime) -> dict[str, Any]:
    """The message to a channel of the guild. It pings the members whom it is about, and nobody else."""
    members = dict.fromkeys(notice.key.user for notice in notices)
    return {
        "content": " ".join(map(stamps.user, members)),
        "embeds": _public_embeds(notices, now),
        "allowed_mentions": {"parse": [], "users": [str(member) for member in members]},
    }


def direct_message(notice: Notice, names: Names, *, now: datetime) -> dict[str, Any]:
    """The message to the member, with names in the place of mentions that mean nothing outside the guild."""
    return {"embeds": [_private_embed(notice, names, now)], "allowed_mentions": {"parse": []}}


def log_message(
    notices: Sequence[Notice],
    refusals: Sequence[Refusal] | None,
    *,
    now: datetime,
    lacks: Mapping[RoleId, Lack] = MappingProxyType({}),
) -> dict[str, Any]:
    """The message to those who run the guild. It names members and roles, and pings nobody.

    `refusals` say why members were not told, one way each; empty where no way was left to try, None where the reasons
    are forgotten. `lacks` is what the bot is known to lack for roles that it cannot take.
    """
    warnings, ends = _of(WarningNotice, notices), _of(EndedNotice, notices)
    obstacles, resolved = _of(BlockedNotice, notices), _of(ResolvedNotice, notices)
    why = "" if refusals is None else f"\n{reasons(refusals)}"
    untold = [_unwarned(warnings, now)] if warnings else []
    untold += [_untold(ends)] if ends else []
    if untold:  # why is said once, below the last of them
        untold[-1]["description"] += why
    embeds = [*_obstacle_embeds(obstacles, lacks), *_resolved_embeds(resolved), *untold]
    return {"embeds": embeds, "allowed_mentions": {"parse": []}}


def _of[N: Notice](kind: type[N], notices: Sequence[Notice]) -> list[N]:
    return [notice for notice in notices if isinstance(notice, kind)]


def _obstacle_embeds(notices: Sequence[BlockedNotice], lacks: Mapping[RoleId, Lack]) -> list[dict[str, Any]]:
    """One for each thing to do."""
    by_remedy: dict[tuple[Obstacle, Lack | None], list[BlockedNotice]] = {}
    for notice in notices:
        by_remedy.setdefault((notice.obstacle, lacks.get(notice.key.role)), []).append(notice)
    return [_obstacle_embed(of_it, obstacle, lack) for (obstacle, lack), of_it in by_remedy.items()]


def _obstacle_embed(notices: Sequence[BlockedNotice], obstacle: Obstacle, lack: Lack | None) -> dict[str, Any]:
    roles = list(dict.fromkeys(notice.key.role for notice in notices))
    remedy = in_the_way(obstacle, *roles, lack=lack)
    if len(roles) == 1:
        role = _role(notices[0])
        text = (
            f"The time of {_member(notices[0])} with the role {role} is up, but Discord did not let me take it. "
            f"{remedy}\nThe same holds for everybody whose time with {role} is up: I go on trying, and take it from "
            "all of them as soon as I may."
        )
        return _embed("I could not take a role", text, Colour.ATTENTION)
    text = (
        "The time of members with these roles is up, but Discord did not let me take them: "
        f"{', '.join(map(stamps.role, roles))}.\n{remedy}\n"
        "I go on trying, and take them from everybody whose time is up as soon as I may."
    )
    return _embed("I could not take some roles", text, Colour.ATTENTION)


def _resolved_embeds(notices: Sequence[ResolvedNotice]) -> list[dict[str, Any]]:
    return [_resolved_embed(notices)] if notices else []


def _resolved_embed(notices: Sequence[ResolvedNotice]) -> dict[str, Any]:
    roles = list(dict.fromkeys(map(_role, notices)))
    which = f"the role {roles[0]}" if len(roles) == 1 else f"the roles {', '.join(roles)}"
    text = f"As of this message, no ending of {which} waits any more. Nothing is left to do."
    return _embed("An obstacle is gone", text, Colour.ACTIVE)


def _unwarned(warnings: Sequence[WarningNotice], now: datetime) -> dict[str, Any]:
    title = "A member could not be warned" if len(warnings) == 1 else "Members could not be warned"
    return _embed(title, _about_to_end(warnings, now), Colour.ATTENTION)


def _untold(ends: Sequence[EndedNotice]) -> dict[str, Any]:
    title = "A member could not be told" if len(ends) == 1 else "Members could not be told"
    return _embed(title, _over(ends), Colour.ATTENTION)


def _public_embeds(notices: Sequence[Notice], now: datetime) -> list[dict[str, Any]]:
    """One for each kind, with a line for each member."""
    warnings, ends = _of(WarningNotice, notices), _of(EndedNotice, notices)
    embeds = [_warnings_embed(warnings, now)] if warnings else []
    embeds += [_ends_embed(ends)] if ends else []
    return embeds


def _warnings_embed(warnings: Sequence[WarningNotice], now: datetime) -> dict[str, Any]:
    title = "Role ending" if len(warnings) == 1 else "Roles ending"
    return _to_members(title, _about_to_end(warnings, now), Colour.WARNING)


def _ends_embed(ends: Sequence[EndedNotice]) -> dict[str, Any]:
    title = "Role ended" if len(ends) == 1 else "Roles ended"
    return _to_members(title, _over(ends), Colour.ENDED)


def _about_to_end(warnings: Sequence[WarningNotice], now: datetime) -> str:
    if len(warnings) > 1:
        return "\n".join([MANY_END, *(f"{_line(one)} {stamps.moment(one.ends_at)}" for one in warnings)])
    [only] = warnings
    return f"As of this message, {_member(only)} has the role {_role(only)} {_until(only.ends_at, now)}."


def _over(ends: Sequence[EndedNotice]) -> str:
    if len(ends) > 1:
        return "\n".join([MANY_ENDED, *(f"{_line(one)} {stamps.moment(one.ended_at)}" for one in ends)])
    [only] = ends
    ended = stamps.moment(only.ended_at)
    return f"The time of {_member(only)} with the role {_role(only)} ended on {ended}. The role was removed."


def _line(notice: Notice) -> str:
    return f"{_role(notice)} of {_member(notice)}:"


def _private_embed(notice: Notice, names: Names, now: datetime) -> dict[str, Any]:
    role, guild = (escaped(name or "") for name in (names.role, names.guild))
    role = f"the role **{role}**" if role else "one of your roles"
    guild = f"in **{guild}**" if guild else "in one of your servers"
    match notice:
        case WarningNotice(ends_at=ends_at):
            text = f"As of this message, you have {role} {guild} {_until(ends_at, now)}."
            return _to_members("Role ending", text, Colour.WARNING)
        case EndedNotice(ended_at=ended_at):
            text = f"Your time with {role} {guild} ended on {stamps.moment(ended_at)}. The role was removed."
            return _to_members("Role ended", text, Colour.ENDED)
        case BlockedNotice():
            return _obstacle_embed([notice], notice.obstacle, None)
        case ResolvedNotice():
            return _resolved_embed([notice])
        case _ as never:
            assert_never(never)


def _until(end: datetime, now: datetime) -> str:
    left = _rounded(end - now)
    another = f"for another **{approximate(left)}**, " if left > timedelta(0) else ""
    return f"{another}until {stamps.moment(end)}"


def _rounded(left: timedelta) -> timedelta:
    """What remains, for people: a ten-minute warning that is two seconds on its way still says ten minutes."""
    step = next((step for least, step in _STEPS if left >= least), timedelta(seconds=1))
    return round(left / step) * step


_STEPS = (
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(seconds=30), timedelta(seconds=10)),
)


def _to_members(title: str, text: str, colour: Colour) -> dict[str, Any]:
    return {"author": {"name": AUTHOR}, **_embed(title, text, colour)}


def _embed(title: str, text: str, colour: Colour) -> dict[str, Any]:
    return {"title": title, "description": text, "color": int(colour)}


def _role(notice: Notice) -> str:
    return stamps.role(notice.key.role)


def _member(notice: Notice) -> str:
    return stamps.user(notice.key.user)

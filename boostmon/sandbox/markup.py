"""Discord's text notation in readable words: mentions, timestamps, command links, emphasis."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from boostmon.sandbox.world import World

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_CHANNEL = re.compile(r"<#(\d+)>")
_TIME = re.compile(r"<t:(-?\d+)(?::([tTdDfFR]))?>")
_COMMAND = re.compile(r"</([^:>]+):\d+>")
_STRONG = re.compile(r"\*\*(.+?)\*\*|__(.+?)__")
_CODE = re.compile(r"`([^`\n]+)`")

BOLD: Final = "\x1b[1m"
UNBOLD: Final = "\x1b[22m"

_STYLES: Final = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%-d %B %Y",
    "f": "%-d %B %Y %H:%M",
    "F": "%A, %-d %B %Y %H:%M",
}

_UNITS: Final = (
    ("year", 365 * 86400),
    ("month", 30 * 86400),
    ("day", 86400),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)


@dataclass(frozen=True, slots=True)
class Names:
    """How ids are shown: a picture of the world at one moment."""

    users: dict[int, str]
    roles: dict[int, str]
    channels: dict[int, str]

    @classmethod
    def of(cls, world: World) -> "Names":
        """The names of everything that is there now."""
        guilds = list(world.backend.guilds.values())
        return cls(
            {user_id: world.user_name(user_id) for user_id in world.backend.users},
            {role_id: world.role_name(role_id) for guild in guilds for role_id in guild.roles},
            {channel_id: world.channel_name(channel_id) for channel_id in world.backend.channels},
        )


def readable(text: str, names: Names, now: datetime, *, bold: bool = False) -> str:
    """`text` as a client shows it at the instant `now`; emphasis by terminal codes, or dropped."""
    shown = _USER.sub(lambda m: names.users.get(int(m[1]), "@unknown-user"), text)
    shown = _ROLE.sub(lambda m: names.roles.get(int(m[1]), "@deleted-role"), shown)
    shown = _CHANNEL.sub(lambda m: names.channels.get(int(m[1]), "#deleted-channel"), shown)
    shown = _TIME.sub(lambda m: _moment(int(m[1]), m[2] or "f", now), shown)
    shown = _COMMAND.sub(r"/\1", shown)
    shown = _CODE.sub(r"\1", shown)
    return _STRONG.sub(_strong(bold=bold), shown)


def _strong(*, bold: bool) -> Callable[[re.Match[str]], str]:
    before, after = (BOLD, UNBOLD) if bold else ("", "")
    return lambda m: f"{before}{m[1] or m[2]}{after}"


def _moment(seconds: int, style: str, now: datetime) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    if style == "R":
        return relative((at - now).total_seconds())
    # strftime's %-d is not there on Windows.
    return at.strftime(_STYLES[style].replace("%-d", str(at.day)))


def relative(seconds: float) -> str:
    """`in 2 hours`, `5 minutes ago`, rounded to the largest unit as clients do.

    A unit counts as reached when the next smaller one, rounded, reaches it: 59 minutes 59 seconds are an hour.
    """
    distance = abs(seconds)
    finer = [size for _, size in _UNITS[1:]] + [1]
    for (unit, size), step in zip(_UNITS, finer, strict=True):
        if round(distance / step) * step >= size:
            count = round(distance / size)
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"in {words}" if seconds >= 0 else f"{words} ago"
    return "now"

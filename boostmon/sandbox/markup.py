"""Makes Discord's text notation readable: mentions, timestamps, command links, emphasis."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from boostmon.sandbox.world import World

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_CHANNEL = re.compile(r"<#(\d+)>")
_TIME = re.compile(r"<t:(-?\d+)(?::([tTdDfFR]))?>")
_COMMAND = re.compile(r"</([^:>]+):\d+>")
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])+)\]\(\s*<?(?:https?://[^\s)>]+|\ue000\d+\ue001)>?\s*\)")
_BARE_LINK = re.compile(r"<(\ue000\d+\ue001)>")
_HEADING = re.compile(r"^(?:#{1,3}|-#) +(?=\S)", re.MULTILINE)

#: What is read literally: code, an address, and a sign behind a backslash (none before letters, digits and spaces).
_LITERAL = re.compile(
    r"```(?:\w+\n)?(?P<block>.+?)```|(?P<ticks>`+)(?P<code>[^`\n].*?)(?P=ticks)(?!`)"
    r"|(?P<url>https?://[^\s<>)]+)|\\(?P<escaped>[^0-9A-Za-z\s])",
    re.DOTALL,
)
_KEPT = re.compile(r"\ue000(\d+)\ue001")

#: Emphasis in the order in which it is looked for, with the terminal's codes that switch it on and off.
_EMPHASIS: Final = (
    (re.compile(r"\*\*(.+?)\*\*(?!\*)", re.DOTALL), "1", "22"),
    (re.compile(r"__(.+?)__(?!_)", re.DOTALL), "4", "24"),
    (re.compile(r"~~(.+?)~~", re.DOTALL), "9", "29"),
    (re.compile(r"\|\|(.+?)\|\|", re.DOTALL), "7", "27"),
    (re.compile(r"\*(?=\S)([^*]*?[^\s*])\*(?!\*)"), "3", "23"),
    (re.compile(r"\b_([^_]+)_\b"), "3", "23"),
)

BOLD: Final = "\x1b[1m"
UNBOLD: Final = "\x1b[22m"
UNCOLOURED: Final = "\x1b[39m"
#: Discord's colours of mentions and of links on dark ground.
BLURPLE: Final = 0x949CF7
LINK: Final = 0x00A8FC

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
    """How ids are shown: a picture of the world at one moment. `colours` has the roles that have one."""

    users: dict[int, str]
    roles: dict[int, str]
    channels: dict[int, str]
    colours: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World) -> "Names":
        """The names of everything that is there now."""
        guilds = list(world.backend.guilds.values())
        return cls(
            {user_id: world.user_name(user_id) for user_id in world.backend.users},
            {role_id: world.role_name(role_id) for guild in guilds for role_id in guild.roles},
            {channel_id: world.channel_name(channel_id) for channel_id in world.backend.channels},
            {role_id: role.color for guild in guilds for role_id, role in guild.roles.items() if role.color},
        )


def readable(text: str, names: Names, now: datetime, *, styled: bool = False) -> str:
    """`text` as a client shows it at the instant `now`; colours and emphasis by terminal codes, or dropped.

    What stands behind a backslash, in code or in an address is shown as it is; a masked link shows its words alone.
    """
    kept: list[str] = []
    text = text.replace("\ue000", "")

    def keep(shown: str) -> str:
        kept.append(shown)
        return f"\ue000{len(kept) - 1}\ue001"

    def mention(shown: str, colour: int = BLURPLE) -> str:
        return keep(coloured(shown, colour) if styled else shown)

    def link(shown: str) -> str:
        return coloured(shown, LINK) if styled else shown

    shown = _LITERAL.sub(lambda m: keep(link(m["url"]) if m["url"] else m["block"] or m["code"] or m["escaped"]), text)
    shown = _USER.sub(lambda m: mention(names.users.get(int(m[1]), "@unknown-user")), shown)
    shown = _ROLE.sub(lambda m: mention(*_role(int(m[1]), names)), shown)
    shown = _CHANNEL.sub(lambda m: mention(names.channels.get(int(m[1]), "#deleted-channel")), shown)
    shown = _TIME.sub(lambda m: keep(_moment(int(m[1]), m[2] or "f", now)), shown)
    shown = _COMMAND.sub(lambda m: mention(f"/{m[1]}"), shown)
    shown = _EMOJI.sub(r"\1", shown)
    shown = _LINK.sub(lambda m: link(m[1]), shown)
    shown = _BARE_LINK.sub(r"\1", _HEADING.sub("", shown))
    for pattern, on, off in _EMPHASIS:
        shown = pattern.sub(f"\x1b[{on}m\\1\x1b[{off}m" if styled else r"\1", shown)
    while _KEPT.search(shown):
        shown = _KEPT.sub(lambda m: kept[int(m[1])], shown)
    return shown


def coloured(text: str, colour: int) -> str:
    """Text in a colour of Discord's, for a terminal."""
    return f"\x1b[38;2;{colour >> 16 & 255};{colour >> 8 & 255};{colour & 255}m{text}{UNCOLOURED}"


def _role(role_id: int, names: Names) -> tuple[str, int]:
    return names.roles.get(role_id, "@deleted-role"), names.colours.get(role_id) or BLURPLE


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

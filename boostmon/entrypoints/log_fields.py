"""Values as a line of the log shows them: keys as the ids in them, outcomes as words, texts of people on one line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum

from boostmon.domain.ids import TimerKey
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Held, Retry
from boostmon.domain.timers import Timer
from boostmon.domain.ways import ToChannel, ToLog, ToMember

LONGEST = 300
"""Characters of a field. People may type four thousand; an error of Discord's has a hundred."""
LONGEST_MESSAGE = 2_000
"""Characters of a line's message. Libraries put whole events into theirs, at DEBUG."""
_CUT = "…"
_MOST_EXACT = 2**53
"""Greater numbers, as Discord's ids are, many readers of JSON round: those are written as text, as Discord does."""
_WORD_BEGINS = re.compile("(?<!^)(?=[A-Z])")


def flattened(name: str, value: object) -> Iterator[tuple[str, object]]:
    """The fields of a line that a value becomes: one, mostly."""
    match value:
        case TimerKey(guild=guild, user=user, role=role):
            yield from (("guild", plain(guild)), ("user", plain(user)), ("role", plain(role)))
        case Timer(key=key, state=state):
            yield from flattened(name, key)
            yield "state", type(state).__name__.lower()
        case Done() | AlreadyGone() | Retry() | Blocked() | Held():
            yield name, _WORD_BEGINS.sub("_", type(value).__name__).lower()
            yield from ((field.name, plain(found)) for field in fields(value) if (found := getattr(value, field.name)))
        case _:
            yield name, plain(value)


def plain(value: object) -> object:
    """A value that people and machines can read which know no classes of ours."""
    shown = value
    match value:
        case int() if abs(value) > _MOST_EXACT:
            shown = str(value)
        case None | bool() | int() | float():
            pass
        case Enum():
            shown = plain(value.value)
        case datetime():
            shown = value.isoformat()
        case TimerKey() | Timer():
            shown = dict(flattened("timer", value))
        case Mapping():
            shown = {on_one_line(str(name)): plain(one) for name, one in value.items()}
        case list() | tuple() | set() | frozenset():
            shown = [plain(one) for one in value]
        case _:
            shown = on_one_line(_text(value))
    return shown


def _text(value: object) -> str:
    match value:
        case ToChannel(channel=channel):
            return f"channel {channel}"
        case ToMember():
            return "member"
        case ToLog(channel=channel):
            return f"log channel {channel}"
        case _:
            return str(value)


def on_one_line(text: str, *, most: int = LONGEST) -> str:
    """The text, shortened and without anything that a terminal would obey or that would begin another line."""
    shown = text[: most + 1]
    if not shown.isprintable():
        shown = "".join(map(_visible, shown))
    return shown if len(shown) <= most else shown[: most - 1] + _CUT


def _visible(letter: str) -> str:
    # "surrogatepass" is for what no UTF-8 stream would take.
    return letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode("ascii")

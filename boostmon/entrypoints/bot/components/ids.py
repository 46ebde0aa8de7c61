"""What a button does, written into its `custom_id`, so that nothing else is needed to serve a press.

An id is `b1:`, a letter for the kind, and its fields in base 36, with colons between them. What follows the `b` is the
version of this notation: ids outlive the program that wrote them, and one that reads otherwise gets another number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from boostmon.app.commands.errors import OutdatedButton
from boostmon.domain.durations import MAX_DURATION, MOST_MONTHS, Span, When
from boostmon.domain.ids import ChannelId, RequestId, RoleId, UserId

MOST_CHARACTERS = 100
"""Discord's limit."""

_PREFIX = "b1"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST_ID = 2**63 - 1
_LAST_STAMP = 253_402_300_800_000_000
"""Microseconds from 1970 to the end of the year 9999."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A member's timer on a role, as somebody was shown it: in that version.

    `by_leave`: they have the command by the server's leave alone (`Warrant.OVERRIDE`).
    """

    user: UserId
    role: RoleId
    version: int
    by_leave: bool = False


@dataclass(frozen=True, slots=True)
class Replace:
    """To have the timer replaced by one that ends after or at `when`."""

    shown: Shown
    when: When
    channel: ChannelId | None = None


@dataclass(frozen=True, slots=True)
class Shorten:
    """To have so much time taken away, or the timer end at that moment."""

    shown: Shown
    when: When


@dataclass(frozen=True, slots=True)
class Clear:
    """To have the timer ended and the role taken."""

    shown: Shown


@dataclass(frozen=True, slots=True)
class Keep:
    """To leave everything as it is."""


@dataclass(frozen=True, slots=True)
class Undo:
    """To have a change taken back. `had_role`: the member had the role before the change started its timer."""

    request: RequestId
    had_role: bool = False


type Confirmation = Replace | Shorten | Clear
type Wish = Confirmation | Keep | Undo


def encode(wish: Wish) -> str:
    """The `custom_id` of a button that has this done."""
    return ":".join([_PREFIX, *_fields(wish)])


def decode(custom_id: str) -> Wish:
    """What a pressed button asks for.

    Raises:
        OutdatedButton: this is none of the ids that `encode` makes.
    """
    prefix, _, rest = custom_id[: MOST_CHARACTERS + 1].partition(":")
    kind, *fields = rest.split(":")
    read = _READERS.get(kind)
    try:
        if prefix != _PREFIX or read is None:
            raise ValueError
        wish = read(fields)
        if encode(wish) != custom_id:  # there is one way to write each
            raise ValueError
    except ValueError:
        raise OutdatedButton from None
    return wish


def _fields(wish: Wish) -> list[str]:
    match wish:
        case Replace(shown, when, channel):
            return ["r", *_shown(shown), _when(when), "" if channel is None else _base36(channel)]
        case Shorten(shown, when):
            return ["s", *_shown(shown), _when(when)]
        case Clear(shown):
            return ["c", *_shown(shown)]
        case Keep():
            return ["k"]
        case Undo(request, had_role):
            return ["u", _base36(request), *["h"] * had_role]
        case _ as never:
            assert_never(never)


def _shown(shown: Shown) -> list[str]:
    return [_base36(shown.user), _base36(shown.role), _base36(shown.version), "l" if shown.by_leave else ""]


def _when(when: When) -> str:
    if isinstance(when, timedelta):
        return f"+{_base36(when // _MICROSECOND)}"
    if isinstance(when, Span):
        return f"~{_base36(when.months)}+{_base36(when.length // _MICROSECOND)}"
    return f"@{_base36((when - _EPOCH) // _MICROSECOND)}"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _read_replace(fields: Sequence[str]) -> Wish:
    *shown, when, channel = fields
    where = ChannelId(_read_id(channel)) if channel else None
    return Replace(_read_shown(shown), _read_when(when), where)


def _read_shorten(fields: Sequence[str]) -> Wish:
    *shown, when = fields
    return Shorten(_read_shown(shown), _read_when(when))


def _read_clear(fields: Sequence[str]) -> Wish:
    return Clear(_read_shown(fields))


def _read_keep(fields: Sequence[str]) -> Wish:
    [] = fields
    return Keep()


def _read_undo(fields: Sequence[str]) -> Wish:
    request, *rest = fields
    return Undo(RequestId(_read_id(request)), had_role=rest == ["h"])


def _read_shown(fields: Sequence[str]) -> Shown:
    user, role, version, leave = fields
    return Shown(UserId(_read_id(user)), RoleId(_read_id(role)), _read_id(version), by_leave=leave == "l")


def _read_when(written: str) -> When:
    if written[:1] == "~":
        return _read_span(written[1:])
    number = int(written[1:], 36)
    if written[:1] == "+":
        length = number * _MICROSECOND if number <= MAX_DURATION // _MICROSECOND else timedelta(0)
        if length <= timedelta(0):
            raise ValueError
        return length
    if not 0 <= number < _LAST_STAMP:
        raise ValueError
    return _EPOCH + number * _MICROSECOND


def _read_span(written: str) -> Span:
    months, _, length = written.partition("+")
    number, microseconds = int(months, 36), int(length, 36)
    if number > MOST_MONTHS or microseconds > MAX_DURATION // _MICROSECOND:
        raise ValueError
    return Span(number, microseconds * _MICROSECOND)


def _read_id(written: str) -> int:
    number = int(written, 36)
    if not 0 <= number <= _MOST_ID:
        raise ValueError
    return number


_READERS: dict[str, Callable[[Sequence[str]], Wish]] = {
    "r": _read_replace,
    "s": _read_shorten,
    "c": _read_clear,
    "k": _read_keep,
    "u": _read_undo,
}

"""From a written duration to an exact `timedelta`.

The grammar: a bare number is minutes; otherwise numbers with units, each unit once, in any order and any
case, side by side or separated by spaces, a comma, "and"; or an ISO 8601 duration. Only ASCII is read: a
digit or a space of another script is refused rather than guessed at. Sums are exact fractions; the total is
rounded to the nearest microsecond, after its bounds were checked.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from boostmon.domain.durations.problems import (
    DurationProblem,
    Empty,
    InvalidDuration,
    MissingUnit,
    NotPositive,
    NotUnderstood,
    TextTooLong,
    TooLong,
    TooShort,
    UnitTwice,
    UnknownUnit,
)
from boostmon.domain.durations.units import Unit, unit_spelled

MIN_DURATION: Final = timedelta(seconds=1)
"""The shortest time a timer can be given."""

MAX_DURATION: Final = timedelta(days=3650)
"""The longest: ten years of 365 days."""

MAX_TEXT_LENGTH: Final = 100
"""Characters read at most. The longest sensible text, every unit in words, has some 75."""

_SPACE: Final = " \t\r\n"

# Each pattern can be matched in one way only, so that its time is linear in the text.
_COMPONENT = re.compile(
    r"(?P<number>[0-9.]+(?:,[0-9.]+)*)[ \t\r\n]*(?P<unit>(?!and(?![a-z]))[a-z]+)?",
    re.ASCII | re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"[ \t\r\n]*(?:,[ \t\r\n]*)?(?:and[ \t\r\n]*)?",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")

_ISO_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_ISO_8601 = re.compile(
    rf"P(?=.)(?:(?P<YEAR>{_ISO_NUMBER})Y)?(?:(?P<MONTH>{_ISO_NUMBER})M)?"
    rf"(?:(?P<WEEK>{_ISO_NUMBER})W)?(?:(?P<DAY>{_ISO_NUMBER})D)?"
    rf"(?:T(?=.)(?:(?P<HOUR>{_ISO_NUMBER})H)?(?:(?P<MINUTE>{_ISO_NUMBER})M)?(?:(?P<SECOND>{_ISO_NUMBER})S)?)?",
    re.ASCII | re.IGNORECASE,
)


class _Component(NamedTuple):
    """A number with the word after it, as written; the word is empty where there is none."""

    number: str
    unit: str


def parse_duration(text: str) -> timedelta:
    """The duration that `text` says, to the microsecond, from MIN_DURATION to MAX_DURATION.

    Raises InvalidDuration, and nothing else, whatever the text is.
    """
    written = trimmed(text)
    if not written.startswith("-"):
        return bounded(written, _seconds(written, 0))
    # The rest is read first: "-5 parsecs" is an unknown unit before it is negative.
    _seconds(written, len(written) - len(written[1:].lstrip(_SPACE)))
    raise InvalidDuration(written, NotPositive())


def trimmed(text: str) -> str:
    """The text without the space around it; raises InvalidDuration if it is empty or over-long."""
    written = text.strip(_SPACE)
    if not written:
        raise InvalidDuration(written, Empty())
    if len(written) > MAX_TEXT_LENGTH:
        raise InvalidDuration(written[:MAX_TEXT_LENGTH], TextTooLong(limit=MAX_TEXT_LENGTH))
    return written


def bounded(text: str, seconds: Fraction) -> timedelta:
    """The seconds as a duration, to the nearest microsecond; raises InvalidDuration outside of the bounds."""
    problem: DurationProblem
    if seconds <= 0:
        problem = NotPositive()
    elif seconds < Fraction(MIN_DURATION.total_seconds()):
        problem = TooShort(limit=MIN_DURATION)
    elif seconds > Fraction(MAX_DURATION.total_seconds()):
        problem = TooLong(limit=MAX_DURATION)
    else:
        return timedelta(microseconds=round(seconds * 1_000_000))
    raise InvalidDuration(text, problem)


def _seconds(text: str, start: int) -> Fraction:
    """The exact sum of what is written from `start` to the end of the text."""
    if text[start : start + 1] in {"p", "P"}:
        return _iso_8601_seconds(text, start)
    match list(_components(text, start)):
        case [_Component(number, "")]:
            return Fraction(number) * Unit.MINUTE
        case components:
            return _sum(text, components)


def _iso_8601_seconds(text: str, start: int) -> Fraction:
    matched = _ISO_8601.fullmatch(text, start)
    if matched is None:
        raise InvalidDuration(text, NotUnderstood(text))
    counts = ((Unit[name], count) for name, count in matched.groupdict().items() if count is not None)
    return sum((Fraction(count.replace(",", ".")) * unit for unit, count in counts), start=Fraction())


def _components(text: str, start: int) -> Iterator[_Component]:
    """Splits the text from `start` on into components, which must fill it but for separators in between."""
    position = start
    while True:
        matched = _COMPONENT.match(text, position)
        if matched is None or _NUMBER.fullmatch(matched["number"]) is None:
            raise InvalidDuration(text, NotUnderstood(_word_around(text, position)))
        yield _Component(matched["number"], matched["unit"] or "")
        if matched.end() == len(text):
            return
        separator = _SEPARATOR.match(text, matched.end())
        position = separator.end() if separator else matched.end()
        if position == len(text):  # a separator with nothing after it
            raise InvalidDuration(text, NotUnderstood(_word_around(text, position)))


def _sum(text: str, components: list[_Component]) -> Fraction:
    counts: dict[Unit, Fraction] = {}
    for component in components:
        if not component.unit:
            raise InvalidDuration(text, MissingUnit(component.number))
        unit = unit_spelled(component.unit)
        if unit is None:
            raise InvalidDuration(text, UnknownUnit(component.unit))
        if unit in counts:
            raise InvalidDuration(text, UnitTwice(unit))
        counts[unit] = Fraction(component.number)
    return sum((count * unit for unit, count in counts.items()), start=Fraction())


def _word_around(text: str, position: int) -> str:
    """The run of characters without space that contains the position; the last one if it is at the end."""
    start = max(text.rfind(space, 0, position) for space in _SPACE) + 1
    return re.split(f"[{_SPACE}]", text[start:], maxsplit=1)[0]

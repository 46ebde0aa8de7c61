"""From a written length of time to an exact `timedelta`.

The grammar: a bare whole number is minutes; otherwise numbers with units, each unit once, in any order and any case,
side by side or separated by spaces, a comma, "and"; or an ISO 8601 duration. A last number without a unit goes on
with the next smaller one (`1h30`). What people mean different things by is refused: `1M`, `1.5`. Digits, spaces and
marks are ASCII only: one of another script is refused rather than guessed at. Sums are exact fractions; the total is
rounded to the nearest microsecond, after its bounds were checked.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from boostmon.domain.durations.near import near_unit, near_word
from boostmon.domain.durations.problems import (
    Ambiguous,
    Doubt,
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
from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.words import Lexicon, lexicon_of, pattern, plain
from boostmon.domain.languages import Language

MIN_DURATION: Final = timedelta(seconds=1)
"""The shortest time a timer can be given."""

MAX_DURATION: Final = timedelta(days=3650)
"""The longest: ten years of 365 days."""

MAX_TEXT_LENGTH: Final = 100
"""Characters read at most. The longest sensible text, every unit in words, has some 75."""

SPACE: Final = " \t\r\n"

# All are matched against the plain text. Each can be matched in one way only, so that its time is linear.
_AND: Final = pattern(Kind.JOINING)
_ONE: Final = rf"{pattern(Kind.ONE)}(?=[{SPACE}]+{pattern(Kind.UNIT)}(?![a-z]))"
# A full stop ends an abbreviation: "2 Std. 30 Min.".
_COMPONENT = re.compile(
    rf"(?P<count>(?P<number>[0-9.]+(?:,[0-9.]+)*)|{_ONE})"
    rf"(?:(?P<space>[{SPACE}]*)(?P<unit>[a-z]+)(?:\.(?=[{SPACE},]|\Z))?)?"
)
_SEPARATOR = re.compile(rf"[{SPACE}]*(?:,[{SPACE}]*)?(?:{_AND}[{SPACE}]*)?")
# Three digits after a comma may be thousands.
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+|,(?:[0-9]{1,2}|[0-9]{4,}))?|\.[0-9]+")

# So may three after a dot, to those who write thousands with one.
_PERHAPS_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")

_NEXT_SMALLER: Final = {
    Unit.YEAR: Unit.MONTH,
    Unit.WEEK: Unit.DAY,
    Unit.DAY: Unit.HOUR,
    Unit.HOUR: Unit.MINUTE,
    Unit.MINUTE: Unit.SECOND,
}
"""What a number without a unit means after each. After months people go on with weeks or with days."""

_ISO_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_ISO_8601 = re.compile(
    rf"P(?=.)(?:(?P<YEAR>{_ISO_NUMBER})Y)?(?:(?P<MONTH>{_ISO_NUMBER})M)?"
    rf"(?:(?P<WEEK>{_ISO_NUMBER})W)?(?:(?P<DAY>{_ISO_NUMBER})D)?"
    rf"(?:T(?=.)(?:(?P<HOUR>{_ISO_NUMBER})H)?(?:(?P<MINUTE>{_ISO_NUMBER})M)?(?:(?P<SECOND>{_ISO_NUMBER})S)?)?",
    re.ASCII | re.IGNORECASE,
)


type Counts = dict[Unit, Fraction]
"""How many of each unit."""


class _Component(NamedTuple):
    """A number with the word after it, as written, and where that begins; it is empty where there is none."""

    number: str
    unit: str
    unit_at: int


def parse_duration(text: str, language: Language | None = None) -> timedelta:
    """The duration that `text` says, to the microsecond, from MIN_DURATION to MAX_DURATION.

    A month is 30 days and a year 365. The words of all languages are read; one that means different things in two of
    them, only as in `language`.

    Raises InvalidDuration, and nothing else, whatever the text is.
    """
    written = trimmed(text)
    return bounded(written, in_seconds(counts_of(written, language)))


def counts_of(written: str, language: Language | None) -> Counts:
    """How many of each unit are written; raises InvalidDuration as `parse_duration` does, the bounds aside."""
    words = lexicon_of(language)
    if not written.startswith("-"):
        return _counted(written, 0, words)
    # The rest is read first: "-5 parsecs" is an unknown unit before it is negative.
    _counted(written, len(written) - len(written[1:].lstrip(SPACE)), words)
    raise InvalidDuration(written, NotPositive())


def in_seconds(counts: Counts) -> Fraction:
    """Their sum, exactly."""
    return sum((count * unit for unit, count in counts.items()), start=Fraction())


def trimmed(text: str) -> str:
    """The text without the space around it; raises InvalidDuration if it is empty or over-long."""
    written = text.strip(SPACE)
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


def _counted(text: str, start: int, words: Lexicon) -> Counts:
    """What is written from `start` to the end of the text."""
    if text[start : start + 1] in {"p", "P"}:
        return _iso_8601(text, start)
    match list(_components(text, start, words)):
        case [_Component(number, "")]:
            return {Unit.MINUTE: _bare(text, number)}
        case components:
            return _summed(text, components, words)


def _bare(text: str, number: str) -> Fraction:
    if not number.isdigit():
        # 1.5 may be minutes, hours, a day in May; 12.30 is a time of day to many.
        raise InvalidDuration(text, Ambiguous(Doubt.NO_UNIT, number, (f"{text}min", f"{text}h")))
    return Fraction(number)


def _iso_8601(text: str, start: int) -> Counts:
    matched = _ISO_8601.fullmatch(text, start)
    if matched is None:
        raise InvalidDuration(text, NotUnderstood(text))
    return {Unit[name]: _exact(count) for name, count in matched.groupdict().items() if count is not None}


def _components(text: str, start: int, words: Lexicon) -> Iterator[_Component]:
    """Splits the text from `start` on into components, which must fill it but for separators in between."""
    readable = plain(text)
    position = start
    separator: re.Match[str] | None = None
    while True:
        matched = _COMPONENT.match(readable, position)
        number = matched and (matched["number"] or _one(separator))
        if matched is None or number is None or _NUMBER.fullmatch(number) is None:
            part = _word_around(text, position)
            raise InvalidDuration(text, NotUnderstood(part, near_word(part, words)))
        if words.groups_by_dot and _PERHAPS_THOUSANDS.fullmatch(number):
            raise InvalidDuration(text, _thousand_or_one(text, position, number))
        if matched["unit"] and not _joins(matched, words):
            end = matched.end()
            yield _Component(number, text[slice(*matched.span("unit"))], matched.start("unit"))
        else:
            end = matched.end("count")
            yield _Component(number, "", end)
        if end == len(text):
            return
        separator = _SEPARATOR.match(readable, end)
        position = separator.end() if separator else end
        if position == len(text):  # a separator with nothing after it
            raise InvalidDuration(text, NotUnderstood(_word_around(text, position)))


def _thousand_or_one(text: str, position: int, number: str) -> Ambiguous:
    whole, decimals = number.split(".")
    # A fourth digit keeps three from being taken for thousands again.
    fraction = f"{number}0" if decimals[-1] != "0" else number.rstrip("0").rstrip(".")
    rest = text[position + len(number) :]
    readings = tuple(f"{text[:position]}{reading}{rest}" for reading in (whole + decimals, fraction))
    return Ambiguous(Doubt.THOUSANDS, number, readings)


def _one(separator: re.Match[str] | None) -> str | None:
    """The number that "a" stands for; None where no word or comma is before it, as in "2 hours a day"."""
    return "1" if separator is None or separator[0].strip(SPACE) else None


def _joins(component: re.Match[str], words: Lexicon) -> bool:
    """Whether the word after a number goes with what follows. `1 y` is a year; `1 y 2` is one and two to a Spaniard."""
    word = component["unit"]
    if words.find(Kind.JOINING, word) is None:
        return False
    is_between = bool(component["space"]) and component.end() < len(component.string)
    return words.unit(word) is None or (is_between and words.is_own(Kind.JOINING, word))


def _summed(text: str, components: list[_Component], words: Lexicon) -> Counts:
    counts: Counts = {}
    before: tuple[str, Unit] | None = None
    for component in components:
        if component.unit:
            unit = _unit(text, component, before, words)
        else:
            unit = _unit_gone_on_with(text, component.number, before if component is components[-1] else None)
        if unit in counts:
            raise InvalidDuration(text, UnitTwice(unit))
        counts[unit] = _exact(component.number)
        before = component.number, unit
    return counts


def _unit(text: str, component: _Component, before: tuple[str, Unit] | None, words: Lexicon) -> Unit:
    """The unit of a component; `before` are the number and the unit of the one before it."""
    if component.unit == "M" and (before is None or before[1] is not Unit.HOUR):
        rest = text[component.unit_at + 1 :]
        readings = tuple(f"{text[: component.unit_at]}{unit}{rest}" for unit in ("min", "mo"))
        raise InvalidDuration(text, Ambiguous(Doubt.MINUTES_OR_MONTHS, f"{component.number}M", readings))
    unit = words.unit(component.unit)
    if unit is None:
        raise InvalidDuration(text, UnknownUnit(component.unit, near_unit(component.unit, words)))
    return unit


def _unit_gone_on_with(text: str, number: str, before: tuple[str, Unit] | None) -> Unit:
    """The unit of a last number without one: `2 hours 30`. Refused where it might be another, as in `2 hours 90`."""
    if before is not None and number.isdigit() and before[0].isdigit():
        unit = _NEXT_SMALLER.get(before[1])
        if unit is not None and Fraction(number) * unit < before[1]:
            return unit
    raise InvalidDuration(text, MissingUnit(number))


def _exact(number: str) -> Fraction:
    return Fraction(number.replace(",", "."))


def _word_around(text: str, position: int) -> str:
    """The run of characters without space that contains the position; the last one if it is at the end."""
    start = max(text.rfind(space, 0, position) for space in SPACE) + 1
    return re.split(f"[{SPACE}]", text[start:], maxsplit=1)[0]

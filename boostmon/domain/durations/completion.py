"""Suggestions for a half-typed length or moment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from boostmon.domain.durations import shapes
from boostmon.domain.durations.amounts import parse_amount
from boostmon.domain.durations.calendars import Calendar
from boostmon.domain.durations.moments import parse_when
from boostmon.domain.durations.parsing import trimmed
from boostmon.domain.durations.problems import (
    Ambiguous,
    DayHasBegun,
    DurationProblem,
    Empty,
    InvalidDuration,
    MissingDay,
    NoLengthAfter,
    NotUnderstood,
    UnknownUnit,
)
from boostmon.domain.durations.spans import Amount, Months, Span, usual_length
from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.when import When
from boostmon.domain.durations.wording import format_amount
from boostmon.domain.durations.words import Lexicon, lexicon_of, plain
from boostmon.domain.languages import Language

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

_FOR_NOTHING_TYPED = (_HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY)
_AND_LONGER: Mapping[Months, tuple[Amount, ...]] = {
    Months.CALENDAR: (Span(1), Span(3), Span(12)),
    Months.THIRTY_DAYS: (30 * _DAY, 90 * _DAY, 365 * _DAY),
}
_ROUND = (
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 3, 7, 14, 30, 60, 90, 180, 365, 730)),
)
_ROUND_MONTHS = tuple(map(Span, (1, 2, 3, 6, 12, 24, 36)))
_UNITS_OF_A_BARE_NUMBER = (Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK)

_TIMES_OF_A_DAY = ("12:00", "18:00", "23:59")

_LAST_COMPONENT = re.compile(r"(?P<number>[0-9.]+)[ \t\r\n]*(?P<stem>[a-z]*)\Z")
_LAST_WORD = re.compile(r"(?<![a-z])[a-z]{2,}\Z")


def completions(text: str, *, now: datetime, calendar: Calendar, language: Language | None = None) -> list[str]:
    """Texts that an unfinished or refused one may become, the likeliest first; each can be parsed. Never raises.

    For what is refused as ambiguous, its readings; for a slip, the text without it; for a day, times of that day; and
    the amounts of `suggestions`. Words are finished in `language` rather than in any other.
    """

    def understood(written: str) -> When | None:
        try:
            return parse_when(written, now=now, calendar=calendar, language=language)
        except InvalidDuration:
            return None

    offered: Iterator[str]
    try:
        written = trimmed(text)
        meaning = parse_when(written, now=now, calendar=calendar, language=language)
    except InvalidDuration as error:
        offered = chain(
            _remedies(error.text, error.problem, lexicon_of(language)), _amounts(text, language, calendar.months)
        )
    else:
        offered = _goings_on(written, meaning, language, calendar.months)
    return [found for found in dict.fromkeys(offered) if understood(found)]


def _goings_on(written: str, meaning: When, language: Language | None, months: Months) -> Iterator[str]:
    if isinstance(meaning, datetime):
        yield from (f"{written} {at}" for at in _TIMES_OF_A_DAY)
        if not shapes.WITHIN.match(plain(written)):
            return
    yield from _amounts(written, language, months)


def _remedies(written: str, problem: DurationProblem, words: Lexicon) -> Iterator[str]:
    match problem:
        case Ambiguous(readings=readings):
            yield from readings
        case NotUnderstood(part=part, near=str(near)) | UnknownUnit(unit=part, near=str(near)):
            yield written.replace(part, near, 1)
        case MissingDay(month=month):
            yield from _finished_words(written, words)
            yield f"1 {month}"
        case NoLengthAfter(moment=moment):
            yield moment
        case DayHasBegun():
            yield from (f"{written} {at}" for at in _TIMES_OF_A_DAY)
        case NotUnderstood() | UnknownUnit():
            yield from _finished_words(written, words)
        case _:
            pass


def _finished_words(written: str, words: Lexicon) -> Iterator[str]:
    last = _LAST_WORD.search(plain(written))
    if last is None:
        return
    for kind in (Kind.NEAR_DAY, Kind.WEEKDAY, Kind.MONTH):
        found: dict[int, str] = {}
        for known, entry in words.all(kind):
            if known.startswith(last[0]):
                found.setdefault(entry.place, entry.word)
        yield from (f"{written[: last.start()]}{found[place]}" for place in sorted(found))


def _amounts(written: str, language: Language | None, months: Months) -> Iterator[str]:
    readable = plain(written)
    prefix = shapes.WITHIN.match(readable) or shapes.LASTING.match(readable)
    start = prefix.end() if prefix else 0
    for found in suggestions(written[start:], language, months=months):
        yield f"{written[:start]}{format_amount(found)}"


def suggestions(text: str, language: Language | None = None, *, months: Months) -> list[Amount]:
    """At most ten different amounts for an unfinished text, the likeliest first; never raises.

    For nothing typed, usual ones; for a bare number, that many minutes, hours, days, weeks. Otherwise the amount as
    `parse_amount` understands it, then the ways to finish the last word (`1d 2`, `2 we`) in `language` and in English,
    then the next round ones above and below, with months for one of months. Nothing for a text that cannot become an
    amount.
    """
    try:
        written = trimmed(text)
    except InvalidDuration as error:
        return [*_FOR_NOTHING_TYPED, *_AND_LONGER[months]] if isinstance(error.problem, Empty) else []
    return list(dict.fromkeys(_candidates(written, _Reading(lexicon_of(language), months))))


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words that are read, and what a month is."""

    words: Lexicon
    months: Months

    def understood(self, written: str) -> Amount | None:
        """None for what is no amount."""
        try:
            return parse_amount(written, self.words.language, months=self.months)
        except InvalidDuration:
            return None


def _candidates(written: str, reading: _Reading) -> Iterator[Amount]:
    last = _LAST_COMPONENT.search(plain(written))
    if last and not last.start() and not last["stem"]:
        words = reading.words
        meanings = (reading.understood(f"{written} {_word(unit, words)}") for unit in _UNITS_OF_A_BARE_NUMBER)
        yield from (meaning for meaning in meanings if meaning)
        return
    understood = reading.understood(written)
    if understood:
        yield understood
    # "1h30m" is complete; "5m" may become months, and "1h 3" seconds.
    if last and (understood is None or not last.start() or not last["stem"]):
        yield from _completions(written[: last.start()], last["number"], last["stem"], reading)
    if understood:
        yield from _near(understood)


def _near(amount: Amount) -> Iterator[Amount]:
    """The next round ones above and below."""
    usual = usual_length(amount)
    round_ones: tuple[Amount, ...] = _ROUND_MONTHS if isinstance(amount, Span) else _ROUND
    yield from [longer for longer in round_ones if usual_length(longer) > usual][:2]
    yield from [shorter for shorter in round_ones if usual_length(shorter) < usual][:-3:-1]


def _completions(before: str, number: str, stem: str, reading: _Reading) -> list[Amount]:
    """What the text means with each unit that the last word may begin.

    Those that add no more than is there already come first, the largest of them leading: people go on to
    smaller units. Without a letter of the unit they are the only ones: `1d 2` is no day and two weeks.
    """
    smaller: list[Amount] = []
    larger: list[Amount] = []
    for unit in Unit:
        word = _word(unit, reading.words, stem)
        if word is None:
            continue
        added = reading.understood(f"{number} {word}")
        total = reading.understood(f"{before}{number} {word}")
        if added and total:
            (smaller if 2 * usual_length(added) <= usual_length(total) else larger).append(total)
    return sorted(smaller, key=usual_length, reverse=True) + (larger if stem else [])


def _word(unit: Unit, words: Lexicon, stem: str = "") -> str | None:
    """A word of the unit that begins so; None where there is none."""
    spelled = (known for known, entry in words.familiar(Kind.UNIT) if entry.place == unit and known.startswith(stem))
    return next(spelled, None)

"""Suggestions for a half-typed length or moment."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import chain

from boostmon.domain.durations import shapes
from boostmon.domain.durations.moments import parse_when
from boostmon.domain.durations.parsing import parse_duration, trimmed
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
from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.when import When
from boostmon.domain.durations.wording import format_duration
from boostmon.domain.durations.words import Lexicon, lexicon_of, plain
from boostmon.domain.languages import Language

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

_FOR_NOTHING_TYPED = (
    _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 90 * _DAY, 365 * _DAY,
)  # fmt: skip
_ROUND = (
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 3, 7, 14, 30, 60, 90, 180, 365, 730)),
)
_UNITS_OF_A_BARE_NUMBER = (Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK)

_TIMES_OF_A_DAY = ("12:00", "18:00", "23:59")

_LAST_COMPONENT = re.compile(r"(?P<number>[0-9.]+)[ \t\r\n]*(?P<stem>[a-z]*)\Z")
_LAST_WORD = re.compile(r"(?<![a-z])[a-z]{2,}\Z")


def completions(text: str, *, now: datetime, zone: tzinfo, language: Language | None = None) -> list[str]:
    """Texts that an unfinished or refused one may become, the likeliest first; each can be parsed. Never raises.

    For what is refused as ambiguous, its readings; for a slip, the text without it; for a day, times of that day; and
    the lengths of `suggestions`. Words are finished in `language` rather than in any other.
    """

    def understood(written: str) -> When | None:
        try:
            return parse_when(written, now=now, zone=zone, language=language)
        except InvalidDuration:
            return None

    offered: Iterator[str]
    try:
        written = trimmed(text)
        meaning = parse_when(written, now=now, zone=zone, language=language)
    except InvalidDuration as error:
        offered = chain(_remedies(error.text, error.problem, lexicon_of(language)), _lengths(text, language))
    else:
        offered = _goings_on(written, meaning, language)
    return [found for found in dict.fromkeys(offered) if understood(found)]


def _goings_on(written: str, meaning: When, language: Language | None) -> Iterator[str]:
    if isinstance(meaning, datetime):
        yield from (f"{written} {at}" for at in _TIMES_OF_A_DAY)
        if not shapes.WITHIN.match(plain(written)):
            return
    yield from _lengths(written, language)


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


def _lengths(written: str, language: Language | None) -> Iterator[str]:
    readable = plain(written)
    prefix = shapes.WITHIN.match(readable) or shapes.LASTING.match(readable)
    start = prefix.end() if prefix else 0
    yield from (f"{written[:start]}{format_duration(found)}" for found in suggestions(written[start:], language))


def suggestions(text: str, language: Language | None = None) -> list[timedelta]:
    """At most ten different durations for an unfinished text, the likeliest first; never raises.

    For nothing typed, usual durations; for a bare number, that many minutes, hours, days, weeks. Otherwise
    the duration as `parse_duration` understands it, then the ways to finish the last word (`1d 2`, `2 we`) in
    `language` and in English, then the next round durations above and below. Nothing for a text that cannot become a
    duration.
    """
    try:
        written = trimmed(text)
    except InvalidDuration as error:
        return list(_FOR_NOTHING_TYPED) if isinstance(error.problem, Empty) else []
    return list(dict.fromkeys(_candidates(written, lexicon_of(language))))


def _candidates(written: str, words: Lexicon) -> Iterator[timedelta]:
    last = _LAST_COMPONENT.search(plain(written))
    if last and not last.start() and not last["stem"]:
        meanings = (_understood(f"{written} {_word(unit, words)}", words) for unit in _UNITS_OF_A_BARE_NUMBER)
        yield from (meaning for meaning in meanings if meaning)
        return
    understood = _understood(written, words)
    if understood:
        yield understood
    # "1h30m" is complete; "5m" may become months, and "1h 3" seconds.
    if last and (understood is None or not last.start() or not last["stem"]):
        yield from _completions(written[: last.start()], last["number"], last["stem"], words)
    if understood:
        yield from [longer for longer in _ROUND if longer > understood][:2]
        yield from [shorter for shorter in _ROUND if shorter < understood][:-3:-1]


def _completions(before: str, number: str, stem: str, words: Lexicon) -> list[timedelta]:
    """What the text means with each unit that the last word may begin.

    Those that add no more than is there already come first, the largest of them leading: people go on to
    smaller units. Without a letter of the unit they are the only ones: `1d 2` is no day and two weeks.
    """
    smaller: list[timedelta] = []
    larger: list[timedelta] = []
    for unit in Unit:
        word = _word(unit, words, stem)
        if word is None:
            continue
        added = _understood(f"{number} {word}", words)
        total = _understood(f"{before}{number} {word}", words)
        if added and total:
            (smaller if added <= total - added else larger).append(total)
    return sorted(smaller, reverse=True) + (larger if stem else [])


def _word(unit: Unit, words: Lexicon, stem: str = "") -> str | None:
    """A word of the unit that begins so; None where there is none."""
    spelled = (known for known, entry in words.familiar(Kind.UNIT) if entry.place == unit and known.startswith(stem))
    return next(spelled, None)


def _understood(written: str, words: Lexicon) -> timedelta | None:
    try:
        return parse_duration(written, words.language)
    except InvalidDuration:
        return None

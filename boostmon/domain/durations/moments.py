"""From a written length of time, or a moment, to what it says.

A moment is a day, a time of day, or both. What is left out is filled so that the moment is the next one ahead; where
two days may be meant, as by "next Friday", both are named and neither is taken.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import islice
from typing import Final

from boostmon.domain.durations import shapes
from boostmon.domain.durations.amounts import parse_amount
from boostmon.domain.durations.calendars import Calendar, End
from boostmon.domain.durations.days import parts_of, wall_times
from boostmon.domain.durations.doubts import refuse_number_or_date, refuse_other_orders, refuse_time_or_length
from boostmon.domain.durations.near import near_word
from boostmon.domain.durations.parsing import bounded, trimmed
from boostmon.domain.durations.problems import (
    Ambiguous,
    DayHasBegun,
    DurationProblem,
    InThePast,
    InvalidDuration,
    MissingDay,
    NoLengthAfter,
    NoSuchDate,
    NoSuchTime,
    NotPositive,
    NotUnderstood,
    UnknownUnit,
)
from boostmon.domain.durations.reader import Reader
from boostmon.domain.durations.spans import Amount
from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.wall_times import EPOCH, WallTime
from boostmon.domain.durations.when import When
from boostmon.domain.durations.words import lexicon_of, plain
from boostmon.domain.languages import Language

_MICROSECOND: Final = timedelta(microseconds=1)
_MOST_LOOKED_AT: Final = 6


def parse_when(text: str, *, now: datetime, calendar: Calendar, language: Language | None = None) -> When:
    """What `text` says at `now` (an aware datetime): an amount of time, or the moment until which, in UTC.

    A moment is a Discord timestamp; or a day, which means its start; or a day and a time of day, in the zone of
    `calendar` unless an offset or Z follows; or a time of day, which means the next such time. A time of day that the
    clocks there show twice means the first of the two that is still ahead; one that they jump over does not exist,
    except that a day whose midnight is jumped over starts with the first moment after the jump.

    The words of all languages are read; one that means different things in two of them, only as in `language`.

    Raises InvalidDuration, and nothing else, whatever the text is. The bounds are those of `parse_duration`,
    also for the time from `now` until a moment.
    """
    written = trimmed(text)
    reader = Reader(now, calendar, lexicon_of(language))
    try:
        return _read(written, reader)
    except InvalidDuration as error:
        if isinstance(error.problem, Ambiguous):
            raise InvalidDuration(error.text, _narrowed(error.problem, reader)) from None
        raise


def _narrowed(problem: Ambiguous, reader: Reader) -> DurationProblem:
    """Only the readings that somebody can mean: neither past nor zero. If none is left, the problem with them."""
    readings: list[str] = []
    impossible: DurationProblem = problem
    for reading in problem.readings:
        try:
            _read(reading, reader)
        except InvalidDuration as error:
            if isinstance(error.problem, InThePast | NotPositive):
                impossible = error.problem
                continue
        readings.append(reading)
    return replace(problem, readings=tuple(readings)) if readings else impossible


def _read(written: str, reader: Reader) -> When:
    readable = plain(written)
    if lasting := shapes.LASTING.match(readable):
        return _amount_after(written, lasting.end(), reader)
    if within := shapes.WITHIN.match(readable):
        return reader.calendar.after(End(reader.now.astimezone(UTC)), _amount_after(written, within.end(), reader)).at
    until = shapes.UNTIL.match(readable)
    start = until.end() if until else 0
    try:
        moment = _moment(written, start, reader)
    except OverflowError:  # the calendar ends with the year 9999
        raise InvalidDuration(written, NoSuchDate(written)) from None
    if moment is not None:
        return moment
    if until or _is_like_a_moment(readable):
        raise InvalidDuration(written, _not_understood(written, start, reader))
    return _amount(written, reader)


def _amount(written: str, reader: Reader) -> Amount:
    return parse_amount(written, reader.words.language, months=reader.calendar.months)


def _is_like_a_moment(readable: str) -> bool:
    return bool(shapes.BEGINNING.match(readable) or shapes.WORDS_OF_MOMENTS.search(readable))


def _amount_after(written: str, start: int, reader: Reader) -> Amount:
    """The amount after "for" or "in". Readings get that word, too."""
    try:
        return _amount(written[start:], reader)
    except InvalidDuration as error:
        problem = error.problem
        if isinstance(problem, Ambiguous):
            problem = replace(problem, readings=tuple(f"{written[:start]}{reading}" for reading in problem.readings))
        elif isinstance(problem, NotUnderstood | UnknownUnit):
            problem = _moment_after(written, start, reader) or problem
        raise InvalidDuration(written, problem) from None


def _moment_after(written: str, start: int, reader: Reader) -> DurationProblem | None:
    """The problem if a moment follows "for" or "in"; None if none does."""
    rest = written[start:]
    try:
        moment = _moment(rest, 0, reader)
    except InvalidDuration as error:
        return error.problem
    except OverflowError:
        return NoSuchDate(rest)
    if moment is not None:
        return NoLengthAfter(written[:start].strip(), rest)
    return _not_understood(written, start, reader) if _is_like_a_moment(plain(rest)) else None


def _moment(written: str, start: int, reader: Reader) -> datetime | None:
    """The moment that is written from `start` on, after an "until"; None where it has the shape of none."""
    readable = plain(written)
    if stamp := shapes.STAMP.fullmatch(readable, start):
        return _checked(written, [timedelta(seconds=int(stamp[1]))], reader)
    refuse_number_or_date(written, reader)
    refuse_other_orders(written, start, reader)
    parts = parts_of(readable, start, reader)
    if parts is None:
        return None
    if not start:
        refuse_time_or_length(written, parts)
    return _first_ahead(written, wall_times(written, parts, reader), reader)


def _first_ahead(written: str, meanings: list[WallTime], reader: Reader) -> datetime:
    elapsed = reader.elapsed
    for meaning in meanings:
        instants = meaning.instants()
        if instants[-1] > elapsed or meaning is meanings[-1]:
            if meaning.is_skipped:
                raise InvalidDuration(written, NoSuchTime(meaning.shown))
            today = reader.now.astimezone(meaning.zone).date()
            if meaning.at is None and meaning.day == today:
                raise InvalidDuration(written, DayHasBegun(written))
            return _checked(written, instants, reader)
    raise InvalidDuration(written, NoSuchDate(written))


def _checked(written: str, instants: list[timedelta], reader: Reader) -> datetime:
    """The first of the instants that is ahead, within the bounds."""
    elapsed = reader.elapsed
    ahead = [instant for instant in instants if instant > elapsed]
    if not ahead:
        raise InvalidDuration(written, InThePast(EPOCH + instants[-1]))
    left = bounded(written, Fraction((ahead[0] - elapsed) // _MICROSECOND, 1_000_000))
    return reader.now.astimezone(UTC) + left


def _not_understood(written: str, start: int, reader: Reader) -> NotUnderstood | MissingDay:
    """With the first word that is one slip away from a known one."""
    month = shapes.MONTH_ALONE.fullmatch(plain(written), start)
    if month and reader.words.find(Kind.MONTH, month["month"]):
        return MissingDay(written[start:])
    for word in islice(re.finditer(r"[^\W\d_]+(?:['-][^\W\d_]+)*", written), _MOST_LOOKED_AT):
        if near := near_word(word[0], reader.words):
            return NotUnderstood(word[0], near)
    return NotUnderstood(written)

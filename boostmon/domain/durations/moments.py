"""From a written length of time, or a moment, to what it says.

A moment is a day, a time of day, or both. What is left out is filled so that the moment is the next one ahead; where
two days may be meant, as by "next Friday", both are named and neither is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from itertools import islice
from typing import Final

from boostmon.domain.durations import shapes
from boostmon.domain.durations.near import near_word
from boostmon.domain.durations.parsing import bounded, parse_duration, trimmed
from boostmon.domain.durations.problems import (
    Ambiguous,
    DayHasBegun,
    Doubt,
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
from boostmon.domain.durations.wall_times import EPOCH, WallTime, zone_of
from boostmon.domain.durations.when import When
from boostmon.domain.durations.words import TABLE, plain

_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_MOST_LOOKED_AT: Final = 6
_LEAP_YEARS_APART: Final = 8
"""The most years between two 29ths of February."""


def parse_when(text: str, *, now: datetime, zone: tzinfo) -> When:
    """What `text` says at `now` (an aware datetime): a length of time, or the moment until which, in UTC.

    A moment is a Discord timestamp; or a day, which means its start; or a day and a time of day, in `zone` unless an
    offset or Z follows; or a time of day, which means the next such time. A time of day that the clocks of `zone` show
    twice means the first of the two that is still ahead; one that they jump over does not exist, except that a day
    whose midnight is jumped over starts with the first moment after the jump.

    Raises InvalidDuration, and nothing else, whatever the text is. The bounds are those of `parse_duration`,
    also for the time from `now` until a moment.
    """
    written = trimmed(text)
    try:
        return _read(written, now, zone)
    except InvalidDuration as error:
        if isinstance(error.problem, Ambiguous):
            raise InvalidDuration(error.text, _narrowed(error.problem, now, zone)) from None
        raise


def _narrowed(problem: Ambiguous, now: datetime, zone: tzinfo) -> DurationProblem:
    """Without the readings that nobody can mean: past moments, and no time at all. If none is left, what they lack."""
    readings: list[str] = []
    impossible: DurationProblem = problem
    for reading in problem.readings:
        try:
            _read(reading, now, zone)
        except InvalidDuration as error:
            if isinstance(error.problem, InThePast | NotPositive):
                impossible = error.problem
                continue
        readings.append(reading)
    return replace(problem, readings=tuple(readings)) if readings else impossible


def _read(written: str, now: datetime, zone: tzinfo) -> When:
    readable = plain(written)
    if lasting := shapes.LASTING.match(readable):
        return _length_after(written, lasting.end(), now, zone)
    if within := shapes.WITHIN.match(readable):
        return now.astimezone(UTC) + _length_after(written, within.end(), now, zone)
    until = shapes.UNTIL.match(readable)
    try:
        moment = _moment(written, until.end() if until else 0, now, zone)
    except OverflowError:  # the calendar ends with the year 9999
        raise InvalidDuration(written, NoSuchDate(written)) from None
    if moment is not None:
        return moment
    if until or shapes.BEGINNING.match(readable) or shapes.WORDS_OF_MOMENTS.search(readable):
        raise InvalidDuration(written, _not_understood(written, until.end() if until else 0))
    return parse_duration(written)


def _length_after(written: str, start: int, now: datetime, zone: tzinfo) -> timedelta:
    """The length after "for" or "in". Readings get that word, too."""
    try:
        return parse_duration(written[start:])
    except InvalidDuration as error:
        problem = error.problem
        if isinstance(problem, Ambiguous):
            problem = replace(problem, readings=tuple(f"{written[:start]}{reading}" for reading in problem.readings))
        elif isinstance(problem, NotUnderstood | UnknownUnit):
            problem = _moment_after(written, start, now, zone) or problem
        raise InvalidDuration(written, problem) from None


def _moment_after(written: str, start: int, now: datetime, zone: tzinfo) -> DurationProblem | None:
    """What is wrong where a moment stands after "for" or "in"; None where none does."""
    rest = written[start:]
    try:
        moment = _moment(rest, 0, now, zone)
    except InvalidDuration as error:
        return error.problem
    except OverflowError:
        return NoSuchDate(rest)
    if moment is not None:
        return NoLengthAfter(written[:start].strip(), rest)
    readable = plain(rest)
    is_like_one = shapes.BEGINNING.match(readable) or shapes.WORDS_OF_MOMENTS.search(readable)
    return _not_understood(written, start) if is_like_one else None


def _moment(written: str, start: int, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment that is written from `start` on, after an "until"; None where it has the shape of none."""
    readable = plain(written)
    if stamp := shapes.STAMP.fullmatch(readable, start):
        return _checked(written, [timedelta(seconds=int(stamp[1]))], now)
    _refuse_number_or_date(written, now, zone)
    _refuse_other_orders(written, start, now, zone)
    matched = shapes.DAY_THEN_TIME.fullmatch(readable, start) or shapes.TIME_THEN_DAY.fullmatch(readable, start)
    if matched is None:
        return None
    parts = _parts(matched)
    if not start:
        _refuse_time_or_length(written, parts)
    try:
        at = _time(parts) if parts["time"] else None
        clocks = zone_of(parts["offset"]) if parts["offset"] else zone
    except ValueError:
        raise InvalidDuration(written, NoSuchDate(written)) from None
    today = now.astimezone(clocks).date()
    try:
        days = list(_days(written, parts, at, today, now, clocks))
    except ValueError:
        raise InvalidDuration(written, NoSuchDate(written)) from None
    return _first_ahead(written, [WallTime(day, at, clocks) for day in days], now)


def _first_ahead(written: str, meanings: list[WallTime], now: datetime) -> datetime:
    elapsed = now - EPOCH
    for meaning in meanings:
        instants = meaning.instants()
        if instants[-1] > elapsed or meaning is meanings[-1]:
            if meaning.is_skipped:
                raise InvalidDuration(written, NoSuchTime(meaning.shown))
            if meaning.at is None and meaning.day == now.astimezone(meaning.zone).date() and instants[0] <= elapsed:
                raise InvalidDuration(written, DayHasBegun(written))
            return _checked(written, instants, now)
    raise InvalidDuration(written, NoSuchDate(written))


def _checked(written: str, instants: list[timedelta], now: datetime) -> datetime:
    """The first of the instants that is ahead, within the bounds."""
    elapsed = now - EPOCH
    ahead = [instant for instant in instants if instant > elapsed]
    if not ahead:
        raise InvalidDuration(written, InThePast(EPOCH + instants[-1]))
    return now.astimezone(UTC) + bounded(written, Fraction((ahead[0] - elapsed) // _MICROSECOND, 1_000_000))


type _Parts = dict[str, str]


def _parts(matched: re.Match[str]) -> _Parts:
    """The groups by their names without the letter of the shape; empty where there is nothing."""
    parts: _Parts = dict.fromkeys(
        ("date", "year", "month", "day", "name", "weekday", "next", "today", "tomorrow"), ""
    ) | dict.fromkeys(("time", "hour", "minute", "second", "fraction", "half", "offset", "at"), "")
    for name, value in matched.groupdict().items():
        if value:
            parts[name.partition("_")[0]] = value
    return parts


def _time(parts: _Parts) -> time:
    hour = int(parts["hour"])
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if parts["half"].startswith("p") else 0)
    fraction = int(parts["fraction"].ljust(6, "0"))
    return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0), fraction)


def _days(written: str, parts: _Parts, at: time | None, today: date, now: datetime, zone: tzinfo) -> Iterator[date]:
    """The days that may be meant, in order; raises ValueError where the calendar has none."""
    if not parts["date"]:
        yield from (today, today + _DAY)
    elif parts["today"]:
        yield today
    elif parts["tomorrow"]:
        yield today + _DAY
    elif parts["weekday"]:
        yield _weekday(written, parts, at, today, now, zone)
    else:
        month = TABLE["month"][parts["name"]] + 1 if parts["name"] else int(parts["month"])
        yield _date(parts["year"], month, int(parts["day"]), today)


def _date(year: str, month: int, day: int, today: date) -> date:
    """The day; without a year the next such day, or today."""
    if year:
        return date(int(year), month, day)
    for candidate in range(today.year, today.year + _LEAP_YEARS_APART + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError(f"no {day}.{month}.")


def _weekday(written: str, parts: _Parts, at: time | None, today: date, now: datetime, zone: tzinfo) -> date:
    """The next such day after today. Refused where one may mean another."""
    following = today + ((TABLE["weekday"][parts["weekday"]] - today.weekday() - 1) % 7 + 1) * _DAY
    is_today_possible = following - today == 7 * _DAY and _is_ahead(WallTime(today, at, zone), now)
    if parts["next"]:
        possible = (following, following + 7 * _DAY)
    elif is_today_possible:
        possible = (today, following)
    else:
        return following
    readings = tuple(f"{day.isoformat()} {parts['time']}".strip() for day in possible)
    raise InvalidDuration(written, Ambiguous(Doubt.WHICH_DAY, written, readings))


def _is_ahead(meaning: WallTime, now: datetime) -> bool:
    return meaning.instants()[-1] > now - EPOCH


def _refuse_number_or_date(written: str, now: datetime, zone: tzinfo) -> None:
    """Refuses `1.5`; `24.12`, with two digits each, is a date to anyone."""
    matched = shapes.NUMBER_OR_DATE.fullmatch(written)
    if matched is None:
        return
    readings = [f"{written}min", f"{written}h"]
    try:
        day = _date("", int(matched["month"]), int(matched["day"]), now.astimezone(zone).date())
    except ValueError:
        if int(matched["day"]) < 24 and len(matched["month"]) == 2 and int(matched["month"]) < 60:
            readings.append(f"{matched['day']:0>2}:{matched['month']}")
    else:
        if len(written) == 5:
            return
        readings.append(f"{day:%d.%m.}")
    raise InvalidDuration(written, Ambiguous(Doubt.NO_UNIT, written, tuple(readings)))


def _refuse_time_or_length(written: str, parts: _Parts) -> None:
    """Refuses `1:30` alone, which may be half past one or an hour and a half; `01:30` is a time of day."""
    if parts["date"] or parts["at"] or parts["half"] or parts["offset"] or len(parts["hour"]) > 1:
        return
    if ":" in parts["time"] and parts["time"] == plain(written):
        seconds = f" {parts['second']}s" if parts["second"] else ""
        readings = f"0{parts['time']}", f"{parts['hour']}h {parts['minute']}min{seconds}"
        raise InvalidDuration(written, Ambiguous(Doubt.TIME_OR_LENGTH, written, readings))


def _refuse_other_orders(written: str, start: int, now: datetime, zone: tzinfo) -> None:
    """Refuses `12/24/2026`, `31-12-2026`, `24.12.26`, whose order or century not everybody reads alike."""
    if short := shapes.SHORT_YEAR.match(written, start):
        reading = f"{short['day']}20{short['year']}{written[short.end() :]}"
        raise InvalidDuration(written, Ambiguous(Doubt.ORDER, short["date"], (reading,)))
    matched = shapes.ANY_ORDER.match(plain(written), start)
    if matched is None:
        return
    parts = {name.partition("_")[0]: value for name, value in matched.groupdict().items() if value}
    one, two, year = int(parts["one"]), int(parts["two"]), parts.get("year", "")
    year = f"20{year}" if len(year) == 2 else year
    orders = [(one, two)] if matched["year_y"] else [(two, one), (one, two)]
    readings: dict[str, None] = {}
    for month, day in orders:
        try:
            found = _date(year, month, day, now.astimezone(zone).date())
        except ValueError:
            continue
        readings[f"{found.isoformat()}{written[matched.end() :]}"] = None
    if not readings:
        raise InvalidDuration(written, NoSuchDate(written))
    raise InvalidDuration(written, Ambiguous(Doubt.ORDER, matched["date"], tuple(readings)))


def _not_understood(written: str, start: int) -> NotUnderstood | MissingDay:
    """With the first word that is one slip away from a known one."""
    if shapes.MONTH_ALONE.fullmatch(plain(written), start):
        return MissingDay(written[start:])
    for word in islice(re.finditer(r"[^\W\d_]+(?:['-][^\W\d_]+)*", written), _MOST_LOOKED_AT):
        if near := near_word(word[0]):
            return NotUnderstood(word[0], near)
    return NotUnderstood(written)

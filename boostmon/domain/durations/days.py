"""From the parts of a written moment to the day and the time of day that they name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta, tzinfo
from typing import Final

from boostmon.domain.durations import shapes
from boostmon.domain.durations.problems import Ambiguous, Doubt, InvalidDuration, NoSuchDate
from boostmon.domain.durations.reader import Reader
from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.wall_times import WallTime, zone_of
from boostmon.domain.languages import Language

_DAY: Final = timedelta(days=1)
_LEAP_YEARS_APART: Final = 8
"""The most years between two 29ths of February."""

type Parts = dict[str, str]
"""What stands in a text, by its role; empty where nothing does."""

_ROLES: Final = (
    *("date", "year", "month", "day", "name", "weekday", "next", "near"),
    *("time", "hour", "minute", "second", "fraction", "half", "mark", "offset", "at"),
)


def parts_of(readable: str, start: int, reader: Reader) -> Parts | None:
    """The parts of a moment that is written from `start` on; None where nothing like one is."""
    matched = shapes.DAY_THEN_TIME.fullmatch(readable, start) or shapes.TIME_THEN_DAY.fullmatch(readable, start)
    if matched is None:
        return None
    parts: Parts = dict.fromkeys(_ROLES, "")
    for name, value in matched.groupdict().items():
        if value:
            parts[name.partition("_")[0]] = value
    if any(word and reader.words.find(kind, word) is None for kind, word in _words(parts)):
        return None
    if _is_length(matched, parts, is_after_until=start > 0):
        return None
    if _is_preposition(matched, parts, reader):
        parts["half"] = ""
    return parts


def _words(parts: Parts) -> Iterator[tuple[Kind, str]]:
    yield Kind.MONTH, parts["name"]
    yield Kind.WEEKDAY, parts["weekday"]


def _is_length(matched: re.Match[str], parts: Parts, *, is_after_until: bool) -> bool:
    """Whether `18h` may be a length, having neither a day or a word before it nor a named day after it."""
    if not parts["mark"] or parts["at"] or is_after_until or _has_named_day(parts):
        return False
    return not parts["date"] or matched.start("date") > matched.start("time")


def _has_named_day(parts: Parts) -> bool:
    return bool(parts["weekday"] or parts["near"] or parts["name"] or parts["year"])


def _is_preposition(matched: re.Match[str], parts: Parts, reader: Reader) -> bool:
    """Whether "am" is the German word before a day: `18:30 am Freitag`."""
    if parts["half"] != "am" or not parts["date"] or matched.start("date") < matched.start("time"):
        return False
    return int(parts["hour"]) > 12 or reader.words.language is Language.DE


def wall_times(written: str, parts: Parts, reader: Reader) -> list[WallTime]:
    """What calendar and clock show at the moments that may be meant, in order.

    Raises InvalidDuration where none shows it, or two days may be meant.
    """
    try:
        at = _time(parts) if parts["time"] else None
        local = _elsewhere(reader, zone_of(parts["offset"])) if parts["offset"] else reader
    except ValueError:
        raise InvalidDuration(written, NoSuchDate(written)) from None
    today = local.today  # asked before the calendar is: a zone without offsets is the caller's mistake
    try:
        return [WallTime(day, at, local.zone) for day in _days(written, parts, at, today, local)]
    except ValueError:
        raise InvalidDuration(written, NoSuchDate(written)) from None


def _elsewhere(reader: Reader, zone: tzinfo) -> Reader:
    return replace(reader, calendar=replace(reader.calendar, zone=zone))


def _time(parts: Parts) -> time:
    hour = int(parts["hour"])
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if parts["half"].startswith("p") else 0)
    fraction = int(parts["fraction"].ljust(6, "0"))
    return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0), fraction)


def _days(written: str, parts: Parts, at: time | None, today: date, reader: Reader) -> Iterator[date]:
    if not parts["date"]:
        yield from (today, today + _DAY)
    elif near := reader.words.find(Kind.NEAR_DAY, parts["near"]):
        yield today + near.place * _DAY
    elif parts["day"]:
        yield _dated(parts, today, reader)
    elif weekday := reader.words.find(Kind.WEEKDAY, parts["weekday"]):
        yield _weekday(written, parts, weekday.place, at, today, reader)


def _dated(parts: Parts, today: date, reader: Reader) -> date:
    """The day of a date; where a day of the week stands before it, it has to be the right one."""
    month = reader.words.find(Kind.MONTH, parts["name"])
    weekday = reader.words.find(Kind.WEEKDAY, parts["weekday"])
    day = dated(parts["year"], month.place + 1 if month else int(parts["month"]), int(parts["day"]), today)
    if weekday is not None and weekday.place != day.weekday():
        raise ValueError(f"{day} is no {weekday.word}")
    return day


def dated(year: str, month: int, day: int, today: date) -> date:
    """The day; without a year the next such day, or today. Raises ValueError where the calendar has none."""
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


def _weekday(written: str, parts: Parts, weekday: int, at: time | None, today: date, reader: Reader) -> date:
    """The next such day after today. Refused where one may mean another."""
    following = today + ((weekday - today.weekday() - 1) % 7 + 1) * _DAY
    is_today_possible = following - today == 7 * _DAY and _is_ahead(WallTime(today, at, reader.zone), reader)
    if parts["next"]:
        possible = (following, following + 7 * _DAY)
    elif is_today_possible:
        possible = (today, following)
    else:
        return following
    readings = tuple(f"{day.isoformat()} {parts['time']}".strip() for day in possible)
    raise InvalidDuration(written, Ambiguous(Doubt.WHICH_DAY, written, readings))


def _is_ahead(meaning: WallTime, reader: Reader) -> bool:
    return meaning.instants()[-1] > reader.elapsed

"""What somebody typed, before it is known by which calendar their guild counts.

That is stored with what else the guild decided, and is read along with the timers. What does not depend on it is told
at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final, override

from boostmon.domain.durations.calendars import Calendar, End
from boostmon.domain.durations.moments import parse_when
from boostmon.domain.durations.problems import InvalidDuration
from boostmon.domain.durations.spans import Amount, Months, Span
from boostmon.domain.durations.when import When, time_until
from boostmon.domain.languages import Language


class _MonthsCounted(Exception):
    """The end of a month was asked for, which two calendars may agree about that others would not."""


class _CountingNoMonths(Calendar):
    @override
    def after(self, start: End, amount: Amount) -> End:
        if isinstance(amount, Span):
            raise _MonthsCounted
        return super().after(start, amount)


_MOST_WESTERN: Final = _CountingNoMonths(timezone(timedelta(hours=-12)), Months.CALENDAR)
_MOST_EASTERN: Final = Calendar(timezone(timedelta(hours=14)), Months.THIRTY_DAYS)
"""No two calendars differ more, so that what both make of a text, all do."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A text that means something by some calendar at least, in the words of a language."""

    text: str
    language: Language | None = None


type Wanted = When | Typed
"""What a command is told about time, understood or to be understood."""


def typed(text: str, *, now: datetime, language: Language | None = None) -> Wanted:
    """What the text means, where all calendars agree.

    Raises:
        InvalidDuration: it means nothing by any calendar, for the same reason.
    """
    try:
        western = _read(text, now, _MOST_WESTERN, language)
    except _MonthsCounted:
        return Typed(text, language)
    if isinstance(western, timedelta):
        return western
    if not isinstance(western, Span) and _alike(western, _read(text, now, _MOST_EASTERN, language)):
        if isinstance(western, InvalidDuration):
            raise western
        return western
    return Typed(text, language)


def meaning(wanted: Wanted, *, now: datetime, calendar: Calendar) -> When:
    """What is meant by this calendar.

    Raises:
        InvalidDuration: it means nothing by this one.
    """
    if not isinstance(wanted, Typed):
        return wanted
    return parse_when(wanted.text, now=now, calendar=calendar, language=wanted.language)


def _read(text: str, now: datetime, calendar: Calendar, language: Language | None) -> When | InvalidDuration:
    try:
        return parse_when(text, now=now, calendar=calendar, language=language)
    except InvalidDuration as error:
        return error


def _alike(one: When | InvalidDuration, other: When | InvalidDuration) -> bool:
    if isinstance(one, InvalidDuration) and isinstance(other, InvalidDuration):
        return one.problem == other.problem
    return one == other


def moment_of(wanted: Wanted, *, now: datetime, calendar: Calendar) -> datetime:
    """The moment that is meant, or that is so far ahead.

    Raises:
        InvalidDuration: as `meaning`; or the moment is not ahead.
    """
    when = meaning(wanted, now=now, calendar=calendar)
    return now + time_until(when, now) if isinstance(when, datetime) else calendar.after(End(now), when).at

"""The fields of a rule as people write them; `default` leaves a field to what is set for the server."""

from datetime import datetime, timedelta

from boostmon.domain.durations import (
    Amount,
    Calendar,
    End,
    Kind,
    Months,
    Wanted,
    lexicon_of,
    meaning,
    parse_amount,
    parse_duration,
    typed,
)
from boostmon.domain.languages import Language
from boostmon.domain.own_words import checked_link, checked_text
from boostmon.domain.thresholds import parse_thresholds


def is_left_to_server(text: str, language: Language | None) -> bool:
    """Whether the word for "default" is written, in any language."""
    return lexicon_of(language).find(Kind.DEFAULT, text.strip()) is not None


def read_thresholds(text: str, language: Language | None) -> tuple[timedelta, ...] | None:
    """When members are warned; raises InvalidThresholds."""
    return None if is_left_to_server(text, language) else parse_thresholds(text, language)


def read_duration(text: str, language: Language | None) -> Amount | None:
    """How long timers run that nobody said it of; a month is one of the calendar until it is known of which guild."""
    return None if is_left_to_server(text, language) else parse_amount(text, language, months=Months.CALENDAR)


def read_text(text: str, language: Language | None) -> str | None:
    """What is said in the server's own words; raises InvalidWords."""
    return None if is_left_to_server(text, language) else checked_text(text)


def read_link(text: str, language: Language | None) -> str | None:
    """The page that a button leads to; raises InvalidWords."""
    return None if is_left_to_server(text, language) else checked_link(text)


def read_longest(text: str, language: Language | None) -> timedelta | None:
    """How long timers may run; raises InvalidDuration."""
    return None if is_left_to_server(text, language) else parse_duration(text, language)


def read_date(text: str, now: datetime, language: Language | None) -> Wanted | None:
    """When all timers end: a moment, or an amount of time from now on; raises InvalidDuration."""
    return None if is_left_to_server(text, language) else typed(text, now=now, language=language)


def date_meant(wanted: Wanted, now: datetime, calendar: Calendar) -> datetime:
    """The date by the calendar of a guild; raises InvalidDuration."""
    when = meaning(wanted, now=now, calendar=calendar)
    return when if isinstance(when, datetime) else calendar.after(End(now), when).at


def read_grace(text: str, language: Language | None) -> timedelta | None:
    """For how long members keep the role once time is up; none and "default" are the same. Raises InvalidDuration."""
    is_none = lexicon_of(language).find(Kind.NO_WARNINGS, text.strip()) is not None
    return None if is_none or is_left_to_server(text, language) else parse_duration(text, language)

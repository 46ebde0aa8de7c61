"""The fields of a rule as people write them; `default` leaves a field to what is set for the server."""

from datetime import timedelta

from boostmon.domain.durations import Amount, Kind, Months, lexicon_of, parse_amount, parse_duration
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

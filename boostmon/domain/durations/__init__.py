"""Lengths and moments as people write them: parsed, checked, formatted, suggested.

What is understood is listed for moderators in `docs/durations.md`; a test reads that page.
"""

from boostmon.domain.durations.amounts import parse_amount
from boostmon.domain.durations.calendars import UTC_CALENDAR, Calendar, End
from boostmon.domain.durations.completion import completions, suggestions
from boostmon.domain.durations.iso import iso_8601
from boostmon.domain.durations.moments import parse_when
from boostmon.domain.durations.parsing import MAX_DURATION, MAX_TEXT_LENGTH, MIN_DURATION, parse_duration
from boostmon.domain.durations.problems import (
    Ambiguous,
    DayHasBegun,
    Doubt,
    DurationProblem,
    Empty,
    InThePast,
    InvalidDuration,
    MissingDay,
    MissingUnit,
    NoLengthAfter,
    NoSuchDate,
    NoSuchTime,
    NotPositive,
    NotUnderstood,
    TextTooLong,
    TooLong,
    TooShort,
    UnitTwice,
    UnknownUnit,
)
from boostmon.domain.durations.spans import MOST_MONTHS, Amount, Months, Span, usual_length
from boostmon.domain.durations.typed import Typed, Wanted, meaning, moment_of, typed
from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.when import When, time_until
from boostmon.domain.durations.wording import format_amount, format_duration, rounded_parts
from boostmon.domain.durations.words import lexicon_of, usual_word

__all__ = [
    "MAX_DURATION",
    "MAX_TEXT_LENGTH",
    "MIN_DURATION",
    "MOST_MONTHS",
    "UTC_CALENDAR",
    "Ambiguous",
    "Amount",
    "Calendar",
    "DayHasBegun",
    "Doubt",
    "DurationProblem",
    "Empty",
    "End",
    "InThePast",
    "InvalidDuration",
    "Kind",
    "MissingDay",
    "MissingUnit",
    "Months",
    "NoLengthAfter",
    "NoSuchDate",
    "NoSuchTime",
    "NotPositive",
    "NotUnderstood",
    "Span",
    "TextTooLong",
    "TooLong",
    "TooShort",
    "Typed",
    "Unit",
    "UnitTwice",
    "UnknownUnit",
    "Wanted",
    "When",
    "completions",
    "format_amount",
    "format_duration",
    "iso_8601",
    "lexicon_of",
    "meaning",
    "moment_of",
    "parse_amount",
    "parse_duration",
    "parse_when",
    "rounded_parts",
    "suggestions",
    "time_until",
    "typed",
    "usual_length",
    "usual_word",
]

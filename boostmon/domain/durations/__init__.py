"""Lengths and moments as people write them: parsed, checked, formatted, suggested.

What is understood is listed for moderators in `docs/durations.md`; a test reads that page.
"""

from boostmon.domain.durations.completion import completions, suggestions
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
from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.when import When, time_until
from boostmon.domain.durations.wording import format_duration, rounded_parts
from boostmon.domain.durations.words import lexicon_of, usual_word

__all__ = [
    "MAX_DURATION",
    "MAX_TEXT_LENGTH",
    "MIN_DURATION",
    "Ambiguous",
    "DayHasBegun",
    "Doubt",
    "DurationProblem",
    "Empty",
    "InThePast",
    "InvalidDuration",
    "Kind",
    "MissingDay",
    "MissingUnit",
    "NoLengthAfter",
    "NoSuchDate",
    "NoSuchTime",
    "NotPositive",
    "NotUnderstood",
    "TextTooLong",
    "TooLong",
    "TooShort",
    "Unit",
    "UnitTwice",
    "UnknownUnit",
    "When",
    "completions",
    "format_duration",
    "lexicon_of",
    "parse_duration",
    "parse_when",
    "rounded_parts",
    "suggestions",
    "time_until",
    "usual_word",
]

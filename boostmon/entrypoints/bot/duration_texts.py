"""What is wrong with a written duration, in a sentence."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from boostmon.adapters.discord import stamps
from boostmon.adapters.discord.quoting import escaped, shortened
from boostmon.domain.durations import (
    DurationProblem,
    Empty,
    InThePast,
    MissingUnit,
    NoSuchDate,
    NoSuchTime,
    NotPositive,
    NotUnderstood,
    TextTooLong,
    TooLong,
    TooShort,
    UnitTwice,
    UnknownUnit,
    approximate,
)

EXAMPLES = "`90` (minutes), `2h`, `1d 12h 30m`, `2 weeks`, or a moment such as `2030-12-31 18:00`"

type Quote = Callable[[str], str]

_MOST_PLAIN = 100
"""Characters in the name of an autocomplete choice."""


def in_message(problem: DurationProblem) -> str:
    """A sentence for a message, with what was typed disarmed."""
    if isinstance(problem, InThePast):
        return f"{stamps.moment_and_distance(problem.moment)} is in the past."
    return _describe(problem, lambda text: f"“{escaped(text, 60)}”")


def in_choice(problem: DurationProblem) -> str:
    """A sentence for the name of an autocomplete choice, which is shown as it is: no more than 100 characters."""
    return shortened(_describe(problem, lambda text: f"“{shortened(text, 20)}”"), _MOST_PLAIN)


def _describe(problem: DurationProblem, quote: Quote) -> str:
    match problem:
        case Empty() | TextTooLong() | NotUnderstood() | UnknownUnit() | MissingUnit() | UnitTwice():
            return _of_the_text(problem, quote)
        case NotPositive() | TooShort() | TooLong() | InThePast() | NoSuchDate() | NoSuchTime():
            return _of_the_meaning(problem, quote)
        case _ as never:
            assert_never(never)


def _of_the_text(
    problem: Empty | TextTooLong | NotUnderstood | UnknownUnit | MissingUnit | UnitTwice, quote: Quote
) -> str:
    match problem:
        case Empty():
            return "No duration was given."
        case TextTooLong(limit=limit):
            return f"That is too long to read: a duration has at most {limit} characters."
        case NotUnderstood(part=part):
            return f"{quote(part)} is neither a duration nor a moment."
        case UnknownUnit(unit=unit):
            return f"{quote(unit)} is not a unit of time. Units: s, m, h, d, w, mo, y."
        case MissingUnit(number=number):
            return f"{quote(number)} needs a unit after it, as in 1h 30m."
        case UnitTwice(unit=unit):
            return f"{unit.word.capitalize()}s are counted twice; write each unit once."
        case _ as never:
            assert_never(never)


def _of_the_meaning(
    problem: NotPositive | TooShort | TooLong | InThePast | NoSuchDate | NoSuchTime, quote: Quote
) -> str:
    match problem:
        case NotPositive():
            return "A duration must be more than zero."
        case TooShort(limit=limit):
            return f"That is too short: {approximate(limit)} is the least."
        case TooLong(limit=limit):
            return f"That is too long: {approximate(limit)} is the most."
        case InThePast():
            return "That moment is in the past."
        case NoSuchDate(written=written):
            return f"{quote(written)} is in no calendar or on no clock."
        case NoSuchTime(moment=moment):
            return f"The clocks of {moment.tzinfo} jump over {_wall_time(moment)}."
        case _ as never:
            assert_never(never)


def _wall_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"

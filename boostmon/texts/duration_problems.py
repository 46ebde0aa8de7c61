"""What is wrong with a written duration, in a sentence."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

from boostmon.domain.durations import (
    Ambiguous,
    DayHasBegun,
    Doubt,
    DurationProblem,
    Empty,
    InThePast,
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
from boostmon.texts import stamps
from boostmon.texts.english import approximate
from boostmon.texts.quoting import escaped, shortened

EXAMPLES = (
    "`90` (minutes), `2h`, `1d 12h 30m`, `2 weeks`, or a moment such as `18:00`, `Friday 18:00`, `24 Dec` or "
    "`2030-12-31 18:00`"
)

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
        case Ambiguous():
            return f"{_doubt(problem, quote)} Write {_either([quote(reading) for reading in problem.readings])}."
        case NotPositive() | TooShort() | TooLong():
            return _of_the_length(problem)
        case InThePast() | DayHasBegun() | MissingDay() | NoLengthAfter() | NoSuchDate() | NoSuchTime():
            return _of_the_moment(problem, quote)
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
        case NotUnderstood(part=part, near=near):
            return f"{quote(part)} is neither a duration nor a moment.{_did_you_mean(near, quote)}"
        case UnknownUnit(unit=unit, near=near):
            return f"{quote(unit)} is not a unit of time.{_did_you_mean(near, quote) or _UNITS}"
        case MissingUnit(number=number):
            return f"{quote(number)} needs a unit after it, as in 1h 30m."
        case UnitTwice(unit=unit):
            return f"{unit.word.capitalize()}s are counted twice; write each unit once."
        case _ as never:
            assert_never(never)


_UNITS = " Units: s, m, h, d, w, mo, y."


def _did_you_mean(near: str | None, quote: Quote) -> str:
    return "" if near is None else f" Did you mean {quote(near)}?"


def _doubt(problem: Ambiguous, quote: Quote) -> str:
    part, is_open = quote(problem.part), len(problem.readings) > 1
    match problem.doubt:
        case Doubt.MINUTES_OR_MONTHS:
            return f"{part}: minutes or months?"
        case Doubt.NO_UNIT:
            return f"{part} has no unit."
        case Doubt.TIME_OR_LENGTH:
            return f"{part}: a time of day, or a length?" if is_open else f"{part} is not how I read times."
        case Doubt.WHICH_DAY:
            return f"{part}: on which day?"
        case Doubt.ORDER:
            return f"{part} can be read in more than one way." if is_open else f"{part} is not how I read dates."
        case _ as never:
            assert_never(never)


def _either(readings: Sequence[str]) -> str:
    *first, last = readings
    return f"{', '.join(first)} or {last}" if first else last


def _of_the_length(problem: NotPositive | TooShort | TooLong) -> str:
    match problem:
        case NotPositive():
            return "A duration must be more than zero."
        case TooShort(limit=limit):
            return f"That is too short: {approximate(limit)} is the least."
        case TooLong(limit=limit):
            return f"That is too long: {approximate(limit)} is the most."
        case _ as never:
            assert_never(never)


def _of_the_moment(
    problem: InThePast | DayHasBegun | MissingDay | NoLengthAfter | NoSuchDate | NoSuchTime, quote: Quote
) -> str:
    match problem:
        case InThePast():
            return "That moment is in the past."
        case DayHasBegun(day=day):
            return f"{quote(day)} has begun already. Add a time of day, such as 18:00."
        case MissingDay(month=month):
            return f"{quote(month)} has no day. Write {quote(f'24 {month}')}, for example."
        case NoLengthAfter(word=word, moment=moment):
            return f"{quote(moment)} is a moment. Write it without {quote(word)}."
        case NoSuchDate(written=written):
            return f"{quote(written)} is in no calendar or on no clock."
        case NoSuchTime(moment=moment):
            return f"The clocks of {moment.tzinfo} jump over {_wall_time(moment)}."
        case _ as never:
            assert_never(never)


def _wall_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"

"""What is wrong with a written duration, in a sentence."""

from collections.abc import Callable
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
    Unit,
    UnitTwice,
    UnknownUnit,
)
from boostmon.texts import stamps
from boostmon.texts.quoting import escaped, shortened
from boostmon.texts.words import Words, msgid

type Quote = Callable[[str], str]

_MOST_PLAIN = 100
"""Characters in the name of an autocomplete choice."""

_TWICE = {
    Unit.SECOND: msgid("Seconds are counted twice; write each unit once."),
    Unit.MINUTE: msgid("Minutes are counted twice; write each unit once."),
    Unit.HOUR: msgid("Hours are counted twice; write each unit once."),
    Unit.DAY: msgid("Days are counted twice; write each unit once."),
    Unit.WEEK: msgid("Weeks are counted twice; write each unit once."),
    Unit.MONTH: msgid("Months are counted twice; write each unit once."),
    Unit.YEAR: msgid("Years are counted twice; write each unit once."),
}


def in_message(problem: DurationProblem, words: Words) -> str:
    """A sentence for a message, with what was typed disarmed."""
    if isinstance(problem, InThePast):
        return words("{moment} is in the past.", moment=stamps.moment_and_distance(problem.moment))
    return _describe(problem, lambda text: words("“{text}”", text=escaped(text, 60)), words)


def in_choice(problem: DurationProblem, words: Words) -> str:
    """A sentence for the name of an autocomplete choice, which is shown as it is: no more than 100 characters."""
    told = _describe(problem, lambda text: words("“{text}”", text=shortened(text, 20)), words)
    return shortened(told, _MOST_PLAIN)


def _describe(problem: DurationProblem, quote: Quote, words: Words) -> str:
    match problem:
        case Empty() | TextTooLong() | NotUnderstood() | UnknownUnit() | MissingUnit() | UnitTwice():
            return _of_the_text(problem, quote, words)
        case Ambiguous():
            remedy = words("Write {readings}.", readings=words.either([quote(one) for one in problem.readings]))
            return f"{_doubt(problem, quote, words)} {remedy}"
        case NotPositive() | TooShort() | TooLong():
            return _of_the_length(problem, words)
        case InThePast() | DayHasBegun() | MissingDay() | NoLengthAfter() | NoSuchDate() | NoSuchTime():
            return _of_the_moment(problem, quote, words)
        case _ as never:
            assert_never(never)


def _of_the_text(
    problem: Empty | TextTooLong | NotUnderstood | UnknownUnit | MissingUnit | UnitTwice, quote: Quote, words: Words
) -> str:
    match problem:
        case Empty():
            return words("No duration was given.")
        case TextTooLong(limit=limit):
            return words("That is too long to read: a duration has at most {limit} characters.", limit=limit)
        case NotUnderstood(part=part, near=near):
            told = words("{text} is neither a duration nor a moment.", text=quote(part))
            return told if near is None else f"{told} {_did_you_mean(quote(near), words)}"
        case UnknownUnit(unit=unit, near=near):
            remedy = words("Units: s, m, h, d, w, mo, y.") if near is None else _did_you_mean(quote(near), words)
            return f"{words('{text} is not a unit of time.', text=quote(unit))} {remedy}"
        case MissingUnit(number=number):
            return words("{text} needs a unit after it, as in 1h 30m.", text=quote(number))
        case UnitTwice(unit=unit):
            return words(_TWICE[unit])
        case _ as never:
            assert_never(never)


def _did_you_mean(near: str, words: Words) -> str:
    return words("Did you mean {text}?", text=near)


_DOUBTS = {
    Doubt.MINUTES_OR_MONTHS: msgid("{text}: minutes or months?"),
    Doubt.NO_UNIT: msgid("{text} has no unit."),
    Doubt.TIME_OR_LENGTH: msgid("{text}: a time of day, or a length?"),
    Doubt.WHICH_DAY: msgid("{text}: on which day?"),
    Doubt.ORDER: msgid("{text} can be read in more than one way."),
    Doubt.THOUSANDS: msgid("{text} can be read in more than one way."),
}
_ONE_READING = {
    Doubt.TIME_OR_LENGTH: msgid("{text} is not how I read times."),
    Doubt.ORDER: msgid("{text} is not how I read dates."),
}
"""Where a text could be read in one way only, and is refused for its form."""


def _doubt(problem: Ambiguous, quote: Quote, words: Words) -> str:
    told = _DOUBTS[problem.doubt]
    if len(problem.readings) == 1:
        told = _ONE_READING.get(problem.doubt, told)
    return words(told, text=quote(problem.part))


def _of_the_length(problem: NotPositive | TooShort | TooLong, words: Words) -> str:
    match problem:
        case NotPositive():
            return words("A duration must be more than zero.")
        case TooShort(limit=limit):
            return words("That is too short: {limit} is the least.", limit=words.duration(limit))
        case TooLong(limit=limit):
            return words("That is too long: {limit} is the most.", limit=words.duration(limit))
        case _ as never:
            assert_never(never)


def _of_the_moment(
    problem: InThePast | DayHasBegun | MissingDay | NoLengthAfter | NoSuchDate | NoSuchTime, quote: Quote, words: Words
) -> str:
    match problem:
        case InThePast():
            return words("That moment is in the past.")
        case DayHasBegun(day=day):
            return words("{text} has begun already. Add a time of day, such as 18:00.", text=quote(day))
        case MissingDay(month=month):
            return words(
                "{text} has no day. Write {example}, for example.", text=quote(month), example=quote(f"24 {month}")
            )
        case NoLengthAfter(word=word, moment=moment):
            return words("{moment} is a moment. Write it without {word}.", moment=quote(moment), word=quote(word))
        case NoSuchDate(written=written):
            return words("{text} is in no calendar or on no clock.", text=quote(written))
        case NoSuchTime(moment=moment):
            return words("The clocks of {zone} jump over {time}.", zone=str(moment.tzinfo), time=_wall_time(moment))
        case _ as never:
            assert_never(never)


def _wall_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"

"""Durations and thresholds that will not do."""

from typing import assert_never

from boostmon.domain.durations import DurationProblem, InvalidDuration, Kind, NotPositive, TooLong, TooShort, usual_word
from boostmon.domain.thresholds import (
    LONGEST_THRESHOLD,
    MOST_THRESHOLDS,
    SHORTEST_THRESHOLD,
    CommaInThreshold,
    InvalidThresholds,
    ThresholdOutOfBounds,
    ThresholdProblem,
    ThresholdTwice,
    TooManyThresholds,
    UnreadableThreshold,
)
from boostmon.domain.timers import TooMuchTime
from boostmon.texts.duration_problems import in_message
from boostmon.texts.quoting import escaped
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def _invalid_duration(error: InvalidDuration, words: Words) -> Problem:
    examples = words(
        "Examples: `90` (minutes), `2h`, `1d 12h 30m`, `2 weeks`, or a moment such as `18:00`, `Friday 18:00`, "
        "`24 Dec` or `2030-12-31 18:00`."
    )
    return Problem(words("That duration does not work"), f"{in_message(error.problem, words)}\n{examples}")


@explain.register
def _invalid_thresholds(error: InvalidThresholds, words: Words) -> Problem:
    rule = words(
        "Up to {most} durations with commas between them, each from {shortest} to {longest}, for example "
        "`1d, 60m, 10m`; or `{none}`, or `{default}`.",
        most=MOST_THRESHOLDS,
        shortest=words.duration(SHORTEST_THRESHOLD),
        longest=words.duration(LONGEST_THRESHOLD),
        none=usual_word(Kind.NO_WARNINGS, words.language),
        default=usual_word(Kind.DEFAULT, words.language),
    )
    return Problem(words("Those warnings do not work"), f"{_wrong_with(error.problem, words)}\n{rule}")


def _wrong_with(problem: ThresholdProblem, words: Words) -> str:
    match problem:
        case TooManyThresholds(number=number):
            return words("These are {number}; {most} are the most.", number=number, most=MOST_THRESHOLDS)
        case ThresholdOutOfBounds(threshold=threshold):
            return _out_of_bounds(words.duration(threshold, units=5), words, is_short=threshold < SHORTEST_THRESHOLD)
        case UnreadableThreshold(part=part, problem=unreadable):
            return _unreadable(part, unreadable, words)
        case CommaInThreshold(part=part):
            return words(
                "“{text}” may be one duration or two. Write a number with a dot, as in `1.5h`, and a space after a "
                "comma between two.",
                text=escaped(part, 40),
            )
        case ThresholdTwice(threshold=threshold):
            return words("{duration} is there twice.", duration=words.duration(threshold, units=5))
        case _ as never:
            assert_never(never)


def _unreadable(part: str, problem: DurationProblem, words: Words) -> str:
    """A threshold has bounds of its own, so that those of a duration would mislead."""
    quoted = words("“{text}”", text=escaped(part, 40))
    match problem:
        case TooLong():
            return _out_of_bounds(quoted, words, is_short=False)
        case TooShort() | NotPositive():
            return _out_of_bounds(quoted, words, is_short=True)
        case _:
            return in_message(problem, words)


def _out_of_bounds(threshold: str, words: Words, *, is_short: bool) -> str:
    if is_short:
        return words("{duration} before the end is too short.", duration=threshold)
    return words("{duration} before the end is too long.", duration=threshold)


@explain.register
def _too_much_time(error: TooMuchTime, words: Words) -> Problem:
    return Problem(
        words("That is too much time"),
        words(
            "The timer would run for {wanted}; {limit} is the most. Add less, or start afresh with `/settime`.",
            wanted=words.duration(error.wanted),
            limit=words.duration(error.limit),
        ),
    )

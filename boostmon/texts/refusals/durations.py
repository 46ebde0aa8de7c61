"""Durations and thresholds that will not do."""

from typing import assert_never

from boostmon.domain.durations import DurationProblem, InvalidDuration, NotPositive, TooLong, TooShort
from boostmon.domain.thresholds import (
    DEFAULT_WORD,
    LONGEST_THRESHOLD,
    MOST_THRESHOLDS,
    NO_WARNINGS,
    SHORTEST_THRESHOLD,
    CommaInThreshold,
    InvalidThresholds,
    ThresholdOutOfBounds,
    ThresholdProblem,
    ThresholdTwice,
    TooManyThresholds,
    UnreadableThreshold,
)
from boostmon.domain.timers import (
    TooMuchTime,
)
from boostmon.texts.duration_problems import EXAMPLES, in_message
from boostmon.texts.english import approximate
from boostmon.texts.quoting import escaped
from boostmon.texts.refusals.problems import Problem, explain


@explain.register
def _invalid_duration(error: InvalidDuration) -> Problem:
    return Problem("That duration does not work", f"{in_message(error.problem)}\nExamples: {EXAMPLES}.")


@explain.register
def _invalid_thresholds(error: InvalidThresholds) -> Problem:
    return Problem(
        "Those warnings do not work",
        f"{_wrong_with(error.problem)}\nUp to {MOST_THRESHOLDS} durations with commas between them, each from "
        f"{approximate(SHORTEST_THRESHOLD)} to {approximate(LONGEST_THRESHOLD)}, for example `1d, 60m, 10m`; or "
        f"`{NO_WARNINGS}`, or `{DEFAULT_WORD}`.",
    )


def _wrong_with(problem: ThresholdProblem) -> str:
    match problem:
        case TooManyThresholds(number=number):
            return f"These are {number}; {MOST_THRESHOLDS} are the most."
        case ThresholdOutOfBounds(threshold=threshold):
            which = "short" if threshold < SHORTEST_THRESHOLD else "long"
            return f"{approximate(threshold, units=5)} before the end is too {which}."
        case UnreadableThreshold(part=part, problem=unreadable):
            return _unreadable(part, unreadable)
        case CommaInThreshold(part=part):
            return (
                f"“{escaped(part, 40)}” may be one duration or two. Write a number with a dot, as in `1.5h`, and a "
                "space after a comma between two."
            )
        case ThresholdTwice(threshold=threshold):
            return f"{approximate(threshold, units=5)} is there twice."
        case _ as never:
            assert_never(never)


def _unreadable(part: str, problem: DurationProblem) -> str:
    """A threshold has bounds of its own, so that those of a duration would mislead."""
    match problem:
        case TooLong():
            return f"“{escaped(part, 40)}” before the end is too long."
        case TooShort() | NotPositive():
            return f"“{escaped(part, 40)}” before the end is too short."
        case _:
            return in_message(problem)


@explain.register
def _too_much_time(error: TooMuchTime) -> Problem:
    wanted, limit = approximate(error.wanted), approximate(error.limit)
    return Problem(
        "That is too much time",
        f"The timer would run for {wanted}; {limit} is the most. Add less, or start afresh with `/settime`.",
    )

"""Decisions about timers that no server may make."""

from typing import assert_never

from boostmon.domain.durations import MAX_DURATION
from boostmon.domain.policy_values import (
    MOST_PAUSE_DAYS,
    MOST_ROLES,
    SHORTEST_LIMIT,
    InvalidPolicy,
    LimitOutOfBounds,
    PauseDaysOutOfBounds,
    PolicyProblem,
    TooManyRoles,
    UnknownTimeZone,
)
from boostmon.texts.quoting import escaped
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def _invalid_policy(error: InvalidPolicy, words: Words) -> Problem:
    return Problem(words("That setting does not work"), _wrong_with(error.problem, words))


def _wrong_with(problem: PolicyProblem, words: Words) -> str:
    match problem:
        case LimitOutOfBounds(limit=limit):
            return words(
                "Timers cannot be limited to {duration}. Any limit from {shortest} to {longest} will do.",
                duration=words.duration(limit, units=5),
                shortest=words.duration(SHORTEST_LIMIT),
                longest=words.duration(MAX_DURATION),
            )
        case TooManyRoles(number=number):
            return words(
                "The list would have {number} roles; {most} are the most. Take one off it first.",
                number=number,
                most=MOST_ROLES,
            )
        case UnknownTimeZone(name=name):
            return words(
                "I know no time zone “{text}”. Write one like `Europe/Berlin`, `America/New_York` or `UTC`.",
                text=escaped(name, 60),
            )
        case PauseDaysOutOfBounds(days=days):
            return words(
                "{number} days will not do. From 0 (never) to {most} days a year are possible.",
                number=days,
                most=MOST_PAUSE_DAYS,
            )
        case _ as never:
            assert_never(never)

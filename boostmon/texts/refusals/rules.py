"""Rules for roles that no server may have."""

from typing import assert_never

from boostmon.domain.durations import usual_length
from boostmon.domain.rules import MOST_RULES
from boostmon.domain.ruling import InvalidRule, LongerThanLongest, RuleProblem, StartsWithoutDuration, TooManyRules
from boostmon.texts import stamps
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def _invalid_rule(error: InvalidRule, words: Words) -> Problem:
    return Problem(words("That rule does not work"), _wrong_with(error, error.problem, words))


def _wrong_with(error: InvalidRule, problem: RuleProblem, words: Words) -> str:
    match problem:
        case TooManyRules():
            return words(
                "This server has rules for {most} roles already, and more are not possible. "
                "`/timerrule remove` makes room for {role}.",
                most=MOST_RULES,
                role=stamps.role(error.role),
            )
        case StartsWithoutDuration():
            return words(
                "A timer that starts by itself needs a duration, and nobody said how long {role} lasts. "
                "Fill in `duration`, too, for example `30d`.",
                role=stamps.role(error.role),
            )
        case LongerThanLongest(duration=duration, longest=longest):
            return words(
                "Timers of {role} would start with {duration}, but may not run for longer than {longest}. "
                "Change `duration` or `longest`.",
                role=stamps.role(error.role),
                duration=words.duration(usual_length(duration), units=5),
                longest=words.duration(longest, units=5),
            )
        case _ as never:
            assert_never(never)

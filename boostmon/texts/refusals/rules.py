"""Rules for roles that no server may have."""

from typing import assert_never

from boostmon.app.commands.errors import NothingNamed
from boostmon.app.guilds.rules import NoRule
from boostmon.domain.rules import MOST_RULES
from boostmon.domain.ruling import InvalidRule, LongerThanLongest, RuleProblem, StartsWithoutDuration, TooManyRules
from boostmon.texts import stamps
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def _invalid_rule(error: InvalidRule, words: Words) -> Problem:
    return Problem(words("That rule does not work"), _wrong_with(error, error.problem, words))


@explain.register
def _no_rule(error: NoRule, words: Words) -> Problem:
    return Problem(
        words("There is no such rule"),
        words(
            "{role} has no rule of its own. `/timerrule list` shows the roles that have one.",
            role=stamps.role(error.role),
        ),
    )


@explain.register
def _nothing_named(_: NothingNamed, words: Words) -> Problem:
    return Problem(
        words("What should the rule say?"),
        words(
            "Nothing was changed. Fill in at least one option beside `role`, for example `thresholds:1d, 1h`. "
            "`/timerrule show` shows what goes for a role now."
        ),
    )


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
                duration=words.amount(duration),
                longest=words.duration(longest, units=5),
            )
        case _ as never:
            assert_never(never)

"""Rules for roles that no server may have."""

from datetime import timedelta
from typing import assert_never

from boostmon.app.commands.errors import NothingNamed
from boostmon.app.guilds.rules import NoRule
from boostmon.domain.own_words import (
    MOST_LETTERS,
    MOST_LINK,
    PLACEHOLDERS,
    InvalidWords,
    NoSuchLink,
    TextTooLong,
    UnknownPlaceholder,
    WordsProblem,
)
from boostmon.domain.policy_values import SHORTEST_LIMIT
from boostmon.domain.rules import MOST_RULES
from boostmon.domain.ruling import (
    LONGEST_GRACE,
    EventWithoutDate,
    GraceOutOfBounds,
    InvalidRule,
    LongerThanLongest,
    RuleProblem,
    StartsByDefault,
    StartsWithoutDuration,
    TooManyRules,
)
from boostmon.texts import stamps
from boostmon.texts.quoting import escaped
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def _invalid_rule(error: InvalidRule, words: Words) -> Problem:
    return Problem(words("That rule does not work"), _wrong_with(error, error.problem, words))


@explain.register
def _invalid_words(error: InvalidWords, words: Words) -> Problem:
    return Problem(words("That rule does not work"), _wrong_with_words(error.problem, words))


def _wrong_with_words(problem: WordsProblem, words: Words) -> str:
    match problem:
        case UnknownPlaceholder(text=text):
            known = words.listed([f"`{{{name}}}`" for name in PLACEHOLDERS])
            return words(
                "“{text}” is nothing that I could fill in. In braces there can be {placeholders}.",
                text=escaped(text, 60),
                placeholders=known,
            )
        case TextTooLong(letters=letters):
            return words(
                "The text has {number} characters; {most} are the most. Shorten it.", number=letters, most=MOST_LETTERS
            )
        case NoSuchLink(text=text):
            return words(
                "“{text}” is no page that a button can lead to. Write its whole address, for example "
                "`https://example.com/renew`, with `https` and at most {most} characters.",
                text=escaped(text, 100),
                most=MOST_LINK,
            )
        case _ as never:
            assert_never(never)


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
        case GraceOutOfBounds(grace=grace):
            return _out_of_bounds(error, grace, words)
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
                "Fill in `duration`, too, for example `30d`; or `until`, the date when all end.",
                role=stamps.role(error.role),
            )
        case EventWithoutDate():
            return words(
                "An event needs a date, and nobody said when {role} ends for all. "
                "Fill in `until`, too, for example `24 Dec 18:00`.",
                role=stamps.role(error.role),
            )
        case StartsByDefault():
            return words(
                "Timers of {role} start by themselves, with this duration. "
                "Give that rule its own first: `/timerrule set` with `duration`.",
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


def _out_of_bounds(error: InvalidRule, grace: timedelta, words: Words) -> str:
    return words(
        "Members of {role} cannot keep it for {duration} once their time is up. From {shortest} to {longest} "
        "are possible, or `none`.",
        role=stamps.role(error.role),
        duration=words.duration(grace, units=5),
        shortest=words.duration(SHORTEST_LIMIT),
        longest=words.duration(LONGEST_GRACE),
    )

"""Decisions about timers that no server may make."""

from typing import assert_never

from boostmon.app.commands.errors import ListAndAll
from boostmon.domain.common_end import EndsForAll
from boostmon.domain.defaults import NoDuration
from boostmon.domain.durations import MAX_DURATION
from boostmon.domain.limits import HadBefore, LongerThanAllowed, RoleNotListed
from boostmon.domain.policy_values import (
    MOST_PAUSE_DAYS,
    MOST_ROLES,
    SHORTEST_LIMIT,
    EveryoneListed,
    InvalidPolicy,
    LimitOutOfBounds,
    PauseDaysOutOfBounds,
    PolicyProblem,
    TooManyRoles,
    UnknownTimeZone,
)
from boostmon.texts import stamps
from boostmon.texts.quoting import escaped
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def _invalid_policy(error: InvalidPolicy, words: Words) -> Problem:
    return Problem(words("That setting does not work"), _wrong_with(error.problem, words))


@explain.register
def _longer_than_allowed(error: LongerThanAllowed, words: Words) -> Problem:
    title, wanted = words("That is longer than this server allows"), _wanted(error, words)
    limit = words.duration(error.limit, units=5)
    if error.ruled is not None:
        text = words(
            "The timer would run for {wanted}; timers of {role} run for {limit} at most. Choose less, or a moment that "
            "is sooner. `/timerrule set` changes the limit.",
            wanted=wanted,
            role=stamps.role(error.ruled),
            limit=limit,
        )
        return Problem(title, text)
    return Problem(
        title,
        words(
            "The timer would run for {wanted}; in this server {limit} is the most. Choose less, or a moment that is "
            "sooner. `/timersettings longest` changes the limit.",
            wanted=wanted,
            limit=limit,
        ),
    )


@explain.register
def _had_before(error: HadBefore, words: Words) -> Problem:
    return Problem(
        words("Once for each member"),
        words(
            "{user} has had a timer on {role} already, which began on {moment}, and by the rule of this role each "
            "member gets one. Whoever manages the server can change that with `/timerrule set once:False`.",
            user=stamps.user(error.key.user),
            role=stamps.role(error.key.role),
            moment=stamps.moment(error.began),
        ),
    )


@explain.register
def _ends_for_all(error: EndsForAll, words: Words) -> Problem:
    said = {"role": stamps.role(error.role), "date": stamps.moment(error.date)}
    if error.is_over:
        return Problem(
            words("That role is over"),
            words(
                "All timers of {role} ended on {date}, so none can start or go on any more. `/timerrule set` with "
                "`until` sets another date, or `until:default` none.",
                **said,
            ),
        )
    return Problem(
        words("That is beyond the date when all end"),
        words(
            "All timers of {role} end on {date}, and this one would end later. Choose less, or a moment that is "
            "sooner. `/timerrule set` with `until` changes the date.",
            **said,
        ),
    )


def _wanted(error: LongerThanAllowed, words: Words) -> str:
    """In so many units that the two can be told apart, where two are too few."""
    short = words.duration(error.wanted)
    return short if short != words.duration(error.limit, units=5) else words.duration(error.wanted, units=5)


@explain.register
def _role_not_listed(error: RoleNotListed, words: Words) -> Problem:
    remedy = words("`/timersettings timeable` changes the list.")
    if not error.listed:
        text = words("In this server no role can be given time at present: the list of those that can is empty.")
    else:
        text = words(
            "In this server only some roles can be given time, and {role} is none of them: {roles}.",
            role=stamps.role(error.role),
            roles=words.listed([stamps.role(role) for role in sorted(error.listed)]),
        )
    return Problem(words("That role cannot be timed here"), f"{text} {remedy}")


@explain.register
def _list_and_all(error: ListAndAll, words: Words) -> Problem:  # noqa: ARG001 - there is nothing to tell of it
    return Problem(
        words("Some roles, or all?"),
        words(
            "You named a role for the list and said that all roles can be timed; nothing was changed. Leave out `all`, "
            "or the other options."
        ),
    )


@explain.register
def _no_duration(error: NoDuration, words: Words) -> Problem:  # noqa: ARG001 - there is nothing to tell of it
    return Problem(
        words("How long?"),
        words(
            "Say so with the option `duration`: `2h`, `1d 12h`, `2 weeks`, or a moment such as `Friday 18:00`. "
            "`/timersettings default` sets a time for when it is left out."
        ),
    )


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
        case EveryoneListed():
            return words("`@everyone` cannot be on the list, since all members have it. Choose another role.")
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

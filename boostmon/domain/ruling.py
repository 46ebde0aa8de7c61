"""Which rules a guild may have for its roles."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from boostmon.domain.durations import Amount, usual_length
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.policy_values import SHORTEST_LIMIT, checked_longest
from boostmon.domain.rules import MOST_RULES, RoleRule
from boostmon.domain.thresholds import checked_thresholds

LONGEST_GRACE = timedelta(days=90)
"""Whoever has not renewed by then does not mean to."""


@dataclass(frozen=True, slots=True)
class TooManyRules:
    """The guild has rules for MOST_RULES other roles."""


@dataclass(frozen=True, slots=True)
class StartsWithoutDuration:
    """It is to start timers by itself, and nobody decided how long these are, nor on which date they end."""


@dataclass(frozen=True, slots=True)
class EventWithoutDate:
    """It is for an event, and nobody said when that ends."""


@dataclass(frozen=True, slots=True)
class LongerThanLongest:
    """The time that timers of the role get by themselves is more than any of them may have."""

    duration: Amount
    longest: timedelta


@dataclass(frozen=True, slots=True)
class StartsByDefault:
    """It starts timers by itself, which are as long as the guild's default, and that was to go."""


@dataclass(frozen=True, slots=True)
class GraceOutOfBounds:
    """How long members keep the role, shorter than SHORTEST_LIMIT or longer than LONGEST_GRACE."""

    grace: timedelta


type RuleProblem = (
    GraceOutOfBounds | TooManyRules | StartsWithoutDuration | EventWithoutDate | LongerThanLongest | StartsByDefault
)


class InvalidRule(BoostMonError):
    """A rule for a role that no guild may have."""

    def __init__(self, role: RoleId, problem: RuleProblem) -> None:
        super().__init__(f"rule for {role}: {problem}")
        self.role = role
        self.problem = problem


def checked_rule(rule: RoleRule, policy: Policy) -> RoleRule | None:
    """The rule as a guild with that policy may have it; None where it decides nothing.

    Raises:
        InvalidRule: there are too many, or it contradicts itself or what goes for all roles.
        InvalidThresholds, InvalidPolicy: a server may not have these thresholds, or this longest duration.
    """
    if rule.is_empty:
        return None
    if len(policy.rules.keys() - {rule.role}) >= MOST_RULES:
        raise InvalidRule(rule.role, TooManyRules())
    if rule.longest is not None:
        checked_longest(rule.longest)
    if rule.grace is not None and not SHORTEST_LIMIT <= rule.grace <= LONGEST_GRACE:
        raise InvalidRule(rule.role, GraceOutOfBounds(rule.grace))
    _check_duration(rule, with_rule(policy, rule.role, rule).for_role(rule.role))
    return rule if rule.thresholds is None else replace(rule, thresholds=checked_thresholds(rule.thresholds))


def ensure_no_rule_needs_default(policy: Policy) -> None:
    """Checks that the guild's default duration may go.

    Raises:
        InvalidRule: a rule starts timers, and does not say itself how long these are.
    """
    for rule in policy.rules.values():
        if rule.starts and rule.duration is None and rule.ends_on is None:
            raise InvalidRule(rule.role, StartsByDefault())


def ensure_dated(rule: RoleRule, *, at: datetime) -> RoleRule:
    """The rule of an event, which has a date that is ahead.

    Raises:
        InvalidRule: it has none.
    """
    if rule.ends_on is None or rule.ends_on <= at:
        raise InvalidRule(rule.role, EventWithoutDate())
    return rule


def ensure_rules_may_start(policy: Policy) -> None:
    """Checks that timers that start by themselves may be as long as they are, under a policy that is about to go.

    Raises:
        InvalidRule: those of a rule may not.
    """
    for role, rule in policy.rules.items():
        if rule.starts and rule.ends_on is None:
            _check_duration(rule, policy.for_role(role))


def _check_duration(rule: RoleRule, policy: Policy) -> None:
    """`policy` is the guild's with the rule laid over it."""
    duration, longest = policy.default_duration, policy.longest
    if duration is not None and longest is not None and usual_length(duration) > longest:
        raise InvalidRule(rule.role, LongerThanLongest(duration, longest))
    if rule.starts and duration is None and rule.ends_on is None:
        raise InvalidRule(rule.role, StartsWithoutDuration())


def with_rule(policy: Policy, role: RoleId, rule: RoleRule | None) -> Policy:
    """The policy with that rule for the role instead of the one it has; None: without one."""
    others = {of: one for of, one in policy.rules.items() if of != role}
    return replace(policy, rules=others if rule is None else {**others, role: rule})

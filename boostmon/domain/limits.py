"""What a guild allows of timers: for how long, until when, and on which roles. It binds everybody, administrators too.

A timer that is there already goes on as it is: only who gives time has to keep to it.
"""

from datetime import datetime, timedelta

from boostmon.domain.common_end import ensure_by_date
from boostmon.domain.durations import Span, When
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId, TimerKey
from boostmon.domain.policy import Policy
from boostmon.domain.timers import ZERO, Timer


class LongerThanAllowed(BoostMonError):
    """The timer would run for `wanted`, longer than the guild lets any; or any of the role `ruled`."""

    def __init__(self, wanted: timedelta, limit: timedelta, ruled: RoleId | None = None) -> None:
        super().__init__(f"{wanted} is more than the guild's {limit}")
        self.wanted = wanted
        self.limit = limit
        self.ruled = ruled


class RoleNotListed(BoostMonError):
    """The guild lets only the roles of a list be timed, and this is none of them."""

    def __init__(self, role: RoleId, listed: frozenset[RoleId]) -> None:
        super().__init__(f"role {role} is not on the guild's list")
        self.role = role
        self.listed = listed


class HadBefore(BoostMonError):
    """The guild lets each member have a timer on the role once, and theirs began at `began`."""

    def __init__(self, key: TimerKey, began: datetime) -> None:
        super().__init__(f"{key} was had before")
        self.key = key
        self.began = began


def is_once(role: RoleId, policy: Policy) -> bool:
    """Whether the guild lets each member have a timer on the role once."""
    rule = policy.rules.get(role)
    return rule is not None and rule.once


def ensure_within_limits(
    timer: Timer, *, now: datetime, policy: Policy, given: When | None = None, before: timedelta = ZERO
) -> None:
    """Checks a timer that was just given time: `given`, beside what was left `before`.

    A month of the calendar counts as the 30 days that it usually has: whoever allows 30 days means a month, and nobody
    is to be refused one for the 31 days of July.

    Raises:
        RoleNotListed: its role is none of those that the guild lets be timed.
        EndsForAll: it would run beyond the date by which all of that role end.
        LongerThanAllowed: it would run for longer than the guild lets any of that role.
    """
    rule = policy.rules.get(timer.key.role)
    policy = policy.for_role(timer.key.role)
    if policy.timeable is not None and timer.key.role not in policy.timeable:
        raise RoleNotListed(timer.key.role, policy.timeable)
    ensure_by_date(timer, now=now, policy=policy)
    remaining = timer.remaining(now)
    if isinstance(given, Span):
        remaining -= max(remaining - before - given.usual_length, ZERO)
    if policy.longest is not None and remaining > policy.longest:
        raise LongerThanAllowed(remaining, policy.longest, rule.role if rule and rule.longest is not None else None)

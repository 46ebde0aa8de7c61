"""The bounds that a server's own decisions keep, beside those of its thresholds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from boostmon.domain.durations import MAX_DURATION
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.zones import canonical_name

SHORTEST_LIMIT = timedelta(minutes=1)
"""No server needs timers that may not even last as long."""
MOST_ROLES = 25
"""In a list of roles: as many as Discord lets somebody choose at once, and as fit into an answer."""
MOST_PAUSE_DAYS = 365
"""All of a year."""


@dataclass(frozen=True, slots=True)
class LimitOutOfBounds:
    """How long timers may run, shorter than SHORTEST_LIMIT or longer than any timer may be."""

    limit: timedelta


@dataclass(frozen=True, slots=True)
class TooManyRoles:
    """More than MOST_ROLES in one list."""

    number: int


@dataclass(frozen=True, slots=True)
class EveryoneListed:
    """@everyone in a list of roles: it would be about all members, and no list is meant for that."""


@dataclass(frozen=True, slots=True)
class UnknownTimeZone:
    """No name of the time zone database."""

    name: str


@dataclass(frozen=True, slots=True)
class PauseDaysOutOfBounds:
    """Fewer than none, or more than MOST_PAUSE_DAYS."""

    days: int


type PolicyProblem = LimitOutOfBounds | TooManyRoles | EveryoneListed | UnknownTimeZone | PauseDaysOutOfBounds


class InvalidPolicy(BoostMonError):
    """A decision that no server may make."""

    def __init__(self, problem: PolicyProblem) -> None:
        super().__init__(f"policy: {problem}")
        self.problem = problem


def checked_longest(limit: timedelta) -> timedelta:
    """How long timers may run, when a server may say so; raises InvalidPolicy."""
    if not SHORTEST_LIMIT <= limit <= MAX_DURATION:
        raise InvalidPolicy(LimitOutOfBounds(limit))
    return limit


def checked_roles(roles: Iterable[RoleId]) -> frozenset[RoleId]:
    """A list of roles that is not too long; raises InvalidPolicy."""
    listed = frozenset(roles)
    if len(listed) > MOST_ROLES:
        raise InvalidPolicy(TooManyRoles(len(listed)))
    return listed


def checked_time_zone(written: str) -> str:
    """The name of the time zone that is meant; raises InvalidPolicy where there is none, or more than one."""
    name = canonical_name(written)
    if name is None:
        raise InvalidPolicy(UnknownTimeZone(written))
    return name


def checked_pause_days(days: int) -> int:
    """For how many days of a year members may pause a timer; raises InvalidPolicy."""
    if not 0 <= days <= MOST_PAUSE_DAYS:
        raise InvalidPolicy(PauseDaysOutOfBounds(days))
    return days

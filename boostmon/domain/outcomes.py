"""What came of an act in Discord, as the rules of the timers need to know it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from boostmon.domain.timers import Obstacle


@dataclass(frozen=True, slots=True)
class Done:
    """Discord confirmed the act."""


class Gone(StrEnum):
    """What Discord does not know (any more)."""

    MEMBER = "member"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class AlreadyGone:
    """The member or the role does not exist (any more): errors 10007 and 10011."""

    what: Gone
    error: str


@dataclass(frozen=True, slots=True)
class Retry:
    """The result is unknown, or the failure is temporary: it may work later, but not before `after` has passed."""

    error: str
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Discord refuses until a person fixes `obstacle`."""

    obstacle: Obstacle
    error: str


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing was done: a limit is used up and opens after `after`. This does not count as a failed attempt."""

    error: str
    after: timedelta


type Outcome = Done | AlreadyGone | Retry | Blocked | Held

"""What the ledger knows of an entry beyond who, when and why: kinds and values, which have words only at the edge."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from boostmon.domain.notices import Notice, NoticeKind, WarningNotice
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Refusal, Way


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Discord confirmed the act."""


@dataclass(frozen=True, slots=True)
class NothingThere:
    """Discord knows no such member or role, so there was nothing to do; `error` is its answer."""

    what: Gone
    error: str


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Discord did not confirm the act: no answer, or `error`."""

    error: str


@dataclass(frozen=True, slots=True)
class LimitReached:
    """A limit of Discord's was used up, so that nothing was done."""

    error: str


@dataclass(frozen=True, slots=True)
class Obstructed:
    """Discord refuses until somebody acts."""

    obstacle: Obstacle
    error: str


@dataclass(frozen=True, slots=True)
class RoleNamed:
    """What a role was called that is gone, so that people know which one it was."""

    name: str


@dataclass(frozen=True, slots=True)
class NoticeTold:
    """A notice arrived; `threshold` is that of a warning."""

    notice: NoticeKind
    way: Way
    threshold: timedelta | None = None


class Drop(StrEnum):
    """Why a notice was not worth telling any more, or could not be. Values are stored: never rename one."""

    TOO_LATE = "too_late"
    SUPERSEDED = "superseded"
    """A warning whose timer has a later one, or news of its end."""
    OUTDATED = "outdated"
    """News of the end of a timer that goes on."""
    NO_WAY = "no_way"
    """The server left no way to tell it."""


@dataclass(frozen=True, slots=True)
class NoticeDropped:
    """A notice left the outbox untold. `perhaps_sent` says that it was on its way, and what came of that is unknown.

    `threshold` is that of a warning; None where it was not written down.
    """

    notice: NoticeKind
    why: Drop
    threshold: timedelta | None = None
    perhaps_sent: bool = False


@dataclass(frozen=True, slots=True)
class NoticeRefused:
    """No way took a notice; `refusals` in the order in which they were tried."""

    notice: NoticeKind
    refusals: tuple[Refusal, ...]
    threshold: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unsorted:
    """A sentence that an earlier version wrote, or something that a later one did."""

    text: str


type OfNotice = NoticeTold | NoticeDropped | NoticeRefused
type OfDiscord = Confirmed | NothingThere | Unconfirmed | LimitReached | Obstructed
type Detail = OfDiscord | OfNotice | RoleNamed | Unsorted


def of_outcome(outcome: Outcome) -> OfDiscord:
    """What the ledger keeps of Discord's answer."""
    match outcome:
        case Done():
            return Confirmed()
        case AlreadyGone(what=what, error=error):
            return NothingThere(what, error)
        case Held(error=error):
            return LimitReached(error)
        case Retry(error=error):
            return Unconfirmed(error)
        case Blocked(obstacle=obstacle, error=error):
            return Obstructed(obstacle, error)
        case _ as never:
            assert_never(never)


def told(notice: Notice, way: Way) -> NoticeTold:
    """That the notice arrived by this way."""
    return NoticeTold(notice.kind, way, _threshold(notice))


def dropped(notice: Notice, why: Drop, *, perhaps_sent: bool = False) -> NoticeDropped:
    """That the notice is told no more."""
    return NoticeDropped(notice.kind, why, _threshold(notice), perhaps_sent)


def refused(notice: Notice, refusals: tuple[Refusal, ...]) -> NoticeRefused:
    """That no way took the notice."""
    return NoticeRefused(notice.kind, refusals, _threshold(notice))


def _threshold(notice: Notice) -> timedelta | None:
    return notice.threshold if isinstance(notice, WarningNotice) else None

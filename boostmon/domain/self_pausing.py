"""Members who pause their own timers: for how long they may, and which pauses are theirs. Pure.

The days of a year are counted for each timer, by the ledger: a pause counts from the day on which it began, for a year,
and for as long as it lasted. Whoever else changes the pause makes it theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.domain.common_end import latest_resumption
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import TOLD, Action, LedgerEntry
from boostmon.domain.policy import Policy
from boostmon.domain.timers import ZERO, Paused, Running, Timer, TimerError, lapsed
from boostmon.domain.transitions import pause, resume

YEAR = timedelta(days=365)

_BACK = (Action.UNDO, Action.PUT_BACK)


class MayNotPause(BoostMonError):
    """The guild lets no member pause."""


class NothingToPause(TimerError):
    """The timer does not run: it is paused, or over, or has not begun."""


class NotTheirPause(TimerError):
    """The timer is not paused, or not by its member."""


class PausesUsedUp(BoostMonError):
    """The member has paused the timer for all the days of a year, some of which are free again at `free_at`."""

    def __init__(self, key: TimerKey, days: int, free_at: datetime) -> None:
        super().__init__(f"{key} was paused for {days} days")
        self.key = key
        self.days = days
        self.free_at = free_at


@dataclass(frozen=True, slots=True)
class OwnPauses:
    """For how long a member paused their timer within a year, and when the first of these pauses began (None: never).

    `lasts`: it is paused by them, as far as the ledger knows.
    """

    used: timedelta = ZERO
    first_at: datetime | None = None
    lasts: bool = False


class _Count:
    """Goes through the entries of a timer, the oldest first."""

    def __init__(self) -> None:
        self._made: set[tuple[datetime, datetime | None]] = set()
        self._open: tuple[datetime, datetime | None] | None = None
        """When the member's pause that lasts began, or was restored; and when it ends."""
        self.used = ZERO
        self.first_at: datetime | None = None

    @property
    def lasts(self) -> bool:
        return self._open is not None

    def take(self, entry: LedgerEntry) -> None:
        is_theirs, state = self._is_theirs(entry), None if entry.after is None else entry.after.state
        if self._open is not None and not is_theirs:
            self.close(entry.at)
        if is_theirs and isinstance(state, Paused):
            self.first_at = self.first_at or entry.at
            self._made.add((state.since, state.until))
            self._open = (entry.at if self._open is None else self._open[0], state.until)

    def close(self, at: datetime) -> None:
        """The pause that lasts counts up to then, or to its end."""
        if self._open is not None:
            began, until = self._open
            self.used += max(min(at, until or at) - began, ZERO)
            self._open = None

    def _is_theirs(self, entry: LedgerEntry) -> bool:
        if entry.after is None or not isinstance(entry.after.state, Paused) or entry.after.state.away:
            return False
        if entry.action in _BACK:
            return (entry.after.state.since, entry.after.state.until) in self._made
        if entry.action in {Action.PAUSE, Action.MOVE}:
            return False
        return entry.action is Action.SELF_PAUSE or self._open is not None


def ensure_members_may_pause(policy: Policy) -> None:
    """Checks that the guild lets members pause.

    Raises:
        MayNotPause: it does not.
    """
    if not policy.self_pause_days:
        raise MayNotPause


def own_pauses(entries: Iterable[LedgerEntry], *, now: datetime) -> OwnPauses:
    """What the entries of one timer, the oldest first, tell of the pauses that its member began within a year."""
    count = _Count()
    for entry in entries:
        if entry.at > now - YEAR and entry.action not in TOLD:
            count.take(entry)
    lasts = count.lasts
    count.close(now)
    return OwnPauses(count.used, count.first_at, lasts)


def self_pause(timer: Timer, pauses: OwnPauses, *, now: datetime, until: datetime | None, policy: Policy) -> Timer:
    """The timer paused by its member, up to that moment (None: for as long as may be), or to that of the last day left.

    Where all timers of the role end on a date, the pause ends in time for what remains.

    Raises:
        NothingToPause, PausesUsedUp: it cannot be.
        EndsForAll: what remains would not be used up by the date.
    """
    timer = lapsed(timer, now=now)
    if not isinstance(timer.state, Running) or timer.is_over(now):
        raise NothingToPause(timer)
    left = left_to_pause(pauses, policy)
    if left <= ZERO:
        raise PausesUsedUp(timer.key, policy.self_pause_days, (pauses.first_at or now) + YEAR)
    ends = [now + left, until, latest_resumption(timer, now=now, policy=policy)]
    return pause(timer, now=now, until=min(end for end in ends if end is not None))


def self_resume(timer: Timer, pauses: OwnPauses, *, now: datetime, policy: Policy) -> Timer:
    """The timer as it goes on before its member's own pause ends.

    Raises:
        NotTheirPause: it is not paused by them.
    """
    if not isinstance(timer.state, Paused) or not pauses.lasts:
        raise NotTheirPause(lapsed(timer, now=now))
    return resume(timer, now=now, policy=policy)


def left_to_pause(pauses: OwnPauses, policy: Policy) -> timedelta:
    """For how long the member may yet pause the timer within this year."""
    return timedelta(days=policy.self_pause_days) - pauses.used

"""Claiming what is due, batch by batch: when to look first, and when to claim unasked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.app.batches.crew import Job
from boostmon.app.batches.fairness import Crowds
from boostmon.app.batches.leases import BatchSize
from boostmon.app.ports import Claim, Clock, DueTimers

FULL_BATCHES_BETWEEN_LOOKS = 10
"""After a full batch more is due, most likely. By a look now and then the repository learns how far the sweep has come,
so that claims need not step over all that was dealt with."""
PASSED_OVER = timedelta(milliseconds=20)
"""What is due, but is being written by somebody at this moment, is asked for again after this."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was claimed by the reading `at` of the clock.

    `is_full`: more was due, most likely. Where nothing was claimed, `next_due` is when to come again, but only after a
    look: whoever claimed unasked and got nothing knows nothing.
    """

    at: datetime
    claims: Sequence[Claim] = ()
    is_full: bool = False
    next_due: datetime | None = None
    was_looked: bool = True


class Intake:
    """Claims one batch after the other, for one pass of the sweep.

    It looks first when the next timer is due, save where something is known to be due: when the time has come that the
    pass before announced (`expected`), and after most full batches. Where a few guilds fill a batch, what is due in
    others is claimed beside it.
    """

    def __init__(
        self, timers: DueTimers, clock: Clock, size: BatchSize, lease: timedelta, expected: datetime | None
    ) -> None:
        self._timers = timers
        self._clock = clock
        self._size = size
        self._lease = lease
        self._known_due = expected
        self._batches = 0
        self._crowds = Crowds()

    def claim(self) -> Batch:
        """Claims what is due now, up to the size of a batch.

        Raises:
            StorageUnavailable: the repository did not answer; the leases of what was claimed run out.
        """
        now = self._clock.now()
        is_known, self._known_due = _has_come(self._known_due, now), None
        if not is_known and not _has_come(next_due := self._timers.next_due(now), now):
            return Batch(now, next_due=next_due)
        limit = self._size.now
        claims = self._timers.claim(now, limit, self._lease)
        if not claims:
            return Batch(now, next_due=self._clock.after(PASSED_OVER), was_looked=not is_known)
        self._batches += 1
        is_full = len(claims) == limit
        if is_full and self._batches % FULL_BATCHES_BETWEEN_LOOKS:
            self._known_due = now  # more is claimed while this is acted on, without a look
        return Batch(now, self._with_others(claims, limit, now) if is_full else claims, is_full)

    def _with_others(self, claims: Sequence[Claim], limit: int, now: datetime) -> Sequence[Claim]:
        """With what is due beside the guilds that crowd the batch, in front of it."""
        crowded = self._crowds.to_step_over(claims, now)
        if not crowded:
            return claims
        return [*self._timers.claim(now, limit, self._lease, except_guilds=crowded), *claims]

    def measured[R](self, batch: Batch, jobs: Sequence[Job[Claim, R]]) -> list[Job[Claim, R]]:
        """The jobs of a batch, of which the last says how long it took: the size of the next goes by that."""
        *others, last = jobs
        return [*others, last.then(lambda: self._size.took(self._clock.now() - batch.at))]


def _has_come(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now

"""When the sweep looks for what is due, and when it claims unasked."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.batches.crew import Job
from boostmon.app.batches.leases import BatchSize
from boostmon.app.ports import Claim
from boostmon.app.sweeping.claiming import FULL_BATCHES_BETWEEN_LOOKS, Intake
from boostmon.domain.ids import GuildId
from tests.support.timers import MINUTE, NOW, SECOND, change, key, running


class WatchedTimers(InMemoryTimers):
    """Timers in memory that remember what they were asked. `is_locked`: everything is just being written."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.asked: list[str] = []
        self.is_locked = False

    def have(self, number: int) -> None:
        """So many timers that are due now, each in a guild of its own."""
        for user in range(1, number + 1):
            self.commit(change(None, running(SECOND, at=NOW - SECOND, of=key(user, guild=user))))

    def next_due(self, now: datetime) -> datetime | None:
        self.asked.append("look")
        return super().next_due(now)

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, except_guilds: Collection[GuildId] = ()
    ) -> Sequence[Claim]:
        self.asked.append("claim")
        return () if self.is_locked else super().claim(now, limit, lease, except_guilds=except_guilds)


@pytest.fixture
def timers() -> WatchedTimers:
    return WatchedTimers()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


def intake(timers: WatchedTimers, clock: ManualClock, *, size: int = 20, expected: datetime | None = None) -> Intake:
    return Intake(timers, clock, BatchSize(size, least=size), MINUTE, expected)


def test_it_looks_before_it_claims(timers: WatchedTimers, clock: ManualClock) -> None:
    timers.have(3)

    batch = intake(timers, clock).claim()

    assert timers.asked == ["look", "claim"]
    assert (len(batch.claims), batch.is_full, batch.at) == (3, False, NOW)


def test_where_nothing_is_due_it_says_when_to_come_again(timers: WatchedTimers, clock: ManualClock) -> None:
    timers.commit(change(None, running(90 * SECOND)))

    batch = intake(timers, clock).claim()

    assert timers.asked == ["look"]
    assert (batch.claims, batch.is_full, batch.next_due) == ((), False, NOW + 30 * SECOND)


def test_what_was_announced_is_claimed_unasked_when_its_time_has_come(
    timers: WatchedTimers, clock: ManualClock
) -> None:
    timers.have(1)

    assert len(intake(timers, clock, expected=NOW).claim().claims) == 1
    assert timers.asked == ["claim"]


def test_an_announcement_counts_once_and_not_before_its_time(timers: WatchedTimers, clock: ManualClock) -> None:
    in_vain, early = intake(timers, clock, expected=NOW), intake(timers, clock, expected=NOW + SECOND)

    first, second, other = in_vain.claim(), in_vain.claim(), early.claim()

    assert timers.asked == ["claim", "look", "look"]
    assert [first.was_looked, second.was_looked, other.was_looked] == [False, True, True]


def test_after_a_full_batch_more_is_claimed_unasked_but_for_a_look_now_and_then(
    timers: WatchedTimers, clock: ManualClock
) -> None:
    size, batches = 20, FULL_BATCHES_BETWEEN_LOOKS + 2
    timers.have(size * batches)
    whole = intake(timers, clock, size=size)

    assert all(whole.claim().is_full for _ in range(batches))

    assert timers.asked == ["look", *["claim"] * FULL_BATCHES_BETWEEN_LOOKS, "look", "claim", "claim"]


def test_after_a_batch_that_was_not_full_it_looks_again(timers: WatchedTimers, clock: ManualClock) -> None:
    timers.have(3)
    whole = intake(timers, clock)

    whole.claim()
    whole.claim()

    assert timers.asked == ["look", "claim", "look"]


def test_what_somebody_is_just_writing_is_asked_for_again_soon(timers: WatchedTimers, clock: ManualClock) -> None:
    timers.have(1)
    timers.is_locked = True

    batch = intake(timers, clock).claim()

    assert (batch.claims, batch.was_looked) == ((), True)
    assert batch.next_due is not None
    assert NOW < batch.next_due <= NOW + SECOND, "the sweep comes again soon, and does not go round in the meantime"


def test_the_last_job_of_a_batch_says_how_long_it_took(timers: WatchedTimers, clock: ManualClock) -> None:
    size = BatchSize(100, least=10)
    timers.have(1)
    one = Intake(timers, clock, size, MINUTE, None)
    jobs = one.measured(one.claim(), [Job([], lambda: 1), Job([], lambda: 2)])

    assert [jobs[0].do(), size.now] == [1, 10]
    assert [jobs[1].do(), size.now] == [2, 20]
    clock.advance(MINUTE)
    assert [jobs[1].do(), size.now] == [2, 10]

"""Claims that are kept while they are being acted on, and how many are taken at once."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from queue import SimpleQueue

import pytest

from boostmon.app.batches.leases import FIRST_BATCH, BatchSize, Keeper
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import Claim, Posted
from tests.support.patience import PATIENCE
from tests.support.stage import Point, Stage
from tests.support.timers import MINUTE, NOW, SECOND, key

BRIEF = timedelta(milliseconds=30)


class Renewals:
    """Counts what is renewed, and lets a test wait for it."""

    def __init__(self, *errors: Exception) -> None:
        self.seen: list[Sequence[str]] = []
        self._errors = list(errors)
        self._beat = threading.Semaphore(0)

    def renew(self, claims: Sequence[str], lease: timedelta) -> None:
        assert lease == BRIEF
        self.seen.append(claims)
        self._beat.release()
        if self._errors:
            raise self._errors.pop(0)

    def wait_for(self, beats: int) -> None:
        for _ in range(beats):
            assert self._beat.acquire(timeout=PATIENCE), "nothing was renewed"


class RenewedAt:
    """At which times of a stage's leases renewals were made."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._times: SimpleQueue[float] = SimpleQueue()

    @contextmanager
    def now(self) -> Iterator[None]:
        """Around a renewal: it counts for the time at which it began."""
        began = self._stage.lease_seconds
        yield
        self._times.put(began)

    def wait(self) -> None:
        """Waits for one that began at the present time, whatever was renewed before."""
        while self._times.get(timeout=PATIENCE) < self._stage.lease_seconds:
            pass


class Beats(threading.Event):
    """The event that a keeper waits for between its beats; it tells how long it was to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: SimpleQueue[float | None] = SimpleQueue()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.put(timeout)
        return super().wait(timeout)


def threads() -> list[threading.Thread]:
    """Those that renew something."""
    return [thread for thread in threading.enumerate() if thread.name == "leases"]


def test_what_is_kept_is_renewed_again_and_again() -> None:
    renewals = Renewals()

    with Keeper(renewals.renew, BRIEF) as keeper:
        keeper.keep(["a", "b"])
        renewals.wait_for(3)

    assert renewals.seen[:3] == [["a", "b"]] * 3


def test_what_is_done_is_renewed_no_more() -> None:
    renewals = Renewals()

    with Keeper(renewals.renew, BRIEF) as keeper:
        keeper.keep(["a", "b"])
        renewals.wait_for(1)
        keeper.keep(["b"])
        renewals.wait_for(3)

    assert renewals.seen[-1] == ["b"]


def test_nothing_is_renewed_after_it_was_left() -> None:
    renewals = Renewals()
    with Keeper(renewals.renew, BRIEF) as keeper:
        keeper.keep(["a"])
        renewals.wait_for(1)
        [thread] = threads()
        assert thread.daemon, "a renewal that hangs does not keep the process alive"

    assert threads() == []


def test_two_renewals_may_fail_before_a_lease_runs_out() -> None:
    with Keeper[str](lambda _claims, _lease: None, MINUTE) as keeper:
        keeper._leaving = beats = Beats()
        keeper.keep(["a"])
        assert beats.waits.get(timeout=PATIENCE) == 20


def test_where_there_is_nothing_to_keep_no_thread_is_begun_and_nothing_renewed() -> None:
    renewals = Renewals()

    with Keeper(renewals.renew, BRIEF) as keeper:
        keeper._leaving = beats = Beats()
        keeper.keep([])
        assert threads() == []
        keeper.keep(["a"])
        renewals.wait_for(1)
        keeper.keep([])
        while not beats.waits.empty():
            beats.waits.get()
        for _ in range(2):  # so one beat at least began after that
            beats.waits.get(timeout=PATIENCE)

    assert [] not in renewals.seen


def test_a_failed_renewal_is_told_and_followed_by_the_next(caplog: pytest.LogCaptureFixture) -> None:
    renewals = Renewals(StorageUnavailable("gone"), ValueError("odd"))

    with caplog.at_level(logging.WARNING), Keeper(renewals.renew, BRIEF) as keeper:
        keeper.keep(["a"])
        renewals.wait_for(3)

    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]


def test_whoever_hangs_loses_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boostmon.app.batches.leases.MOST_BEATS", 2)  # thirty would be ten leases of waiting
    renewals = Renewals()

    with Keeper(renewals.renew, BRIEF) as keeper:
        keeper.keep(["a"])
        renewals.wait_for(2)
        keeper._leaving.wait(BRIEF.total_seconds() * 3)  # time for several beats that must not come
        assert len(renewals.seen) == 2
        keeper.keep(["b"])
        renewals.wait_for(1)

    assert renewals.seen[2] == ["b"]


def test_batches_grow_while_they_are_quick_and_shrink_when_they_are_not() -> None:
    size = BatchSize(500)
    sizes = [size.now]
    for seconds in (0.1, 0.1, 1, 0, 2, 2, 2, 2, 0.5):
        size.took(seconds * SECOND)
        sizes.append(size.now)

    assert sizes == [FIRST_BATCH, 200, 400, 500, 500, 250, 125, 100, 100, 200]


def test_a_small_limit_is_kept() -> None:
    size = BatchSize(20)
    size.took(0 * SECOND)
    assert size.now == 20
    size.took(MINUTE)
    assert size.now == 20


def test_a_sweep_leaves_to_others_what_it_cannot_act_on_soon(stage: Stage) -> None:
    for user in range(1, 2 * FIRST_BATCH + 1):
        stage.have(MINUTE, key(user))
    stage.clock.advance(2 * MINUTE)
    left: list[Sequence[Claim]] = []
    stage.interruptions.plan(
        Point.BEFORE_REMOVE, lambda: left.append(stage.rows.claim(NOW + 2 * MINUTE, 1000, timedelta(minutes=1)))
    )

    # By one thread: with two, the other one may be done, and more be claimed, before this one looks.
    replace(stage.sweep, chunks_at_once=1)()

    assert len(left[0]) == FIRST_BATCH


def test_a_sweep_that_takes_longer_than_its_lease_keeps_what_it_holds(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(2 * MINUTE)
    renewed = RenewedAt(stage)
    renew = stage.timers.renew

    def told(claims: Sequence[Claim], lease: timedelta) -> Sequence[Claim]:
        with renewed.now():
            return renew(claims, lease)

    stage.timers.renew = told  # type: ignore[method-assign] # seen from outside
    taken: list[Sequence[Claim]] = []

    def discord_is_slow() -> None:
        stage.lease_seconds += 0.02
        renewed.wait()
        stage.lease_seconds += 0.02
        taken.append(stage.rows.claim(NOW + 2 * MINUTE, 10, BRIEF))

    stage.interruptions.plan(Point.BEFORE_REMOVE, discord_is_slow)

    swept = replace(stage.sweep, lease=BRIEF)()

    assert taken == [[]]
    assert (swept.ended, swept.lost) == (1, 0)


def test_a_delivery_that_takes_longer_than_its_lease_keeps_what_it_holds(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(2 * MINUTE)
    stage.sweep()
    renewed = RenewedAt(stage)
    renew = stage.outbox.renew

    def told(posted: Sequence[Posted], lease: timedelta) -> Sequence[Posted]:
        with renewed.now():
            return renew(posted, lease)

    stage.outbox.renew = told  # type: ignore[method-assign] # seen from outside
    taken: list[Sequence[Posted]] = []

    def discord_is_slow() -> None:
        stage.lease_seconds += 0.02
        renewed.wait()
        stage.lease_seconds += 0.02
        taken.append(stage.outbox.claim(NOW + 2 * MINUTE, 10, BRIEF))

    stage.interruptions.plan(Point.BEFORE_DELIVER, discord_is_slow)

    delivered = replace(stage.deliver, lease=BRIEF)()

    assert taken == [[]]
    assert delivered.delivered == 1

"""The background thread's rhythm, with a clock that stands still and a bell that records how long it is slept on."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.app.errors import StorageUnavailable
from boostmon.entrypoints.cadence import LONGEST_RETRY_PAUSE, RETRY_PAUSE, SHORTEST_PAUSE, Bell, CadenceThread
from tests.support.timers import NOW

INTERVAL = timedelta(seconds=5)
PATIENCE = 20.0
"""Seconds; only spent where a test fails."""

type Pass = Callable[[], datetime | None]


class RecordingBell(Bell):
    """Tells how long it was to be slept on. Nobody sleeps: each sleep waits for the test to `wake` it."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self._asleep = threading.Semaphore(0)
        self._awake = threading.Semaphore(0)

    def ring(self) -> None:
        super().ring()
        self._awake.release()

    def sleep(self, seconds: float) -> None:
        """Records `seconds`, and waits for the test."""
        self.pauses.append(seconds)
        self._asleep.release()
        assert self._awake.acquire(timeout=PATIENCE)

    def wait_for_sleep(self) -> float:
        """Returns how long the thread means to sleep, once it does."""
        assert self._asleep.acquire(timeout=PATIENCE)
        return self.pauses[-1]

    def wake(self) -> None:
        """Ends the sleep as if it was over."""
        self._awake.release()


class Passes:
    """A step that does one planned thing at each pass."""

    def __init__(self, *planned: Pass) -> None:
        self.done = 0
        self._planned = deque(planned)

    def __call__(self) -> datetime | None:
        self.done += 1
        return self._planned.popleft()() if self._planned else None


def due(at: datetime | None) -> Pass:
    return lambda: at


def failing(error: Exception) -> Pass:
    def fail() -> datetime | None:
        raise error

    return fail


@contextmanager
def cadence(step: Pass, bell: Bell, clock: ManualClock | None = None) -> Iterator[CadenceThread]:
    thread = CadenceThread("test-cadence", step, clock=clock or ManualClock(NOW), bell=bell, interval=INTERVAL)
    thread.start()
    try:
        yield thread
    finally:
        thread.request_stop()
        assert thread.join(PATIENCE)


def said(caplog: pytest.LogCaptureFixture, level: int) -> Sequence[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= level]


def test_a_pass_at_the_start_then_a_sleep_of_one_interval() -> None:
    bell, passes = RecordingBell(), Passes()
    with cadence(passes, bell):
        assert bell.wait_for_sleep() == pytest.approx(5.0, abs=0.5)
        assert passes.done == 1
        bell.wake()
        bell.wait_for_sleep()
        assert passes.done == 2


def test_it_sleeps_until_the_next_due_time() -> None:
    bell = RecordingBell()
    with cadence(Passes(due(NOW + timedelta(seconds=1.25))), bell):
        assert bell.wait_for_sleep() == 1.25


def test_a_due_time_beyond_the_interval_delays_no_pass() -> None:
    bell = RecordingBell()
    with cadence(Passes(due(NOW + timedelta(days=400))), bell):
        assert bell.wait_for_sleep() <= 5.0


def test_what_is_overdue_is_not_asked_for_without_a_pause() -> None:
    bell = RecordingBell()
    with cadence(Passes(due(NOW - timedelta(days=1))), bell):
        assert bell.wait_for_sleep() == SHORTEST_PAUSE


def test_ringing_brings_the_next_pass() -> None:
    bell, passes = RecordingBell(), Passes()
    with cadence(passes, bell):
        bell.wait_for_sleep()
        bell.ring()
        bell.wait_for_sleep()
        assert passes.done == 2


def test_a_ring_before_the_sleep_keeps_from_falling_asleep() -> None:
    bell = Bell()
    bell.ring()
    bell.sleep(PATIENCE * 1000)  # would time the test out
    woken = threading.Event()

    def sleep() -> None:
        bell.sleep(PATIENCE * 1000)
        woken.set()

    threading.Thread(target=sleep, daemon=True).start()
    assert not woken.is_set()  # that ring is used up
    bell.ring()
    assert woken.wait(PATIENCE)


def test_a_bell_wakes_by_itself() -> None:
    Bell().sleep(0.001)


def test_a_pass_that_raises_is_logged_and_counted_and_the_next_follows_soon(caplog: pytest.LogCaptureFixture) -> None:
    bell, passes = RecordingBell(), Passes(failing(RuntimeError("boom")), due(NOW + timedelta(seconds=3)))
    with cadence(passes, bell) as thread:
        assert bell.wait_for_sleep() == RETRY_PAUSE
        assert thread.failures == 1
        [record] = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert record.exc_info is not None
        assert vars(record)["cadence"] == "test-cadence"
        bell.wake()
        assert bell.wait_for_sleep() == 3.0
        assert (passes.done, thread.failures) == (2, 1)


def test_each_further_failure_doubles_the_pause_until_a_pass_goes_well() -> None:
    away = failing(StorageUnavailable("nobody is there"))
    bell, passes = RecordingBell(), Passes(away, away, away, away, away, due(None), away)
    pauses = []
    with cadence(passes, bell):
        for _ in range(7):
            pauses.append(bell.wait_for_sleep())
            bell.wake()
    assert pauses[:5] == [1.0, 2.0, 4.0, LONGEST_RETRY_PAUSE, LONGEST_RETRY_PAUSE]
    assert pauses[6] == RETRY_PAUSE


def test_an_outage_is_said_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    away = failing(StorageUnavailable("nobody is there"))
    bell, passes = RecordingBell(), Passes(due(None), away, away, away, due(None), due(None), away)
    with cadence(passes, bell) as thread:
        for _ in range(6):
            bell.wait_for_sleep()
            bell.wake()
        bell.wait_for_sleep()
        assert thread.failures == 4
    assert said(caplog, logging.INFO) == [
        "waiting for the database",
        "the database is back",
        "waiting for the database",
    ]
    assert [vars(r).get("error") for r in caplog.records] == ["nobody is there", None, "nobody is there"]


def test_a_stop_during_a_long_pass_lets_it_finish_and_no_other_begin() -> None:
    began, may_end = threading.Event(), threading.Event()
    ended = []

    def long_pass() -> None:
        began.set()
        assert may_end.wait(PATIENCE)
        ended.append("once")

    bell = RecordingBell()
    thread = CadenceThread("long", long_pass, clock=ManualClock(NOW), bell=bell, interval=INTERVAL)
    thread.start()
    assert began.wait(PATIENCE)
    thread.request_stop()
    assert not thread.join(0)
    may_end.set()
    assert thread.join(PATIENCE)
    assert ended == ["once"]
    assert bell.pauses == []


def test_a_stop_ends_a_sleep() -> None:
    bell = Bell()
    thread = CadenceThread("asleep", Passes(), clock=ManualClock(NOW), bell=bell, interval=timedelta(minutes=1))
    thread.start()
    thread.request_stop()
    assert thread.join(PATIENCE)


def test_one_that_never_started_is_joined_at_once() -> None:
    thread = CadenceThread("idle", Passes(), clock=ManualClock(NOW), bell=Bell(), interval=INTERVAL)
    thread.request_stop()
    assert thread.join(PATIENCE)

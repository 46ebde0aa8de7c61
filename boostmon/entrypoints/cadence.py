"""A thread that repeats one step: on time, at least once an interval, and at once when its bell rings."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from schedule import Scheduler

from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import Clock

_log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.001
"""Seconds. A pass ends with the next due time, which may have come by now; nothing keeps a pass from finding it."""
RETRY_PAUSE = 1.0
"""Seconds after a failed pass, doubled by each further one: an ending that is due does not wait a whole interval for a
database that is back."""
LONGEST_RETRY_PAUSE = 5.0


class Bell:
    """An `Alarm`; a thread sleeps on it."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wakes the sleeper, or keeps it from falling asleep."""
        self._rung.set()

    def sleep(self, seconds: float) -> None:
        """Returns when it was rung, or after `seconds`."""
        self._rung.wait(seconds)
        self._rung.clear()


class CadenceThread:
    """Runs `step` in a thread of its own until it is stopped.

    `step` does one pass and returns the instant of the next one that is needed (None: none is known). `schedule` gives
    the cadence: a pass at least once an interval, whatever was announced, so that a due time that nobody announced
    waits no longer than that. A step that raises is logged and counted in `failures`; it never ends the thread.
    """

    def __init__(
        self, name: str, step: Callable[[], datetime | None], *, clock: Clock, bell: Bell, interval: timedelta
    ) -> None:
        self.failures = 0
        self._step = step
        self._clock = clock
        self._bell = bell
        self._interval = interval.total_seconds()
        self._next_due: datetime | None = None
        self._waits_for_storage = False
        self._failures_in_a_row = 0
        self._stopping = threading.Event()
        self._scheduler = Scheduler()
        self._tick = self._scheduler.every(self._interval).seconds.do(self._pass)  # type: ignore[arg-type] # fractions of a second work, the annotation says int
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Starts the thread; its first pass follows at once."""
        self._thread.start()

    def request_stop(self) -> None:
        """Asks the thread to end after what it is doing. Returns at once."""
        self._stopping.set()
        self._bell.ring()

    def join(self, timeout: float) -> bool:
        """Waits for the end for at most `timeout` seconds; says whether it came."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            # Through `schedule`, so that its next tick counts from here.
            self._tick.run()
            if not self._stopping.is_set():
                self._bell.sleep(self._pause())

    def _pause(self) -> float:
        if self._failures_in_a_row:
            backoff = RETRY_PAUSE * (1 << min(self._failures_in_a_row - 1, 8))
            return min(backoff, LONGEST_RETRY_PAUSE, self._interval)
        # `schedule` counts by the wall clock, which may be set back: no pause is longer than the interval.
        pause = min(self._scheduler.idle_seconds or 0.0, self._interval)
        if self._next_due is not None:
            pause = min(pause, self._clock.seconds_until(self._next_due))
        return max(pause, SHORTEST_PAUSE)

    def _pass(self) -> None:
        try:
            self._next_due = self._step()
        except StorageUnavailable as error:
            self._failed()
            if not self._waits_for_storage:
                _log.error("waiting for the database", extra={"cadence": self._thread.name, "error": error.reason})
            self._waits_for_storage = True
        except Exception:  # noqa: BLE001 - whatever a step raises, the thread goes on: logged and counted
            self._failed()
            _log.exception("a pass failed; the next one follows", extra={"cadence": self._thread.name})
        else:
            if self._waits_for_storage:
                _log.info("the database is back", extra={"cadence": self._thread.name})
            self._waits_for_storage, self._failures_in_a_row = False, 0

    def _failed(self) -> None:
        self.failures += 1
        self._failures_in_a_row += 1

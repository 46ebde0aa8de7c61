"""The two background threads: one warns and removes roles, the other delivers notices without delaying the first."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from boostmon.app.delivering.delivery import DeliverNotices, DeliveryPass
from boostmon.app.guilds.resolving import TellResolved
from boostmon.app.ports import OBSTACLE_SETTLES, Clock
from boostmon.app.sweeping.sweep import Sweep
from boostmon.app.sweeping.swept import Swept
from boostmon.entrypoints.cadence import Bell, CadenceThread

_log = logging.getLogger(__name__)


class Background(Protocol):
    """A thread that runs beside the others."""

    def start(self) -> None:
        """Starts it."""
        ...

    def request_stop(self) -> None:
        """Asks it to end. Returns at once."""
        ...

    def join(self, timeout: float) -> bool:
        """Waits for the end for at most `timeout` seconds; says whether it came."""
        ...


class Sweeper:
    """Sweeps timers and delivers notices in the background, from `start` to `request_stop`.

    What is `beside` them, to wake them from elsewhere, starts and ends with them.

    `halt` is called first of all when it is to stop, so that a long pass ends early and gives back what it claimed.
    """

    def __init__(
        self,
        sweep: Sweep,
        deliver: DeliverNotices,
        tell_resolved: TellResolved,
        *,
        clock: Clock,
        sweep_bell: Bell,
        delivery_bell: Bell,
        interval: timedelta,
        halt: Callable[[], None],
        beside: Sequence[Background] = (),
    ) -> None:
        self._sweep = sweep
        self._deliver = deliver
        self._tell_resolved = tell_resolved
        self._clock = clock
        self._looked_for_resolved: datetime | None = None
        self._delivery_bell = delivery_bell
        self._halt = halt
        self._expected: datetime | None = None
        self._threads: tuple[Background, ...] = (
            CadenceThread("sweeper", self._sweep_once, clock=clock, bell=sweep_bell, interval=interval),
            CadenceThread("notices", self._deliver_once, clock=clock, bell=delivery_bell, interval=interval),
            *beside,
        )

    def start(self) -> None:
        """Starts all threads; a first pass follows at once."""
        for thread in self._threads:
            thread.start()

    def request_stop(self) -> None:
        """Asks all threads to end after what they are doing. Returns at once."""
        self._halt()
        for thread in self._threads:
            thread.request_stop()

    def join(self, timeout: float) -> bool:
        """Waits for all threads to end, at most `timeout` seconds in all; says whether they did."""
        deadline = time.monotonic() + timeout
        return all(thread.join(max(deadline - time.monotonic(), 0.0)) for thread in self._threads)

    def _sweep_once(self) -> datetime | None:
        swept = self._sweep(self._expected)
        self._expected = swept.next_due
        if swept.warned or swept.ended or swept.failed:
            self._delivery_bell.ring()
        if swept != Swept(swept.next_due):
            _log.info(
                "swept",
                extra={
                    "warned": swept.warned,
                    "ended": swept.ended,
                    "failed": swept.failed,
                    "held": swept.held,
                    "lost": swept.lost,
                    "began": swept.began,
                },
            )
        return swept.next_due

    def _deliver_once(self) -> datetime | None:
        self._look_for_resolved()
        done = self._deliver()
        if done != DeliveryPass(done.next_due):
            _log.info(
                "notices",
                extra={
                    "delivered": done.delivered,
                    "messages": done.messages,
                    "postponed": done.postponed,
                    "held": done.held,
                    "given_up": done.given_up,
                },
            )
        return done.next_due

    def _look_for_resolved(self) -> None:
        """Seldom: nobody is told of it within that time, and mostly there is nothing to find."""
        now = self._clock.now()
        if self._looked_for_resolved is None or now - self._looked_for_resolved >= OBSTACLE_SETTLES:
            self._looked_for_resolved = now
            self._tell_resolved()

"""The only place that reads the clock."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from boostmon.app.ports import Clock

_log = logging.getLogger(__name__)

NOTICEABLE = timedelta(seconds=3)
"""A larger difference from the machine's clock is reported; NTP keeps it within milliseconds."""
READINGS = 3
"""Each time it is set, the clock trusts the quickest of this many answers: slower ones were delayed somewhere."""


def machine_time() -> datetime:
    """What the machine's clock shows, aware, in UTC."""
    return datetime.now(UTC)


class SystemClock(Clock):
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return machine_time()

    def seconds_until(self, instant: datetime) -> float:
        """How many seconds to sleep until `instant`."""
        return (instant - self.now()).total_seconds()

    def after(self, length: timedelta) -> datetime:
        """The instant that lies so far ahead."""
        return self.now() + length


class SpedUpClock(Clock):
    """A clock that runs `speed` times as fast as the machine's since `origin`, where both showed the same.

    Several processes with the same `origin` and `speed` agree on the time: the sandbox and its bot do.
    """

    def __init__(self, origin: datetime, speed: float) -> None:
        self._origin = origin
        self._speed = speed

    def now(self) -> datetime:
        """The present instant of the faster time, aware, in UTC."""
        return self._origin + (machine_time() - self._origin) * self._speed

    def seconds_until(self, instant: datetime) -> float:
        """How many real seconds to sleep until the faster time shows `instant`."""
        return (instant - self.now()).total_seconds() / self._speed

    def after(self, length: timedelta) -> datetime:
        """What the faster time shows when so much real time has passed."""
        return self.now() + length * self._speed


def seconds_since_boot() -> float:
    """Seconds that neither NTP nor an operator can set. Where the system supports it, time asleep counts as well."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the reference showed when `seconds` had passed, give or take `error` seconds."""

    shown: datetime
    seconds: float
    error: float

    def at(self, seconds: float) -> datetime:
        """What the reference shows when so many seconds have passed."""
        return self.shown + timedelta(seconds=seconds - self.seconds)


class SyncedClock(Clock):
    """A clock that is set by another one and counts the seconds from there by itself.

    Set by the database's clock, it makes all processes on one database agree on the time, however wrong the clocks of
    their machines are and whatever happens to those meanwhile. Until it has been set, it shows the machine's time.
    """

    def __init__(
        self, machine: Callable[[], datetime] = machine_time, seconds: Callable[[], float] = seconds_since_boot
    ) -> None:
        self._machine = machine
        self._seconds = seconds
        self._setting: _Setting | None = None
        self._complained = False

    def now(self) -> datetime:
        """The present instant of the clock it was set by, aware, in UTC."""
        setting = self._setting  # read once: another thread may set the clock meanwhile
        return self._machine() if setting is None else setting.at(self._seconds())

    def seconds_until(self, instant: datetime) -> float:
        """How many seconds to sleep until `instant`."""
        return (instant - self.now()).total_seconds()

    def after(self, length: timedelta) -> datetime:
        """The instant that lies so far ahead."""
        return self.now() + length

    def set_by(self, reference: Callable[[], datetime]) -> timedelta:
        """Sets the clock; returns how far the machine's is ahead of it (behind: negative). Logs a large difference.

        What `reference` raises passes through, and the clock goes on as it did. A difference that the round trip alone
        may explain is no reason to set the clock: it would jitter.
        """
        reading = min((self._read(reference) for _ in range(READINGS)), key=lambda reading: reading.error)
        before = self._setting
        if before is None or abs(before.at(reading.seconds) - reading.shown) > timedelta(seconds=reading.error):
            self._setting = reading
        ahead = self._machine() - self.now()
        self._complain(ahead)
        return ahead

    def _read(self, reference: Callable[[], datetime]) -> _Setting:
        asked = self._seconds()
        shown = reference()
        answered = self._seconds()
        return _Setting(shown, (asked + answered) / 2, (answered - asked) / 2)

    def _complain(self, ahead: timedelta) -> None:
        is_wrong = abs(ahead) > NOTICEABLE
        if is_wrong and not self._complained:
            _log.warning(
                "this machine's clock is %.0f s %s the database's; BoostMon goes by the database's, "
                "but let NTP keep both",
                abs(ahead.total_seconds()),
                "ahead of" if ahead > timedelta(0) else "behind",
                extra={"seconds_ahead": round(ahead.total_seconds(), 1)},
            )
        elif self._complained and not is_wrong:
            _log.info("this machine's clock agrees with the database's again")
        self._complained = is_wrong

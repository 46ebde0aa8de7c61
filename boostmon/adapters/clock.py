"""The only place that reads the clock."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock. See `Clock`."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def seconds_until(self, instant: datetime) -> float:
        """How many seconds to sleep until `instant`."""
        return (instant - self.now()).total_seconds()


class SpedUpClock:
    """A clock that runs `speed` times as fast as the machine's since `origin`, where both showed the same.

    Several processes with the same `origin` and `speed` agree on the time: the sandbox and its bot do.
    """

    def __init__(self, origin: datetime, speed: float) -> None:
        self._origin = origin
        self._speed = speed

    def now(self) -> datetime:
        """The present instant of the faster time, aware, in UTC."""
        return self._origin + (datetime.now(UTC) - self._origin) * self._speed

    def seconds_until(self, instant: datetime) -> float:
        """How many real seconds to sleep until the faster time shows `instant`."""
        return (instant - self.now()).total_seconds() / self._speed

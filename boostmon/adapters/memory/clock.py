"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

from boostmon.app.ports import Clock


class ManualClock(Clock):
    """A clock for tests: time passes only by `advance`."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, 12, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        """The instant it was moved to."""
        return self._now

    def seconds_until(self, instant: datetime) -> float:
        """The time by which it would have to be advanced."""
        return (instant - self._now).total_seconds()

    def after(self, length: timedelta) -> datetime:
        """The instant that lies so far ahead."""
        return self._now + length

    def advance(self, by: timedelta) -> datetime:
        """Lets time pass, and says what time it is then."""
        self._now += by
        return self._now

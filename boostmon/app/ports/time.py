"""The clock, and the alarm that wakes those who wait."""

from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Read once per command or sweep; the reading is passed on."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def seconds_until(self, instant: datetime) -> float:
        """How many real seconds to sleep until `instant`; zero or less when it has come."""
        ...

    def after(self, length: timedelta) -> datetime:
        """What this clock will show when so much real time has passed."""
        ...


class Alarm(Protocol):
    """Wakes the sweeper of this process."""

    def ring(self) -> None:
        """Something may have become due earlier than was known. Returns at once."""
        ...

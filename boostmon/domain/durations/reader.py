"""For whom a text is read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from boostmon.domain.durations.calendars import Calendar
from boostmon.domain.durations.wall_times import EPOCH
from boostmon.domain.durations.words import Lexicon


@dataclass(frozen=True, slots=True)
class Reader:
    """What time it is for whoever asks, by which clocks, and the words they use."""

    now: datetime
    calendar: Calendar
    words: Lexicon

    @property
    def zone(self) -> tzinfo:
        """That of their calendar."""
        return self.calendar.zone

    @property
    def today(self) -> date:
        """The day that it is in their zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def elapsed(self) -> timedelta:
        """The time since EPOCH."""
        return self.now - EPOCH

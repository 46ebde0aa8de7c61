"""Amounts of time: a length, or a span of the calendar."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import Final

from boostmon.domain.durations.units import Unit

MONTHS_A_YEAR: Final = 12
MOST_MONTHS: Final = 10 * MONTHS_A_YEAR
"""As many as the longest timer may last."""


@unique
class Months(StrEnum):
    """What a month is in a guild. Values are stored: never rename one."""

    CALENDAR = "calendar"
    """From a day to the same day of the next month; years likewise."""
    THIRTY_DAYS = "thirty_days"
    """30 days, and a year 365."""


@dataclass(frozen=True, slots=True)
class Span:
    """At least one month of the calendar, and then a length of time: how long that is depends on the day it begins.

    A year is twelve months.
    """

    months: int
    length: timedelta = timedelta()

    def __post_init__(self) -> None:
        if self.months < 1 or self.length < timedelta():
            raise ValueError(f"no span has {self.months} months and {self.length}")

    @property
    def usual_length(self) -> timedelta:
        """Its length where months have 30 days and years 365: to compare amounts by, and to go by in some guilds."""
        years, months = divmod(self.months, MONTHS_A_YEAR)
        return timedelta(seconds=years * Unit.YEAR + months * Unit.MONTH) + self.length


type Amount = timedelta | Span
"""How long something lasts, wherever it begins."""


def usual_length(amount: Amount) -> timedelta:
    """What amounts are compared by, as long as nobody knows when they begin."""
    return amount.usual_length if isinstance(amount, Span) else amount

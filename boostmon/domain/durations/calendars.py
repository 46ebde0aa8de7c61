"""When an amount of time that begins at some instant is over, by the calendar and the clocks of a guild."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Final, NamedTuple

from boostmon.domain.durations.spans import MONTHS_A_YEAR, Amount, Months, Span
from boostmon.domain.durations.wall_times import EPOCH, WallTime


class End(NamedTuple):
    """An instant in UTC. `anchor` is the day of the month that it would be, had its month so many; None: it is.

    By it, 31 January is followed by 28 February, and that by 31 March.
    """

    at: datetime
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The zone of a guild, and what a month is there.

    Months keep the day of the month and the time on the clock. Where a month has no such day, its last one counts; a
    time that the clocks skip becomes the first instant after that, and of one that they show twice the first counts.
    Months are counted first, and then the length is added, as it elapses.
    """

    zone: tzinfo
    months: Months = Months.CALENDAR

    def after(self, start: End, amount: Amount) -> End:
        """The end of an amount that begins at `start`. Raises OverflowError beyond the years of `datetime`."""
        if not isinstance(amount, Span):
            return End(start.at + amount)
        if self.months is Months.THIRTY_DAYS:
            return End(start.at + amount.usual_length)
        end = self._moved(start, amount.months)
        return End(end.at + amount.length) if amount.length else end

    def before(self, end: End, amount: Amount) -> End:
        """The start of an amount that is over at `end`. Raises OverflowError beyond the years of `datetime`."""
        if not isinstance(amount, Span):
            return End(end.at - amount)
        if self.months is Months.THIRTY_DAYS:
            return End(end.at - amount.usual_length)
        return self._moved(End(end.at - amount.length) if amount.length else end, -amount.months)

    def _moved(self, start: End, months: int) -> End:
        local = start.at.astimezone(self.zone)
        day = _anchored(local, start.anchor)
        year, month = divmod(local.year * MONTHS_A_YEAR + local.month - 1 + months, MONTHS_A_YEAR)
        if not date.min.year <= year <= date.max.year:
            raise OverflowError(f"no calendar has the year {year}")
        landed = min(day, _days_in(year, month + 1))
        shown = WallTime(date(year, month + 1, landed), local.time(), self.zone)
        return End(EPOCH + shown.first_instant(), None if landed == day else day)


UTC_CALENDAR: Final = Calendar(UTC)


def _anchored(local: datetime, anchor: int | None) -> int:
    """The anchor of an end, where it was moved back from that; in another zone it may be on another day."""
    if anchor is not None and local.day == min(anchor, _days_in(local.year, local.month)):
        return anchor
    return local.day


def _days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]

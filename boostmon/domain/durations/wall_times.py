"""From a day and a time of day, as the clocks of a zone show them, to the instants that they mean."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WallTime:
    """A day of a zone's calendar, and a time on its clocks; without one, the start of the day."""

    day: date
    at: time | None
    zone: tzinfo

    @property
    def shown(self) -> datetime:
        """What calendar and clock show, with the zone."""
        return datetime.combine(self.day, self.at or time(), tzinfo=self.zone)

    @property
    def is_skipped(self) -> bool:
        """Whether the clocks jump over that time."""
        first, second = self._folds()
        return self.at is not None and second < first

    def instants(self) -> list[timedelta]:
        """The one or two instants that it can mean, in order, as time since EPOCH.

        Not as datetimes, since the last day of the year 9999 in some zones is none in UTC. A time of day that is jumped
        over means what it would be without the jump; a day whose midnight is jumped over starts after the jump.
        """
        first, second = self._folds()
        return [first, second] if self.at is not None and first < second else [first]

    def first_instant(self) -> timedelta:
        """The first instant at which the clocks show that time; where they jump over it, the first after the jump."""
        first, second = self._folds()
        return self._after_jump(second, first) if second < first else first

    def _after_jump(self, before: timedelta, after: timedelta) -> timedelta:
        """The instant of the jump, which is after the one and not after the other."""
        offset_after = self._offset_at(after)
        while after - before > _MICROSECOND:
            middle = before + (after - before) // 2
            if self._offset_at(middle) == offset_after:
                after = middle
            else:
                before = middle
        return after

    def _offset_at(self, instant: timedelta) -> timedelta | None:
        return (EPOCH + instant).astimezone(self.zone).utcoffset()

    def _folds(self) -> tuple[timedelta, timedelta]:
        # PEP 495: in a gap fold=0 takes the offset before the jump, in a repeated hour that of the first pass.
        shown = self.shown
        clock = shown.replace(tzinfo=UTC) - EPOCH
        return clock - _offset(shown, 0), clock - _offset(shown, 1)


def zone_of(offset: str) -> timezone:
    """The zone of `z`, `+01`, `+0100` or `+01:00`; raises ValueError for one that no clock can have."""
    if offset == "z":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
    if minutes >= 60:
        raise ValueError(offset)
    distance = timedelta(hours=hours, minutes=minutes)
    return timezone(-distance if offset[0] == "-" else distance)


def _offset(moment: datetime, fold: int) -> timedelta:
    offset = moment.replace(fold=fold).utcoffset()
    if offset is None:
        raise ValueError(f"{moment.tzinfo!r} knows no offset from UTC")
    return offset

"""From a written length of time, or a moment, to what it says."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from typing import Final

from boostmon.domain.durations.parsing import bounded, parse_duration, trimmed
from boostmon.domain.durations.problems import (
    InThePast,
    InvalidDuration,
    NoSuchDate,
    NoSuchTime,
    NotUnderstood,
)
from boostmon.domain.durations.when import When

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# Years have four digits, and negative stamps ten: so much of the past can be told as a datetime.
_MOMENT_BEGINNING = re.compile(r"<|[0-9]+-[0-9]")
_DISCORD_STAMP = re.compile(r"<t:(-[0-9]{1,10}|[0-9]{1,13})(?::[a-z])?>", re.ASCII | re.IGNORECASE)
_WALL_TIME = re.compile(
    r"(?P<year>[1-9][0-9]{3})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?P<time>(?:[ \t\r\n]+|T)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?)?"
    r"(?:[ \t\r\n]*(?P<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?))?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_when(text: str, *, now: datetime, zone: tzinfo) -> When:
    """What `text` says at `now` (an aware datetime): a length of time, or the moment until which, in UTC.

    A moment is a Discord timestamp; or a date, which means the start of that day; or a date and a time of
    day, in `zone` unless an offset or Z follows. A time of day that the clocks of `zone` show twice means
    the first of the two that is still ahead; one that they jump over does not exist, except that a day whose
    midnight is jumped over starts with the first moment after the jump.

    Raises InvalidDuration, and nothing else, whatever the text is. The bounds are those of `parse_duration`,
    also for the time from `now` until a moment.
    """
    written = trimmed(text)
    if _MOMENT_BEGINNING.match(written) is None:
        return parse_duration(written)
    if stamp := _DISCORD_STAMP.fullmatch(written):
        candidates = [timedelta(seconds=int(stamp[1]))]
    elif wall := _WALL_TIME.fullmatch(written):
        candidates = _instants(written, wall, zone)
    else:
        raise InvalidDuration(written, NotUnderstood(written))
    elapsed = now - _EPOCH
    ahead = [candidate for candidate in candidates if candidate > elapsed]
    if not ahead:
        raise InvalidDuration(written, InThePast(_EPOCH + candidates[-1]))
    return now.astimezone(UTC) + bounded(written, Fraction((ahead[0] - elapsed) // _MICROSECOND, 1_000_000))


def _instants(written: str, wall: re.Match[str], zone: tzinfo) -> list[timedelta]:
    """The one or two instants that a wall time can mean, in order, as time since the epoch.

    Not as datetimes, since the last day of the year 9999 in some zones is none in UTC.
    """
    try:
        moment = datetime(
            year=int(wall["year"]),
            month=int(wall["month"]),
            day=int(wall["day"]),
            hour=int(wall["hour"] or 0),
            minute=int(wall["minute"] or 0),
            second=int(wall["second"] or 0),
            microsecond=int((wall["fraction"] or "").ljust(6, "0")),
            tzinfo=_offset_zone(wall["offset"]) if wall["offset"] else zone,
        )
    except ValueError:
        raise InvalidDuration(written, NoSuchDate(written)) from None
    # PEP 495: in a gap fold=0 takes the offset before the jump, in a repeated hour that of the first pass.
    first, second = (moment.replace(tzinfo=UTC) - _EPOCH - _offset(moment, fold) for fold in (0, 1))
    in_a_gap = second < first
    if in_a_gap and wall["time"]:
        raise InvalidDuration(written, NoSuchTime(moment))
    return [first] if in_a_gap or first == second or not wall["time"] else [first, second]


def _offset_zone(offset: str) -> timezone:
    """The zone of `Z`, `+01`, `+0100` or `+01:00`; raises ValueError for one that no clock can have."""
    if offset in {"Z", "z"}:
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

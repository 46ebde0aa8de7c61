"""What a command is told about time: how long, or until when."""

from datetime import datetime, timedelta

from boostmon.domain.durations.problems import InThePast, InvalidDuration

type When = timedelta | datetime
"""A length of time; or the moment until which, as an aware UTC datetime."""


def time_until(when: When, now: datetime) -> timedelta:
    """How long it is from `now`; above zero for a length that is.

    Raises:
        InvalidDuration: the moment is not ahead (any more).
    """
    if isinstance(when, timedelta):
        return when
    if when <= now:
        raise InvalidDuration(when.isoformat(sep=" "), InThePast(when))
    return when - now

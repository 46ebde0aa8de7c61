"""What a command is told about time: how long, or until when."""

from datetime import datetime, timedelta

from boostmon.domain.durations.problems import InThePast, InvalidDuration
from boostmon.domain.durations.spans import Amount

type When = Amount | datetime
"""An amount of time; or the moment until which, as an aware UTC datetime."""


def time_until(moment: datetime, now: datetime) -> timedelta:
    """How long it is from `now`.

    Raises:
        InvalidDuration: the moment is not ahead (any more).
    """
    if moment <= now:
        raise InvalidDuration(moment.isoformat(sep=" "), InThePast(moment))
    return moment - now

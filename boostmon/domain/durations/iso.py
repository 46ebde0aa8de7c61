"""Amounts of time as ISO 8601 writes them, exactly: how they are stored.

`parse_amount` reads them, where a month is one of the calendar.
"""

from datetime import timedelta

from boostmon.domain.durations.spans import Amount, Span
from boostmon.domain.durations.units import Unit

_MICROSECOND = timedelta(microseconds=1)


def iso_8601(amount: Amount) -> str:
    """The amount exactly, in its one form: `PT72H`, `PT1H30M`, `PT5.25S`, `P1M`, `P12MT1H`. It has to be above zero.

    Days are written as hours, since in ISO 8601 a day is one of the calendar, which may have 23 or 25.
    """
    if isinstance(amount, Span):
        return f"P{amount.months}M{_time(amount.length)}"
    return f"P{_time(amount)}"


def _time(length: timedelta) -> str:
    """What follows the months: nothing where there is no length."""
    seconds, microseconds = divmod(length // _MICROSECOND, 1_000_000)
    hours, seconds = divmod(seconds, Unit.HOUR)
    minutes, seconds = divmod(seconds, Unit.MINUTE)
    written = "".join(f"{count}{letter}" for count, letter in ((hours, "H"), (minutes, "M")) if count)
    if microseconds:
        written += f"{seconds}.{microseconds:06d}".rstrip("0") + "S"
    elif seconds:
        written += f"{seconds}S"
    return f"T{written}" if written else ""

"""From an amount of time to text, exactly, to be parsed again; and to the few units that people are told."""

from collections.abc import Iterator
from datetime import timedelta

from boostmon.domain.durations.spans import MONTHS_A_YEAR, Amount, Span
from boostmon.domain.durations.units import Unit

_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_WHOLE_MINUTES = 10 * Unit.MINUTE
_EXACT_UNITS = ((Unit.DAY, "d"), (Unit.HOUR, "h"), (Unit.MINUTE, "m"))
_SPOKEN_UNITS = (Unit.YEAR, Unit.DAY, Unit.HOUR, Unit.MINUTE, Unit.SECOND)


def format_duration(duration: timedelta) -> str:
    """The duration exactly, in its one canonical form: `1d 2h 30m`, `5.25s`, `0s`.

    Days are the largest unit. `parse_duration` gives the same duration back wherever it is within bounds;
    a negative one has a leading minus.
    """
    if duration < timedelta():
        return f"-{format_duration(-duration)}"
    seconds, microseconds = divmod(duration // _MICROSECOND, 1_000_000)
    words = []
    for unit, letter in _EXACT_UNITS:
        count, seconds = divmod(seconds, unit)
        if count:
            words.append(f"{count}{letter}")
    if microseconds:
        words.append(f"{seconds}.{microseconds:06}".rstrip("0") + "s")
    elif seconds or not words:
        words.append(f"{seconds}s")
    return " ".join(words)


def format_amount(amount: Amount) -> str:
    """The amount exactly, as `parse_amount` reads it where a month is one of the calendar: `1y 2mo 3d`."""
    if not isinstance(amount, Span):
        return format_duration(amount)
    years, months = divmod(amount.months, MONTHS_A_YEAR)
    counted = [f"{count}{unit}" for count, unit in ((years, "y"), (months, "mo")) if count]
    return " ".join([*counted, format_duration(amount.length)] if amount.length else counted)


def rounded_parts(duration: timedelta, units: int = 2) -> list[tuple[Unit, int]]:
    """The duration for people: rounded to `units` adjoining units from its largest on, those of them that are not none.

    A second after 30 days were set, 30 days are left. From ten minutes to an hour whole minutes are told; what is
    shorter is told to the second, since there a minute matters. Years are of 365 days; weeks and months are not used,
    as days are plainer. With 5 units, exact to the second. Empty for less than a second.
    Raises ValueError when `units` is below one.
    """
    if units < 1:
        raise ValueError(f"at least one unit is needed, not {units}")
    if duration < _SECOND:
        return []
    rounded = _rounded(duration, _smallest_told(duration, units))
    counts = list(_counts(rounded))
    largest = next(place for place, (_, count) in enumerate(counts) if count)
    return [(unit, count) for unit, count in counts[largest : largest + units] if count]


def _smallest_told(duration: timedelta, units: int) -> Unit:
    seconds = duration / _SECOND
    largest = next(place for place, unit in enumerate(_SPOKEN_UNITS) if seconds >= unit)
    if units == 2 and _SPOKEN_UNITS[largest] is Unit.MINUTE and seconds >= _WHOLE_MINUTES:
        return Unit.MINUTE
    return _SPOKEN_UNITS[min(largest + units, len(_SPOKEN_UNITS)) - 1]


def _rounded(duration: timedelta, unit: Unit) -> int:
    """Seconds, to the nearest whole unit; a half counts as one."""
    length = timedelta(seconds=int(unit))
    return (duration + length / 2) // length * unit


def _counts(seconds: int) -> Iterator[tuple[Unit, int]]:
    for unit in _SPOKEN_UNITS:
        count, seconds = divmod(seconds, unit)
        yield unit, count

"""From a `timedelta` to text: exactly, to be parsed again; or roughly, for people."""

from collections.abc import Iterator
from datetime import timedelta

from boostmon.domain.durations.units import Unit

_MICROSECOND = timedelta(microseconds=1)
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


def approximate(duration: timedelta, units: int = 2) -> str:
    """The duration in words, to `units` adjoining units from its largest on: `1 day 2 hours`.

    Rounded down, so that nobody is told of more time than there is: `59 minutes`, `less than a second`, and
    `no time` for zero or less. Years are of 365 days; weeks and months are not used, as days are plainer.
    Raises ValueError when `units` is below one.
    """
    if units < 1:
        raise ValueError(f"at least one unit is needed, not {units}")
    if duration <= timedelta():
        return "no time"
    counts = list(_counts(duration // timedelta(seconds=1)))
    largest = next((place for place, (_, count) in enumerate(counts) if count), None)
    if largest is None:
        return "less than a second"
    return " ".join(unit.counted(count) for unit, count in counts[largest : largest + units] if count)


def _counts(seconds: int) -> Iterator[tuple[Unit, int]]:
    for unit in _SPOKEN_UNITS:
        count, seconds = divmod(seconds, unit)
        yield unit, count

from datetime import timedelta

import pytest
from hypothesis import given

from boostmon.domain.durations import (
    MAX_DURATION,
    MIN_DURATION,
    Unit,
    format_duration,
    parse_duration,
    rounded_parts,
)
from tests.unit.domain.durations_support import PROPERTY, durations_within_bounds

MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(seconds=1), "1s"),
        (timedelta(seconds=60), "1m"),
        (timedelta(minutes=90), "1h 30m"),
        (timedelta(days=1, hours=2, minutes=30), "1d 2h 30m"),
        (timedelta(days=1, seconds=1), "1d 1s"),
        (timedelta(days=14), "14d"),
        (timedelta(days=3650), "3650d"),
        (timedelta(seconds=5, milliseconds=250), "5.25s"),
        (timedelta(hours=1, microseconds=1), "1h 0.000001s"),
        (timedelta(seconds=10, microseconds=100), "10.0001s"),
        (
            timedelta(days=3649, hours=23, minutes=59, seconds=59, microseconds=999_999),
            "3649d 23h 59m 59.999999s",
        ),
        (timedelta(), "0s"),
        (MICROSECOND, "0.000001s"),
        (-MICROSECOND, "-0.000001s"),
        (-timedelta(hours=25), "-1d 1h"),
    ],
)
def test_format(duration: timedelta, text: str) -> None:
    assert format_duration(duration) == text


@PROPERTY
@given(durations_within_bounds)
def test_what_is_formatted_is_parsed_as_the_same_duration(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    "duration", [MIN_DURATION, MIN_DURATION + MICROSECOND, MAX_DURATION - MICROSECOND, MAX_DURATION]
)
def test_the_edges_are_parsed_as_the_same_duration(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("duration", "units", "parts"),
    [
        (timedelta(days=1, hours=2, minutes=30), 2, [(Unit.DAY, 1), (Unit.HOUR, 3)]),
        (timedelta(days=1, minutes=29), 2, [(Unit.DAY, 1)]),
        (timedelta(days=400), 1, [(Unit.YEAR, 1)]),
        (timedelta(days=30), 5, [(Unit.DAY, 30)]),
        (timedelta(minutes=10, seconds=31), 2, [(Unit.MINUTE, 11)]),
        (timedelta(minutes=10, seconds=31), 5, [(Unit.MINUTE, 10), (Unit.SECOND, 31)]),
        (timedelta(minutes=9, seconds=59), 2, [(Unit.MINUTE, 9), (Unit.SECOND, 59)]),
        (timedelta(seconds=1), 2, [(Unit.SECOND, 1)]),
        (timedelta(seconds=1) - MICROSECOND, 2, []),
        (timedelta(), 2, []),
        (-timedelta(days=1), 2, []),
    ],
)
def test_rounded_to_adjoining_units(duration: timedelta, units: int, parts: list[tuple[Unit, int]]) -> None:
    assert rounded_parts(duration, units) == parts


@pytest.mark.parametrize("units", [0, -1])
def test_at_least_one_unit_is_asked_for(units: int) -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        rounded_parts(timedelta(hours=1), units)

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import MAX_DURATION, MIN_DURATION, approximate, format_duration, parse_duration
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
    ("duration", "words"),
    [
        (timedelta(days=1, hours=2), "1 day 2 hours"),
        (timedelta(days=1, hours=2, minutes=29, seconds=59), "1 day 2 hours"),
        (timedelta(days=1, hours=2, minutes=30), "1 day 3 hours"),
        (timedelta(days=30) - timedelta(seconds=1), "30 days"),
        (timedelta(days=365) - MICROSECOND, "1 year"),
        (timedelta(days=1) - timedelta(seconds=1), "1 day"),
        (timedelta(days=30, hours=23, minutes=45), "31 days"),
        (timedelta(hours=2, minutes=29, seconds=31), "2 hours 30 minutes"),
        (timedelta(hours=1) - MICROSECOND, "1 hour"),
        (timedelta(minutes=59, seconds=29), "59 minutes"),
        (timedelta(minutes=12, seconds=30), "13 minutes"),
        (timedelta(minutes=10), "10 minutes"),
        (timedelta(minutes=9, seconds=59), "9 minutes 59 seconds"),
        (timedelta(minutes=10) - MICROSECOND, "10 minutes"),
        (timedelta(seconds=90), "1 minute 30 seconds"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(seconds=30), "30 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=2) - MICROSECOND, "2 seconds"),
        (timedelta(seconds=1) - MICROSECOND, "less than a second"),
        (MICROSECOND, "less than a second"),
        (timedelta(), "no time"),
        (-MICROSECOND, "no time"),
        (timedelta(days=1, minutes=29), "1 day"),
        (timedelta(days=30), "30 days"),
        (timedelta(days=364, hours=1), "364 days 1 hour"),
        (timedelta(days=365, hours=11), "1 year"),
        (timedelta(days=365, hours=23), "1 year 1 day"),
        (timedelta(days=400), "1 year 35 days"),
        (timedelta(days=3650), "10 years"),
    ],
)
def test_approximate(duration: timedelta, words: str) -> None:
    assert approximate(duration) == words


@pytest.mark.parametrize(
    ("units", "words"),
    [
        (1, "1 day"),
        (2, "1 day"),
        (3, "1 day 5 minutes"),
        (4, "1 day 5 minutes 7 seconds"),
        (9, "1 day 5 minutes 7 seconds"),
    ],
)
def test_approximate_looks_at_as_many_adjoining_units_as_asked(units: int, words: str) -> None:
    assert approximate(timedelta(days=1, minutes=5, seconds=7), units=units) == words


@pytest.mark.parametrize("units", [0, -1])
def test_approximate_refuses_less_than_one_unit(units: int) -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        approximate(timedelta(hours=1), units=units)


@PROPERTY
@given(durations_within_bounds, st.integers(min_value=1, max_value=5))
def test_approximate_is_near_and_with_five_units_exact_to_the_second(duration: timedelta, units: int) -> None:
    said = parse_duration(approximate(duration, units=units))
    assert abs(said - duration) <= duration * {1: 0.5, 2: 0.05}.get(units, 0.5)
    if units == 5:
        assert abs(duration - said) <= timedelta(seconds=0.5)


@PROPERTY
@given(durations_within_bounds, durations_within_bounds)
def test_approximate_never_tells_more_of_less_time(one: timedelta, other: timedelta) -> None:
    shorter, longer = sorted((one, other))
    assert parse_duration(approximate(shorter)) <= parse_duration(approximate(longer))

"""The waits before another attempt."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.backoff import PATIENCE, Backoff
from tests.support.strategies import PROPERTY
from tests.support.timers import HOUR, MINUTE, SECOND

BACKOFF = Backoff(first=SECOND, cap=5 * MINUTE)


def test_a_passing_failure_is_tried_again_within_minutes_and_an_obstacle_within_an_hour() -> None:
    assert PATIENCE.retry == Backoff(first=SECOND, cap=5 * MINUTE)
    assert PATIENCE.blocked == Backoff(first=MINUTE, cap=HOUR)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(-1, 1), (0, 1), (1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (33, 300), (34, 300), (2**31, 300)],
)
def test_waits_double_up_to_the_cap(attempts: int, seconds: int) -> None:
    assert BACKOFF.after(attempts) == timedelta(seconds=seconds)


@PROPERTY
@given(
    st.timedeltas(min_value=timedelta.resolution, max_value=HOUR),
    st.timedeltas(min_value=timedelta.resolution, max_value=timedelta(days=365)),
    st.integers(min_value=1, max_value=10_000),
)
def test_waits_never_shrink_and_never_pass_the_cap(first: timedelta, cap: timedelta, attempts: int) -> None:
    backoff = Backoff(first=first, cap=cap)

    assert min(first, cap) <= backoff.after(attempts) <= backoff.after(attempts + 1) <= cap

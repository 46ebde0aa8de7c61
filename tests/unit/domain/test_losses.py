"""Which changes ask first: those that take more than half of what remained, or more than a week, from an hour on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.losses import asks_first, loss
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import end, pause
from tests.support.strategies import PROPERTY
from tests.support.timers import DAY, HOUR, MINUTE, NOW, SECOND, running

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        # more than half
        (30 * DAY, MINUTE, True),
        (4 * HOUR, 2 * HOUR, False),
        (4 * HOUR, 2 * HOUR - TICK, True),
        # more than a week, of however much
        (365 * DAY, 358 * DAY, False),
        (365 * DAY, 358 * DAY - TICK, True),
        # less than an hour never asks, be it everything
        (HOUR, timedelta(0), True),
        (HOUR - TICK, timedelta(0), False),
        (90 * MINUTE, 31 * MINUTE, False),
        (90 * MINUTE, 30 * MINUTE, True),
        # nothing is lost
        (HOUR, HOUR, False),
        (HOUR, 30 * DAY, False),
    ],
)
def test_the_rule(before: timedelta, after: timedelta, *, asks: bool) -> None:
    assert asks_first(running(before), _of(after), NOW) is asks
    assert asks_first(pause(running(before), now=NOW), _of(after), NOW) is asks


def test_a_timer_that_starts_takes_nothing_away() -> None:
    assert not asks_first(None, running(SECOND), NOW)


def test_a_timer_that_goes_takes_everything_away() -> None:
    assert asks_first(running(2 * HOUR), None, NOW)
    assert loss(running(2 * HOUR), None, NOW) == 2 * HOUR


def test_where_time_is_up_nothing_is_left_to_lose() -> None:
    assert not asks_first(end(running(30 * DAY), now=NOW), None, NOW)
    assert not asks_first(running(HOUR), None, NOW + HOUR)


def test_a_pause_loses_what_stands_still() -> None:
    paused = pause(running(30 * DAY), now=NOW)
    assert loss(paused, running(DAY, at=NOW + 60 * DAY), NOW + 60 * DAY) == 29 * DAY


@PROPERTY
@given(
    before=st.timedeltas(timedelta(0), timedelta(days=3650)),
    after=st.timedeltas(timedelta(0), timedelta(days=3650)),
)
def test_a_loss_is_never_negative_and_none_asks_without_one(before: timedelta, after: timedelta) -> None:
    lost = loss(_of(before), _of(after), NOW)
    assert lost == max(before - after, timedelta(0))
    if asks_first(_of(before), _of(after), NOW):
        assert lost >= HOUR


def _of(left: timedelta) -> Timer:
    return running(left) if left else end(running(HOUR), now=NOW)

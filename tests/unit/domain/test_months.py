"""What timers make of months by the calendar."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce as fold
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.decisions import Advance, decide
from boostmon.domain.durations import MAX_DURATION, Amount, InvalidDuration, Months, Span
from boostmon.domain.policy import Policy
from boostmon.domain.replanning import replan
from boostmon.domain.timers import Paused, Running, Timer, TooMuchTime
from boostmon.domain.transitions import end, extend, pause, reduce, resume, start
from boostmon.domain.undoing import restored
from tests.support.strategies import PROPERTY
from tests.support.timers import DAY, HOUR, KEY, SECOND

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = Policy(time_zone="Europe/Berlin")
OF_30_DAYS = replace(POLICY, months=Months.THIRTY_DAYS)
MONTH = Span(1)
BEGIN = datetime(2027, 1, 31, 17, tzinfo=UTC)
"""18:00 in Berlin."""


def started(amount: Amount = MONTH, policy: Policy = POLICY, at: datetime = BEGIN) -> Timer:
    return start(KEY, amount, now=at, policy=policy)


def extended(timer: Timer, *amounts: Amount, at: datetime = BEGIN, policy: Policy = POLICY) -> Timer:
    return fold(lambda before, amount: extend(before, amount, now=at, policy=policy), amounts, timer)


def ends(timer: Timer) -> str:
    """What the clocks of Berlin show then."""
    assert isinstance(timer.state, Running)
    return f"{timer.state.ends_at.astimezone(BERLIN):%Y-%m-%d %H:%M}"


def anchor(timer: Timer) -> int | None:
    assert isinstance(timer.state, Running)
    return timer.state.anchor


def test_renewals_go_on_from_the_old_end_and_the_day_of_the_first_start() -> None:
    timer = started()
    assert (ends(timer), anchor(timer)) == ("2027-02-28 18:00", 31)
    again = extended(timer, MONTH, at=BEGIN + 10 * DAY)
    assert (ends(again), anchor(again)) == ("2027-03-31 18:00", None)
    assert ends(extended(timer, *[MONTH] * 13)) == "2028-03-31 18:00"


def test_from_a_leap_day_to_the_next() -> None:
    timer = started(Span(12), at=datetime(2028, 2, 29, 11, tzinfo=UTC))
    assert (ends(timer), anchor(timer)) == ("2029-02-28 12:00", 29)
    assert ends(extended(timer, *[Span(12)] * 3)) == "2032-02-29 12:00"


@pytest.mark.parametrize(
    "change",
    [
        lambda timer: extend(timer, DAY, now=BEGIN, policy=POLICY),
        lambda timer: reduce(timer, DAY, now=BEGIN, policy=POLICY),
        lambda timer: extend(timer, Span(1, DAY), now=BEGIN, policy=POLICY),
        lambda timer: extend(timer, BEGIN + 60 * DAY, now=BEGIN, policy=POLICY),
        lambda timer: reduce(timer, BEGIN + DAY, now=BEGIN, policy=POLICY),
        lambda timer: resume(pause(timer, now=BEGIN), now=BEGIN, policy=POLICY),
    ],
)
def test_what_else_changes_the_end_forgets_the_first_day(change: Callable[[Timer], Timer]) -> None:
    assert anchor(change(started())) is None


def test_what_leaves_the_end_alone_keeps_it() -> None:
    timer = started()
    warned = decide(timer, POLICY, BEGIN + 28 * DAY - SECOND)
    assert isinstance(warned, Advance)
    assert anchor(warned.timer) == 31
    assert anchor(replan(timer, replace(POLICY, thresholds=(HOUR,)), BEGIN)) == 31
    assert anchor(restored(timer, None, now=BEGIN + DAY, policy=POLICY)) == 31


def test_a_month_less() -> None:
    timer = started(Span(2))
    less = reduce(timer, MONTH, now=BEGIN, policy=POLICY)
    assert (ends(less), anchor(less)) == ("2027-02-28 18:00", 31)
    assert ends(extended(less, MONTH)) == "2027-03-31 18:00"
    over = reduce(less, MONTH, now=BEGIN, policy=POLICY)
    assert over == end(less, now=BEGIN)


def test_a_paused_timer_counts_as_if_it_went_on_now() -> None:
    paused = pause(started(10 * DAY), now=BEGIN)
    now = datetime(2027, 2, 21, 17, tzinfo=UTC)
    more = extend(paused, MONTH, now=now, policy=POLICY)
    # It would end on 3 March, and a month later on 3 April: an hour less, since the clocks go forward.
    assert more.state == Paused(41 * DAY - HOUR, since=BEGIN)
    assert ends(resume(more, now=now, policy=POLICY)) == "2027-04-03 18:00"
    assert reduce(more, MONTH, now=now, policy=POLICY).state == paused.state
    assert reduce(paused, MONTH, now=now, policy=POLICY) == end(paused, now=now)


def test_a_timer_whose_time_is_up_counts_from_now() -> None:
    for over in (started(HOUR), end(started(), now=BEGIN + HOUR)):
        assert ends(extended(over, MONTH, at=BEGIN + 2 * HOUR)) == "2027-02-28 20:00"


def test_ten_years_are_the_most_with_their_leap_days() -> None:
    timer = started(Span(120))
    assert ends(timer) == "2037-01-31 18:00"
    with pytest.raises(TooMuchTime) as caught:
        extended(timer, SECOND)
    assert (caught.value.wanted, caught.value.limit) == (timedelta(days=3653, seconds=1), MAX_DURATION)
    paused = pause(timer, now=BEGIN)
    with pytest.raises(TooMuchTime):
        extended(paused, SECOND)
    with pytest.raises(TooMuchTime):
        started(Span(119, timedelta(days=40)))


def test_where_a_month_is_30_days_all_is_as_it_was() -> None:
    timer = started(policy=OF_30_DAYS)
    assert timer.state == started(30 * DAY, OF_30_DAYS).state
    assert extended(timer, MONTH, policy=OF_30_DAYS).state == started(60 * DAY, OF_30_DAYS).state
    with pytest.raises(TooMuchTime):
        extended(started(MAX_DURATION, OF_30_DAYS), SECOND, policy=OF_30_DAYS)


def test_a_timer_may_start_until_a_moment_that_is_ahead() -> None:
    assert started(DAY).state == start(KEY, BEGIN + DAY, now=BEGIN, policy=POLICY).state
    with pytest.raises(InvalidDuration):
        start(KEY, BEGIN, now=BEGIN, policy=POLICY)


@PROPERTY
@given(st.integers(1, 60), st.integers(1, 59), st.integers(0, 365 * 24))
def test_more_and_less_of_the_same_is_nothing(first: int, more: int, hours: int) -> None:
    """At noon, which no clock of Berlin skips."""
    now = datetime(2027, 1, 1, 11, tzinfo=UTC) + timedelta(days=hours // 24)
    timer = started(Span(first), at=now)
    there = extended(timer, Span(more), at=now)
    back = reduce(there, Span(more), now=now, policy=POLICY)
    assert ends(back) == ends(timer)
    assert anchor(back) == anchor(timer)

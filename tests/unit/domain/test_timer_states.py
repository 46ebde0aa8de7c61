"""What a timer says of itself in each state, and how it starts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from boostmon.domain.durations import MAX_DURATION, Months
from boostmon.domain.ids import ChannelId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Ending, Obstacle, Paused, Running, State, Timer, TooMuchTime
from boostmon.domain.transitions import end, pause, start
from tests.support.strategies import MICROSECOND
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, POLICY, SECOND, running

ZERO = timedelta(0)


@pytest.mark.parametrize(
    ("duration", "armed"),
    [
        (2 * HOUR, (HOUR, 10 * MINUTE, MINUTE)),
        (HOUR + MICROSECOND, (HOUR, 10 * MINUTE, MINUTE)),
        (HOUR, (10 * MINUTE, MINUTE)),
        (10 * MINUTE + MICROSECOND, (10 * MINUTE, MINUTE)),
        (10 * MINUTE, (MINUTE,)),
        (5 * MINUTE, (MINUTE,)),
        (MINUTE + MICROSECOND, (MINUTE,)),
        (MINUTE, ()),
        (SECOND, ()),
    ],
)
def test_a_threshold_is_armed_exactly_when_more_time_than_it_remains(
    duration: timedelta, armed: tuple[timedelta, ...]
) -> None:
    timer = start(KEY, duration, now=NOW, policy=POLICY)

    assert timer.state == Running(ends_at=NOW + duration, armed=armed)


def test_thresholds_are_armed_longest_first_and_each_once() -> None:
    policy = Policy(thresholds=(MINUTE, HOUR, MINUTE, 10 * MINUTE, HOUR))

    timer = start(KEY, 2 * HOUR, now=NOW, policy=policy)

    assert timer.state == Running(NOW + 2 * HOUR, (HOUR, 10 * MINUTE, MINUTE))


def test_a_policy_without_thresholds_arms_none() -> None:
    timer = start(KEY, 2 * HOUR, now=NOW, policy=Policy(thresholds=()))

    assert timer.state == Running(NOW + 2 * HOUR, ())
    assert timer.due_at == NOW + 2 * HOUR


def test_a_fresh_timer_was_never_stored() -> None:
    timer = start(KEY, HOUR, now=NOW, policy=POLICY, channel=CHANNEL)

    assert timer == Timer(KEY, Running(NOW + HOUR, (10 * MINUTE, MINUTE)), CHANNEL, NOW, NOW, version=0)
    assert timer.stored_as(7) == replace(timer, version=7)


def test_a_replaced_timer_keeps_its_birth_and_its_version_but_not_its_channel() -> None:
    before = running(HOUR, channel=CHANNEL).stored_as(5)
    now = NOW + 10 * MINUTE

    after = start(KEY, 2 * DAY, now=now, policy=POLICY, replaces=before)

    assert after == Timer(
        KEY, Running(now + 2 * DAY, (HOUR, 10 * MINUTE, MINUTE)), None, created_at=NOW, updated_at=now, version=5
    )


def test_a_replacing_timer_may_bring_its_own_channel() -> None:
    before = running(HOUR, channel=CHANNEL)

    assert start(KEY, HOUR, now=NOW, policy=POLICY, channel=ChannelId(5), replaces=before).channel == ChannelId(5)


@pytest.mark.parametrize("made", [pause, end])
def test_replacing_starts_afresh_from_any_state(made: object) -> None:
    before = pause(running(HOUR), now=NOW) if made is pause else end(running(HOUR), now=NOW)

    after = start(KEY, HOUR, now=NOW, policy=POLICY, replaces=before)

    assert after.state == running(HOUR).state


def test_the_longest_duration_is_allowed_and_no_microsecond_more() -> None:
    policy = Policy(months=Months.THIRTY_DAYS)
    assert start(KEY, MAX_DURATION, now=NOW, policy=policy).remaining(NOW) == MAX_DURATION

    with pytest.raises(TooMuchTime) as caught:
        start(KEY, MAX_DURATION + MICROSECOND, now=NOW, policy=policy)

    assert (caught.value.wanted, caught.value.limit) == (MAX_DURATION + MICROSECOND, MAX_DURATION)


@pytest.mark.parametrize(
    ("state", "due_at"),
    [
        (Running(NOW + 2 * HOUR, (HOUR, MINUTE)), NOW + HOUR),
        (Running(NOW + 2 * HOUR, (MINUTE,)), NOW + 119 * MINUTE),
        (Running(NOW + 2 * HOUR, ()), NOW + 2 * HOUR),
        (Paused(HOUR, NOW), None),
        (Paused(HOUR, NOW, until=NOW + DAY), NOW + DAY),
        (Ending(NOW, NOW + SECOND), NOW + SECOND),
        (Ending(NOW, NOW + HOUR, 3, Obstacle.GUILD_GONE, "403"), NOW + HOUR),
    ],
)
def test_a_timer_is_due_at_its_next_threshold_its_end_or_its_next_attempt(
    state: State, due_at: datetime | None
) -> None:
    assert replace(running(HOUR), state=state).due_at == due_at


@pytest.mark.parametrize(
    ("state", "remaining"),
    [
        (Running(NOW + MICROSECOND, ()), MICROSECOND),
        (Running(NOW, ()), ZERO),
        (Running(NOW - DAY, ()), ZERO),
        (Paused(MICROSECOND, NOW - DAY), MICROSECOND),
        (Ending(NOW - DAY, NOW + DAY), ZERO),
    ],
)
def test_what_remains_is_never_negative_and_zero_means_over(state: State, remaining: timedelta) -> None:
    timer = replace(running(HOUR), state=state)

    assert timer.remaining(NOW) == remaining
    assert timer.is_over(NOW) == (remaining == ZERO)


@pytest.mark.parametrize(
    ("state", "ends_at"),
    [
        (Running(NOW + HOUR, (MINUTE,)), NOW + HOUR),
        (Paused(HOUR, NOW), None),
        (Paused(HOUR, NOW, until=NOW + DAY), NOW + DAY + HOUR),
        (Ending(NOW - DAY, NOW + DAY), None),
    ],
)
def test_a_timer_ends_when_time_is_up_where_that_is_known(state: State, ends_at: datetime | None) -> None:
    assert replace(running(HOUR), state=state).ends_at == ends_at

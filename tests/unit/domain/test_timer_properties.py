"""What holds for every timer, every length and every instant."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from boostmon.domain.durations import MAX_DURATION
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Ending, Paused, Running, Timer
from boostmon.domain.transitions import end, extend, pause, reduce, resume, start, went_on
from tests.support.strategies import PROPERTY, durations, instants, policies, running_timers, timers_with_policy
from tests.support.timers import KEY, NOW, POLICY

ZERO = timedelta(0)
Timed = tuple[Timer, Policy]


@PROPERTY
@given(timers_with_policy(), instants(), instants())
def test_expiry_is_monotone_in_now(timed: Timed, one: datetime, other: datetime) -> None:
    timer, _ = timed
    earlier, later = sorted([one, other])

    assert timer.remaining(earlier) >= timer.remaining(later) >= ZERO
    assert not (timer.is_over(earlier) and not timer.is_over(later))


@PROPERTY
@given(timers_with_policy(), durations, instants(2 * MAX_DURATION))
def test_extending_never_hastens_the_end(timed: Timed, amount: timedelta, now: datetime) -> None:
    timer, policy = timed
    assume(timer.remaining(now) + amount <= MAX_DURATION)

    after = extend(timer, amount, now=now, policy=policy)

    assert after.remaining(now) == timer.remaining(now) + amount
    if isinstance(timer.state, Running) and isinstance(after.state, Running):
        assert after.state.ends_at >= timer.state.ends_at


@PROPERTY
@given(timers_with_policy(), durations, instants(2 * MAX_DURATION))
def test_reducing_never_delays_the_end(timed: Timed, amount: timedelta, now: datetime) -> None:
    timer, policy = timed
    assume(not timer.is_over(now) and timer.remaining(now) <= MAX_DURATION)

    after = reduce(timer, amount, now=now, policy=policy)

    assert after.remaining(now) == max(timer.remaining(now) - amount, ZERO)
    assert isinstance(after.state, Ending) == after.is_over(now)
    if isinstance(timer.state, Running) and isinstance(after.state, Running):
        assert after.state.ends_at <= timer.state.ends_at


@PROPERTY
@given(policies, durations, st.data(), instants())
def test_pausing_then_resuming_keeps_the_remainder_to_the_microsecond(
    policy: Policy, duration: timedelta, data: st.DataObject, later: datetime
) -> None:
    timer = start(KEY, duration, now=NOW, policy=policy)
    paused_at = NOW + data.draw(st.timedeltas(min_value=ZERO, max_value=duration - timedelta.resolution))
    left = timer.remaining(paused_at)

    paused = pause(timer, now=paused_at)
    resumed = resume(paused, now=later, policy=policy)

    assert paused.remaining(later) == left
    assert resumed.remaining(later) == left
    assert left == NOW + duration - paused_at


@PROPERTY
@given(policies, durations, durations, instants())
def test_a_pause_for_a_while_goes_on_as_if_it_had_been_resumed_at_its_end(
    policy: Policy, duration: timedelta, pause_length: timedelta, seen: datetime
) -> None:
    timer, until = start(KEY, duration, now=NOW, policy=policy), NOW + pause_length

    paused = pause(timer, now=NOW, until=until)

    resumed = replace(resume(paused, now=until, policy=policy), updated_at=NOW)
    assert went_on(paused, now=seen, policy=policy) == (resumed if seen >= until else paused)
    assert resumed.ends_at == paused.ends_at == until + duration


@PROPERTY
@given(timers_with_policy(), durations, instants(2 * MAX_DURATION))
def test_every_transition_arms_exactly_the_thresholds_below_what_remains(
    timed: Timed, amount: timedelta, now: datetime
) -> None:
    timer, policy = timed
    assume(timer.remaining(now) + amount <= MAX_DURATION)
    ways = [extend(timer, amount, now=now, policy=policy), start(KEY, amount, now=now, policy=policy, replaces=timer)]
    if not timer.is_over(now):
        ways.append(reduce(timer, amount, now=now, policy=policy))
    if isinstance(timer.state, Paused):
        ways.append(resume(timer, now=now, policy=policy))

    for after in ways:
        if isinstance(after.state, Running):
            below = {threshold for threshold in policy.thresholds if threshold < after.remaining(now)}
            assert after.state.armed == tuple(sorted(below, reverse=True))


@PROPERTY
@given(timers_with_policy(), instants())
def test_an_ended_timer_stays_over_and_did_not_end_in_the_future(timed: Timed, now: datetime) -> None:
    timer, _ = timed
    now = max(now, timer.updated_at)

    after = end(timer, now=now)

    assert isinstance(after.state, Ending)
    assert after.state.since <= now
    assert after.is_over(now)
    assert after.due_at == now


@PROPERTY
@given(running_timers(POLICY), instants())
def test_a_running_timer_is_due_between_its_first_threshold_and_its_end(timer: Timer, now: datetime) -> None:
    assert isinstance(timer.state, Running)
    assert timer.due_at is not None
    assert timer.due_at <= timer.state.ends_at
    if timer.is_over(now):
        assert timer.due_at <= now

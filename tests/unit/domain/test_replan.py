"""Thresholds that change while timers run."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.decisions import Advance, decide
from boostmon.domain.policy import Policy
from boostmon.domain.replanning import replan
from boostmon.domain.timers import Running, Timer
from boostmon.domain.transitions import end, pause, start
from tests.support.strategies import MICROSECOND, PROPERTY, durations, policies, timers_with_policy
from tests.support.timers import DAY, HOUR, KEY, MINUTE, NOW, running


def armed(timer: Timer) -> tuple[timedelta, ...]:
    assert isinstance(timer.state, Running)
    return timer.state.armed


def under(*thresholds: timedelta) -> Policy:
    return Policy(thresholds=thresholds)


def test_wanted_thresholds_that_are_ahead_are_armed_longest_first() -> None:
    after = replan(running(2 * HOUR), under(30 * MINUTE, DAY, 90 * MINUTE), NOW)

    assert after == replace(running(2 * HOUR), state=Running(NOW + 2 * HOUR, (90 * MINUTE, 30 * MINUTE)))
    assert after.due_at == NOW + 30 * MINUTE


def test_a_change_of_thresholds_is_a_change_of_the_timer() -> None:
    later = NOW + MINUTE
    timer = running(2 * HOUR)

    after = replan(timer, under(30 * MINUTE), later)

    assert (after.created_at, after.updated_at) == (NOW, later)


def test_without_thresholds_only_the_end_is_due() -> None:
    after = replan(running(2 * HOUR), under(), NOW)

    assert armed(after) == ()
    assert after.due_at == NOW + 2 * HOUR


@pytest.mark.parametrize(("left", "is_armed"), [(HOUR, False), (HOUR + MICROSECOND, True)])
def test_a_new_threshold_is_armed_when_more_time_is_left(left: timedelta, is_armed: bool) -> None:
    timer = replace(running(2 * HOUR), state=Running(NOW + left, ()))

    assert (armed(replan(timer, under(HOUR), NOW)) == (HOUR,)) is is_armed


def test_a_warning_that_was_given_is_not_given_again() -> None:
    now = NOW + HOUR + MINUTE
    warned = decide(running(2 * HOUR), Policy(), now)
    assert isinstance(warned, Advance)

    assert armed(replan(warned.timer, under(HOUR, 30 * MINUTE), now)) == (30 * MINUTE,)


def test_a_threshold_that_was_crossed_and_not_swept_yet_is_still_warned_of() -> None:
    now = NOW + HOUR + MINUTE
    after = replan(running(2 * HOUR), under(HOUR, 90 * MINUTE), now)

    assert armed(after) == (HOUR,)
    decision = decide(after, under(HOUR, 90 * MINUTE), now)
    assert isinstance(decision, Advance)
    assert decision.warning is not None


@pytest.mark.parametrize(
    "timer",
    [pause(running(DAY), now=NOW), end(running(DAY), now=NOW), running(DAY, at=NOW - DAY)],
    ids=["paused", "ending", "over"],
)
def test_what_does_not_run_is_left_as_it_is(timer: Timer) -> None:
    assert replan(timer, under(2 * HOUR), NOW) is timer


@PROPERTY
@given(durations, policies, policies)
def test_replanning_at_the_start_is_starting_under_the_new_policy(
    length: timedelta, before: Policy, after: Policy
) -> None:
    first = start(KEY, length, now=NOW, policy=before)
    wanted = start(KEY, length, now=NOW, policy=after)

    assert replan(first, after, NOW) == wanted


@PROPERTY
@given(timers_with_policy(), policies, st.timedeltas(timedelta(0), 3 * DAY))
def test_replanning_twice_is_replanning_once(given: tuple[Timer, Policy], policy: Policy, later: timedelta) -> None:
    timer, _ = given
    once = replan(timer, policy, NOW + later)

    assert replan(once, policy, NOW + later) == once
    assert once.remaining(NOW) == timer.remaining(NOW)

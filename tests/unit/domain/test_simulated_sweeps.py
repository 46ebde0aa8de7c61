"""A timer's whole life under sweeps at arbitrary instants: what is warned, when, and how often."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.decisions import Advance, Remove, Wait, decide
from boostmon.domain.notices import WarningNotice
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Ending, Running, Timer
from boostmon.domain.transitions import start
from tests.support.strategies import PROPERTY, durations, policies
from tests.support.timers import KEY, NOW, POLICY

type Warned = list[tuple[datetime, WarningNotice]]

fractions = st.floats(min_value=0, max_value=1.25)
sweeps = st.lists(st.one_of(fractions, st.sampled_from([0.0, 1.0])), min_size=1, max_size=30).map(sorted)
"""Instants as shares of the timer's length; the last quarter lies beyond its end."""


def sweep_at(instants: list[datetime], timer: Timer, policy: Policy) -> tuple[Warned, Timer]:
    """Decides at each instant until the role is to be removed."""
    warned: Warned = []
    for now in instants:
        due_at = timer.due_at
        match decide(timer, policy, now):
            case Wait(until=until):
                assert until == due_at
                assert until is None or until > now
            case Advance(timer=advanced, warning=warning):
                assert due_at is not None
                assert due_at <= now
                assert isinstance(decide(advanced, policy, now), Wait), "one decision settles one instant"
                timer = advanced
                if warning is not None:
                    warned.append((now, warning))
            case Remove(timer=ending):
                assert due_at is not None
                assert due_at <= now
                return warned, ending
    return warned, timer


@PROPERTY
@given(durations, policies, sweeps)
def test_nothing_is_warned_before_its_threshold_after_the_end_or_twice(
    duration: timedelta, policy: Policy, shares: list[float]
) -> None:
    timer = start(KEY, duration, now=NOW, policy=policy)
    ends_at = NOW + duration

    warned, last = sweep_at([NOW + duration * share for share in shares], timer, policy)

    for now, warning in warned:
        assert ends_at - warning.threshold <= now < ends_at
        assert warning.ends_at == ends_at
        assert warning.due_at <= now < warning.stale_at
    thresholds = [warning.threshold for _, warning in warned]
    assert thresholds == sorted(set(thresholds), reverse=True)
    assert isinstance(timer.state, Running)
    assert set(thresholds) <= set(timer.state.armed)
    assert isinstance(last.state, Ending) == (NOW + duration * shares[-1] >= ends_at)


@PROPERTY
@given(durations, policies)
def test_sweeps_at_each_due_instant_warn_each_armed_threshold_once_and_end_on_time(
    duration: timedelta, policy: Policy
) -> None:
    timer = start(KEY, duration, now=NOW, policy=policy)
    assert isinstance(timer.state, Running)
    expected = [(NOW + duration - threshold, threshold) for threshold in timer.state.armed]
    seen = []
    decision = decide(timer, policy, timer.due_at or NOW)
    while isinstance(decision, Advance):
        assert decision.warning is not None
        seen.append((timer.due_at, decision.warning.threshold))
        timer = decision.timer
        decision = decide(timer, policy, timer.due_at or NOW)

    assert seen == expected
    assert isinstance(decision, Remove)
    assert isinstance(decision.timer.state, Ending)
    assert decision.timer.state.since == timer.due_at == NOW + duration


@PROPERTY
@given(durations, st.floats(min_value=0, max_value=1, exclude_max=True))
def test_one_late_sweep_gives_one_warning_for_everything_that_was_crossed(duration: timedelta, share: float) -> None:
    timer = start(KEY, duration, now=NOW, policy=POLICY)
    now = NOW + duration * share
    left = timer.remaining(now)
    assert isinstance(timer.state, Running)
    crossed = [threshold for threshold in timer.state.armed if threshold >= left]

    decision = decide(timer, POLICY, now)

    if not left:
        assert isinstance(decision, Remove)
    elif crossed:
        assert isinstance(decision, Advance)
        assert decision.warning is not None
        assert decision.warning.threshold == min(crossed)
        assert decision.warning.ends_at - now == left
    else:
        assert decision == Wait(until=timer.due_at)

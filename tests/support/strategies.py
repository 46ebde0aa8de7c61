"""Hypothesis strategies for values of the domain, and the settings that all properties share."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from boostmon.domain.decisions import Advance, decide
from boostmon.domain.durations import MAX_DURATION, MIN_DURATION
from boostmon.domain.policy import DEFAULT_THRESHOLDS, Policy
from boostmon.domain.timers import Ending, Obstacle, Running, Timer
from boostmon.domain.transitions import end, pause, start
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, NOW

# The same examples in every run; neither deadline nor check of speed, since other work shares the machine.
PROPERTY = settings(derandomize=True, deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

MICROSECOND = timedelta(microseconds=1)


def instants(within: timedelta = 3 * MAX_DURATION) -> st.SearchStrategy[datetime]:
    """Instants around NOW, to the microsecond."""
    return st.timedeltas(min_value=-within, max_value=within).map(lambda offset: NOW + offset)


near_thresholds = st.builds(
    lambda threshold, offset: threshold + offset,
    st.sampled_from(DEFAULT_THRESHOLDS),
    st.timedeltas(min_value=-2 * MICROSECOND, max_value=2 * MICROSECOND),
)
"""Where off-by-one mistakes live."""

durations = st.one_of(
    near_thresholds,
    st.timedeltas(min_value=MIN_DURATION, max_value=2 * HOUR),
    st.timedeltas(min_value=MIN_DURATION, max_value=MAX_DURATION),
)
"""Every length that a command may ask for, the interesting ones more often."""

policies = st.one_of(
    st.just(Policy()),
    st.builds(
        lambda thresholds: Policy(thresholds=tuple(thresholds)),
        st.lists(st.timedeltas(min_value=MIN_DURATION, max_value=3 * HOUR), max_size=6),
    ),
)
"""Thresholds in any order and number, repeated ones too."""


@st.composite
def running_timers(draw: st.DrawFn, policy: Policy) -> Timer:
    """Started at NOW; some went through a sweep that took thresholds off."""
    timer = start(KEY, draw(durations), now=NOW, policy=policy, channel=draw(st.sampled_from([None, CHANNEL])))
    assert isinstance(timer.state, Running)
    timer = replace(timer, state=replace(timer.state, anchor=draw(st.sampled_from([None, 29, 31]))))
    if draw(st.booleans()):
        decision = decide(timer, policy, NOW + draw(durations))
        if isinstance(decision, Advance):
            return decision.timer
    return timer


@st.composite
def paused_timers(draw: st.DrawFn, policy: Policy) -> Timer:
    """Started and paused at NOW, some for a while."""
    length = draw(st.one_of(st.none(), durations))
    return pause(draw(running_timers(policy)), now=NOW, until=None if length is None else NOW + length)


@st.composite
def ending_timers(draw: st.DrawFn, policy: Policy) -> Timer:
    """Time was up at NOW or before; some removals have failed already."""
    timer = end(draw(running_timers(policy)), now=NOW)
    assert isinstance(timer.state, Ending)
    story = replace(
        timer.state,
        since=NOW - draw(st.timedeltas(min_value=timedelta(0), max_value=DAY)),
        next_attempt_at=NOW + draw(st.timedeltas(min_value=-DAY, max_value=DAY)),
        attempts=draw(st.integers(min_value=0, max_value=1000)),
        blocked_by=draw(st.sampled_from([None, *Obstacle])),
        last_error=draw(st.sampled_from([None, "403 (50013)"])),
    )
    return replace(timer, state=story)


def timers(policy: Policy) -> st.SearchStrategy[Timer]:
    """Timers in every state."""
    return st.one_of(running_timers(policy), paused_timers(policy), ending_timers(policy))


@st.composite
def timers_with_policy(draw: st.DrawFn) -> tuple[Timer, Policy]:
    """A timer in any state, with the policy that it was made under."""
    policy = draw(policies)
    return draw(timers(policy)), policy

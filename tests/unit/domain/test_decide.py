"""The warning and expiry decision, in every state and at every edge."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from boostmon.domain.decisions import Advance, GoOn, Remove, Wait, decide
from boostmon.domain.notices import WarningNotice
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Ending, Obstacle, Running, Timer
from boostmon.domain.transitions import end, pause
from tests.support.strategies import MICROSECOND
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, POLICY, SECOND, running

END = NOW + 2 * HOUR
TIMER = running(2 * HOUR, channel=CHANNEL).stored_as(3)
ALL = (HOUR, 10 * MINUTE, MINUTE)


def warning(threshold: timedelta) -> WarningNotice:
    return WarningNotice(KEY, CHANNEL, threshold=threshold, ends_at=END)


def armed(*thresholds: timedelta) -> Timer:
    return replace(TIMER, state=Running(END, thresholds))


def test_a_paused_timer_waits_for_nothing() -> None:
    assert decide(pause(TIMER, now=NOW), POLICY, NOW + 10 * DAY) == Wait(until=None)


@pytest.mark.parametrize("early", [MICROSECOND, DAY])
def test_a_pause_that_ends_is_waited_for(early: timedelta) -> None:
    until = NOW + 2 * DAY
    assert decide(pause(TIMER, now=NOW, until=until), POLICY, until - early) == Wait(until)


@pytest.mark.parametrize("late", [0 * SECOND, DAY])
def test_a_timer_goes_on_since_the_end_of_its_pause_however_late_that_is_seen(late: timedelta) -> None:
    until = NOW + 3 * HOUR
    paused = pause(TIMER, now=NOW + HOUR, until=until)

    decision = decide(paused, POLICY, until + late)

    # With an hour left, the threshold of an hour is behind; what else was crossed meanwhile is the next decision's.
    assert decision == GoOn(replace(paused, state=Running(until + HOUR, (10 * MINUTE, MINUTE))))


@pytest.mark.parametrize(
    ("timer", "now", "until"),
    [
        (armed(*ALL), NOW, NOW + HOUR),
        (armed(*ALL), END - HOUR - MICROSECOND, END - HOUR),
        (armed(10 * MINUTE, MINUTE), END - HOUR, END - 10 * MINUTE),
        (armed(MINUTE), END - MINUTE - MICROSECOND, END - MINUTE),
        (armed(), END - MICROSECOND, END),
    ],
)
def test_nothing_happens_before_a_threshold(timer: Timer, now: datetime, until: datetime) -> None:
    assert decide(timer, POLICY, now) == Wait(until=until)


@pytest.mark.parametrize(
    ("before", "now", "threshold", "after"),
    [
        (ALL, END - HOUR, HOUR, (10 * MINUTE, MINUTE)),
        (ALL, END - 10 * MINUTE - MICROSECOND, HOUR, (10 * MINUTE, MINUTE)),
        ((10 * MINUTE, MINUTE), END - 10 * MINUTE, 10 * MINUTE, (MINUTE,)),
        ((MINUTE,), END - MINUTE, MINUTE, ()),
        ((MINUTE,), END - MICROSECOND, MINUTE, ()),
    ],
)
def test_a_crossed_threshold_is_warned_and_disarmed(
    before: tuple[timedelta, ...], now: datetime, threshold: timedelta, after: tuple[timedelta, ...]
) -> None:
    assert decide(armed(*before), POLICY, now) == Advance(armed(*after), warning(threshold))


def test_thresholds_crossed_together_give_one_warning_with_the_true_end() -> None:
    assert decide(armed(*ALL), POLICY, END - 5 * MINUTE) == Advance(armed(MINUTE), warning(10 * MINUTE))
    assert decide(armed(*ALL), POLICY, END - SECOND) == Advance(armed(), warning(MINUTE))


def test_a_threshold_that_the_policy_dropped_is_passed_in_silence() -> None:
    assert decide(armed(HOUR), Policy(thresholds=(MINUTE,)), END - HOUR) == Advance(armed(), warning=None)


def test_a_threshold_that_the_policy_dropped_does_not_silence_another() -> None:
    policy = Policy(thresholds=(HOUR,))

    assert decide(armed(*ALL), policy, END - SECOND) == Advance(armed(), warning(HOUR))


@pytest.mark.parametrize("now", [END, END + MICROSECOND, END + DAY])
@pytest.mark.parametrize("thresholds", [ALL, (MINUTE,), ()])
def test_at_its_end_and_after_it_a_timer_is_to_be_removed_and_nothing_is_warned(
    thresholds: tuple[timedelta, ...], now: datetime
) -> None:
    expected = replace(TIMER, state=Ending(since=END, next_attempt_at=now, by_itself=True), updated_at=now)

    assert decide(armed(*thresholds), POLICY, now) == Remove(expected)


def test_an_ending_timer_waits_for_its_next_attempt_and_is_then_tried_as_it_is() -> None:
    story = Ending(NOW, NOW + HOUR, attempts=4, blocked_by=Obstacle.MISSING_PERMISSIONS, last_error="403 (50013)")
    timer = replace(end(TIMER, now=NOW), state=story)

    assert decide(timer, POLICY, NOW + HOUR - MICROSECOND) == Wait(until=NOW + HOUR)
    assert decide(timer, POLICY, NOW + HOUR) == Remove(timer)
    assert decide(timer, POLICY, NOW + DAY) == Remove(timer)

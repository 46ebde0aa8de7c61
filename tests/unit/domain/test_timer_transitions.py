"""Every transition from every state, at its edges."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.domain.durations import MAX_DURATION, Months
from boostmon.domain.timers import (
    AlreadyPaused,
    Ending,
    NotPaused,
    Obstacle,
    Paused,
    Running,
    TimeIsUp,
    Timer,
    TooMuchTime,
)
from boostmon.domain.transitions import end, extend, pause, reduce, resume
from tests.support.strategies import MICROSECOND
from tests.support.timers import CHANNEL, DAY, HOUR, MINUTE, NOW, POLICY, SECOND, running

OF_30_DAYS = replace(POLICY, months=Months.THIRTY_DAYS)
BORN = NOW - DAY
STORED = replace(running(DAY + HOUR, at=BORN, channel=CHANNEL), version=9)
"""An hour is left of it at NOW."""
RUNNING = replace(STORED, state=Running(NOW + HOUR, (10 * MINUTE, MINUTE)))
OVERDUE = replace(STORED, state=Running(NOW - MINUTE, ()))
OVERDUE_NOW = replace(STORED, state=Running(NOW, ()))
PAUSED = replace(STORED, state=Paused(HOUR, since=BORN))
STUCK = Ending(BORN, NOW + HOUR, attempts=3, blocked_by=Obstacle.MISSING_PERMISSIONS, last_error="403 (50013)")
ENDING = replace(STORED, state=STUCK)
OVER = [OVERDUE, OVERDUE_NOW, ENDING]
EVERY = [RUNNING, *OVER, PAUSED]


def changed(timer: Timer, state: object) -> Timer:
    """The timer in another state as of NOW: everything else stays."""
    assert isinstance(state, Running | Paused | Ending)
    return replace(timer, state=state, updated_at=NOW)


def test_extending_a_running_timer_adds_to_its_end_and_arms_anew() -> None:
    after = extend(RUNNING, MICROSECOND, now=NOW, policy=POLICY)

    assert after == changed(RUNNING, Running(NOW + HOUR + MICROSECOND, (HOUR, 10 * MINUTE, MINUTE)))


def test_extending_to_a_moment_moves_the_end_there() -> None:
    after = extend(RUNNING, NOW + 2 * HOUR, now=NOW, policy=POLICY)

    assert after == changed(RUNNING, Running(NOW + 2 * HOUR, (HOUR, 10 * MINUTE, MINUTE)))


def test_reducing_to_a_moment_moves_the_end_there() -> None:
    after = reduce(RUNNING, NOW + 5 * MINUTE, now=NOW, policy=POLICY)

    assert after == changed(RUNNING, Running(NOW + 5 * MINUTE, (MINUTE,)))


def test_extending_a_paused_timer_adds_to_what_remains_and_leaves_it_paused() -> None:
    assert extend(PAUSED, DAY, now=NOW, policy=POLICY) == changed(PAUSED, Paused(HOUR + DAY, since=BORN))


@pytest.mark.parametrize("timer", OVER)
def test_extending_a_timer_whose_time_is_up_revives_it_from_now(timer: Timer) -> None:
    after = extend(timer, 5 * MINUTE, now=NOW, policy=POLICY)

    assert after == changed(timer, Running(NOW + 5 * MINUTE, (MINUTE,)))


@pytest.mark.parametrize("timer", [RUNNING, PAUSED])
def test_no_more_than_the_longest_duration_may_remain(timer: Timer) -> None:
    most = MAX_DURATION - HOUR
    assert extend(timer, most, now=NOW, policy=OF_30_DAYS).remaining(NOW) == MAX_DURATION

    with pytest.raises(TooMuchTime) as caught:
        extend(timer, most + MICROSECOND, now=NOW, policy=OF_30_DAYS)

    assert caught.value.wanted == MAX_DURATION + MICROSECOND


@pytest.mark.parametrize("timer", OVER)
def test_a_revived_timer_may_get_the_longest_duration(timer: Timer) -> None:
    assert extend(timer, MAX_DURATION, now=NOW, policy=OF_30_DAYS).remaining(NOW) == MAX_DURATION
    with pytest.raises(TooMuchTime):
        extend(timer, MAX_DURATION + MICROSECOND, now=NOW, policy=OF_30_DAYS)


def test_reducing_a_running_timer_takes_from_its_end_and_disarms_what_passed() -> None:
    after = reduce(RUNNING, 50 * MINUTE, now=NOW, policy=POLICY)

    assert after == changed(RUNNING, Running(NOW + 10 * MINUTE, (MINUTE,)))


def test_reducing_a_paused_timer_takes_from_what_remains() -> None:
    after = reduce(PAUSED, HOUR - MICROSECOND, now=NOW, policy=POLICY)

    assert after == changed(PAUSED, Paused(MICROSECOND, since=BORN))


def test_a_running_timer_reduced_to_a_microsecond_still_runs() -> None:
    after = reduce(RUNNING, HOUR - MICROSECOND, now=NOW, policy=POLICY)

    assert after == changed(RUNNING, Running(NOW + MICROSECOND, ()))


@pytest.mark.parametrize("amount", [HOUR, HOUR + MICROSECOND, MAX_DURATION])
@pytest.mark.parametrize("timer", [RUNNING, PAUSED])
def test_reducing_to_zero_or_below_ends_now(timer: Timer, amount: timedelta) -> None:
    after = reduce(timer, amount, now=NOW, policy=POLICY)

    assert after == changed(timer, Ending(since=NOW, next_attempt_at=NOW))


@pytest.mark.parametrize("timer", OVER)
def test_nothing_can_be_taken_from_a_timer_whose_time_is_up(timer: Timer) -> None:
    with pytest.raises(TimeIsUp) as caught:
        reduce(timer, SECOND, now=NOW, policy=POLICY)

    assert caught.value.timer == timer


@pytest.mark.parametrize("before_end", [MICROSECOND, HOUR])
def test_pausing_freezes_what_remains_to_the_microsecond(before_end: timedelta) -> None:
    timer = replace(STORED, state=Running(NOW + before_end, ()))

    assert pause(timer, now=NOW) == changed(timer, Paused(before_end, since=NOW))


@pytest.mark.parametrize("timer", OVER)
def test_a_timer_whose_time_is_up_cannot_be_paused(timer: Timer) -> None:
    with pytest.raises(TimeIsUp):
        pause(timer, now=NOW)


def test_a_paused_timer_cannot_be_paused_again() -> None:
    with pytest.raises(AlreadyPaused) as caught:
        pause(PAUSED, now=NOW)

    assert caught.value.timer == PAUSED


def test_resuming_goes_on_from_what_remained() -> None:
    after = resume(PAUSED, now=NOW, policy=POLICY)

    assert after == changed(PAUSED, Running(NOW + HOUR, (10 * MINUTE, MINUTE)))


def test_resuming_with_half_an_hour_left_does_not_repeat_the_sixty_minute_warning() -> None:
    timer = replace(PAUSED, state=Paused(30 * MINUTE, since=BORN))

    assert resume(timer, now=NOW, policy=POLICY).due_at == NOW + 20 * MINUTE


@pytest.mark.parametrize("timer", [RUNNING, *OVER])
def test_only_a_paused_timer_can_be_resumed(timer: Timer) -> None:
    with pytest.raises(NotPaused) as caught:
        resume(timer, now=NOW, policy=POLICY)

    assert caught.value.timer == timer


@pytest.mark.parametrize("timer", [RUNNING, PAUSED])
def test_ending_a_timer_ends_it_now(timer: Timer) -> None:
    assert end(timer, now=NOW) == changed(timer, Ending(since=NOW, next_attempt_at=NOW))


def test_a_timer_that_ran_out_ended_when_its_time_was_up() -> None:
    assert end(OVERDUE, now=NOW) == changed(OVERDUE, Ending(since=NOW - MINUTE, next_attempt_at=NOW, by_itself=True))


def test_ending_an_ending_timer_keeps_its_history_of_attempts() -> None:
    assert end(ENDING, now=NOW) == changed(ENDING, replace(STUCK, next_attempt_at=NOW))


@pytest.mark.parametrize("timer", EVERY)
def test_the_first_attempt_may_be_left_to_somebody_for_a_while(timer: Timer) -> None:
    after = end(timer, now=NOW, first_attempt=30 * SECOND)

    assert after.due_at == NOW + 30 * SECOND
    assert after.is_over(NOW)


TRANSITIONS: list[Callable[[Timer], Timer]] = [
    lambda timer: extend(timer, HOUR, now=NOW, policy=POLICY),
    lambda timer: reduce(timer, MINUTE, now=NOW, policy=POLICY),
    lambda timer: pause(timer, now=NOW),
    lambda timer: resume(timer, now=NOW, policy=POLICY),
    lambda timer: end(timer, now=NOW),
]
ALLOWED = [
    (RUNNING, "extend reduce pause end"),
    (OVERDUE, "extend end"),
    (OVERDUE_NOW, "extend end"),
    (PAUSED, "extend reduce resume end"),
    (ENDING, "extend end"),
]


@pytest.mark.parametrize(("timer", "allowed"), ALLOWED)
def test_each_state_allows_its_transitions_and_no_others(timer: Timer, allowed: str) -> None:
    possible = []
    for name, transition in zip(["extend", "reduce", "pause", "resume", "end"], TRANSITIONS, strict=True):
        try:
            after = transition(timer)
        except (AlreadyPaused, NotPaused, TimeIsUp):
            continue
        possible.append(name)
        assert (after.key, after.channel, after.created_at, after.version) == (timer.key, CHANNEL, BORN, 9)
        assert after.updated_at == NOW

    assert " ".join(possible) == allowed

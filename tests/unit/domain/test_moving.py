"""What remains to one member, given to another."""

from dataclasses import replace

import pytest
from hypothesis import given

from boostmon.domain.moving import received
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Paused, TimeIsUp, Timer, TooMuchTime
from boostmon.domain.transitions import end, pause
from tests.support.strategies import PROPERTY, timers_with_policy
from tests.support.timers import ALICE, CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, POLICY, running

TO = replace(KEY, user=type(ALICE)(ALICE + 1))
LATER = NOW + MINUTE


def test_who_has_no_timer_gets_this_one_with_its_end_and_its_channel() -> None:
    got = received(running(2 * HOUR, channel=CHANNEL), TO, None, now=LATER, policy=POLICY)

    assert got == replace(running(2 * HOUR - MINUTE, at=LATER, of=TO, channel=CHANNEL))


@pytest.mark.parametrize("until", [None, NOW + DAY])
def test_a_pause_goes_on_with_the_receiver(until: object) -> None:
    paused = pause(running(HOUR), now=NOW, until=None if until is None else NOW + DAY)

    assert received(paused, TO, None, now=LATER, policy=POLICY).state == paused.state


def test_who_has_a_timer_gets_the_time_added_and_keeps_their_channel() -> None:
    there = running(DAY, of=TO, channel=CHANNEL).stored_as(3)

    got = received(running(HOUR), TO, there, now=NOW, policy=POLICY)

    assert (got.key, got.channel, got.version) == (TO, CHANNEL, 3)
    assert got.remaining(NOW) == DAY + HOUR


def test_who_has_a_paused_timer_gets_frozen_time() -> None:
    there = pause(running(DAY, of=TO), now=NOW)

    assert received(running(HOUR), TO, there, now=LATER, policy=POLICY).state == Paused(DAY + HOUR - MINUTE, NOW)


def test_a_timer_whose_time_is_up_is_replaced() -> None:
    there = end(running(HOUR, of=TO, channel=CHANNEL), now=NOW).stored_as(3)

    got = received(running(HOUR), TO, there, now=NOW, policy=POLICY)

    assert (got.state, got.channel, got.version) == (running(HOUR).state, None, 3)


def test_nothing_remains_of_a_timer_whose_time_is_up() -> None:
    with pytest.raises(TimeIsUp):
        received(running(HOUR), TO, None, now=NOW + HOUR, policy=POLICY)


def test_nobody_gets_more_than_there_may_be() -> None:
    with pytest.raises(TooMuchTime):
        received(running(3000 * DAY), TO, running(3000 * DAY, of=TO), now=NOW, policy=POLICY)


@PROPERTY
@given(timers_with_policy())
def test_nothing_is_lost(timed: tuple[Timer, Policy]) -> None:
    timer, policy = timed
    if not timer.is_over(NOW):
        assert received(timer, TO, None, now=NOW, policy=policy).remaining(NOW) == timer.remaining(NOW)

"""A second `/settime`, by each rule, on a timer in each state."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import When
from boostmon.domain.ids import ChannelId
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.stacking import Stacked, set_again
from boostmon.domain.timers import Paused, Running, Timer, TimerThere, TooMuchTime
from boostmon.domain.transitions import end, extend, pause, start
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, SECOND, TEN_YEARS, running

OTHER = ChannelId(CHANNEL + 1)
LATER = NOW + MINUTE
OVER = {
    "ending": end(running(DAY), now=NOW),
    "up a moment ago": running(MINUTE),
}


def by(stacking: Stacking) -> Policy:
    return Policy(stacking=stacking)


def again(
    stacking: Stacking, before: Timer | None, when: When, *, at: datetime = NOW, channel: ChannelId | None = None
) -> Stacked:
    return set_again(KEY, when, now=at, policy=by(stacking), before=before, channel=channel)


@pytest.mark.parametrize("stacking", Stacking)
def test_the_first_time_it_starts_a_timer_whatever_the_rule(stacking: Stacking) -> None:
    assert again(stacking, None, DAY, channel=CHANNEL) == Stacked(running(DAY, channel=CHANNEL), None)


@pytest.mark.parametrize("stacking", Stacking)
@pytest.mark.parametrize("before", OVER.values(), ids=OVER)
def test_of_a_timer_whose_time_is_up_nothing_is_kept(before: Timer, stacking: Stacking) -> None:
    stacked = again(stacking, before, HOUR, at=LATER)

    assert stacked == Stacked(start(KEY, HOUR, now=LATER, policy=Policy(), replaces=before), None)


@pytest.mark.parametrize("when", [HOUR, 9 * DAY, NOW + HOUR, NOW + 9 * DAY], ids=str)
def test_replacing_takes_no_account_of_what_was_left(when: timedelta | datetime) -> None:
    before = running(3 * DAY, channel=CHANNEL)

    timer, rule = again(Stacking.REPLACE, before, when, at=LATER)

    end = when if isinstance(when, datetime) else LATER + when
    assert (timer, rule) == (
        start(KEY, end - LATER, now=LATER, policy=Policy(), replaces=before),
        Stacking.REPLACE,
    )
    assert timer.channel is None


@pytest.mark.parametrize("before", [running(3 * DAY), pause(running(3 * DAY), now=NOW)], ids=["running", "paused"])
def test_extending_adds_to_what_is_left(before: Timer) -> None:
    timer, rule = again(Stacking.EXTEND, before, HOUR, at=LATER)

    assert (timer, rule) == (extend(before, HOUR, now=LATER, policy=Policy()), Stacking.EXTEND)
    assert timer.remaining(LATER) == before.remaining(LATER) + HOUR
    assert isinstance(timer.state, Paused) == isinstance(before.state, Paused)


def test_extending_stops_at_the_longest_of_all() -> None:
    with pytest.raises(TooMuchTime):
        again(Stacking.EXTEND, running(TEN_YEARS), SECOND)


@pytest.mark.parametrize("stacking", [Stacking.EXTEND, Stacking.KEEP_LONGER])
@pytest.mark.parametrize("before", [running(3 * DAY), pause(running(3 * DAY), now=NOW)], ids=["running", "paused"])
def test_of_two_ends_the_later_one_counts(before: Timer, stacking: Stacking) -> None:
    sooner = again(stacking, before, NOW + 3 * DAY)
    later = again(stacking, before, NOW + 3 * DAY + SECOND)

    assert sooner == Stacked(before.in_state(before.state, at=NOW), Stacking.KEEP_LONGER)
    assert later.by is Stacking.REPLACE
    assert isinstance(later.timer.state, Running)
    assert later.timer.state.ends_at == NOW + 3 * DAY + SECOND


def test_of_two_lengths_the_one_that_ends_later_counts() -> None:
    before = running(3 * DAY)

    assert again(Stacking.KEEP_LONGER, before, 3 * DAY - MINUTE, at=LATER).timer.state == before.state
    longer = again(Stacking.KEEP_LONGER, before, 3 * DAY, at=LATER)
    assert longer == Stacked(start(KEY, 3 * DAY, now=LATER, policy=Policy(), replaces=before), Stacking.REPLACE)


@pytest.mark.parametrize("before", [running(3 * DAY), pause(running(3 * DAY), now=NOW)], ids=["running", "paused"])
def test_refusing_leaves_a_timer_that_has_time_left(before: Timer) -> None:
    with pytest.raises(TimerThere) as refused:
        again(Stacking.REFUSE, before, 9 * DAY)
    assert refused.value.timer == before


@pytest.mark.parametrize(
    ("stacking", "when"),
    [(Stacking.EXTEND, HOUR), (Stacking.EXTEND, NOW + HOUR), (Stacking.KEEP_LONGER, HOUR)],
    ids=["extended", "moment", "kept"],
)
def test_a_timer_that_goes_on_keeps_its_channel_unless_another_is_named(stacking: Stacking, when: When) -> None:
    before = running(3 * DAY, channel=CHANNEL)

    assert again(stacking, before, when).timer.channel == CHANNEL
    assert again(stacking, before, when, channel=OTHER).timer.channel == OTHER


@given(
    stacking=st.sampled_from([Stacking.EXTEND, Stacking.KEEP_LONGER]),
    left=st.timedeltas(SECOND, 100 * DAY),
    wanted=st.timedeltas(SECOND, 100 * DAY),
    is_moment=st.booleans(),
    is_paused=st.booleans(),
)
def test_neither_extending_nor_keeping_the_longer_ever_takes_time(
    *, stacking: Stacking, left: timedelta, wanted: timedelta, is_moment: bool, is_paused: bool
) -> None:
    before = replace(running(left), version=7)
    before = pause(before, now=NOW) if is_paused else before

    timer, _ = again(stacking, before, NOW + wanted if is_moment else wanted)

    assert timer.remaining(NOW) >= max(left, wanted)
    assert timer.version == 7

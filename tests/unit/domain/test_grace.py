"""A second phase: time is up, and the member keeps the role for a while."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from boostmon.domain.beginning import begun
from boostmon.domain.decisions import Advance, Lapse, Remove, Wait, decide
from boostmon.domain.durations import Span
from boostmon.domain.ids import RoleId
from boostmon.domain.moving import received
from boostmon.domain.notices import GraceNotice
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.replanning import replan
from boostmon.domain.rule_values import read_grace
from boostmon.domain.rules import RoleRule
from boostmon.domain.ruling import LONGEST_GRACE, GraceOutOfBounds, InvalidRule, checked_rule
from boostmon.domain.stacking import set_again
from boostmon.domain.timers import Ending, Grace, NotPaused, Running, StillOver, TimeIsUp, Timer, lapsed
from boostmon.domain.transitions import end, extend, pause, reduce, resume, start, went_on
from boostmon.domain.undoing import restored
from tests.support.timers import (
    CHANNEL,
    DAY,
    HOUR,
    KEY,
    MINUTE,
    NOW,
    POLICY,
    SECOND,
    VIP,
    anchored,
    key,
    running,
    waiting,
)

RULED = Policy(rules={VIP: RoleRule(VIP, grace=3 * DAY)})
TIMER = start(KEY, DAY, now=NOW, policy=RULED, channel=CHANNEL)
UP = NOW + DAY
KEPT = replace(TIMER, state=Grace(UP, UP + 3 * DAY))


def test_a_timer_that_starts_or_goes_on_has_the_grace_of_its_role() -> None:
    paused = pause(TIMER, now=NOW, until=NOW + HOUR)
    for timer in (
        TIMER,
        extend(TIMER, DAY, now=NOW, policy=RULED),
        reduce(TIMER, HOUR, now=NOW, policy=RULED),
        resume(paused, now=NOW, policy=RULED),
        went_on(paused, now=NOW + HOUR, policy=RULED),
        replan(running(DAY), RULED, NOW),
        restored(running(DAY), None, now=NOW, policy=RULED),
        begun(waiting(DAY), now=NOW + DAY, policy=RULED),
    ):
        assert isinstance(timer.state, Running)
        assert timer.state.grace == 3 * DAY
    for timer in (start(key(), DAY, now=NOW, policy=RULED), replan(TIMER, Policy(), NOW)):
        assert isinstance(timer.state, Running)
        assert timer.state.grace is None


def test_when_time_is_up_the_member_is_told_and_keeps_the_role() -> None:
    notice = GraceNotice(KEY, CHANNEL, grace=3 * DAY, until=UP + 3 * DAY)

    assert decide(TIMER, POLICY, UP) == Lapse(KEPT, notice)
    assert decide(TIMER, POLICY, UP + DAY) == Lapse(KEPT, notice)
    assert (notice.ended_at, notice.due_at, notice.stale_at) == (UP, UP, UP + 3 * DAY)


def test_after_it_the_role_goes_as_of_then() -> None:
    until = UP + 3 * DAY

    assert KEPT.due_at == until
    assert decide(KEPT, POLICY, until - SECOND) == Wait(until)
    for timer in (KEPT, TIMER):
        for late in (timedelta(), DAY):
            decision = decide(timer, POLICY, until + late)
            assert isinstance(decision, Remove)
            assert decision.timer.state == Ending(until, until + late, by_itself=True)
    assert end(KEPT, now=UP + HOUR).state == Ending(UP + HOUR, UP + HOUR)
    assert end(TIMER, now=UP + HOUR).state == Ending(UP + HOUR, UP + HOUR)
    assert end(TIMER, now=NOW).state == Ending(NOW, NOW)


def test_warnings_before_keep_it() -> None:
    decision = decide(TIMER, RULED, UP - HOUR)

    assert isinstance(decision, Advance)
    assert lapsed(decision.timer, now=UP).state == KEPT.state


def test_time_is_up_and_the_role_is_the_members() -> None:
    for timer in (KEPT, TIMER):
        assert timer.is_over(UP)
        assert timer.goes_on(UP + 3 * DAY - SECOND)
        assert timer.misses_role(frozenset(), UP)
        assert not timer.misses_role({VIP}, UP)
        assert not timer.goes_on(UP + 3 * DAY)
        assert not timer.misses_role(frozenset(), UP + 3 * DAY)
    assert (KEPT.ends_at, KEPT.remaining(UP)) == (None, timedelta())
    assert not running(DAY).goes_on(UP)
    assert not end(running(DAY), now=NOW).goes_on(NOW)
    assert pause(running(DAY), now=NOW).goes_on(UP)


@pytest.mark.parametrize("timer", [KEPT, TIMER], ids=["seen by a sweep", "not seen yet"])
def test_a_renewal_counts_from_the_old_end(timer: Timer) -> None:
    renewed = extend(timer, 2 * DAY, now=UP + DAY, policy=RULED)

    assert renewed.ends_at == UP + 2 * DAY
    assert isinstance(renewed.state, Running)
    assert renewed.state.grace == 3 * DAY
    with pytest.raises(StillOver) as refused:
        extend(timer, DAY, now=UP + DAY, policy=RULED)
    assert refused.value.end == UP + DAY
    assert isinstance(refused.value.timer.state, Grace)
    assert extend(timer, UP + 2 * DAY, now=UP + DAY, policy=RULED).ends_at == UP + 2 * DAY


def test_months_go_on_from_the_day_of_the_old_end() -> None:
    up = datetime(2027, 2, 28, 12, tzinfo=UTC)
    kept = replace(anchored(31), state=Grace(up, up + 3 * DAY, 31))

    assert extend(kept, Span(1), now=up + DAY, policy=RULED).ends_at == datetime(2027, 3, 31, 12, tzinfo=UTC)
    assert lapsed(replace(kept, state=Running(up, (), 31, DAY)), now=up).state == Grace(up, up + DAY, 31)


def test_once_it_is_over_a_timer_counts_from_now_as_any_that_is_over() -> None:
    now = UP + 4 * DAY
    assert extend(end(KEPT, now=now), DAY, now=now, policy=RULED).ends_at == now + DAY
    assert extend(TIMER, DAY, now=now, policy=RULED).ends_at == now + DAY


@pytest.mark.parametrize("timer", [KEPT, TIMER], ids=["seen by a sweep", "not seen yet"])
def test_nothing_remains_to_be_taken_paused_or_moved(timer: Timer) -> None:
    with pytest.raises(TimeIsUp) as taken:
        reduce(timer, HOUR, now=UP, policy=RULED)
    with pytest.raises(TimeIsUp) as paused:
        pause(timer, now=UP)
    with pytest.raises(TimeIsUp) as moved:
        received(timer, key(7), None, now=UP, policy=RULED)
    assert {error.value.timer.state for error in (taken, paused, moved)} == {KEPT.state}
    with pytest.raises(NotPaused):
        resume(timer, now=UP, policy=RULED)


@pytest.mark.parametrize("stacking", Stacking)
def test_a_second_settime_counts_from_now(stacking: Stacking) -> None:
    after, by = set_again(KEY, DAY, now=UP + HOUR, policy=replace(RULED, stacking=stacking), before=KEPT)

    assert (after.ends_at, by) == (UP + HOUR + DAY, None)


def test_what_is_undone_is_kept_again() -> None:
    again = restored(KEPT, None, now=UP + HOUR, policy=RULED)
    assert (again.state, again.updated_at) == (KEPT.state, UP + HOUR)


def test_one_that_was_announced_stays_when_the_rule_changes() -> None:
    assert replan(KEPT, Policy(), UP) == KEPT
    assert replan(TIMER, Policy(), UP) == TIMER


@pytest.mark.parametrize("grace", [MINUTE - SECOND, LONGEST_GRACE + SECOND])
def test_a_rule_has_no_grace_beyond_the_bounds(grace: timedelta) -> None:
    with pytest.raises(InvalidRule) as refused:
        checked_rule(RoleRule(VIP, grace=grace), Policy())
    assert refused.value.problem == GraceOutOfBounds(grace)
    for allowed in (MINUTE, LONGEST_GRACE):
        assert checked_rule(RoleRule(VIP, grace=allowed), Policy()) == RoleRule(VIP, grace=allowed)


@pytest.mark.parametrize(("text", "grace"), [("3d", 3 * DAY), ("none", None), ("default", None), ("keine", None)])
def test_it_is_read_as_it_is_written(text: str, grace: timedelta | None) -> None:
    assert read_grace(text, None) == grace


def test_only_roles_with_a_rule_have_one() -> None:
    assert (RULED.grace(VIP), RULED.grace(RoleId(VIP + 1)), Policy().grace(VIP)) == (3 * DAY, None, None)

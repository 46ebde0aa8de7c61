"""Roles on which each member gets one timer: by command, and given by hand."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Target
from boostmon.app.changing.granting import GrantRefused
from boostmon.domain.ids import RequestId, UserId
from boostmon.domain.limits import HadBefore
from boostmon.domain.notices import EndedNotice, GivenAgainNotice
from boostmon.domain.policy import Stacking
from boostmon.domain.role_events import RoleEvent, RoleGiven, RoleTaken
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Obstacle
from tests.support.stage import GOLD_KEY, VIEW, Point, Stage
from tests.support.timers import ALICE, CHANNEL, DAY, GUILD, HOUR, KEY, MINUTE, NOW, VIP, asked

BOB = UserId(5)
BOBS = replace(KEY, user=BOB)
TRIAL = RoleRule(VIP, starts=True, once=True, duration=2 * HOUR)


@pytest.fixture(name="stage")
def stage_with_trials(stage: Stage) -> Stage:
    decide(stage, TRIAL)
    stage.policies.change(GUILD, lambda before: replace(before, log_channel=CHANNEL), asked=asked())
    return stage


def decide(stage: Stage, rule: RoleRule) -> None:
    stage.policies.change_rule(GUILD, VIP, lambda _: rule, asked=asked())


def set_time(stage: Stage, minutes: float = 0, request: int | None = None) -> object:
    when = asked(NOW + minutes * MINUTE, request=request)
    return stage.set_time(KEY, HOUR, asked=when, view=VIEW)


def add_time(stage: Stage, minutes: float = 0) -> object:
    return stage.add_time(Target(GUILD, ALICE, VIP), HOUR, asked=asked(NOW + minutes * MINUTE), view=VIEW)


def move_time(stage: Stage, minutes: float = 0) -> object:
    when = asked(NOW + minutes * MINUTE)
    stage.set_time(BOBS, HOUR, asked=when, view=VIEW)
    return stage.move_time(Target(GUILD, BOB, VIP), ALICE, asked=when, view=VIEW)


def run_out(stage: Stage, after: timedelta = DAY) -> None:
    stage.clock.advance(after)
    assert stage.sweep().ended
    assert stage.of() is None


def given(minutes: float, entry: int = 1) -> RoleGiven:
    return RoleGiven(KEY, BOB, RequestId(entry), NOW + minutes * MINUTE)


def hand(stage: Stage, minutes: float, entry: int = 1, *, read_later: bool = False) -> Sequence[RoleEvent]:
    stage.roles.give(KEY)
    stage.clock.advance(max(NOW + minutes * MINUTE - stage.clock.now(), timedelta(0)))
    return stage.follow_roles([given(minutes, entry)], read_later=read_later)


@pytest.mark.parametrize("give", [set_time, add_time, move_time])
def test_a_second_timer_is_refused_with_the_day_of_the_first(
    stage: Stage, give: Callable[[Stage, float], object]
) -> None:
    set_time(stage)
    run_out(stage)
    actions = stage.actions

    with pytest.raises(HadBefore) as refused:
        give(stage, 1500)

    assert (refused.value.key, refused.value.began) == (KEY, NOW)
    assert stage.of() is None
    assert KEY not in stage.roles.held
    assert [action for action in stage.actions[len(actions) :] if action != "set"] == []


@pytest.mark.parametrize("give", [set_time, add_time])
def test_the_first_one_is_given_and_may_be_changed_while_it_runs(
    stage: Stage, give: Callable[[Stage, float], object]
) -> None:
    for minutes in (0, 1):
        give(stage, minutes)

    assert stage.of() is not None


def test_one_whose_time_is_up_is_lengthened_by_whom_wants_that_and_not_set_anew(stage: Stage) -> None:
    set_time(stage)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)
    stage.clock.advance(2 * HOUR)
    assert stage.sweep().failed == 1

    with pytest.raises(HadBefore):
        set_time(stage, 121)

    stage.roles.clear_way(GUILD)
    add_time(stage, 121)
    timer = stage.of()
    assert timer is not None
    assert not timer.is_over(NOW + 122 * MINUTE)


def test_other_roles_and_other_members_are_not_asked_about(stage: Stage) -> None:
    for key in (KEY, BOBS, GOLD_KEY, GOLD_KEY):
        stage.set_time(key, HOUR, asked=asked(), view=VIEW)

    assert stage.of(GOLD_KEY) is not None


def test_what_was_undone_or_refused_by_discord_was_not_had(stage: Stage) -> None:
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)
    with pytest.raises(GrantRefused):
        set_time(stage)
    stage.roles.clear_way(GUILD)
    set_time(stage, 1, request=7)
    stage.undo(RequestId(7), asked=asked(NOW + 2 * MINUTE), view=VIEW)
    run_out(stage, 3 * MINUTE)

    set_time(stage, 3)

    assert stage.of() is not None


def test_of_two_at_once_the_later_one_changes_the_timer_of_the_first(stage: Stage) -> None:
    stage.policies.change(GUILD, lambda before: replace(before, stacking=Stacking.EXTEND), asked=asked())
    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: set_time(stage))

    set_time(stage)

    timer = stage.of()
    assert timer is not None
    assert timer.remaining(NOW) == 2 * HOUR


def test_a_trial_that_came_and_went_before_the_second_try_is_seen(stage: Stage) -> None:
    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: set_time(stage))
    # The first is another's, the second that of the first try.
    stage.interruptions.plan(Point.BEFORE_BASIS, lambda: None)
    stage.interruptions.plan(Point.BEFORE_BASIS, lambda: None)
    stage.interruptions.plan(Point.BEFORE_BASIS, lambda: run_out(stage))

    with pytest.raises(HadBefore):
        set_time(stage)


def test_whoever_is_given_the_role_again_loses_it_and_the_log_channel_hears_of_it(stage: Stage) -> None:
    hand(stage, 0)
    assert stage.actions == ["started"]
    run_out(stage)
    stage.store.notices.clear()

    hand(stage, 1500, entry=2)

    entry = stage.ledger[-1]
    assert (entry.action, entry.actor, entry.before, entry.request) == ("given_again", BOB, None, 2)
    assert stage.owed == [GivenAgainNotice(KEY, BOB, NOW + 1500 * MINUTE)]
    assert stage.delivery_alarm.rings == 1
    assert stage.sweep().ended == 1
    assert (stage.of(), stage.roles.held) == (None, frozenset())
    assert stage.owed[1:] == [EndedNotice(KEY, None, ended_at=NOW + 1500 * MINUTE)]


def test_without_a_log_channel_it_goes_all_the_same(stage: Stage) -> None:
    stage.policies.change(GUILD, lambda before: replace(before, log_channel=None), asked=asked(request=9))
    set_time(stage)
    run_out(stage)
    stage.store.notices.clear()

    hand(stage, 1500)

    assert stage.actions[-1] == "given_again"
    assert stage.owed == []


def test_who_leaves_and_returns_while_it_runs_goes_on_with_the_same(stage: Stage) -> None:
    hand(stage, 0)

    hand(stage, 60, entry=2)

    timer = stage.of()
    assert timer is not None
    assert timer.ends_at == NOW + 2 * HOUR
    assert stage.actions == ["started"]


def test_one_that_was_taken_by_hand_does_not_begin_anew(stage: Stage) -> None:
    hand(stage, 0)
    stage.follow_roles([RoleTaken(KEY, BOB, RequestId(2), NOW + MINUTE)])

    hand(stage, 2, entry=3)

    assert stage.actions == ["started", "taken", "given_again"]


def test_the_same_event_again_takes_nothing_whenever_it_is_read(stage: Stage) -> None:
    hand(stage, 0)
    stage.follow_roles([given(0)])
    run_out(stage)
    actions = stage.actions

    stage.follow_roles([given(0)])
    hand(stage, -1, entry=2, read_later=True)

    assert stage.actions == actions
    assert stage.of() is None


def test_the_second_of_two_processes_that_hear_the_same_event_takes_nothing(stage: Stage) -> None:
    stage.roles.give(KEY)
    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: stage.follow_roles([given(0)]))

    stage.follow_roles([given(0)])

    assert stage.actions == ["started"]
    assert stage.roles.held == {KEY}


def test_a_role_given_while_it_is_being_taken_goes_all_the_same(stage: Stage) -> None:
    hand(stage, 0)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)
    stage.clock.advance(3 * HOUR)
    assert stage.sweep().failed == 1
    stage.roles.clear_way(GUILD)

    hand(stage, 240, entry=2)

    assert stage.actions[-1] == "given_again"
    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()


def test_without_the_rule_it_starts_again_each_time(stage: Stage) -> None:
    decide(stage, replace(TRIAL, once=False))
    hand(stage, 0)
    run_out(stage)

    hand(stage, 1500, entry=2)

    assert stage.actions[-1] == "started"


def test_a_role_whose_timers_do_not_start_by_themselves_may_be_given_by_hand(stage: Stage) -> None:
    decide(stage, RoleRule(VIP, once=True))
    set_time(stage)
    run_out(stage)
    actions = stage.actions

    hand(stage, 1500)

    assert stage.actions == actions
    assert stage.roles.held == {KEY}

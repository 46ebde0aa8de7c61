"""Timers that begin later, from the command to the sweep that gives the role, and what may come between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Changed, Note, Target
from boostmon.app.commands.undo import BegunSince
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import AuditReason, Cause
from boostmon.app.sweeping.beginning import BEGINNINGS_AT_ONCE
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.beginning import begun
from boostmon.domain.details import Confirmed, NothingThere, Obstructed
from boostmon.domain.durations import When
from boostmon.domain.ids import ChannelId, RequestId
from boostmon.domain.ledger import Action
from boostmon.domain.notices import BlockedNotice, ResolvedNotice
from boostmon.domain.outcomes import Gone, Held, Retry
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.timers import BegunAlready, Ending, NotBegun, Obstacle, Running, Timer, Waiting
from boostmon.domain.transitions import end
from tests.support.stage import GOLD_KEY, VIEW, Point, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, NOW, POLICY, SECOND, VIP, asked, key, waiting

TARGET = Target(GUILD, ALICE, VIP)
START = NOW + DAY
REQUEST = 77


def set_later(stage: Stage, length: timedelta = HOUR, starts: When = DAY, *, request: int | None = REQUEST) -> Changed:
    return stage.set_time(KEY, length, asked=asked(stage.clock.now(), request), view=VIEW, starts=starts)


def state_of(stage: Stage) -> Waiting:
    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Waiting)
    return timer.state


@pytest.mark.parametrize("starts", [DAY, START])
def test_nothing_is_given_before_the_time_has_come(stage: Stage, starts: When) -> None:
    changed = set_later(stage, starts=starts)

    assert changed.after == stage.of()
    assert state_of(stage) == Waiting(START, START + HOUR, START)
    assert stage.sweep() == Swept(next_due=START)
    assert (stage.roles.acts, stage.alarm.rings) == ((), 1)


def test_the_sweep_gives_the_role_and_the_timer_runs(stage: Stage) -> None:
    set_later(stage, 2 * HOUR)
    stage.clock.advance(DAY + SECOND)

    assert stage.sweep() == Swept(next_due=START + HOUR, began=1)

    timer = stage.of()
    assert timer is not None
    assert timer.state == Running(START + 2 * HOUR, POLICY.thresholds)
    assert timer.grant_open_until is None
    [act] = stage.roles.acts
    assert (act.kind, act.key, act.reason) == ("grant", KEY, AuditReason(Cause.BEGINS))
    assert stage.actions == ["set", "began"]
    assert (stage.ledger[-1].actor, stage.ledger[-1].detail) == (None, Confirmed())
    stage.clock.advance(2 * HOUR)
    assert stage.sweep().ended == 1
    assert KEY not in stage.roles.held


def test_after_an_outage_the_member_has_the_role_for_as_long(stage: Stage) -> None:
    set_later(stage, 2 * HOUR)
    stage.clock.advance(3 * DAY)

    stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert timer.ends_at == NOW + 3 * DAY + 2 * HOUR


def test_many_begin_at_once(stage: Stage) -> None:
    number = 2 * BEGINNINGS_AT_ONCE + 1
    for user in range(1, number + 1):
        stage.put(waiting(HOUR, of=key(user)), held=False)
    stage.clock.advance(DAY)

    assert stage.sweep().began == number
    assert len(stage.roles.held) == number


def test_roles_are_taken_before_others_are_given(stage: Stage) -> None:
    stage.put(waiting(HOUR, MINUTE), held=False)
    stage.have(2 * MINUTE, GOLD_KEY)
    stage.clock.advance(2 * MINUTE)

    stage.sweep()

    assert [act.kind for act in stage.roles.acts] == ["remove", "grant"]


def test_a_limit_puts_it_off_and_is_no_failure(stage: Stage) -> None:
    set_later(stage)
    stage.clock.advance(DAY)
    stage.roles.fail_next(Held("limit", 5 * SECOND))

    assert stage.sweep() == Swept(next_due=START + 5 * SECOND, held=1)

    assert stage.actions == ["set"]
    timer = stage.of()
    assert timer is not None
    assert timer.is_untouched


def test_what_fails_is_tried_again_and_told_of_once(stage: Stage) -> None:
    set_later(stage)
    stage.clock.advance(DAY)
    for _ in range(2):
        stage.roles.fail_next(Retry("503"))
        assert stage.sweep().failed == 1
        stage.clock.advance(10 * SECOND)

    assert stage.actions == ["set", "giving_failed"]
    assert state_of(stage).attempts == 2
    assert stage.sweep().began == 1


def test_the_log_channel_hears_once_what_is_in_the_way_and_when_it_is_gone(stage: Stage) -> None:
    stage.store.policies[GUILD] = Policy(log_channel=ChannelId(6))
    set_later(stage)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS, VIP)
    stage.clock.advance(DAY)
    assert stage.sweep().failed == 1
    stage.clock.advance(HOUR)
    assert stage.sweep().failed == 1

    assert stage.owed == [BlockedNotice(KEY, Obstacle.MISSING_PERMISSIONS, START, gives=True)]
    assert stage.actions == ["set", "giving_failed"]
    assert isinstance(stage.ledger[-1].detail, Obstructed)
    stage.roles.clear_way(GUILD, VIP)
    assert stage.unblock(GUILD, VIEW.bot, VIEW.roles) == 1
    assert stage.sweep().began == 1
    assert not [one for one in stage.owed if isinstance(one, ResolvedNotice)]


@pytest.mark.parametrize("what", Gone)
def test_for_a_member_who_left_or_with_a_deleted_role_it_never_begins(stage: Stage, what: Gone) -> None:
    set_later(stage)
    if what is Gone.MEMBER:
        stage.roles.member_leaves(GUILD, ALICE)
    else:
        stage.roles.delete_role(GUILD, VIP)
    stage.clock.advance(DAY)

    assert stage.sweep() == Swept()

    assert stage.of() is None
    assert stage.owed == []
    last = stage.ledger[-1]
    assert (last.action, last.after) == (Action.GIVING_FAILED, None)
    assert isinstance(last.detail, NothingThere)


def test_a_deleted_role_ends_it_at_once(stage: Stage) -> None:
    set_later(stage)
    stage.roles.delete_role(GUILD, VIP)

    assert stage.end_deleted_roles.deleted(GUILD, VIP, "VIP") == 1
    stage.sweep()

    assert stage.of() is None
    assert stage.owed == []


def test_a_process_that_dies_after_the_mark_leaves_a_timer_that_begins_all_the_same(stage: Stage) -> None:
    set_later(stage)
    stage.clock.advance(DAY)

    def die() -> None:
        raise StorageUnavailable("killed")

    stage.interruptions.plan(Point.BEFORE_SETTLE, die)
    with pytest.raises(StorageUnavailable):
        stage.sweep()
    assert KEY in stage.roles.held
    assert state_of(stage).attempts == 0
    stage.lease_seconds += 3600
    stage.clock.advance(MINUTE)

    assert stage.sweep().began == 1
    assert stage.actions == ["set", "began"]


def test_cancelled_before_it_begins_nothing_is_taken(stage: Stage) -> None:
    set_later(stage)
    stage.roles.give(KEY)

    cleared = stage.clear_time(TARGET, asked=asked(), view=VIEW)

    assert stage.of() is None
    assert cleared.changed.notes == (Note.CANCELLED,)
    assert KEY in stage.roles.held
    assert stage.roles.acts == ()


@pytest.mark.parametrize("point", [Point.AFTER_MARK, Point.AFTER_GRANT])
def test_cancelled_while_the_role_is_being_given_it_is_taken(stage: Stage, point: Point) -> None:
    set_later(stage)
    stage.clock.advance(DAY)
    stage.interruptions.plan(point, lambda: stage.clear_time(TARGET, asked=asked(stage.clock.now()), view=VIEW))

    assert stage.sweep().lost == 1

    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Ending)
    stage.clock.advance(MINUTE)
    assert stage.sweep().ended == 1
    assert KEY not in stage.roles.held
    assert stage.of() is None


def test_cancelled_between_claim_and_mark_nothing_is_given(stage: Stage) -> None:
    set_later(stage)
    stage.clock.advance(DAY)
    stage.interruptions.plan(
        Point.AFTER_CLAIM, lambda: stage.clear_time(TARGET, asked=asked(stage.clock.now()), view=VIEW)
    )

    assert stage.sweep().lost == 1
    assert stage.roles.acts == ()


def test_put_off_while_the_role_is_being_given_it_is_taken_again(stage: Stage) -> None:
    set_later(stage)
    stage.clock.advance(DAY)
    stage.interruptions.plan(Point.AFTER_GRANT, lambda: set_later(stage, request=78))

    assert stage.sweep().lost == 1

    assert state_of(stage).starts_at == START + DAY
    assert KEY not in stage.roles.held
    assert stage.roles.acts[-1].reason == AuditReason(Cause.NOT_YET)


def test_made_longer_while_the_role_is_being_given_it_begins_a_moment_later(stage: Stage) -> None:
    set_later(stage)
    stage.clock.advance(DAY)
    stage.interruptions.plan(
        Point.AFTER_MARK, lambda: stage.add_time(TARGET, HOUR, asked=asked(stage.clock.now()), view=VIEW)
    )

    swept = stage.sweep()

    assert (swept.lost, swept.began) == (1, 1)
    timer = stage.of()
    assert timer is not None
    assert timer.remaining(stage.clock.now()) == 2 * HOUR
    assert KEY in stage.roles.held


def test_set_again_without_a_start_it_begins_now_and_that_is_not_undone_by_a_press(stage: Stage) -> None:
    set_later(stage)

    changed = stage.set_time(KEY, 3 * HOUR, asked=asked(request=78), view=VIEW)

    assert changed.after is not None
    assert changed.after.remaining(NOW) == 3 * HOUR
    assert KEY in stage.roles.held
    with pytest.raises(BegunSince):
        stage.undo(RequestId(78), asked=asked(request=79), view=VIEW)


def test_what_runs_cannot_begin_later(stage: Stage) -> None:
    stage.have(HOUR)
    with pytest.raises(BegunAlready):
        set_later(stage)


def test_it_can_neither_be_paused_nor_resumed(stage: Stage) -> None:
    set_later(stage)
    with pytest.raises(NotBegun):
        stage.pause_time(TARGET, asked=asked(), view=VIEW)
    with pytest.raises(NotBegun):
        stage.resume_time(TARGET, asked=asked(), view=VIEW)


def test_more_time_gives_no_role_yet(stage: Stage) -> None:
    set_later(stage)
    stage.add_time(TARGET, HOUR, asked=asked(), view=VIEW, held=())
    stage.remove_time(TARGET, HOUR / 2, asked=asked(), view=VIEW)

    assert state_of(stage).length == 1.5 * HOUR
    assert stage.roles.acts == ()


def test_undone_it_is_gone_and_no_role_is_touched(stage: Stage) -> None:
    set_later(stage)
    undone = stage.undo(RequestId(REQUEST), asked=asked(request=78), view=VIEW)

    assert stage.of() is None
    assert undone.changed.notes == (Note.CANCELLED,)
    assert stage.roles.acts == ()


def test_undone_after_it_has_begun_the_role_is_taken(stage: Stage) -> None:
    set_later(stage, 2 * HOUR)
    stage.clock.advance(DAY)
    stage.sweep()

    stage.undo(RequestId(REQUEST), asked=asked(stage.clock.now(), request=78), view=VIEW)
    stage.sweep()

    assert KEY not in stage.roles.held


def test_cancelled_and_undone_it_waits_again(stage: Stage) -> None:
    set_later(stage)
    stage.clear_time(TARGET, asked=asked(request=78), view=VIEW)

    stage.undo(RequestId(78), asked=asked(request=79), view=VIEW)

    assert state_of(stage) == Waiting(START, START + HOUR, START)
    assert stage.roles.acts == ()


def test_what_changed_it_before_it_began_is_not_undone_once_it_runs_or_is_over(stage: Stage) -> None:
    set_later(stage)
    stage.add_time(TARGET, HOUR, asked=asked(request=78), view=VIEW)
    for _ in range(2):
        stage.clock.advance(DAY)
        stage.sweep()
        with pytest.raises(BegunSince):
            stage.undo(RequestId(78), asked=asked(stage.clock.now(), request=79), view=VIEW)


def test_what_changed_it_is_undone_while_it_waits(stage: Stage) -> None:
    set_later(stage)
    stage.add_time(TARGET, HOUR, asked=asked(request=78), view=VIEW)
    stage.undo(RequestId(78), asked=asked(request=79), view=VIEW)

    assert state_of(stage).length == HOUR
    assert stage.roles.acts == ()


def test_moved_it_waits_for_another(stage: Stage) -> None:
    set_later(stage)
    bob = replace(KEY, user=key(5).user)

    moved = stage.move_time(TARGET, bob.user, asked=asked(request=78), view=VIEW)

    assert moved.giver.after is None
    assert stage.of() is None
    there = stage.rows.get(bob)
    assert there is not None
    assert there.state == Waiting(START, START + HOUR, START)
    assert stage.roles.acts == ()
    stage.undo(RequestId(78), asked=asked(request=79), view=VIEW)
    assert stage.rows.get(bob) is None
    assert state_of(stage) == Waiting(START, START + HOUR, START)


def test_kept_as_it_lasts_longer_it_still_waits(stage: Stage) -> None:
    stage.store.policies[GUILD] = Policy(stacking=Stacking.KEEP_LONGER)
    set_later(stage, 2 * HOUR)

    changed = stage.set_time(KEY, HOUR, asked=asked(request=78), view=VIEW)

    assert changed.notes == (Note.LASTS_LONGER,)
    assert stage.roles.acts == ()
    assert state_of(stage).starts_at == START


def test_a_role_is_given_back_to_none_that_waits(stage: Stage) -> None:
    """A removal that lost its race against an undo: the timer begins when it begins."""
    timer = waiting(HOUR).with_grant_until(NOW + MINUTE)
    stage.put(end(timer, now=NOW))

    def undone(before: Timer) -> Timer:
        return before.in_state(timer.state)

    stage.interruptions.plan(Point.AFTER_REMOVE, lambda: stage.alter(undone))

    assert stage.sweep().lost == 1
    assert [act.kind for act in stage.roles.acts] == ["remove"]


def test_it_begins_by_the_thresholds_of_that_time(stage: Stage) -> None:
    set_later(stage, 2 * HOUR)
    stage.store.policies[GUILD] = policy = Policy((MINUTE,))
    stage.clock.advance(DAY)
    stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert timer.state == begun(waiting(2 * HOUR), now=START, policy=policy).state


def test_the_members_timers_are_shown_in_their_order(stage: Stage) -> None:
    set_later(stage)
    stage.have(2 * DAY, GOLD_KEY)

    left = stage.time_left(GUILD, ALICE, by=ALICE, view=VIEW)

    assert [timer.key for timer in left.timers] == [GOLD_KEY, KEY]
    assert isinstance(left.timers[1].state, Waiting)

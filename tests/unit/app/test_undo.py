"""Taking a change back: the timer is again what it was, unless somebody has changed it since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Note, Target
from boostmon.app.changing.granting import GrantHeld, GrantRefused
from boostmon.app.commands.undo import ChangedSince, NothingToUndo, OverByNow, Undone, UndoneAlready
from boostmon.app.ports import Asked, AuditReason, Cause, RecordedChange
from boostmon.domain.eligibility import RoleGone, RoleNotTimeable
from boostmon.domain.ids import GuildId, RequestId, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.selection import NoTimer
from boostmon.domain.timers import Obstacle, Paused, Running, TimeIsUp, Timer
from boostmon.domain.transitions import end, extend, pause
from boostmon.domain.ways import ToMember
from tests.support.stage import HIGH_KEY, VIEW, Point, Stage
from tests.support.timers import (
    ALICE,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    POLICY,
    SECOND,
    VIP,
    asked,
    running,
)

ANY = Target(GUILD, ALICE, VIP)
CHANGE = RequestId(7)
OTHER = UserId(MODERATOR + 1)

type Making = Callable[[Stage, Asked], object]


def undo(stage: Stage, *, request: int = 8, by: UserId = MODERATOR, had_role: bool = False) -> Undone:
    asking = Asked(by, stage.clock.now(), RequestId(request))
    return stage.undo(CHANGE, asked=asking, view=VIEW, had_role=had_role)


def asking(stage: Stage, request: int | None = CHANGE) -> Asked:
    return asked(stage.clock.now(), request)


def clear(stage: Stage, *, keep_role: bool = False) -> None:
    timer = stage.of()
    assert timer is not None
    stage.clear_time(ANY, asked=asking(stage), view=VIEW, keep_role=keep_role)


CHANGES: dict[str, tuple[Timer, Making]] = {
    "set": (running(30 * DAY), lambda stage, by: stage.set_time(KEY, 29 * DAY, asked=by, view=VIEW)),
    "set-paused": (
        pause(running(30 * DAY), now=NOW),
        lambda stage, by: stage.set_time(KEY, 29 * DAY, asked=by, view=VIEW),
    ),
    "add": (running(30 * DAY), lambda stage, by: stage.add_time(ANY, DAY, asked=by, view=VIEW)),
    "remove": (running(30 * DAY), lambda stage, by: stage.remove_time(ANY, DAY, asked=by, view=VIEW)),
    "remove-all": (running(30 * MINUTE), lambda stage, by: stage.remove_time(ANY, DAY, asked=by, view=VIEW)),
    "pause": (running(30 * DAY), lambda stage, by: stage.pause_time(ANY, asked=by, view=VIEW)),
    "resume": (pause(running(30 * DAY), now=NOW), lambda stage, by: stage.resume_time(ANY, asked=by, view=VIEW)),
    "clear": (running(30 * MINUTE), lambda stage, by: stage.clear_time(ANY, asked=by, view=VIEW)),
    "clear-paused": (
        pause(running(30 * MINUTE), now=NOW),
        lambda stage, by: stage.clear_time(ANY, asked=by, view=VIEW),
    ),
    "keep-role": (running(30 * DAY), lambda stage, by: stage.clear_time(ANY, asked=by, view=VIEW, keep_role=True)),
}


@pytest.mark.parametrize(("before", "make"), CHANGES.values(), ids=CHANGES)
def test_every_change_can_be_taken_back(stage: Stage, before: Timer, make: Making) -> None:
    stored = stage.put(before)
    make(stage, asking(stage))
    stage.sweep()
    stage.clock.advance(5 * MINUTE)
    changed = stage.of()

    undone = undo(stage)

    again = stage.of()
    assert again is not None
    assert again.state == before.state
    assert (again.channel, again.created_at, again.updated_at) == (before.channel, before.created_at, NOW + 5 * MINUTE)
    assert not again.is_grant_open(stage.clock.now())
    assert stage.roles.held == {KEY}
    assert undone.change == RecordedChange(KEY, NOW, undone.change.action, MODERATOR, stored)
    assert undone.changed.action is Action.UNDO
    assert (undone.changed.before, undone.changed.after) == (changed, again)
    assert undone.changed.ways == (ToMember(),)
    entry = stage.ledger[-1]
    assert (entry.action, entry.actor, entry.request) == (Action.UNDO, MODERATOR, 8)


def test_thresholds_that_have_passed_meanwhile_are_not_warned_of(stage: Stage) -> None:
    stage.have(65 * MINUTE)
    stage.pause_time(ANY, asked=asking(stage), view=VIEW)
    stage.clock.advance(6 * MINUTE)

    undo(stage)

    again = stage.of()
    assert again is not None
    assert again.state == Running(NOW + 65 * MINUTE, (10 * MINUTE, MINUTE))


def test_a_timer_that_the_change_started_ends_and_the_sweep_takes_the_role(stage: Stage) -> None:
    stage.set_time(KEY, 30 * DAY, asked=asking(stage), view=VIEW)
    stage.clock.advance(MINUTE)
    rings = stage.alarm.rings

    undone = undo(stage)

    assert undone.changed.notes == (Note.ENDS_NOW,)
    assert stage.alarm.rings == rings + 1
    assert stage.sweep().ended == 1
    assert stage.of() is None
    assert stage.roles.held == frozenset()


def test_who_is_not_known_to_have_had_the_role_does_not_keep_it(stage: Stage) -> None:
    stage.set_time(KEY, 30 * DAY, asked=asking(stage), view=VIEW)

    undone = stage.undo(CHANGE, asked=asking(stage, 8), view=VIEW)

    assert undone.changed.notes == (Note.ENDS_NOW,)


def test_who_had_the_role_before_the_timer_keeps_it(stage: Stage) -> None:
    stage.roles.give(KEY)
    stage.set_time(KEY, 30 * DAY, asked=asking(stage), view=VIEW, had_role=True)

    undone = undo(stage, had_role=True)

    assert undone.changed.notes == (Note.ROLE_KEPT,)
    assert stage.of() is None
    assert stage.roles.held == {KEY}


def test_a_started_timer_that_has_ended_by_itself_has_nothing_to_take_back(stage: Stage) -> None:
    stage.set_time(KEY, MINUTE, asked=asking(stage), view=VIEW)
    stage.clock.advance(HOUR)
    stage.sweep()

    with pytest.raises(NoTimer):
        undo(stage)


@pytest.mark.parametrize("had_role", [True, False])
def test_a_started_timer_whose_time_is_up_is_left_to_the_sweep(stage: Stage, *, had_role: bool) -> None:
    stage.set_time(KEY, MINUTE, asked=asking(stage), view=VIEW)
    stage.clock.advance(HOUR)

    with pytest.raises(TimeIsUp):
        undo(stage, had_role=had_role)


def test_a_change_is_taken_back_once(stage: Stage) -> None:
    stage.have(30 * DAY)
    stage.add_time(ANY, DAY, asked=asking(stage), view=VIEW)
    stage.clock.advance(MINUTE)
    undo(stage, by=OTHER)
    after = stage.of()

    with pytest.raises(UndoneAlready) as refusal:
        undo(stage, request=9)

    assert (refusal.value.by, refusal.value.at) == (OTHER, NOW + MINUTE)
    assert stage.of() == after


def test_two_who_take_a_change_back_at_once_take_it_back_once(stage: Stage) -> None:
    stage.have(30 * DAY)
    stage.add_time(ANY, DAY, asked=asking(stage), view=VIEW)
    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: undo(stage, request=9, by=OTHER))

    with pytest.raises(UndoneAlready):
        undo(stage)

    assert stage.actions == ["add", "undo"]


def test_a_later_change_by_a_person_is_in_the_way(stage: Stage) -> None:
    stage.have(30 * DAY)
    stage.add_time(ANY, DAY, asked=asking(stage), view=VIEW)
    stage.clock.advance(MINUTE)
    later = Asked(OTHER, stage.clock.now(), RequestId(9))
    stage.pause_time(ANY, asked=later, view=VIEW)
    after = stage.of()

    with pytest.raises(ChangedSince) as refusal:
        undo(stage)

    assert (refusal.value.later.actor, refusal.value.later.action) == (OTHER, Action.PAUSE)
    assert stage.of() == after


def test_a_change_that_comes_in_between_is_in_the_way(stage: Stage) -> None:
    stage.have(30 * DAY)
    stage.add_time(ANY, DAY, asked=asking(stage), view=VIEW)
    stage.interruptions.plan(
        Point.BEFORE_COMMIT, lambda: stage.pause_time(ANY, asked=Asked(OTHER, NOW, RequestId(9)), view=VIEW)
    )

    with pytest.raises(ChangedSince):
        undo(stage)

    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Paused)


def test_what_would_be_over_by_now_is_not_brought_back(stage: Stage) -> None:
    stage.have(30 * MINUTE)
    clear(stage)
    stage.clock.advance(30 * MINUTE)

    with pytest.raises(OverByNow):
        undo(stage)

    assert stage.of() is None
    assert stage.roles.held == frozenset()


def test_a_timer_whose_time_was_up_is_not_brought_back(stage: Stage) -> None:
    stage.put(end(running(HOUR), now=NOW))
    stage.add_time(ANY, DAY, asked=asking(stage), view=VIEW)

    with pytest.raises(OverByNow):
        undo(stage)


def test_an_unknown_change_is_refused(stage: Stage) -> None:
    stage.have(HOUR)

    with pytest.raises(NothingToUndo):
        undo(stage)


def test_a_change_in_another_server_is_unknown(stage: Stage) -> None:
    stage.have(HOUR)
    stage.pause_time(ANY, asked=asking(stage), view=VIEW)

    with pytest.raises(NothingToUndo):
        stage.undo(CHANGE, asked=asking(stage, 8), view=replace(VIEW, id=GuildId(GUILD + 1)))


def test_the_role_has_to_stand_below_whoever_takes_a_change_back(stage: Stage) -> None:
    stage.have(HOUR, HIGH_KEY)
    owner = replace(VIEW, asker=replace(VIEW.asker, is_owner=True))
    stage.pause_time(Target(GUILD, ALICE, HIGH_KEY.role), asked=asking(stage), view=owner)

    with pytest.raises(RoleNotTimeable):
        undo(stage)


def test_a_role_that_is_gone_is_not_given(stage: Stage) -> None:
    stage.have(30 * MINUTE)
    clear(stage)

    with pytest.raises(RoleGone):
        stage.undo(CHANGE, asked=asking(stage, 8), view=replace(VIEW, roles={}))

    assert stage.of() is None


def test_where_discord_refuses_the_role_nothing_has_changed_and_a_next_try_succeeds(stage: Stage) -> None:
    stage.have(30 * MINUTE)
    clear(stage)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    with pytest.raises(GrantRefused):
        undo(stage)
    assert stage.of() is None

    stage.roles.clear_way(GUILD)
    undo(stage, request=9)
    assert stage.of() is not None
    assert stage.roles.held == {KEY}


def test_where_discord_holds_the_role_back_nothing_has_changed(stage: Stage) -> None:
    stage.have(30 * MINUTE)
    clear(stage)
    stage.roles.fail_next(Held("429", timedelta(seconds=5)))

    with pytest.raises(GrantHeld):
        undo(stage)

    assert stage.of() is None


def test_a_role_whose_giving_is_not_confirmed_stays_marked(stage: Stage) -> None:
    stage.have(30 * MINUTE)
    clear(stage)
    stage.roles.fail_next(Retry("no answer"))

    assert undo(stage).changed.notes == (Note.GRANT_UNCONFIRMED,)

    timer = stage.of()
    assert timer is not None
    assert timer.is_grant_open(NOW)


def test_a_removal_that_is_under_way_is_made_good(stage: Stage) -> None:
    stage.have(30 * MINUTE)
    stage.remove_time(ANY, HOUR, asked=asking(stage), view=VIEW)
    stage.interruptions.plan(Point.AFTER_REMOVE, lambda: undo(stage))

    stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert timer.state == Running(NOW + 30 * MINUTE, (10 * MINUTE, MINUTE))
    assert stage.roles.held == {KEY}


def test_a_change_made_by_nobody_is_not_in_the_way(stage: Stage) -> None:
    stage.have(30 * DAY)
    stage.add_time(ANY, DAY, asked=asking(stage), view=VIEW)
    stage.change_policy.thresholds(GUILD, (DAY,), asked=asked(request=9))

    undo(stage)

    timer = stage.of()
    assert timer is not None
    assert timer.state == Running(NOW + 30 * DAY, (DAY,))


def test_a_later_change_of_another_timer_is_not_in_the_way(stage: Stage) -> None:
    stage.have(30 * DAY)
    stage.have(30 * DAY, replace(KEY, role=HIGH_KEY.role))
    stage.pause_time(ANY, asked=asking(stage), view=VIEW)
    stage.alter(lambda timer: extend(timer, HOUR, now=NOW, policy=POLICY), HIGH_KEY)

    assert undo(stage).changed.after is not None


def test_who_lost_the_role_to_the_sweep_while_the_command_arrived_does_not_keep_it(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE - SECOND)
    arrival = asking(stage)
    stage.clock.advance(SECOND)
    stage.sweep()
    stage.add_time(ANY, 30 * DAY, asked=arrival, view=VIEW, held={VIP})

    undone = undo(stage, had_role=True)

    assert undone.changed.notes == (Note.ENDS_NOW,)
    stage.sweep()
    assert stage.of() is None
    assert stage.roles.held == frozenset()


def test_who_was_given_the_role_by_hand_long_after_an_earlier_timer_keeps_it(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)
    stage.sweep()
    stage.clock.advance(HOUR)
    stage.roles.give(KEY)
    stage.set_time(KEY, 30 * DAY, asked=asking(stage), view=VIEW, had_role=True)

    assert undo(stage, had_role=True).changed.notes == (Note.ROLE_KEPT,)

    assert stage.roles.held == {KEY}


@pytest.mark.parametrize("reached", [Point.BEFORE_REMOVE, Point.AFTER_REMOVE])
def test_who_keeps_the_role_gets_it_again_where_it_was_taken_while_the_press_arrived(
    stage: Stage, reached: Point
) -> None:
    stage.roles.give(KEY)
    stage.set_time(KEY, MINUTE, asked=asking(stage), view=VIEW, had_role=True)
    stage.clock.advance(MINUTE - SECOND)
    press = asking(stage, 8)
    stage.clock.advance(SECOND)
    stage.interruptions.plan(reached, lambda: stage.undo(CHANGE, asked=press, view=VIEW, had_role=True))

    stage.sweep()
    stage.sweep()

    assert stage.of() is None
    assert stage.roles.held == {KEY}


def test_a_change_and_its_undo_are_not_in_the_way_of_an_earlier_one(stage: Stage) -> None:
    stage.have(30 * DAY)
    stage.add_time(ANY, DAY, asked=asking(stage), view=VIEW)
    stage.pause_time(ANY, asked=asking(stage, 8), view=VIEW)
    stage.undo(RequestId(8), asked=asking(stage, 9), view=VIEW)

    undo(stage, request=10)

    timer = stage.of()
    assert timer is not None
    assert timer.remaining(NOW) == 30 * DAY


def test_news_of_an_end_that_was_taken_back_are_not_told(stage: Stage) -> None:
    stage.have(30 * MINUTE)
    clear(stage)
    assert len(stage.owed) == 1

    undo(stage)

    assert stage.owed == []


def test_a_role_that_the_sweep_may_be_taking_is_given_again(stage: Stage) -> None:
    """The timer is stored as ending and its role is being taken, or just was, by a sweep that has not settled yet."""
    stage.have(30 * MINUTE)
    stage.remove_time(ANY, HOUR, asked=asking(stage), view=VIEW)
    stage.roles.take(KEY)

    undone = undo(stage)

    assert undone.changed.notes == ()
    assert stage.roles.held == {KEY}
    assert [act.reason for act in stage.roles.acts] == [AuditReason(Cause.RESTORED, MODERATOR)]


def test_a_role_that_stays_is_not_asked_for(stage: Stage) -> None:
    stage.have(30 * DAY)
    stage.pause_time(ANY, asked=asking(stage), view=VIEW)

    assert undo(stage).changed.notes == ()

    assert stage.roles.acts == ()


@pytest.mark.parametrize(("since", "note"), [(59 * SECOND, Note.ENDS_NOW), (MINUTE, Note.ROLE_KEPT)])
def test_a_minute_after_an_earlier_timer_ended_it_is_certain_who_had_the_role(
    stage: Stage, since: timedelta, note: Note
) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)
    stage.sweep()
    stage.clock.advance(since)
    stage.roles.give(KEY)
    stage.set_time(KEY, 30 * DAY, asked=asking(stage), view=VIEW, had_role=True)

    assert undo(stage, had_role=True).changed.notes == (note,)


def test_a_pause_that_would_be_over_by_now_counts_as_over(stage: Stage) -> None:
    stage.put(pause(running(DAY), now=NOW, until=NOW + HOUR))
    stage.resume_time(ANY, asked=asking(stage), view=VIEW)
    stage.clock.advance(2 * HOUR)

    undone = undo(stage)

    assert undone.changed.after is not None
    assert undone.changed.after.ends_at == NOW + HOUR + DAY


def test_what_a_pause_would_have_ended_long_ago_is_not_restored(stage: Stage) -> None:
    stage.put(pause(running(DAY), now=NOW, until=NOW + HOUR))
    stage.resume_time(ANY, asked=asking(stage), view=VIEW)
    stage.clock.advance(2 * DAY)

    with pytest.raises(OverByNow):
        undo(stage)


def test_a_pause_is_undone_after_it_ended_by_itself(stage: Stage) -> None:
    before = stage.have(30 * DAY)
    stage.pause_time(ANY, asked=asking(stage), view=VIEW, duration=HOUR)
    stage.clock.advance(HOUR)
    stage.sweep()

    undone = undo(stage)

    assert undone.changed.after is not None
    assert undone.changed.after.ends_at == before.ends_at

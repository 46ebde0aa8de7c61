"""`/cleartime`: ends the timer and takes the role, or leaves it with the member."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from boostmon.app.changing.changes import Changed, Note, Target
from boostmon.app.changing.taking import GRACE
from boostmon.app.commands.clear_time import Cleared
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import AuditReason, Cause
from boostmon.domain.details import Confirmed
from boostmon.domain.eligibility import RoleNotTimeable
from boostmon.domain.ids import RequestId
from boostmon.domain.ledger import Action
from boostmon.domain.notices import EndedNotice
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.selection import NoTimer, SeveralTimers
from boostmon.domain.timers import Ending, Obstacle, Timer
from boostmon.domain.transitions import end, extend, pause
from tests.support.stage import GOLD_KEY, HIGH_KEY, VIEW, Point, Stage
from tests.support.timers import (
    ALICE,
    CHANNEL,
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

ANY = Target(GUILD, ALICE)
STATES = {"running": running(HOUR), "paused": pause(running(HOUR), now=NOW), "ending": end(running(HOUR), now=NOW)}


def clear(stage: Stage, *, keep_role: bool = False) -> Cleared:
    return stage.clear_time(
        ANY, asked=asked(request=7, reason="over"), view=VIEW, keep_role=keep_role, confirmed=stage.shown()
    )


def ending(stage: Stage) -> Ending:
    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Ending)
    return timer.state


@pytest.mark.parametrize("timer", STATES.values(), ids=STATES)
def test_a_timer_ends_and_the_role_is_taken(stage: Stage, timer: Timer) -> None:
    before = stage.put(timer)

    cleared = clear(stage)

    assert cleared == Cleared(Changed(Action.CLEAR, KEY, before, None, NOW, reason="over", ways=()))
    assert stage.of() is None
    assert stage.roles.held == frozenset()
    assert [act.reason for act in stage.roles.acts] == [AuditReason(Cause.CLEARED, MODERATOR)]
    asked_for, ended = stage.ledger
    assert (asked_for.action, asked_for.actor, asked_for.reason, asked_for.request) == (
        Action.CLEAR,
        MODERATOR,
        "over",
        RequestId(7),
    )
    assert (ended.action, ended.actor, ended.after, ended.detail) == (Action.ENDED, None, None, Confirmed())
    assert ended.before is not None
    assert ended.before.state == Ending(NOW, NOW + GRACE)
    assert stage.alarm.rings == 2


@pytest.mark.parametrize("timer", STATES.values(), ids=STATES)
def test_the_member_is_told_of_the_end(stage: Stage, timer: Timer) -> None:
    stage.put(replace(timer, channel=CHANNEL))

    clear(stage)

    assert stage.owed == [EndedNotice(KEY, CHANNEL, ended_at=NOW)]
    assert stage.delivery_alarm.rings == 1
    assert stage.deliver().delivered == 1
    assert [told.notice for told in stage.notifier.told] == [EndedNotice(KEY, CHANNEL, ended_at=NOW)]
    assert stage.actions == ["clear", "ended", "delivered"]


def test_the_news_of_the_end_take_the_place_of_undelivered_warnings(stage: Stage) -> None:
    stage.have(2 * HOUR)
    stage.clock.advance(HOUR)
    assert stage.sweep().warned == 1

    stage.clear_time(ANY, asked=asked(at=stage.clock.now()), view=VIEW, confirmed=stage.shown())

    assert stage.owed == [EndedNotice(KEY, None, ended_at=stage.clock.now())]


def test_the_row_says_so_before_discord_is_asked_and_the_sweep_keeps_off(stage: Stage) -> None:
    stage.have(HOUR)
    seen = []
    swept = []
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: seen.append(ending(stage)))
    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: None)
    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: swept.append(stage.sweep()))

    clear(stage)

    assert seen == [Ending(NOW, NOW + GRACE)]
    assert [sweep.ended for sweep in swept] == [0]
    assert len(stage.roles.acts) == 1


def test_after_a_crash_in_between_the_sweep_takes_the_role(stage: Stage) -> None:
    stage.have(HOUR)

    def crash() -> None:
        raise KeyboardInterrupt

    stage.interruptions.plan(Point.BEFORE_REMOVE, crash)
    with pytest.raises(KeyboardInterrupt):
        clear(stage)
    stage.clock.advance(GRACE)

    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
    assert stage.of() is None


def test_a_role_may_be_kept_for_good(stage: Stage) -> None:
    before = stage.have(HOUR)

    cleared = clear(stage, keep_role=True)

    assert cleared == Cleared(
        Changed(Action.CLEAR, KEY, before, None, NOW, reason="over", notes=(Note.ROLE_KEPT,), ways=())
    )
    assert stage.of() is None
    assert stage.roles.held == {KEY}
    assert stage.roles.acts == ()
    assert stage.actions == ["clear"]
    assert stage.owed == []
    assert stage.delivery_alarm.rings == 0


@pytest.mark.parametrize(
    ("gone", "note"),
    [
        (lambda stage: stage.roles.member_leaves(GUILD, ALICE), Note.MEMBER_GONE),
        (lambda stage: stage.roles.delete_role(GUILD, VIP), Note.ROLE_GONE),
    ],
    ids=["member", "role"],
)
def test_where_nothing_is_to_be_taken_the_timer_goes_all_the_same(
    stage: Stage, gone: Callable[[Stage], None], note: Note
) -> None:
    stage.have(HOUR)
    gone(stage)

    cleared = clear(stage)

    assert cleared.changed.notes == (note,)
    assert stage.of() is None
    assert stage.actions == ["clear", "ended"]
    assert stage.owed == []


def test_a_removal_without_an_answer_is_left_to_the_sweep(stage: Stage) -> None:
    stage.have(HOUR)
    stage.roles.fail_next(Retry("timed out"))

    cleared = clear(stage)

    assert cleared.changed.notes == (Note.REMOVAL_PENDING,)
    assert cleared.obstacle is None
    state = ending(stage)
    assert (state.attempts, state.last_error) == (1, "timed out")
    assert NOW + SECOND <= state.next_attempt_at < NOW + 2 * SECOND
    assert stage.actions == ["clear", "removal_failed"]
    failed = stage.ledger[-1]
    assert failed.before is not None
    assert failed.before.state == Ending(NOW, NOW + GRACE)
    assert failed.after is not None
    assert failed.after.state == state
    assert stage.owed == []
    stage.clock.advance(2 * SECOND)
    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
    assert stage.owed == [EndedNotice(KEY, None, ended_at=NOW)]


def test_a_refused_removal_says_what_is_in_the_way(stage: Stage) -> None:
    stage.have(HOUR)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    cleared = clear(stage)

    assert (cleared.changed.notes, cleared.obstacle) == ((Note.REMOVAL_PENDING,), Obstacle.MISSING_PERMISSIONS)
    assert cleared.changed.after is not None
    assert cleared.changed.after.state == ending(stage)
    assert ending(stage).blocked_by is Obstacle.MISSING_PERMISSIONS


def test_a_timer_that_went_on_while_its_role_was_taken_gets_the_role_back(stage: Stage) -> None:
    stage.have(HOUR)
    stage.interruptions.plan(
        Point.BEFORE_REMOVE, lambda: stage.alter(lambda timer: extend(timer, HOUR, now=NOW, policy=POLICY))
    )

    clear(stage)

    assert stage.roles.held == {KEY}
    timer = stage.of()
    assert timer is not None
    assert timer.remaining(NOW) == HOUR
    assert stage.owed == []


def test_where_the_sweep_was_faster_the_member_is_told_once(stage: Stage) -> None:
    stage.have(HOUR)

    def sweep_meanwhile() -> None:
        stage.clock.advance(GRACE)
        assert replace(stage.sweep, roles=stage.roles, timers=stage.rows)().ended == 1

    stage.interruptions.plan(Point.AFTER_REMOVE, sweep_meanwhile)

    clear(stage)

    assert stage.owed == [EndedNotice(KEY, None, ended_at=NOW)]
    assert stage.actions == ["clear", "ended"]
    assert stage.roles.held == frozenset()


def test_a_database_that_fails_before_the_role_is_given_back_is_no_reason_to_say_that_nothing_was_changed(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.have(HOUR)

    def fail() -> None:
        raise StorageUnavailable("no answer")

    stage.interruptions.plan(
        Point.BEFORE_REMOVE, lambda: stage.alter(lambda timer: extend(timer, HOUR, now=NOW, policy=POLICY))
    )
    stage.interruptions.plan(Point.BEFORE_GET, fail)

    cleared = clear(stage)

    assert cleared.changed.before is not None
    assert stage.actions[0] == "clear"
    assert [record.message for record in caplog.records] == ["role not given back"]


def test_a_database_that_fails_after_the_removal_leaves_the_rest_to_the_sweep(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.have(HOUR)

    def fail() -> None:
        raise StorageUnavailable("no answer")

    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: None)
    stage.interruptions.plan(Point.BEFORE_COMMIT, fail)

    cleared = clear(stage)

    assert cleared.changed.notes == ()
    [record] = caplog.records
    assert (record.levelname, record.message) == ("WARNING", "clearing left to the sweep")
    assert (record.__dict__["timer"], record.__dict__["error"]) == (KEY, "no answer")
    assert stage.roles.held == frozenset()
    assert ending(stage).next_attempt_at == NOW + GRACE
    assert stage.owed == []
    stage.clock.advance(GRACE)
    assert stage.sweep().ended == 1
    assert stage.actions == ["clear", "ended"]
    assert stage.owed == [EndedNotice(KEY, None, ended_at=NOW)]


def test_an_answer_of_the_database_that_is_lost_tells_nobody_twice(stage: Stage) -> None:
    stage.have(HOUR)

    def lose_the_answer() -> None:
        raise StorageUnavailable("broken off")

    stage.interruptions.plan(Point.AFTER_COMMIT, lambda: None)
    stage.interruptions.plan(Point.AFTER_COMMIT, lose_the_answer)

    clear(stage)
    stage.clock.advance(GRACE)

    assert stage.sweep().ended == 0
    assert stage.owed == [EndedNotice(KEY, None, ended_at=NOW)]
    assert stage.delivery_alarm.rings == 1


def test_there_must_be_a_timer(stage: Stage) -> None:
    with pytest.raises(NoTimer):
        clear(stage)


def test_it_is_not_guessed_which_of_several_timers_is_meant(stage: Stage) -> None:
    timers = (stage.have(HOUR), stage.have(HOUR, GOLD_KEY))

    with pytest.raises(SeveralTimers):
        clear(stage)

    assert (stage.of(), stage.of(GOLD_KEY)) == timers


@pytest.mark.parametrize("keep_role", [True, False])
def test_a_role_above_the_moderator_is_left_alone(stage: Stage, keep_role: bool) -> None:
    before = stage.have(HOUR, HIGH_KEY)

    with pytest.raises(RoleNotTimeable):
        clear(stage, keep_role=keep_role)

    assert stage.of(HIGH_KEY) == before
    assert stage.roles.held == {HIGH_KEY}


def test_a_timer_of_a_role_that_is_gone_can_be_cleared(stage: Stage) -> None:
    stage.have(HOUR)
    stage.roles.delete_role(GUILD, VIP)

    cleared = stage.clear_time(ANY, asked=asked(), view=replace(VIEW, roles={}), confirmed=stage.shown())

    assert cleared.changed.notes == (Note.ROLE_GONE,)
    assert stage.of() is None


def test_somebody_who_left_keeps_nothing(stage: Stage) -> None:
    stage.have(HOUR)

    cleared = stage.clear_time(ANY, asked=asked(), view=VIEW, keep_role=True, is_member=False)

    assert cleared.changed.notes == (Note.MEMBER_GONE,)
    assert stage.of() is None
    assert stage.roles.acts == ()


def test_a_role_that_a_sweep_was_taking_is_kept_all_the_same(stage: Stage) -> None:
    stage.have(HOUR)
    stage.clock.advance(HOUR + MINUTE)
    stage.roles.take(KEY)  # by a sweep that has not settled yet

    cleared = stage.clear_time(ANY, asked=asked(at=stage.clock.now()), view=VIEW, keep_role=True)

    assert cleared.changed.notes == (Note.ROLE_KEPT,)
    assert stage.roles.held == {KEY}
    assert stage.of() is None


def test_a_kept_role_that_discord_does_not_confirm_is_noted(stage: Stage) -> None:
    stage.put(end(running(HOUR), now=NOW))
    stage.roles.fail_next(Retry("timed out"))

    cleared = clear(stage, keep_role=True)

    assert cleared.changed.notes == (Note.ROLE_KEPT, Note.GRANT_UNCONFIRMED)


def test_a_blocked_timer_may_be_cleared_so_that_the_member_keeps_the_role(stage: Stage) -> None:
    story = Ending(NOW, NOW + HOUR, attempts=3, blocked_by=Obstacle.MISSING_PERMISSIONS, last_error="403")
    stage.put(replace(running(HOUR), state=story))
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    cleared = clear(stage, keep_role=True)

    assert cleared.changed.notes == (Note.ROLE_KEPT,)
    assert stage.of() is None
    assert stage.roles.held == {KEY}


def test_keeping_the_role_of_a_member_who_left_says_so(stage: Stage) -> None:
    stage.put(end(running(HOUR), now=NOW))
    stage.roles.member_leaves(GUILD, ALICE)

    cleared = clear(stage, keep_role=True)

    assert cleared.changed.notes == (Note.MEMBER_GONE,)
    assert stage.of() is None


def test_a_removal_that_a_limit_holds_back_is_left_to_the_sweep(stage: Stage) -> None:
    stage.have(HOUR)
    stage.roles.fail_next(Held("used up", 20 * SECOND))

    cleared = clear(stage)

    assert cleared.changed.notes == (Note.REMOVAL_PENDING,)
    assert cleared.obstacle is None
    assert ending(stage) == Ending(NOW, NOW + GRACE)
    assert stage.actions == ["clear"]
    stage.clock.advance(GRACE)
    assert stage.sweep().ended == 1


def test_a_role_that_is_to_be_kept_may_be_held_back(stage: Stage) -> None:
    stage.put(end(running(HOUR), now=NOW))
    stage.roles.fail_next(Held("used up", 20 * SECOND))

    cleared = clear(stage, keep_role=True)

    assert cleared.changed.notes == (Note.ROLE_KEPT, Note.GRANT_UNCONFIRMED)


@pytest.mark.parametrize("reached", [Point.BEFORE_REMOVE, Point.AFTER_REMOVE])
def test_who_keeps_the_role_gets_it_again_where_it_was_taken_while_the_command_arrived(
    stage: Stage, reached: Point
) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE - SECOND)
    arrival = asked(at=stage.clock.now())
    stage.clock.advance(SECOND)
    stage.interruptions.plan(reached, lambda: stage.clear_time(ANY, asked=arrival, view=VIEW, keep_role=True))

    stage.sweep()
    stage.sweep()

    assert stage.of() is None
    assert stage.roles.held == {KEY}


def test_a_role_that_may_still_be_given_is_taken_once_more_by_the_sweep(stage: Stage) -> None:
    """The request that gives it has no answer yet: Discord may serve it after this removal."""
    stage.put(running(HOUR).with_grant_until(NOW + MINUTE))

    cleared = clear(stage)

    assert cleared.changed.notes == ()
    assert stage.roles.held == frozenset()
    assert ending(stage) == Ending(NOW, NOW + GRACE)
    assert stage.actions == ["clear"]
    assert stage.owed == []

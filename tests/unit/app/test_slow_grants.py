"""The timer ends while Discord is slow to give its role: the role must not outlive it, whoever dies meanwhile."""

import logging
from collections.abc import Callable

import pytest

from boostmon.app.changing.changes import Note, Target
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import LONGEST_GRANT
from boostmon.domain.ledger import Action
from boostmon.domain.notices import NoticeKind
from boostmon.domain.outcomes import Retry
from boostmon.domain.timers import Ending, Running
from boostmon.domain.transitions import extend
from tests.support.stage import VIEW, Point, Stage
from tests.support.timers import ALICE, GUILD, HOUR, KEY, MINUTE, MODERATOR, NOW, POLICY, TIME_UP, VIP, asked

SHORT = LONGEST_GRANT / 3


def _sweep(stage: Stage) -> None:
    stage.clock.advance(SHORT)
    assert stage.sweep().held == 1


def _cleared(stage: Stage) -> None:
    stage.clear_time(Target(GUILD, ALICE, VIP), asked=asked(at=stage.clock.now()), view=VIEW, confirmed=stage.shown())


def _half_swept(stage: Stage) -> None:
    """Another process has claimed the timer and taken the role, and is about to say so."""
    stage.clock.advance(SHORT)
    assert len(stage.rows.claim(stage.clock.now(), 10, MINUTE)) == 1
    stage.roles.remove([KEY], TIME_UP)


class Killed(BaseException):
    """The process is gone."""


def _die() -> None:
    raise Killed


every_end = pytest.mark.parametrize("ended", [_sweep, _cleared, _half_swept])


@every_end
def test_a_role_given_after_its_timer_was_over_is_taken_again_at_once(
    stage: Stage, ended: Callable[[Stage], None], caplog: pytest.LogCaptureFixture
) -> None:
    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: ended(stage))

    with caplog.at_level(logging.INFO):
        changed = stage.set_time(KEY, SHORT, asked=asked(request=1, reason="won the raffle"), view=VIEW)

    assert changed.notes == (Note.ENDED_MEANWHILE,)
    again = stage.ledger[-1]
    assert (again.action, again.actor, again.request, again.reason) == (Action.TAKE_AGAIN, MODERATOR, None, None)
    told = [record.__dict__["timer"] for record in caplog.records if record.message.startswith("role given too late")]
    assert told == [KEY]
    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
    assert stage.of() is None


@every_end
def test_so_is_one_that_was_given_when_its_process_was_gone(stage: Stage, ended: Callable[[Stage], None]) -> None:
    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: ended(stage))
    stage.interruptions.plan(Point.AFTER_GRANT, _die)
    with pytest.raises(Killed):
        stage.set_time(KEY, SHORT, asked=asked(), view=VIEW)
    assert stage.roles.held == {KEY}
    stage.let_leases_run_out()
    stage.sweep()

    stage.clock.advance(LONGEST_GRANT)

    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
    assert stage.of() is None


def test_so_is_one_that_may_have_been_given(stage: Stage) -> None:
    def lose_the_answer() -> None:
        _sweep(stage)
        stage.roles.give(KEY)
        stage.roles.fail_next(Retry("timed out"))

    stage.interruptions.plan(Point.BEFORE_GRANT, lose_the_answer)

    changed = stage.set_time(KEY, SHORT, asked=asked(), view=VIEW)
    assert changed.notes == (Note.GRANT_UNCONFIRMED,)
    assert stage.sweep().next_due == NOW + LONGEST_GRANT
    stage.clock.advance(LONGEST_GRANT)

    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()


def test_the_role_of_a_short_timer_is_taken_on_time_and_its_end_told_of_once(stage: Stage) -> None:
    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: stage.roles.fail_next(Retry("timed out")))
    stage.set_time(KEY, SHORT, asked=asked(), view=VIEW)
    stage.roles.give(KEY)

    stage.clock.advance(SHORT)
    assert stage.sweep().held == 1

    assert stage.roles.held == frozenset()
    assert stage.actions == ["set"]
    assert not stage.store.notices
    timer = stage.of()
    assert timer is not None
    assert timer.state == Ending(since=NOW + SHORT, next_attempt_at=NOW + LONGEST_GRANT, by_itself=True)
    stage.clock.advance(LONGEST_GRANT)
    assert stage.sweep().ended == 1
    assert stage.actions == ["set", "ended"]
    [posted] = stage.store.notices.values()
    assert posted.notice.kind is NoticeKind.ENDED


def test_an_answered_grant_costs_no_second_removal(stage: Stage) -> None:
    stage.set_time(KEY, SHORT, asked=asked(), view=VIEW)
    stage.clock.advance(SHORT)

    assert stage.sweep().ended == 1

    assert [act.kind for act in stage.roles.acts] == ["grant", "remove"]


def test_the_answer_of_one_grant_does_not_close_another_that_was_under_way_before(stage: Stage) -> None:
    stage.interruptions.plan(Point.AFTER_GRANT, _die)
    with pytest.raises(Killed):
        stage.set_time(KEY, SHORT, asked=asked(request=1), view=VIEW)
    stage.set_time(KEY, SHORT, asked=asked(request=2), view=VIEW)
    stage.clock.advance(SHORT)
    assert stage.sweep().held == 1
    stage.roles.give(KEY)  # Discord serves the first one at last
    stage.clock.advance(LONGEST_GRANT)

    assert stage.sweep().ended == 1

    assert stage.roles.held == frozenset()


def test_one_given_too_late_is_taken_at_once_although_another_is_still_under_way(stage: Stage) -> None:
    stage.interruptions.plan(Point.AFTER_GRANT, _die)
    with pytest.raises(Killed):
        stage.set_time(KEY, SHORT, asked=asked(request=1), view=VIEW)
    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: _sweep(stage))

    changed = stage.set_time(KEY, SHORT, asked=asked(request=2), view=VIEW)

    assert changed.notes == (Note.ENDED_MEANWHILE,)
    assert stage.actions[-1] == "take_again"
    assert stage.sweep().held == 1
    assert stage.roles.held == frozenset()


def test_a_role_whose_timer_runs_stays(stage: Stage) -> None:
    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: stage.clock.advance(HOUR - MINUTE))

    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.roles.held == {KEY}
    assert changed.notes == ()


def test_one_that_somebody_left_with_the_member_stays(stage: Stage) -> None:
    target = Target(GUILD, ALICE, VIP)
    stage.interruptions.plan(
        Point.BEFORE_GRANT, lambda: stage.clear_time(target, asked=asked(), view=VIEW, keep_role=True)
    )

    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.of() is None
    assert stage.roles.held == {KEY}


def test_a_timer_that_was_set_anew_keeps_its_role(stage: Stage) -> None:
    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: _cleared(stage))
    stage.interruptions.plan(Point.BEFORE_BASIS, lambda: None)
    stage.interruptions.plan(Point.BEFORE_BASIS, lambda: None)
    stage.interruptions.plan(
        Point.BEFORE_BASIS, lambda: stage.alter(lambda timer: extend(timer, HOUR, now=NOW, policy=POLICY))
    )

    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.roles.held == {KEY}
    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Running)


def test_without_a_database_to_look_the_command_is_done(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    def unavailable() -> None:
        raise StorageUnavailable("gone")

    stage.interruptions.plan(Point.BEFORE_GRANT_ANSWERED, unavailable)

    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.roles.held == {KEY}
    assert changed.notes == ()
    [record] = caplog.records
    assert (record.levelname, record.message) == ("WARNING", "not checked after a grant")
    assert (record.__dict__["timer"], record.__dict__["error"]) == (KEY, "gone")


def test_a_timer_that_is_cleared_while_its_role_is_to_be_taken_again_is_left_at_that(stage: Stage) -> None:
    """Between the look at the timer and the plan, the sweep was done with it."""

    def swept() -> None:
        stage.alter(lambda _: None)
        stage.roles.take(KEY)

    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: _sweep(stage))
    stage.interruptions.plan(Point.BEFORE_BASIS, lambda: None)
    stage.interruptions.plan(Point.BEFORE_BASIS, swept)

    changed = stage.set_time(KEY, SHORT, asked=asked(), view=VIEW)

    assert changed.notes == (Note.ENDED_MEANWHILE,)
    assert stage.of() is None
    assert stage.roles.held == frozenset()
    assert "take_again" not in stage.actions

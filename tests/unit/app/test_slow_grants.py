"""The timer ends while Discord is slow to give its role: the role must not outlive it."""

from collections.abc import Callable

import pytest

from boostmon.app.changes import Note
from boostmon.app.errors import StorageUnavailable
from boostmon.domain.outcomes import Retry
from boostmon.domain.timers import Ending
from tests.support.stage import VIEW, Stage
from tests.support.timers import HOUR, KEY, MINUTE, asked


def _sweep(stage: Stage) -> None:
    stage.clock.advance(HOUR)
    assert stage.sweep().ended == 1


def _cleared(stage: Stage) -> None:
    stage.alter(lambda _: None)


def _half_swept(stage: Stage) -> None:
    """Another process has claimed the timer and taken the role, and is about to say so."""
    stage.clock.advance(HOUR)
    assert len(stage.rows.claim(stage.clock.now(), 10, MINUTE)) == 1
    stage.roles.remove([KEY], "its time was up")


@pytest.mark.parametrize("ended", [_sweep, _cleared, _half_swept])
def test_a_role_given_after_its_timer_was_over_is_taken_again(stage: Stage, ended: Callable[[Stage], None]) -> None:
    stage.interruptions.plan("before grant", lambda: ended(stage))

    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.roles.held == frozenset()
    assert changed.notes == (Note.ENDED_MEANWHILE,)


def test_so_is_one_that_may_have_been_given(stage: Stage) -> None:
    def lose_the_answer() -> None:
        _sweep(stage)
        stage.roles.give(KEY)
        stage.roles.fail_next(Retry("timed out"))

    stage.interruptions.plan("before grant", lose_the_answer)

    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.roles.held == frozenset()
    assert changed.notes == (Note.GRANT_UNCONFIRMED, Note.ENDED_MEANWHILE)


def test_a_role_whose_timer_runs_stays(stage: Stage) -> None:
    stage.interruptions.plan("before grant", lambda: stage.clock.advance(HOUR - MINUTE))

    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.roles.held == {KEY}
    assert changed.notes == ()


@pytest.mark.parametrize("ended", [_sweep, _cleared, _half_swept])
def test_what_cannot_be_taken_at_once_is_left_to_the_sweep(stage: Stage, ended: Callable[[Stage], None]) -> None:
    stage.interruptions.plan("before grant", lambda: ended(stage))
    stage.interruptions.plan("after grant", lambda: stage.roles.fail_next(Retry("busy")))

    changed = stage.set_time(KEY, HOUR, asked=asked(request=1), view=VIEW)

    assert changed.notes == (Note.ENDED_MEANWHILE,)
    assert stage.roles.held == {KEY}
    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Ending)
    assert stage.actions[-1] == "take_again"
    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
    assert stage.of() is None


def test_a_timer_that_was_set_anew_keeps_its_role(stage: Stage) -> None:
    stage.interruptions.plan("before grant", lambda: _cleared(stage))
    stage.interruptions.plan("after grant", lambda: stage.roles.fail_next(Retry("busy")))
    stage.interruptions.plan("before of_member", lambda: None)
    stage.interruptions.plan("before of_member", lambda: stage.have(HOUR))

    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.roles.held == {KEY}
    timer = stage.of()
    assert timer is not None
    assert not timer.is_over(stage.clock.now())


def test_without_a_database_to_look_the_command_is_done(stage: Stage) -> None:
    def unavailable() -> None:
        raise StorageUnavailable("gone")

    stage.interruptions.plan("before get", unavailable)

    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.roles.held == {KEY}
    assert changed.notes == ()

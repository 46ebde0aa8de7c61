"""`/removetime`, `/pausetime` and `/resumetime`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from boostmon.app.changing.changes import Changed, Note, Target
from boostmon.domain.durations import InvalidDuration, When
from boostmon.domain.eligibility import RoleNotTimeable
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ledger import Action
from boostmon.domain.selection import NoTimer, SeveralTimers
from boostmon.domain.timers import (
    AlreadyPaused,
    Ending,
    EndsSooner,
    NotPaused,
    Paused,
    PausedHasNoEnd,
    TimeIsUp,
    Timer,
    TooMuchTime,
)
from boostmon.domain.transitions import end, pause
from tests.support.stage import GOLD_KEY, HIGH_KEY, VIEW, Point, Stage
from tests.support.timers import (
    ALICE,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    SECOND,
    TEN_YEARS,
    VIP,
    asked,
    running,
)

ANY = Target(GUILD, ALICE)
ON_VIP = Target(GUILD, ALICE, VIP)
LATER = NOW + 10 * MINUTE


@pytest.mark.parametrize("target", [ANY, ON_VIP])
def test_a_running_timer_loses_time(stage: Stage, target: Target) -> None:
    before = stage.have(HOUR)

    changed = stage.remove_time(target, 20 * MINUTE, asked=asked(LATER, reason="rude"), view=VIEW)

    assert changed == Changed(
        Action.REMOVE, KEY, before, stage.of(), LATER, amount=20 * MINUTE, reason="rude", notes=()
    )
    assert changed.after is not None
    assert changed.after.remaining(LATER) == 30 * MINUTE
    [entry] = stage.ledger
    assert (entry.action, entry.actor, entry.before, entry.reason) == (Action.REMOVE, MODERATOR, before, "rude")
    assert stage.alarm.rings == 1


def test_a_timer_that_loses_everything_ends_now_and_the_sweep_takes_the_role(stage: Stage) -> None:
    stage.have(HOUR)

    changed = stage.remove_time(ANY, HOUR, asked=asked(), view=VIEW, confirmed=stage.shown())

    assert changed.notes == (Note.ENDS_NOW,)
    assert changed.after is not None
    assert changed.after.state == Ending(NOW, NOW)
    assert stage.roles.held == {KEY}
    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
    assert stage.of() is None


def test_a_paused_timer_loses_time_and_stays_paused(stage: Stage) -> None:
    stage.put(pause(running(HOUR), now=NOW))

    changed = stage.remove_time(ANY, HOUR - SECOND, asked=asked(LATER), view=VIEW)

    assert changed.after is not None
    assert changed.after.state == Paused(SECOND, NOW)
    assert changed.notes == ()


def test_with_a_moment_a_timer_ends_then(stage: Stage) -> None:
    """Not by the time until then sooner, which would end it now."""
    before = stage.have(DAY)

    changed = stage.remove_time(ANY, NOW + 20 * HOUR, asked=asked(), view=VIEW)

    assert (changed.before, changed.amount, changed.notes) == (before, NOW + 20 * HOUR, ())
    assert changed.after == stage.of()
    assert changed.after is not None
    assert changed.after.remaining(NOW) == 20 * HOUR


@pytest.mark.parametrize(
    ("timer", "moment", "why"),
    [
        (running(HOUR), NOW + DAY, EndsSooner),
        (running(HOUR), NOW + HOUR, EndsSooner),
        (running(HOUR), NOW, InvalidDuration),
        (pause(running(DAY), now=NOW), NOW + HOUR, PausedHasNoEnd),
        (end(running(DAY), now=NOW), NOW + HOUR, TimeIsUp),
    ],
)
def test_a_moment_that_is_not_less_time_is_refused(
    stage: Stage, timer: Timer, moment: datetime, why: type[BoostMonError]
) -> None:
    before = stage.put(timer)
    with pytest.raises(why):
        stage.remove_time(ANY, moment, asked=asked(), view=VIEW)
    assert stage.of() == before
    assert stage.ledger == ()


def test_a_running_timer_is_paused(stage: Stage) -> None:
    before = stage.have(HOUR)

    changed = stage.pause_time(ANY, asked=asked(LATER, reason="holiday"), view=VIEW)

    assert changed == Changed(Action.PAUSE, KEY, before, stage.of(), LATER, reason="holiday")
    assert changed.after is not None
    assert changed.after.state == Paused(50 * MINUTE, LATER)
    assert stage.actions == ["pause"]
    assert stage.rows.next_due(NOW) is None


@pytest.mark.parametrize("duration", [3 * DAY, LATER + 3 * DAY])
def test_a_running_timer_is_paused_for_a_while(stage: Stage, duration: When) -> None:
    stage.have(HOUR)

    changed = stage.pause_time(ANY, asked=asked(LATER), view=VIEW, duration=duration)

    assert changed.after == stage.of()
    assert changed.after is not None
    assert changed.after.state == Paused(50 * MINUTE, LATER, until=LATER + 3 * DAY)
    assert stage.rows.next_due(NOW) == LATER + 3 * DAY
    assert stage.alarm.rings == 1


def test_a_pause_gets_another_end(stage: Stage) -> None:
    stage.put(pause(running(HOUR), now=NOW))

    for duration, until in ((DAY, LATER + DAY), (2 * DAY, LATER + 2 * DAY), (None, None)):
        changed = stage.pause_time(ANY, asked=asked(LATER), view=VIEW, duration=duration)
        assert changed.after is not None
        assert changed.after.state == Paused(HOUR, NOW, until=until)


@pytest.mark.parametrize(
    ("timer", "duration", "why"),
    [
        (running(HOUR), NOW, InvalidDuration),
        (running(HOUR), NOW + TEN_YEARS + SECOND, TooMuchTime),
        (pause(running(HOUR), now=NOW, until=NOW + DAY), DAY, AlreadyPaused),
        (end(running(HOUR), now=NOW), DAY, TimeIsUp),
    ],
)
def test_a_pause_that_cannot_be_is_refused(
    stage: Stage, timer: Timer, duration: When, why: type[BoostMonError]
) -> None:
    before = stage.put(timer)
    with pytest.raises(why):
        stage.pause_time(ANY, asked=asked(), view=VIEW, duration=duration)
    assert stage.of() == before
    assert stage.ledger == ()


def test_a_pause_for_a_while_may_be_ended_before(stage: Stage) -> None:
    stage.put(pause(running(HOUR), now=NOW, until=NOW + DAY))

    changed = stage.resume_time(ANY, asked=asked(LATER), view=VIEW)

    assert changed.after is not None
    assert changed.after.ends_at == LATER + HOUR


def test_a_paused_timer_is_resumed(stage: Stage) -> None:
    before = stage.put(pause(running(HOUR), now=NOW))

    changed = stage.resume_time(ANY, asked=asked(LATER), view=VIEW)

    assert changed == Changed(Action.RESUME, KEY, before, stage.of(), LATER)
    assert changed.after is not None
    assert changed.after.due_at == LATER + 50 * MINUTE
    assert stage.actions == ["resume"]
    assert stage.alarm.rings == 1


type Run = Callable[[Stage, Target], Changed]

COMMANDS: dict[str, Run] = {
    "remove": lambda stage, target: stage.remove_time(target, MINUTE, asked=asked(), view=VIEW),
    "pause": lambda stage, target: stage.pause_time(target, asked=asked(), view=VIEW),
    "resume": lambda stage, target: stage.resume_time(target, asked=asked(), view=VIEW),
}


def refused(stage: Stage, command: str, why: type[BoostMonError], target: Target = ANY) -> None:
    """Checks that the command is refused and changes nothing at all."""
    timers = [stage.of(key) for key in (KEY, GOLD_KEY, HIGH_KEY)]
    with pytest.raises(why):
        COMMANDS[command](stage, target)
    assert [stage.of(key) for key in (KEY, GOLD_KEY, HIGH_KEY)] == timers
    assert stage.ledger == ()
    assert stage.alarm.rings == 0


@pytest.mark.parametrize("command", COMMANDS)
class TestEachCommand:
    @pytest.mark.parametrize("target", [ANY, ON_VIP])
    def test_needs_a_timer(self, stage: Stage, command: str, target: Target) -> None:
        if target is ON_VIP:
            stage.have(HOUR, GOLD_KEY)

        refused(stage, command, NoTimer, target)

    def test_does_not_guess_between_timers(self, stage: Stage, command: str) -> None:
        for key in (KEY, GOLD_KEY):
            stage.put(pause(running(HOUR, of=key), now=NOW) if command == "resume" else running(HOUR, of=key))

        refused(stage, command, SeveralTimers)
        assert COMMANDS[command](stage, ON_VIP).key == KEY

    def test_leaves_roles_above_the_moderator_alone(self, stage: Stage, command: str) -> None:
        stage.have(HOUR, HIGH_KEY)

        refused(stage, command, RoleNotTimeable)

    def test_runs_again_when_somebody_was_faster(self, stage: Stage, command: str) -> None:
        timer = running(HOUR)
        stage.put(pause(timer, now=NOW) if command == "resume" else timer)
        stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: stage.alter(lambda timer: replace(timer, channel=None)))

        changed = COMMANDS[command](stage, ANY)

        assert changed.after == stage.of()
        assert stage.actions == ["set", command]


def test_time_that_is_up_cannot_be_reduced_or_paused(stage: Stage) -> None:
    stage.put(end(running(HOUR), now=NOW))

    refused(stage, "remove", TimeIsUp)
    refused(stage, "pause", TimeIsUp)
    refused(stage, "resume", NotPaused)


def test_pausing_twice_and_resuming_a_running_timer_are_refused(stage: Stage) -> None:
    stage.have(HOUR)
    refused(stage, "resume", NotPaused)
    stage.put(pause(running(HOUR), now=NOW))
    refused(stage, "pause", AlreadyPaused)

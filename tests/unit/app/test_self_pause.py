"""`/mypause` and `/myresume`, and what moderators make of such pauses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Target
from boostmon.app.commands.self_pause import SelfPaused
from boostmon.app.ports import ENTRIES_READ, Asked
from boostmon.domain.durations import InvalidDuration, Wanted
from boostmon.domain.ids import RequestId, RoleId
from boostmon.domain.ledger import Action
from boostmon.domain.selection import NoTimer, SeveralTimers
from boostmon.domain.self_pausing import YEAR, MayNotPause, NothingToPause, NotTheirPause, PausesUsedUp
from boostmon.domain.timers import Paused
from tests.support.stage import GOLD, GOLD_KEY, VIEW, Point, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MODERATOR, NOW, VIP, asked

ON_VIP = Target(GUILD, ALICE, VIP)


@pytest.fixture(name="stage")
def stage_that_lets_members(stage: Stage) -> Stage:
    decide(stage, 30)
    return stage


def decide(stage: Stage, days: int) -> None:
    stage.change_policy.self_pause(GUILD, days, asked=asked())


def by_alice(after: timedelta = timedelta(), request: int | None = None) -> Asked:
    return Asked(ALICE, NOW + after, None if request is None else RequestId(request))


def pause(
    stage: Stage,
    after: timedelta = timedelta(),
    role: RoleId | None = None,
    duration: Wanted | None = None,
    request: int | None = None,
) -> SelfPaused:
    return stage.self_pause(GUILD, asked=by_alice(after, request), role=role, duration=duration)


def resume(stage: Stage, after: timedelta, role: RoleId | None = None) -> SelfPaused:
    return stage.self_resume(GUILD, asked=by_alice(after), role=role)


def paused_until(stage: Stage) -> object:
    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Paused)
    return timer.state.until


def test_members_pause_their_only_timer_and_the_history_says_so(stage: Stage) -> None:
    before = stage.have(50 * DAY)

    done = pause(stage, DAY, duration=7 * DAY, request=5)

    timer = stage.of()
    assert (done.days, done.left, done.changed.after) == (30, 23 * DAY, timer)
    assert timer is not None
    assert timer.state == Paused(49 * DAY, NOW + DAY, NOW + 8 * DAY)
    [entry] = stage.ledger
    assert (entry.action, entry.actor, entry.request) == (Action.SELF_PAUSE, ALICE, RequestId(5))
    assert entry.before == before
    assert entry.after is not None
    assert entry.after.state == timer.state


def test_the_pause_ends_by_itself_and_days_add_up_until_none_are_left(stage: Stage) -> None:
    stage.have(500 * DAY)
    pause(stage, duration=20 * DAY)
    stage.clock.advance(20 * DAY)
    stage.sweep()
    assert stage.actions[-1] == Action.WENT_ON
    assert pause(stage, 40 * DAY).left == timedelta()
    assert paused_until(stage) == NOW + 50 * DAY
    stage.clock.advance(30 * DAY)
    stage.sweep()
    assert stage.actions[-1] == Action.WENT_ON

    with pytest.raises(PausesUsedUp) as refusal:
        pause(stage, 60 * DAY)
    assert refusal.value.free_at == NOW + YEAR
    stage.clock.advance(YEAR)

    assert pause(stage, YEAR).left == timedelta()
    assert paused_until(stage) == NOW + YEAR + 20 * DAY


def test_letting_it_go_on_gives_back_what_was_not_used(stage: Stage) -> None:
    stage.have(50 * DAY)
    pause(stage)

    done = resume(stage, 4 * DAY)

    assert (done.days, done.left) == (30, 26 * DAY)
    timer = stage.of()
    assert timer is not None
    assert timer.ends_at == NOW + 54 * DAY
    assert stage.ledger[-1].action == Action.SELF_RESUME


def test_it_is_for_moderators_alone_unless_the_guild_lets_members(stage: Stage) -> None:
    stage.have(DAY)
    pause(stage)
    decide(stage, 0)

    assert resume(stage, HOUR).days == 0
    with pytest.raises(MayNotPause):
        pause(stage, HOUR)


def test_each_timer_has_its_own_days(stage: Stage) -> None:
    stage.have(500 * DAY)
    stage.have(500 * DAY, GOLD_KEY)
    with pytest.raises(SeveralTimers):
        pause(stage)
    pause(stage, role=VIP)
    resume(stage, 30 * DAY, role=VIP)

    with pytest.raises(PausesUsedUp):
        pause(stage, 31 * DAY, role=VIP)
    assert pause(stage, 31 * DAY, role=GOLD).left == timedelta()


def test_a_moderators_pause_is_theirs(stage: Stage) -> None:
    stage.have(50 * DAY)
    stage.pause_time(ON_VIP, asked=asked(), view=VIEW)
    with pytest.raises(NothingToPause):
        pause(stage, HOUR)
    with pytest.raises(NotTheirPause):
        resume(stage, HOUR)
    stage.resume_time(ON_VIP, asked=asked(NOW + DAY), view=VIEW)
    pause(stage, 2 * DAY)
    stage.pause_time(ON_VIP, asked=asked(NOW + 3 * DAY), view=VIEW, duration=90 * DAY)

    with pytest.raises(NotTheirPause):
        resume(stage, 4 * DAY)
    stage.resume_time(ON_VIP, asked=asked(NOW + 5 * DAY), view=VIEW)

    assert pause(stage, 6 * DAY, duration=DAY).left == 28 * DAY


def test_a_moderator_undoes_it(stage: Stage) -> None:
    before = stage.have(50 * DAY)
    pause(stage, request=7)

    undone = stage.undo(RequestId(7), asked=asked(NOW + DAY, request=8), view=VIEW)

    assert (undone.change.action, undone.change.actor) == (Action.SELF_PAUSE, ALICE)
    timer = stage.of()
    assert timer is not None
    assert timer.state == before.state
    assert pause(stage, 2 * DAY, duration=DAY).left == 28 * DAY


@pytest.mark.parametrize("role", [None, VIP])
def test_without_a_timer_there_is_nothing_to_pause(stage: Stage, role: RoleId | None) -> None:
    with pytest.raises(NoTimer):
        pause(stage, role=role)
    with pytest.raises(NoTimer):
        resume(stage, DAY, role=role)


def test_a_moment_that_is_past_is_refused(stage: Stage) -> None:
    stage.have(DAY)
    with pytest.raises(InvalidDuration):
        pause(stage, DAY / 2, duration=NOW)
    assert stage.ledger == ()


def test_a_moderator_who_is_faster_wins(stage: Stage) -> None:
    stage.have(50 * DAY)
    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: stage.pause_time(ON_VIP, asked=asked(NOW + HOUR), view=VIEW))

    with pytest.raises(NothingToPause):
        pause(stage, HOUR)

    assert stage.actions == [Action.PAUSE]


def test_no_days_come_back_by_filling_the_history(stage: Stage) -> None:
    stage.have(500 * DAY)
    pause(stage)
    resume(stage, 29 * DAY)
    entry = stage.ledger[-1]
    other = replace(entry, action=Action.ADD, actor=MODERATOR, before=entry.after)
    stage.store.ledger.extend([other] * (2 * ENTRIES_READ))

    assert pause(stage, 40 * DAY).left == timedelta()
    assert paused_until(stage) == NOW + 41 * DAY
    assert stage.of(KEY) is not None

"""`/addtime`: more time, or a first timer, or a revival."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from boostmon.app.changing.changes import Note, Target
from boostmon.app.changing.granting import GrantRefused
from boostmon.app.ports import LONGEST_GRANT, AuditReason, Cause
from boostmon.domain.durations import InvalidDuration
from boostmon.domain.eligibility import BotMayNotManageRoles, RoleGone, RoleNotTimeable
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.ledger import Action
from boostmon.domain.outcomes import Retry
from boostmon.domain.selection import NoTimer, SeveralTimers
from boostmon.domain.timers import Ending, EndsLater, Obstacle, Paused, PausedHasNoEnd, Timer, TooMuchTime
from boostmon.domain.transitions import end, pause
from tests.support.stage import GOLD, GOLD_KEY, HIGH, HIGH_KEY, VIEW, Point, Stage
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


@pytest.mark.parametrize("target", [ANY, ON_VIP])
def test_a_running_timer_gets_more_time_and_discord_is_not_asked(stage: Stage, target: Target) -> None:
    before = stage.have(HOUR)

    changed = stage.add_time(target, DAY, asked=asked(reason="won"), view=VIEW)

    assert (changed.action, changed.key, changed.before, changed.amount) == (Action.ADD, KEY, before, DAY)
    assert changed.after == stage.of()
    assert changed.after is not None
    assert changed.after.remaining(NOW) == HOUR + DAY
    assert (changed.reason, changed.notes, changed.at) == ("won", (), NOW)
    assert stage.roles.acts == ()
    assert stage.alarm.rings == 1


def test_a_paused_timer_gets_more_time_and_stays_paused(stage: Stage) -> None:
    stage.put(pause(running(HOUR), now=NOW))

    changed = stage.add_time(ANY, HOUR, asked=asked(), view=VIEW)

    assert changed.after is not None
    assert changed.after.state == Paused(2 * HOUR, NOW)
    assert stage.roles.acts == ()


def test_with_a_role_and_no_timer_one_is_started_and_the_role_given(stage: Stage) -> None:
    changed = stage.add_time(ON_VIP, HOUR, asked=asked(), view=VIEW)

    assert changed.before is None
    assert changed.after == stage.of()
    assert changed.notes == ()
    assert stage.roles.held == {KEY}
    assert [act.reason for act in stage.roles.acts] == [AuditReason(Cause.STARTED, MODERATOR)]


def test_a_started_timer_notes_that_the_member_had_the_role(stage: Stage) -> None:
    changed = stage.add_time(ON_VIP, HOUR, asked=asked(), view=VIEW, held={VIP})

    assert changed.notes == (Note.HAD_ROLE,)


def test_a_refused_start_leaves_nothing(stage: Stage) -> None:
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    with pytest.raises(GrantRefused):
        stage.add_time(ON_VIP, HOUR, asked=asked(), view=VIEW)

    assert stage.of() is None
    assert stage.actions == ["add", "put_back"]


@pytest.mark.parametrize("overdue_by", [0 * SECOND, MINUTE])
def test_a_timer_whose_time_is_up_is_revived_and_its_role_given_again(stage: Stage, overdue_by: timedelta) -> None:
    before = stage.have(HOUR)
    now = NOW + HOUR + overdue_by
    stage.roles.take(KEY)  # by a sweep that has not settled yet

    changed = stage.add_time(ANY, HOUR, asked=asked(at=now), view=VIEW, held=())

    assert changed.before == before
    assert changed.after is not None
    assert changed.after.remaining(now) == HOUR
    assert changed.notes == (Note.REVIVED,)
    assert stage.roles.held == {KEY}


def test_an_ending_timer_is_revived_even_when_the_grant_has_no_answer(stage: Stage) -> None:
    stage.put(end(running(HOUR), now=NOW))
    stage.roles.fail_next(Retry("timed out"))

    changed = stage.add_time(ANY, HOUR, asked=asked(), view=VIEW)

    assert changed.notes == (Note.REVIVED, Note.GRANT_UNCONFIRMED)
    assert changed.after is not None
    assert stage.of() == changed.after.with_grant_until(NOW + LONGEST_GRANT)


def test_a_refused_revival_leaves_the_timer_ending_with_its_story(stage: Stage) -> None:
    story = Ending(NOW, NOW + HOUR, attempts=3, blocked_by=Obstacle.MISSING_PERMISSIONS, last_error="403")
    before = stage.put(replace(running(HOUR), state=story))
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    with pytest.raises(GrantRefused):
        stage.add_time(ANY, HOUR, asked=asked(), view=VIEW)

    after = stage.of()
    assert after is not None
    assert replace(after, version=before.version) == before


def test_a_running_timer_of_a_role_that_the_bot_lost_may_still_get_more_time(stage: Stage) -> None:
    stage.have(HOUR)
    powerless = replace(VIEW, bot=replace(VIEW.bot, permissions=0))

    changed = stage.add_time(ON_VIP, HOUR, asked=asked(), view=powerless)

    assert changed.after is not None
    assert changed.after.remaining(NOW) == 2 * HOUR


def test_a_timer_whose_role_is_gone_is_not_revived(stage: Stage) -> None:
    before = stage.put(end(running(HOUR), now=NOW))

    with pytest.raises(RoleGone):
        stage.add_time(ANY, HOUR, asked=asked(), view=replace(VIEW, roles={}))

    assert stage.of() == before


def test_a_timer_whose_role_the_bot_cannot_give_is_not_revived(stage: Stage) -> None:
    before = stage.put(end(running(HOUR), now=NOW))

    with pytest.raises(BotMayNotManageRoles):
        stage.add_time(ANY, HOUR, asked=asked(), view=replace(VIEW, bot=replace(VIEW.bot, permissions=0)))

    assert stage.of() == before
    assert stage.roles.acts == ()


@pytest.mark.parametrize("target", [Target(GUILD, ALICE, RoleId(5)), Target(GUILD, ALICE, HIGH)])
def test_a_role_that_cannot_be_given_gets_no_timer(stage: Stage, target: Target) -> None:
    with pytest.raises((RoleGone, RoleNotTimeable)):
        stage.add_time(target, HOUR, asked=asked(), view=VIEW)

    assert stage.ledger == ()


def test_a_timer_of_a_role_above_the_moderator_is_left_alone(stage: Stage) -> None:
    before = stage.have(HOUR, HIGH_KEY)

    with pytest.raises(RoleNotTimeable):
        stage.add_time(ANY, HOUR, asked=asked(), view=VIEW)

    assert stage.of(HIGH_KEY) == before


def test_without_a_role_there_must_be_a_timer_in_this_guild(stage: Stage) -> None:
    stage.have(HOUR, replace(KEY, guild=GuildId(5)))

    with pytest.raises(NoTimer):
        stage.add_time(ANY, HOUR, asked=asked(), view=VIEW)


def test_without_a_role_there_must_be_only_one_timer(stage: Stage) -> None:
    timers = (stage.have(HOUR), stage.have(HOUR, GOLD_KEY))

    with pytest.raises(SeveralTimers) as caught:
        stage.add_time(ANY, HOUR, asked=asked(), view=VIEW)
    changed = stage.add_time(Target(GUILD, ALICE, GOLD), HOUR, asked=asked(), view=VIEW)

    assert caught.value.timers == timers
    assert changed.key == GOLD_KEY
    assert stage.of() == timers[0]


def test_no_more_than_the_longest_duration(stage: Stage) -> None:
    before = stage.have(HOUR)

    with pytest.raises(TooMuchTime):
        stage.add_time(ANY, TEN_YEARS, asked=asked(), view=VIEW)

    assert stage.of() == before
    assert stage.ledger == ()


def test_a_timer_that_the_sweep_ended_meanwhile_is_started_anew(stage: Stage) -> None:
    stage.have(HOUR)
    stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: stage.alter(lambda _: None))

    changed = stage.add_time(ON_VIP, HOUR, asked=asked(), view=VIEW)

    assert changed.before is None
    assert stage.of() == changed.after
    assert stage.roles.held == {KEY}


@pytest.mark.parametrize("target", [ANY, ON_VIP])
def test_with_a_moment_the_timer_ends_then(stage: Stage, target: Target) -> None:
    """Not at the time until then added to what remains."""
    before = stage.have(HOUR)

    changed = stage.add_time(target, NOW + DAY, asked=asked(), view=VIEW)

    assert (changed.before, changed.amount) == (before, NOW + DAY)
    assert changed.after == stage.of()
    assert changed.after is not None
    assert changed.after.remaining(NOW) == DAY


def test_with_a_moment_and_no_timer_one_is_started_until_then(stage: Stage) -> None:
    changed = stage.add_time(ON_VIP, NOW + DAY, asked=asked(), view=VIEW)

    assert changed.before is None
    assert changed.after is not None
    assert changed.after.remaining(NOW) == DAY
    assert stage.roles.held == {KEY}


def test_with_a_moment_a_timer_whose_time_is_up_goes_on_until_then(stage: Stage) -> None:
    stage.put(end(running(HOUR), now=NOW))

    changed = stage.add_time(ANY, NOW + DAY, asked=asked(), view=VIEW)

    assert Note.REVIVED in changed.notes
    assert changed.after is not None
    assert changed.after.remaining(NOW) == DAY


@pytest.mark.parametrize(
    ("timer", "moment", "why"),
    [
        (running(DAY), NOW + HOUR, EndsLater),
        (running(DAY), NOW + DAY, EndsLater),
        (pause(running(HOUR), now=NOW), NOW + DAY, PausedHasNoEnd),
        (running(DAY), NOW - SECOND, EndsLater),
        (end(running(HOUR), now=NOW), NOW, InvalidDuration),
        (running(DAY), NOW + TEN_YEARS + SECOND, TooMuchTime),
    ],
)
def test_a_moment_that_is_not_more_time_is_refused(
    stage: Stage, timer: Timer, moment: datetime, why: type[BoostMonError]
) -> None:
    before = stage.put(timer)
    with pytest.raises(why):
        stage.add_time(ANY, moment, asked=asked(), view=VIEW)
    assert stage.of() == before
    assert stage.ledger == ()


def test_a_timer_cannot_be_started_until_a_moment_that_has_passed(stage: Stage) -> None:
    with pytest.raises(InvalidDuration):
        stage.add_time(ON_VIP, NOW, asked=asked(), view=VIEW)
    assert stage.of() is None

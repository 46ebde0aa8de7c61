"""Commands, and roles that are given, where all timers of a role end on a date."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Target
from boostmon.domain.common_end import EndsForAll
from boostmon.domain.defaults import NoDuration
from boostmon.domain.eligibility import Standing
from boostmon.domain.ids import RequestId, RoleId, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.rules import RoleRule
from boostmon.domain.ruling import EventWithoutDate, InvalidRule, StartsWithoutDuration, ensure_dated
from boostmon.domain.timers import AlreadyPaused, Paused
from boostmon.domain.transitions import pause
from tests.support.stage import VIEW, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, NOW, SECOND, VIP, asked, running

OWNER = replace(VIEW, asker=Standing(top=(9, -1), is_owner=True))
BOB = UserId(77)
MINE = Target(GUILD, ALICE, VIP)
DATE = NOW + 2 * DAY


@pytest.fixture
def dated(stage: Stage) -> Stage:
    """All timers of VIP end on DATE."""
    end_all(stage)
    return stage


def end_all(stage: Stage, rule: RoleRule | None = None) -> None:
    dated_rule = rule or RoleRule(VIP, starts=True, ends_on=DATE)
    stage.change_rules.set(OWNER, VIP, lambda _rule, _calendar: dated_rule, asked=asked(stage.clock.now()))


def test_a_timer_of_which_nobody_says_how_long_ends_on_the_date(dated: Stage) -> None:
    changed = dated.set_time(KEY, None, asked=asked(), view=OWNER)

    assert changed.after is not None
    assert (changed.after.ends_at, changed.amount) == (DATE, DATE)


def test_nobody_gives_more(dated: Stage) -> None:
    for amount in (2 * DAY + SECOND, DATE + SECOND):
        with pytest.raises(EndsForAll):
            dated.set_time(KEY, amount, asked=asked(), view=OWNER)
        with pytest.raises(EndsForAll):
            dated.add_time(MINE, amount, asked=asked(), view=OWNER)
    assert (dated.of(), dated.roles.acts) == (None, ())
    before = dated.put(running(DAY))
    with pytest.raises(EndsForAll):
        dated.add_time(MINE, DAY + SECOND, asked=asked(), view=OWNER)
    assert dated.of() == before
    dated.add_time(MINE, DAY, asked=asked(), view=OWNER)


def test_time_that_is_moved_does_not_go_beyond_it_either(dated: Stage) -> None:
    dated.put(running(36 * HOUR))
    dated.put(running(36 * HOUR, of=replace(KEY, user=BOB)))
    with pytest.raises(EndsForAll):
        dated.move_time(MINE, BOB, asked=asked(), view=OWNER)


def test_a_pause_leaves_as_much_as_remains_before_it(dated: Stage) -> None:
    dated.put(running(HOUR))
    for until in (DATE, 2 * DAY):
        with pytest.raises(EndsForAll):
            dated.pause_time(MINE, asked=asked(), view=OWNER, duration=until)

    paused = dated.pause_time(MINE, asked=asked(), view=OWNER).after

    assert paused is not None
    assert paused.state == Paused(HOUR, NOW, until=DATE - HOUR)
    with pytest.raises(AlreadyPaused):
        dated.pause_time(MINE, asked=asked(), view=OWNER)
    dated.pause_time(MINE, asked=asked(), view=OWNER, duration=DAY)


def test_a_timer_that_ends_on_it_is_not_paused(dated: Stage) -> None:
    before = dated.put(running(2 * DAY))
    with pytest.raises(EndsForAll):
        dated.pause_time(MINE, asked=asked(), view=OWNER)
    assert dated.of() == before


def test_what_is_undone_comes_back_up_to_the_date(stage: Stage) -> None:
    stage.put(running(9 * DAY))
    stage.remove_time(MINE, HOUR, asked=asked(request=7), view=OWNER)
    end_all(stage)

    stage.undo(RequestId(7), asked=asked(), view=OWNER)

    timer = stage.of()
    assert timer is not None
    assert timer.ends_at == DATE


def test_nothing_is_undone_that_would_run_once_it_has_passed(stage: Stage) -> None:
    stage.put(running(9 * DAY))
    stage.remove_time(MINE, HOUR, asked=asked(request=7), view=OWNER)
    end_all(stage, RoleRule(VIP, ends_on=NOW + HOUR))

    with pytest.raises(EndsForAll) as refused:
        stage.undo(RequestId(7), asked=asked(NOW + HOUR), view=OWNER)
    assert refused.value.is_over


@pytest.mark.parametrize("length", [timedelta(days=9), None])
def test_once_it_has_passed_nothing_starts(dated: Stage, length: timedelta | None) -> None:
    with pytest.raises(EndsForAll) as refused:
        dated.set_time(KEY, length, asked=asked(DATE), view=OWNER)
    assert refused.value.is_over


def test_timers_that_are_there_are_moved_to_it_and_the_sweep_is_woken(stage: Stage) -> None:
    stage.put(running(9 * DAY))
    stage.put(pause(running(DAY, of=replace(KEY, user=BOB)), now=NOW))
    rings = stage.alarm.rings

    end_all(stage)

    assert stage.alarm.rings == rings + 1
    ends = {timer.ends_at for timer in (stage.of(), stage.of(replace(KEY, user=BOB))) if timer is not None}
    assert ends == {DATE}
    assert [(one.action, one.actor, one.at) for one in stage.ledger] == [(Action.RULED, None, NOW)] * 2


def test_a_rule_that_starts_timers_needs_a_date_or_a_duration(stage: Stage) -> None:
    end_all(stage)
    with pytest.raises(InvalidRule) as refused:
        end_all(stage, RoleRule(VIP, starts=True))
    assert refused.value.problem == StartsWithoutDuration()
    stage.change_policy.default_duration(GUILD, HOUR, asked=asked())
    stage.change_policy.default_duration(GUILD, None, asked=asked())
    with pytest.raises(NoDuration):
        stage.set_time(replace(KEY, role=RoleId(KEY.role + 1)), None, asked=asked(), view=OWNER)


def test_an_event_has_a_date_that_is_ahead() -> None:
    assert ensure_dated(RoleRule(VIP, ends_on=DATE), at=NOW).ends_on == DATE
    for date in (None, NOW):
        with pytest.raises(InvalidRule) as refused:
            ensure_dated(RoleRule(VIP, ends_on=date), at=NOW)
        assert refused.value.problem == EventWithoutDate()

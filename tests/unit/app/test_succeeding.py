"""The role that follows: whoever had the one before for its whole time gets it, and nobody else."""

from dataclasses import replace
from datetime import datetime

import pytest

from boostmon.app.changing.changes import Target
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import AuditReason, Cause
from boostmon.domain.ids import ChannelId
from boostmon.domain.ledger import Action
from boostmon.domain.notices import BlockedNotice, EndedNotice
from boostmon.domain.outcomes import Retry
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import LastsForGood, NotBegun, Obstacle, Running, Timer, Waiting
from tests.support.stage import GOLD, GOLD_KEY, HIGH, VIEW, Point, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, NOW, SECOND, VIP, asked

TARGET, FOLLOWER = Target(GUILD, ALICE, VIP), Target(GUILD, ALICE, GOLD)


def rule(stage: Stage, own: RoleRule | None = None, **more: object) -> None:
    """Gold follows VIP; `own` is the rule of Gold."""
    rules = {VIP: RoleRule(VIP, follows=GOLD)} | ({} if own is None else {GOLD: own})
    stage.store.policies[GUILD] = replace(Policy(rules=rules), **more)  # type: ignore[arg-type] # fields of it


def run_out(stage: Stage) -> Timer | None:
    """VIP's timer of a minute ends; returns Gold's."""
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)
    stage.sweep()
    return stage.of(GOLD_KEY)


def test_once_time_is_up_the_role_that_follows_is_given_for_good(stage: Stage) -> None:
    rule(stage)

    assert run_out(stage) is None

    assert stage.roles.held == {GOLD_KEY}
    assert stage.of() is None
    assert stage.actions == ["ended", "followed", "began"]
    assert [entry.actor for entry in stage.ledger] == [None, None, None]
    assert stage.roles.acts[-1].reason == AuditReason(Cause.BEGINS)
    assert stage.owed == [EndedNotice(KEY, None, NOW + MINUTE)]


def test_where_its_own_rule_starts_timers_it_has_one(stage: Stage) -> None:
    rule(stage, RoleRule(GOLD, starts=True, duration=2 * DAY))

    timer = run_out(stage)

    assert timer is not None
    assert isinstance(timer.state, Running)
    assert timer.ends_at == NOW + MINUTE + 2 * DAY
    stage.clock.advance(2 * DAY)
    stage.sweep()
    assert stage.roles.held == frozenset()


def test_a_rule_that_starts_none_by_itself_gives_it_for_good(stage: Stage) -> None:
    rule(stage, RoleRule(GOLD, duration=2 * DAY))
    assert run_out(stage) is None
    assert stage.roles.held == {GOLD_KEY}


@pytest.mark.parametrize("date", [NOW, NOW + DAY])
def test_it_ends_by_the_date_of_its_own_rule_and_is_not_given_after_it(stage: Stage, date: datetime) -> None:
    rule(stage, RoleRule(GOLD, starts=True, ends_on=date))

    timer = run_out(stage)

    assert (None if timer is None else timer.ends_at) == (date if date > NOW else None)
    assert (GOLD_KEY in stage.roles.held) == (date > NOW)


def test_a_timer_that_is_there_stays_as_it_is(stage: Stage) -> None:
    rule(stage, RoleRule(GOLD, starts=True, duration=2 * DAY))
    before = stage.have(9 * DAY, GOLD_KEY)

    assert run_out(stage) == before
    assert (stage.of(), stage.actions) == (None, ["ended"])


@pytest.mark.parametrize("how", ["cleared", "shortened", "cleared and left to the sweep"])
def test_nothing_follows_where_somebody_ended_the_timer(stage: Stage, how: str) -> None:
    rule(stage)
    timer = stage.have(HOUR)
    if how == "shortened":
        stage.remove_time(TARGET, HOUR, asked=asked(), view=VIEW, confirmed=timer.version)
    else:
        if how != "cleared":
            stage.roles.fail_next(Retry("503"))
        stage.clear_time(TARGET, asked=asked(), view=VIEW, confirmed=timer.version)
    stage.clock.advance(2 * MINUTE)
    stage.sweep()

    assert stage.roles.held == frozenset()
    assert stage.of() is None
    assert stage.of(GOLD_KEY) is None


def test_it_follows_also_where_the_removal_has_to_be_repeated(stage: Stage) -> None:
    rule(stage)
    stage.roles.fail_next(Retry("503"))
    assert run_out(stage) is None
    assert stage.roles.held == {KEY}
    stage.clock.advance(5 * SECOND)

    stage.sweep()

    assert stage.roles.held == {GOLD_KEY}


def test_nothing_follows_for_a_member_who_left(stage: Stage) -> None:
    rule(stage)
    stage.have(MINUTE)
    stage.roles.member_leaves(GUILD, ALICE)
    stage.clock.advance(MINUTE)
    stage.sweep()

    assert stage.actions == ["ended"]
    assert stage.of(GOLD_KEY) is None


def test_a_timer_that_goes_on_while_its_role_is_taken_keeps_it_and_nothing_follows(stage: Stage) -> None:
    rule(stage)
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)
    stage.interruptions.plan(
        Point.AFTER_REMOVE, lambda: stage.add_time(TARGET, HOUR, asked=asked(stage.clock.now()), view=VIEW)
    )
    stage.sweep()

    assert stage.roles.held == {KEY}
    assert stage.of(GOLD_KEY) is None


def test_what_is_in_the_way_of_it_is_told_and_it_is_given_later(stage: Stage) -> None:
    rule(stage, log_channel=ChannelId(6))
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS, GOLD)
    timer = run_out(stage)
    assert timer is not None
    assert isinstance(timer.state, Waiting)
    assert BlockedNotice(GOLD_KEY, Obstacle.MISSING_PERMISSIONS, NOW + MINUTE, gives=True) in stage.owed

    at = stage.clock.now()
    for change in (stage.add_time, stage.remove_time):
        with pytest.raises(LastsForGood):
            change(FOLLOWER, HOUR, asked=asked(at), view=VIEW)
    with pytest.raises(NotBegun):
        stage.pause_time(FOLLOWER, asked=asked(at), view=VIEW)
    stage.roles.clear_way(GUILD, GOLD)
    stage.clock.advance(2 * MINUTE)
    assert stage.sweep().began == 1
    assert stage.roles.held == {GOLD_KEY}
    assert stage.of(GOLD_KEY) is None


def test_it_can_be_called_off_and_given_for_a_time_while_it_waits(stage: Stage) -> None:
    rule(stage)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS, GOLD)
    run_out(stage)
    at = stage.clock.now()

    stage.clear_time(FOLLOWER, asked=asked(at), view=VIEW)
    assert stage.of(GOLD_KEY) is None
    stage.roles.clear_way(GUILD, GOLD)
    stage.set_time(GOLD_KEY, HOUR, asked=asked(at), view=VIEW)
    assert GOLD_KEY in stage.roles.held


def test_roles_may_follow_each_other_in_turn(stage: Stage) -> None:
    rules = {
        VIP: RoleRule(VIP, starts=True, duration=DAY, follows=GOLD),
        GOLD: RoleRule(GOLD, starts=True, duration=DAY, follows=VIP),
    }
    stage.store.policies[GUILD] = Policy(rules=rules)
    stage.have(DAY)
    for held in (GOLD_KEY, KEY, GOLD_KEY):
        stage.clock.advance(DAY + MINUTE)
        stage.sweep()
        assert stage.roles.held == {held}


def test_if_the_database_fails_both_come_back(stage: Stage) -> None:
    rule(stage)
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)

    def fail() -> None:
        raise StorageUnavailable("down")

    stage.interruptions.plan(Point.BEFORE_COMMIT, fail)
    with pytest.raises(StorageUnavailable):
        stage.sweep()
    assert stage.of() is not None
    stage.lease_seconds += 3600
    stage.sweep()

    assert stage.roles.held == {GOLD_KEY}
    assert [entry.action for entry in stage.ledger] == [Action.ENDED, Action.FOLLOWED, Action.BEGAN]


def test_a_role_that_was_deleted_follows_no_more(stage: Stage) -> None:
    rules = {VIP: RoleRule(VIP, follows=GOLD), HIGH: RoleRule(HIGH, longest=DAY, follows=GOLD)}
    stage.store.policies[GUILD] = Policy(rules=rules)
    stage.roles.delete_role(GUILD, GOLD)

    stage.end_deleted_roles.catch_up(GUILD, {VIP, HIGH})

    assert stage.policies.get(GUILD).rules == {HIGH: RoleRule(HIGH, longest=DAY)}

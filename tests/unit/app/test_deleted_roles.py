"""Timers end when their role is deleted, and never when it is not."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from boostmon.app.changing.changes import Changed, Target
from boostmon.app.errors import DiscordUnreachable, StorageUnavailable
from boostmon.app.guilds.deleted_roles import AT_ONCE
from boostmon.domain.details import RoleNamed
from boostmon.domain.eligibility import GuildView, RoleFacts, RoleGone
from boostmon.domain.ids import NOBODY, RoleId
from boostmon.domain.ledger import Action
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Ending, Obstacle
from boostmon.domain.transitions import pause
from tests.support.stage import GOLD, GOLD_KEY, HIGH, VIEW, Point, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, NOW, VIP, asked, key, running


def deleted(stage: Stage) -> None:
    stage.roles.delete_role(GUILD, VIP)


def test_a_timer_ends_with_its_role_and_the_log_and_the_ledger_say_why(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    before = stage.have(DAY)
    stage.have(DAY, GOLD_KEY)
    deleted(stage)
    now = stage.clock.advance(HOUR)

    with caplog.at_level(logging.INFO):
        assert stage.end_deleted_roles.deleted(GUILD, VIP, "VIP") == 1

    [record] = caplog.records
    assert (record.levelname, record.message) == ("INFO", "timers of a deleted role end")
    assert [record.__dict__[name] for name in ("guild", "role", "timers")] == [GUILD, VIP, 1]

    ending = stage.of()
    assert ending is not None
    assert ending.state == Ending(now, now)
    [entry] = stage.ledger
    assert (entry.action, entry.at, entry.actor, entry.detail) == (Action.ROLE_DELETED, now, None, RoleNamed("VIP"))
    assert (entry.before, entry.after) == (before, ending)
    assert stage.alarm.rings == 1
    assert stage.sweep().ended == 1
    assert stage.of() is None
    assert stage.of(GOLD_KEY) is not None
    assert stage.actions == ["role_deleted", "ended"]
    assert stage.owed == []


def test_a_paused_timer_ends_too(stage: Stage) -> None:
    stage.put(pause(running(DAY), now=NOW))
    deleted(stage)

    assert stage.end_deleted_roles.deleted(GUILD, VIP) == 1

    assert stage.sweep().ended == 1
    assert stage.ledger[0].detail is None


def test_all_of_a_role_end_however_many(stage: Stage) -> None:
    for user in range(AT_ONCE + 3):
        stage.put(running(DAY, of=replace(key(user), role=VIP, guild=GUILD)))
    deleted(stage)

    assert stage.end_deleted_roles.deleted(GUILD, VIP) == AT_ONCE + 3

    assert stage.sweep().ended == AT_ONCE + 3


def test_of_two_processes_that_hear_of_it_one_acts(stage: Stage) -> None:
    stage.have(DAY)
    deleted(stage)

    assert [stage.end_deleted_roles.deleted(GUILD, VIP) for _ in range(2)] == [1, 0]

    assert stage.actions == ["role_deleted"]
    assert stage.alarm.rings == 1


def test_a_database_that_fails_half_way_is_asked_again_for_the_rest(stage: Stage) -> None:
    for user in range(AT_ONCE + 1):
        stage.put(running(DAY, of=replace(key(user), role=VIP, guild=GUILD)))

    def fail() -> None:
        raise StorageUnavailable("no answer")

    stage.interruptions.plan(Point.BEFORE_END_OF_ROLE, lambda: None)
    stage.interruptions.plan(Point.BEFORE_END_OF_ROLE, fail)

    with pytest.raises(StorageUnavailable):
        stage.end_deleted_roles.deleted(GUILD, VIP)
    assert stage.end_deleted_roles.deleted(GUILD, VIP) == 1


class TestCatchingUp:
    """After the bot was away."""

    def test_timers_of_roles_that_are_gone_end(self, stage: Stage) -> None:
        stage.have(DAY)
        stage.have(DAY, GOLD_KEY)
        deleted(stage)

        assert stage.end_deleted_roles.catch_up(GUILD, [GOLD]) == 1

        assert stage.sweep().ended == 1
        assert stage.of(GOLD_KEY) is not None
        assert stage.actions == ["role_deleted", "ended"]

    def test_roles_that_are_gone_come_in_the_order_of_their_ids(self, stage: Stage) -> None:
        roles = [RoleId(number) for number in (8, 1, 24, 16)]
        for role in roles:
            stage.have(DAY, replace(KEY, role=role))
            stage.roles.delete_role(GUILD, role)

        assert stage.end_deleted_roles.catch_up(GUILD, []) == len(roles)

        assert [entry.key.role for entry in stage.ledger] == sorted(roles)

    def test_discord_is_not_asked_where_every_role_is_known(self, stage: Stage) -> None:
        stage.have(DAY)
        stage.roles.fail_next_census()

        assert stage.end_deleted_roles.catch_up(GUILD, [VIP]) == 0

    @pytest.mark.parametrize("known", [[], [GOLD]], ids=["of nothing", "of another role"])
    def test_what_the_bot_does_not_know_of_is_there_where_discord_says_so(
        self, stage: Stage, known: list[RoleId]
    ) -> None:
        before = stage.have(DAY)

        assert stage.end_deleted_roles.catch_up(GUILD, known) == 0

        assert stage.of() == before
        assert stage.ledger == ()

    def test_a_role_that_is_created_and_timed_at_this_very_moment_stays(self, stage: Stage) -> None:
        stage.have(DAY, GOLD_KEY)
        stage.roles.delete_role(GUILD, GOLD)
        fresh = RoleId(VIP + 77)
        view = replace(VIEW, roles={fresh: RoleFacts(fresh, "Fresh", 1)})
        fresh_key = replace(KEY, role=fresh)
        stage.interruptions.plan(
            Point.AFTER_TIMED_ROLES, lambda: stage.set_time(fresh_key, HOUR, asked=asked(), view=view)
        )

        assert stage.end_deleted_roles.catch_up(GUILD, [VIP]) == 1

        timer = stage.of(fresh_key)
        assert timer is not None
        assert not timer.is_over(stage.clock.now())
        assert fresh_key in stage.roles.held

    def test_without_an_answer_nothing_ends(self, stage: Stage) -> None:
        before = stage.have(DAY)
        deleted(stage)
        stage.roles.fail_next_census()

        with pytest.raises(DiscordUnreachable) as caught:
            stage.end_deleted_roles.catch_up(GUILD, [])
        assert caught.value.reason == "no answer in time"

        assert stage.of() == before
        assert stage.end_deleted_roles.catch_up(GUILD, []) == 1

    def test_a_guild_that_the_bot_cannot_see_says_nothing_of_its_roles(self, stage: Stage) -> None:
        before = stage.have(DAY)
        stage.roles.obstruct(GUILD, Obstacle.GUILD_GONE)

        assert stage.end_deleted_roles.catch_up(GUILD, []) == 0

        assert stage.of() == before


class TestCommandsMeanwhile:
    """Before the timer of a deleted role has left."""

    def there(self, stage: Stage) -> None:
        stage.have(DAY)
        stage.have(DAY, GOLD_KEY)
        deleted(stage)

    view = replace(VIEW, roles={GOLD: VIEW.roles[GOLD]})

    def test_the_only_other_timer_is_meant(self, stage: Stage) -> None:
        self.there(stage)
        target = Target(GUILD, ALICE)

        assert stage.add_time(target, HOUR, asked=asked(), view=self.view).key == GOLD_KEY
        assert stage.remove_time(target, HOUR, asked=asked(), view=self.view).key == GOLD_KEY
        assert stage.pause_time(target, asked=asked(), view=self.view).key == GOLD_KEY
        assert stage.resume_time(target, asked=asked(), view=self.view).key == GOLD_KEY
        shown = stage.shown(GOLD_KEY)
        assert stage.clear_time(target, asked=asked(), view=self.view, confirmed=shown).changed.key == GOLD_KEY

    @pytest.mark.parametrize("role", [None, VIP])
    @pytest.mark.parametrize(
        "act",
        [
            lambda stage, target, view: stage.add_time(target, HOUR, asked=asked(), view=view),
            lambda stage, target, view: stage.remove_time(target, HOUR, asked=asked(), view=view),
            lambda stage, target, view: stage.pause_time(target, asked=asked(), view=view),
            lambda stage, target, view: stage.resume_time(target, asked=asked(), view=view),
        ],
        ids=["add", "remove", "pause", "resume"],
    )
    def test_nothing_but_to_clear_it_can_be_done(
        self, stage: Stage, act: Callable[[Stage, Target, GuildView], Changed], role: RoleId | None
    ) -> None:
        before = stage.have(DAY)
        deleted(stage)

        with pytest.raises(RoleGone):
            act(stage, Target(GUILD, ALICE, role), replace(VIEW, roles={}))

        assert stage.of() == before

    def test_it_may_be_cleared_by_its_id(self, stage: Stage) -> None:
        self.there(stage)

        target, shown = Target(GUILD, ALICE, VIP), stage.shown()
        assert stage.clear_time(target, asked=asked(), view=self.view, confirmed=shown).changed.key == KEY

        assert stage.of() is None
        assert stage.of(GOLD_KEY) is not None

    def test_a_command_that_does_not_know_yet_does_not_keep_the_timer(self, stage: Stage) -> None:
        stage.have(DAY)
        deleted(stage)
        stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: stage.end_deleted_roles.deleted(GUILD, VIP))

        with pytest.raises(RoleGone):
            stage.add_time(Target(GUILD, ALICE, VIP), MINUTE, asked=asked(), view=VIEW)

        assert stage.actions == ["role_deleted", "add", "put_back"]
        assert stage.sweep().ended == 1
        assert stage.of() is None


def decide(stage: Stage, policy: Policy, *rules: RoleRule) -> None:
    stage.policies.change(GUILD, lambda _: policy, asked=asked())
    for rule in rules:
        stage.policies.change_rule(GUILD, rule.role, partial(_always, rule), asked=asked())


def _always(rule: RoleRule, _policy: Policy) -> RoleRule:
    return rule


@pytest.mark.parametrize("is_heard", [True, False], ids=["heard", "missed"])
def test_its_rule_goes_with_it_and_the_history_says_that_nobody_did_that(stage: Stage, is_heard: bool) -> None:
    decide(stage, Policy(), RoleRule(VIP, starts=True, duration=DAY), RoleRule(GOLD, thresholds=()))
    deleted(stage)

    if is_heard:
        stage.end_deleted_roles.deleted(GUILD, VIP)
    else:
        stage.end_deleted_roles.catch_up(GUILD, [GOLD])
    stage.end_deleted_roles.deleted(GUILD, VIP)

    assert set(stage.policies.get(GUILD).rules) == {GOLD}
    *_, last = stage.store.rule_ledger
    assert (last.role, last.asked.by, last.after) == (VIP, NOBODY, None)
    assert len(stage.store.rule_ledger) == 3


def test_it_goes_from_the_lists_of_the_guild_but_not_as_the_last_that_may_be_timed(stage: Stage) -> None:
    decide(stage, Policy(managers=frozenset({VIP}), timeable=frozenset({VIP, GOLD})))
    deleted(stage)
    stage.roles.delete_role(GUILD, GOLD)

    stage.end_deleted_roles.catch_up(GUILD, [])
    policy = stage.policies.get(GUILD)
    asked_before = len(stage.store.policy_ledger)
    stage.end_deleted_roles.catch_up(GUILD, [])

    assert policy.managers == frozenset()
    assert policy.timeable in {frozenset({VIP}), frozenset({GOLD})}
    assert (stage.policies.get(GUILD), len(stage.store.policy_ledger)) == (policy, asked_before)


def test_what_names_no_deleted_role_stays_without_a_word_in_the_history(stage: Stage) -> None:
    decide(stage, Policy(managers=frozenset({GOLD}), timeable=frozenset({GOLD})), RoleRule(GOLD, thresholds=()))
    before = stage.policies.get(GUILD), len(stage.store.policy_ledger), len(stage.store.rule_ledger)
    deleted(stage)

    stage.end_deleted_roles.deleted(GUILD, VIP)

    assert (stage.policies.get(GUILD), len(stage.store.policy_ledger), len(stage.store.rule_ledger)) == before


def test_it_goes_from_the_managers_of_other_roles(stage: Stage) -> None:
    named, both = frozenset({VIP}), frozenset({VIP, GOLD})
    decide(stage, Policy(), RoleRule(GOLD, managers=named), RoleRule(HIGH, managers=both, once=True))
    deleted(stage)

    stage.end_deleted_roles.catch_up(GUILD, [GOLD, HIGH])

    assert stage.policies.get(GUILD).rules == {HIGH: RoleRule(HIGH, managers=frozenset({GOLD}), once=True)}
    assert [(entry.role, entry.asked.by) for entry in stage.store.rule_ledger[2:]] == [(GOLD, NOBODY), (HIGH, NOBODY)]

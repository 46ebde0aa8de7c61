"""What every `RoleTallies` promises to those who count members."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from boostmon.app.ports import GuildPolicies, Outbox, RoleTallies
from boostmon.domain.absence import wait_for_member
from boostmon.domain.drift import Baseline, Tally
from boostmon.domain.ids import NOBODY, ChannelId, GuildId, RoleId, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.notices import Notice, UntimedNotice
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Grace, Running, Timer, Waiting
from boostmon.domain.transitions import end, pause
from tests.contracts.world import LEASE, HasTimers, store
from tests.support.timers import HOUR, MINUTE, NOW, asked, change, key, running

GUILD, VIP, GOLD = GuildId(1), RoleId(1), RoleId(2)


class TalliesWorld(HasTimers, Protocol):
    """As much of a world as this contract needs."""

    @property
    def tallies(self) -> RoleTallies: ...

    @property
    def policies(self) -> GuildPolicies: ...

    @property
    def outbox(self) -> Outbox: ...


class RoleTalliesContract:
    """Subclass it with a `world` fixture."""

    def test_timers_are_counted_by_what_their_member_ought_to_have(self, world: TalliesWorld) -> None:
        assert world.tallies.tallies(GUILD, NOW) == {}
        due = [running(HOUR, of=key(1)), pause(running(HOUR, of=key(2)), now=NOW), pending(3, NOW)]
        unsure = [running(-MINUTE, of=key(4)), end(running(HOUR, of=key(5)), now=NOW), pending(6, NOW + MINUTE)]
        for timer in (*due, *unsure, running(HOUR, of=key(1, GOLD)), running(HOUR, of=key(1, guild=2))):
            store(world, timer)

        assert world.tallies.tallies(GUILD, NOW) == {VIP: Tally(3, 3), GOLD: Tally(1)}
        assert users(world) == [1, 2, 3]

    def test_they_are_listed_by_member_so_many_at_a_time(self, world: TalliesWorld) -> None:
        for user in (5, 1, 3, 2):
            store(world, running(HOUR, of=key(user)))
        store(world, running(HOUR, of=key(4, GOLD)))
        stored = world.timers.get(key(2))

        assert users(world, after=1, limit=2) == [2, 3]
        assert users(world, after=3, limit=2) == [5]
        assert stored in world.tallies.due_role(GUILD, VIP, NOW, NOBODY, 5)

    def test_one_that_is_fought_over_is_none_of_them_until_somebody_acts(self, world: TalliesWorld) -> None:
        timer = store(world, running(HOUR, of=key(1)))
        waiting = does(world, timer, pause(timer, now=NOW), Action.FOUGHT)
        assert world.tallies.tallies(GUILD, NOW) in ({}, {VIP: Tally()})
        assert users(world) == []

        does(world, waiting, replace(waiting, channel=ChannelId(5)), Action.ADD)

        assert world.tallies.tallies(GUILD, NOW) == {VIP: Tally(1)}
        assert users(world) == [1]

    def test_one_that_begins_later_is_none_of_them_until_then(self, world: TalliesWorld) -> None:
        state = Waiting(NOW + MINUTE, NOW + HOUR, next_attempt_at=NOW + MINUTE)
        store(world, replace(running(HOUR, of=key(1)), state=state))

        assert world.tallies.tallies(GUILD, NOW) in ({}, {VIP: Tally()})
        assert world.tallies.tallies(GUILD, NOW + MINUTE) == {VIP: Tally(unsure=1)}
        assert users(world) == []

    def test_members_keep_roles_for_the_length_of_a_grace(self, world: TalliesWorld) -> None:
        kept = store(world, replace(running(HOUR, of=key(1)), state=Grace(NOW - HOUR, NOW + MINUTE)))
        store(world, replace(running(HOUR, of=key(2)), state=Running(NOW - HOUR, (), grace=HOUR + MINUTE)))

        assert world.tallies.tallies(GUILD, NOW) == {VIP: Tally(2)}
        assert users(world) == [1, 2]
        assert world.tallies.tallies(GUILD, NOW + MINUTE) == {VIP: Tally(unsure=2)}
        does(world, kept, replace(kept, channel=ChannelId(5)), Action.FOUGHT)
        assert users(world) == [2]

    def test_one_that_waits_for_its_member_is_none_of_them(self, world: TalliesWorld) -> None:
        store(world, wait_for_member(running(HOUR, of=key(1)), now=NOW))

        assert world.tallies.tallies(GUILD, NOW) in ({}, {VIP: Tally()})
        assert users(world) == []

    def test_rules_that_start_timers_are_told(self, world: TalliesWorld) -> None:
        rules(world, VIP, starts=True)
        rules(world, GOLD, starts=False)

        assert world.tallies.tallies(GUILD, NOW) == {VIP: Tally(starts=True)}

    def test_what_was_found_is_known_until_the_rule_starts_or_no_longer_does(self, world: TalliesWorld) -> None:
        found = {VIP: Baseline(3, 2, 1), GOLD: Baseline(-1)}
        world.tallies.keep(GUILD, {VIP: Baseline(1), GOLD: Baseline(-1)}, NOW)
        world.tallies.keep(GUILD, {VIP: found[VIP]}, NOW)
        store(world, running(HOUR, of=key()))
        assert world.tallies.tallies(GUILD, NOW) == {
            VIP: Tally(1, baseline=found[VIP]),
            GOLD: Tally(baseline=found[GOLD]),
        }
        assert world.tallies.tallies(GuildId(2), NOW) == {}

        rules(world, GOLD, starts=False)
        assert world.tallies.tallies(GUILD, NOW)[GOLD].baseline == found[GOLD]
        rules(world, GOLD, starts=True)
        assert world.tallies.tallies(GUILD, NOW)[GOLD] == Tally(starts=True)

        world.tallies.keep(GUILD, {GOLD: Baseline(2)}, NOW)
        world.policies.change_rule(GUILD, GOLD, lambda _: None, asked=asked())
        assert GOLD not in world.tallies.tallies(GUILD, NOW)

    def test_more_unexplained_members_than_before_are_told_once(self, world: TalliesWorld) -> None:
        world.policies.change(GUILD, lambda _: Policy(log_channel=ChannelId(5)), asked=asked())
        assert world.tallies.keep(GUILD, {VIP: Baseline(4, 0, 1), GOLD: Baseline(4)}, NOW) == 1
        assert world.tallies.keep(GUILD, {VIP: Baseline(4, 0, 1)}, NOW) == 0
        assert world.tallies.keep(GUILD, {VIP: Baseline(6, 0, 3)}, NOW) == 1
        assert world.tallies.keep(GUILD, {VIP: Baseline(5, 0, 2)}, NOW) == 0
        assert world.tallies.keep(GUILD, {}, NOW) == 0

        assert told(world) == [UntimedNotice(key(NOBODY), members, at=NOW) for members in (1, 3)]

    def test_without_a_log_channel_nobody_is_told(self, world: TalliesWorld) -> None:
        assert world.tallies.keep(GUILD, {VIP: Baseline(4, 0, 1)}, NOW) == 0
        assert told(world) == []


def does(world: TalliesWorld, before: Timer, after: Timer, action: Action) -> Timer:
    changed = change(before, after)
    stored = world.timers.commit(replace(changed, entry=replace(changed.entry, action=action)))
    assert stored is not None
    return stored


def pending(user: int, until: datetime) -> Timer:
    """A timer whose role was asked for, with no answer before then."""
    return replace(running(HOUR, of=key(user)), grant_open_until=until)


def users(world: TalliesWorld, *, after: int = 0, limit: int = 10) -> list[int]:
    return [one.key.user for one in world.tallies.due_role(GUILD, VIP, NOW, UserId(after), limit)]


def rules(world: TalliesWorld, role: RoleId, *, starts: bool) -> None:
    rule = RoleRule(role, starts=starts, duration=HOUR)
    world.policies.change_rule(GUILD, role, partial(_always, rule), asked=asked())


def told(world: TalliesWorld) -> Collection[Notice]:
    return [posted.notice for posted in world.outbox.claim(NOW, 10, LEASE)]


def _always(rule: RoleRule, _policy: Policy) -> RoleRule:
    return rule

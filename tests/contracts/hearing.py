"""What every repository promises to those who follow what people do to roles."""

from functools import partial
from typing import Protocol

from boostmon.app.ports import Basis, GuildPolicies, Hearing, TimerRepository, Watched
from boostmon.domain.ids import GuildId, RequestId, RoleId, UserId
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from tests.contracts.world import HasTimers, store
from tests.support.timers import HOUR, asked, change, key, running


class HearingWorld(HasTimers, Protocol):
    """As much of a world as this contract needs."""

    @property
    def hearing(self) -> Hearing: ...

    @property
    def policies(self) -> GuildPolicies: ...


class HearingContract:
    """Subclass it with a `world` fixture."""

    def test_every_role_with_a_timer_is_watched(self, world: HearingWorld) -> None:
        assert world.hearing.watched() == Watched()
        for of in (key(1, 7), key(2, 7), key(1, 8), key(1, 9, guild=2)):
            store(world, running(HOUR, of=of))

        watched = world.hearing.watched()

        assert {guild: set(roles) for guild, roles in watched.timed.items()} == {1: {7, 8}, 2: {9}}
        assert watched.starting == {}

    def test_timers_that_are_changed_or_written_together_are_no_exception(self, world: HearingWorld) -> None:
        first = store(world, running(HOUR, of=key(1, 7)))
        world.timers.commit(change(first, None))
        second = store(world, running(HOUR, of=key(1, 7)))
        world.timers.commit_together([change(second, None), change(None, running(HOUR, of=key(2, 8)))])

        assert 8 in world.hearing.watched().timed[GuildId(1)]

    def test_a_deleted_role_is_watched_no_more_once_its_timers_are_gone(self, world: HearingWorld) -> None:
        first = store(world, running(HOUR, of=key(1, 7)))
        store(world, running(HOUR, of=key(1, 8)))
        world.timers.commit(change(first, None))
        world.hearing.gone(GuildId(1), RoleId(7))
        world.hearing.gone(GuildId(1), RoleId(7))

        assert {guild: set(roles) for guild, roles in world.hearing.watched().timed.items()} == {1: {8}}

    def test_every_role_is_watched_whose_rule_starts_timers(self, world: HearingWorld) -> None:
        for guild, role, starts in ((1, 7, True), (1, 8, False), (1, 9, True), (2, 7, True), (3, 7, False)):
            rule = RoleRule(RoleId(role), starts=starts, duration=HOUR)
            world.policies.change_rule(GuildId(guild), rule.role, partial(_always, rule), asked=asked())

        watched = world.hearing.watched()

        assert {guild: set(roles) for guild, roles in watched.starting.items()} == {1: {7, 9}, 2: {7}}
        assert watched.timed == {}

    def test_how_far_a_log_was_dealt_with_never_goes_back(self, world: HearingWorld) -> None:
        one, two = GuildId(1), GuildId(2)
        assert world.hearing.heard_until(one) is None

        world.hearing.heard({one: RequestId(5), two: RequestId(2**62)})
        world.hearing.heard({one: RequestId(4), GuildId(3): RequestId(0)})
        world.hearing.heard({})

        assert world.hearing.heard_until(one) == 5
        assert world.hearing.heard_until(two) == 2**62
        assert world.hearing.heard_until(GuildId(3)) == 0
        world.hearing.heard({one: RequestId(6)})
        assert world.hearing.heard_until(one) == 6

    def test_the_bases_of_many_members_are_those_of_each(self, world: HearingWorld) -> None:
        for of in (key(1, 8), key(1, 7), key(2, 7), key(1, 9, guild=2)):
            store(world, running(HOUR, of=of))
        world.policies.change(GuildId(2), lambda _: Policy(dms=False), asked=asked())
        members = [(GuildId(1), UserId(1)), (GuildId(1), UserId(2)), (GuildId(2), UserId(1)), (GuildId(3), UserId(3))]

        bases = world.timers.bases(members)

        assert bases == {member: world.timers.basis(*member) for member in members}
        assert [timer.key.role for timer in bases[members[0]].timers] == [7, 8]
        assert not bases[members[2]].policy.dms
        assert bases[members[3]] == Basis([], Policy())

    def test_of_nobody_there_is_no_basis(self, world: HearingWorld) -> None:
        timers: TimerRepository = world.timers
        assert timers.bases([]) == {}


def _always(rule: RoleRule, _policy: Policy) -> RoleRule:
    return rule

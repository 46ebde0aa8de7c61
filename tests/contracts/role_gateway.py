"""What every `RoleGateway` does, whatever stands behind it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol

import pytest

from boostmon.app.errors import DiscordUnreachable
from boostmon.app.ports import AuditReason, Cause, RoleCensus, RoleGateway
from boostmon.domain.ids import TimerKey
from boostmon.domain.languages import Language
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Retry
from boostmon.domain.timers import Obstacle
from boostmon.texts import words_of
from boostmon.texts.audit import audit_reason
from tests.support.timers import BY_MODERATOR, MODERATOR, TIME_UP
from tests.support.words import ENGLISH

MEMBERS = ("alice", "bob", "carol")


class RoleWorld(Protocol):
    """A gateway and the guild behind it, with two roles that the bot can manage, held by nobody."""

    @property
    def gateway(self) -> RoleGateway: ...

    @property
    def census(self) -> RoleCensus:
        """What knows the roles of that guild."""
        ...

    @property
    def reasons(self) -> Sequence[str]:
        """The reasons of all requests that reached the guild, oldest first, as it reads them; it is English."""
        ...

    def key(self, member: str, role: str = "VIP") -> TimerKey:
        """Members: alice, bob, carol. Roles: VIP, Supporter; Staff is out of the bot's reach, Booster managed."""
        ...

    def holds(self, key: TimerKey) -> bool: ...
    def member_leaves(self, key: TimerKey) -> None: ...
    def delete_role(self, key: TimerKey) -> None: ...
    def forbid_roles(self) -> None: ...
    def allow_roles(self) -> None: ...
    def expel_bot(self) -> None: ...
    def break_next_census(self) -> None: ...
    def break_next_request(self) -> None: ...
    def throttle_next_request(self, wait: timedelta) -> None: ...
    def lose_next_answer(self) -> None: ...


class RoleCensusContract:
    """To be run on each gateway, with a fixture `world`."""

    def test_a_role_that_is_there_is_not_gone(self, world: RoleWorld) -> None:
        there = {world.key("alice", role).role for role in ("VIP", "Staff", "Booster")}

        assert set(world.census.gone(world.key("alice").guild, there)) == set()

    def test_a_deleted_role_is_gone(self, world: RoleWorld) -> None:
        gone, there = world.key("alice", "VIP"), world.key("alice", "Supporter")
        world.delete_role(gone)

        assert set(world.census.gone(gone.guild, [gone.role, there.role])) == {gone.role}

    def test_a_guild_that_the_bot_is_out_of_says_nothing_of_its_roles(self, world: RoleWorld) -> None:
        key = world.key("alice")
        world.delete_role(key)
        world.expel_bot()

        assert set(world.census.gone(key.guild, [key.role])) == set()

    def test_without_an_answer_no_role_is_gone(self, world: RoleWorld) -> None:
        key = world.key("alice")
        world.delete_role(key)
        world.break_next_census()

        with pytest.raises(DiscordUnreachable):
            world.census.gone(key.guild, [key.role])

        assert set(world.census.gone(key.guild, [key.role])) == {key.role}


class RoleGatewayContract:
    """To be run on each gateway, with a fixture `world`."""

    def test_grant_gives_the_role(self, world: RoleWorld) -> None:
        assert world.gateway.grant(world.key("alice"), BY_MODERATOR) == Done()
        assert world.holds(world.key("alice"))
        assert not world.holds(world.key("bob"))
        assert not world.holds(world.key("alice", "Supporter"))

    def test_grant_of_a_held_role_is_done(self, world: RoleWorld) -> None:
        outcomes = [world.gateway.grant(world.key("alice"), BY_MODERATOR) for _ in range(2)]
        assert outcomes == [Done(), Done()]
        assert world.holds(world.key("alice"))

    def test_many_are_given_roles_and_each_has_its_own_outcome(self, world: RoleWorld) -> None:
        there, gone = world.key("alice"), world.key("bob")
        world.member_leaves(gone)

        given, refused, lost = world.gateway.grant_all([there, world.key("carol", "Staff"), gone], BY_MODERATOR)

        assert (given, world.holds(there)) == (Done(), True)
        assert isinstance(refused, Blocked)
        assert isinstance(lost, AlreadyGone)
        assert list(world.gateway.grant_all([], BY_MODERATOR)) == []

    def test_remove_takes_the_role(self, world: RoleWorld) -> None:
        for member in ("alice", "bob"):
            world.gateway.grant(world.key(member), BY_MODERATOR)
        assert list(world.gateway.remove([world.key("alice")], TIME_UP)) == [Done()]
        assert not world.holds(world.key("alice"))
        assert world.holds(world.key("bob"))

    def test_remove_of_a_role_not_held_is_done(self, world: RoleWorld) -> None:
        assert list(world.gateway.remove([world.key("alice")], TIME_UP)) == [Done()]

    def test_remove_of_nothing(self, world: RoleWorld) -> None:
        assert list(world.gateway.remove([], TIME_UP)) == []
        assert list(world.reasons) == []

    def test_reason_reaches_the_guild(self, world: RoleWorld) -> None:
        world.gateway.grant(world.key("alice"), BY_MODERATOR)
        world.gateway.remove([world.key("alice")], TIME_UP)
        assert list(world.reasons) == [f"Timer set by {MODERATOR}", "Time was up"]

    def test_reason_is_in_the_language_that_the_guild_decided_for(self, world: RoleWorld) -> None:
        told = AuditReason(Cause.CLEARED, MODERATOR, Language.FR)
        world.gateway.remove([world.key("alice")], told)
        assert list(world.reasons) == [audit_reason(told, words_of(Language.FR))]
        assert list(world.reasons) != [audit_reason(told, ENGLISH)]

    def test_outcomes_come_in_the_order_of_the_keys(self, world: RoleWorld) -> None:
        keys = [world.key("bob"), world.key("alice", "Staff"), world.key("alice"), world.key("carol")]
        world.gateway.grant(keys[3], BY_MODERATOR)
        world.member_leaves(world.key("bob"))
        gone, blocked, done, last = world.gateway.remove(keys, TIME_UP)
        assert isinstance(gone, AlreadyGone)
        assert isinstance(blocked, Blocked)
        assert (done, last) == (Done(), Done())
        assert not world.holds(keys[3])

    @pytest.mark.parametrize("act", ["grant", "remove"])
    def test_departed_member(self, world: RoleWorld, act: str) -> None:
        key = world.key("alice")
        world.member_leaves(key)
        outcome = _act(world.gateway, act, key)
        assert isinstance(outcome, AlreadyGone)
        assert outcome.what is Gone.MEMBER
        assert outcome.error

    @pytest.mark.parametrize("act", ["grant", "remove"])
    def test_deleted_role(self, world: RoleWorld, act: str) -> None:
        key = world.key("alice")
        world.delete_role(key)
        outcome = _act(world.gateway, act, key)
        assert isinstance(outcome, AlreadyGone)
        assert outcome.what is Gone.ROLE

    def test_missing_permission_blocks_until_it_is_there(self, world: RoleWorld) -> None:
        key = world.key("alice")
        world.gateway.grant(key, BY_MODERATOR)
        world.forbid_roles()
        (outcome,) = world.gateway.remove([key], TIME_UP)
        assert isinstance(outcome, Blocked)
        assert outcome.obstacle is Obstacle.MISSING_PERMISSIONS
        assert world.holds(key)
        world.allow_roles()
        assert list(world.gateway.remove([key], TIME_UP)) == [Done()]
        assert not world.holds(key)

    @pytest.mark.parametrize(
        ("role", "obstacle"),
        [("Staff", Obstacle.MISSING_PERMISSIONS), ("Booster", Obstacle.ROLE_NOT_ASSIGNABLE)],
    )
    def test_role_out_of_reach(self, world: RoleWorld, role: str, obstacle: Obstacle) -> None:
        outcome = world.gateway.grant(world.key("alice", role), BY_MODERATOR)
        assert isinstance(outcome, Blocked)
        assert outcome.obstacle is obstacle
        assert not world.holds(world.key("alice", role))

    def test_bot_out_of_the_guild(self, world: RoleWorld) -> None:
        key = world.key("alice")
        world.expel_bot()
        outcome = world.gateway.grant(key, BY_MODERATOR)
        assert isinstance(outcome, Blocked)
        assert outcome.obstacle is Obstacle.GUILD_GONE

    def test_lost_answer_is_to_be_retried_although_it_was_done(self, world: RoleWorld) -> None:
        key = world.key("alice")
        world.lose_next_answer()
        assert isinstance(world.gateway.grant(key, BY_MODERATOR), Retry)
        assert world.holds(key)
        assert world.gateway.grant(key, BY_MODERATOR) == Done()

    def test_failure_is_to_be_retried(self, world: RoleWorld) -> None:
        key = world.key("alice")
        world.break_next_request()
        outcome = world.gateway.grant(key, BY_MODERATOR)
        assert isinstance(outcome, Retry)
        assert outcome.error
        assert not world.holds(key)
        assert world.gateway.grant(key, BY_MODERATOR) == Done()

    def test_rate_limit_holds_and_says_for_how_long(self, world: RoleWorld) -> None:
        world.throttle_next_request(timedelta(seconds=20))
        outcome = world.gateway.grant(world.key("alice"), BY_MODERATOR)
        assert isinstance(outcome, Held)
        assert timedelta(seconds=19) < outcome.after <= timedelta(seconds=20)

    def test_one_failure_does_not_cost_the_others_theirs(self, world: RoleWorld) -> None:
        keys = [world.key(member) for member in MEMBERS]
        for key in keys:
            world.gateway.grant(key, BY_MODERATOR)
        world.break_next_request()
        outcomes = world.gateway.remove(keys, TIME_UP)
        assert sum(isinstance(outcome, Retry) for outcome in outcomes) == 1
        assert [world.holds(key) for key in keys] == [isinstance(outcome, Retry) for outcome in outcomes]

    def test_any_threads_at_once(self, world: RoleWorld) -> None:
        keys = [world.key(member, role) for member in MEMBERS for role in ("VIP", "Supporter")]
        with ThreadPoolExecutor(len(keys)) as threads:
            granted = list(threads.map(lambda key: world.gateway.grant(key, BY_MODERATOR), keys))
            assert granted == [Done()] * len(keys)
            assert all(world.holds(key) for key in keys)
            removed = list(threads.map(lambda key: list(world.gateway.remove([key], TIME_UP)), keys))
        assert removed == [[Done()]] * len(keys)
        assert not any(world.holds(key) for key in keys)


def _act(gateway: RoleGateway, act: str, key: TimerKey) -> object:
    return gateway.grant(key, BY_MODERATOR) if act == "grant" else gateway.remove([key], TIME_UP)[0]

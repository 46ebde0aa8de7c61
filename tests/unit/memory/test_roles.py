"""The gateway in memory keeps the contract of the port."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from boostmon.adapters.memory.roles import InMemoryRoleGateway, RoleAct
from boostmon.app.ports import RoleCensus
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.languages import Language
from boostmon.domain.outcomes import Done, Held, Retry
from boostmon.domain.timers import Obstacle
from boostmon.texts import words_of
from boostmon.texts.audit import audit_reason
from tests.contracts.role_gateway import MEMBERS, RoleCensusContract, RoleGatewayContract
from tests.support.timers import BY_MODERATOR, TIME_UP

GUILD = GuildId(1)
ROLES = {"VIP": RoleId(21), "Supporter": RoleId(22), "Staff": RoleId(23), "Booster": RoleId(24)}


class MemoryRoleWorld:
    """The world of the contract."""

    def __init__(self) -> None:
        self.gateway = InMemoryRoleGateway()
        self.gateway.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS, ROLES["Staff"])
        self.gateway.obstruct(GUILD, Obstacle.ROLE_NOT_ASSIGNABLE, ROLES["Booster"])

    @property
    def census(self) -> RoleCensus:
        return self.gateway

    @property
    def reasons(self) -> Sequence[str]:
        return [audit_reason(act.reason, words_of(act.reason.language or Language.EN)) for act in self.gateway.acts]

    def key(self, member: str, role: str = "VIP") -> TimerKey:
        return TimerKey(GUILD, UserId(11 + MEMBERS.index(member)), ROLES[role])

    def holds(self, key: TimerKey) -> bool:
        return key in self.gateway.held

    def member_leaves(self, key: TimerKey) -> None:
        self.gateway.member_leaves(key.guild, key.user)

    def delete_role(self, key: TimerKey) -> None:
        self.gateway.delete_role(key.guild, key.role)

    def forbid_roles(self) -> None:
        self.gateway.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    def allow_roles(self) -> None:
        self.gateway.clear_way(GUILD)

    def break_next_census(self) -> None:
        self.gateway.fail_next_census()

    def expel_bot(self) -> None:
        self.gateway.obstruct(GUILD, Obstacle.GUILD_GONE)

    def break_next_request(self) -> None:
        self.gateway.fail_next(Retry("unavailable"))

    def throttle_next_request(self, wait: timedelta) -> None:
        self.gateway.fail_next(Held("too many", wait))

    def lose_next_answer(self) -> None:
        self.gateway.lose_next_answer()


class TestInMemoryRoleCensus(RoleCensusContract):
    @pytest.fixture
    def world(self) -> MemoryRoleWorld:
        return MemoryRoleWorld()


class TestInMemoryRoleGateway(RoleGatewayContract):
    @pytest.fixture
    def world(self) -> MemoryRoleWorld:
        return MemoryRoleWorld()


def test_acts_are_recorded_with_their_outcomes() -> None:
    world = MemoryRoleWorld()
    world.break_next_request()
    world.gateway.grant(world.key("alice"), BY_MODERATOR)
    world.gateway.remove([world.key("bob")], TIME_UP)
    assert world.gateway.acts == (
        RoleAct("grant", world.key("alice"), BY_MODERATOR, Retry("unavailable")),
        RoleAct("remove", world.key("bob"), TIME_UP, Done()),
    )


def test_leaving_and_deleting_take_roles_along() -> None:
    world = MemoryRoleWorld()
    kept = world.key("carol", "Supporter")
    for key in (world.key("alice"), world.key("bob"), kept):
        world.gateway.give(key)
    world.member_leaves(world.key("alice"))
    world.delete_role(world.key("bob"))
    assert world.gateway.held == {kept}
    world.gateway.take(kept)
    assert world.gateway.held == frozenset()


def test_a_member_comes_back_without_roles() -> None:
    world = MemoryRoleWorld()
    key = world.key("alice")
    world.gateway.give(key)
    world.gateway.member_leaves(key.guild, key.user)
    world.gateway.member_joins(key.guild, key.user)
    assert not world.holds(key)
    assert world.gateway.grant(key, BY_MODERATOR) == Done()

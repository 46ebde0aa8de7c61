"""Counting members in memory keeps the contract of the port."""

import pytest

from boostmon.adapters.memory.counting import InMemoryRoleHolders
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.domain.ids import GuildId, TimerKey, UserId
from tests.contracts.role_holders import RoleHoldersContract
from tests.support.timers import key


class MemoryHoldersWorld:
    """The world of the contract."""

    keys = (key(5), key(6), key(5, 9))

    def __init__(self) -> None:
        self.roles = InMemoryRoleGateway()
        self.holders = InMemoryRoleHolders(self.roles)
        self.roles.member_leaves(GuildId(1), UserId(1))

    def give(self, key: TimerKey) -> None:
        self.roles.give(key)

    def take(self, key: TimerKey) -> None:
        self.roles.take(key)

    def leave(self, key: TimerKey) -> None:
        self.roles.member_leaves(key.guild, key.user)


@pytest.fixture
def world() -> MemoryHoldersWorld:
    return MemoryHoldersWorld()


class TestInMemoryRoleHolders(RoleHoldersContract):
    """Without a Discord."""

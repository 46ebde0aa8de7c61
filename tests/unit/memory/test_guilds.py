"""The directory in memory keeps the contract of the port."""

from dataclasses import replace

import pytest

from boostmon.adapters.memory.guilds import InMemoryGuilds
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.permissions import Permission
from tests.contracts.guild_directory import GuildDirectoryContract

VIP = RoleFacts(RoleId(21), "VIP", 1)
MODERATOR = RoleFacts(RoleId(22), "Moderator", 2, permissions=Permission.MANAGE_ROLES)


class MemoryGuildWorld:
    """The world of the contract."""

    guild = GuildId(1)

    def __init__(self) -> None:
        self.directory = InMemoryGuilds()
        self.directory.known[self.guild] = {VIP.id: VIP, MODERATOR.id: MODERATOR}

    def role(self, name: str) -> RoleId:
        return {"VIP": VIP.id, "Moderator": MODERATOR.id}[name]

    def put_above_moderator(self) -> None:
        self.directory.known[self.guild] = {VIP.id: replace(VIP, position=3), MODERATOR.id: MODERATOR}

    def time_passes(self) -> None:
        """It remembers nothing."""


@pytest.fixture
def world() -> MemoryGuildWorld:
    return MemoryGuildWorld()


class TestInMemoryGuilds(GuildDirectoryContract):
    """Without a Discord."""

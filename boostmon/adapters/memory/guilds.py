"""`GuildDirectory` without a Discord: for unit tests, and for staging, where nobody knows more than the cache."""

from collections.abc import Mapping
from typing import override

from boostmon.app.ports import GuildDirectory
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import GuildId, RoleId


class InMemoryGuilds(GuildDirectory):
    """Knows the roles in `known`, and nothing else."""

    def __init__(self) -> None:
        self.known: dict[GuildId, Mapping[RoleId, RoleFacts]] = {}
        self.looks = 0
        """How often it was asked."""

    @override
    def roles(self, guild: GuildId) -> Mapping[RoleId, RoleFacts] | None:
        self.looks += 1
        return self.known.get(guild)

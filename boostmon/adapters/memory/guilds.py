"""`GuildDirectory` without a Discord: for unit tests, and for staging, where nobody knows more than the cache."""

from collections.abc import Mapping

from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import GuildId, RoleId


class InMemoryGuilds:
    """Knows the roles that it is told of."""

    def __init__(self) -> None:
        self.known: dict[GuildId, Mapping[RoleId, RoleFacts]] = {}
        self.looks = 0
        """How often it was asked."""

    def roles(self, guild: GuildId) -> Mapping[RoleId, RoleFacts] | None:
        """As the port says."""
        self.looks += 1
        return self.known.get(guild)

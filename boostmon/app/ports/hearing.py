"""What is remembered for hearing of roles that people and other bots give and take."""

from collections.abc import Collection, Mapping
from typing import Protocol

from boostmon.domain.ids import GuildId, RoleId


class Hearing(Protocol):
    """Knows which roles are worth hearing of."""

    def watched(self) -> Mapping[GuildId, Collection[RoleId]]:
        """The roles with a timer, by guild; in one round trip, and for all guilds."""
        ...

"""What is remembered for hearing of roles that people and other bots give and take."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from boostmon.domain.ids import GuildId, RoleId

type Roles = Mapping[GuildId, Collection[RoleId]]
"""Of each guild."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The roles that have timers, and those whose rule starts one whenever somebody gets them."""

    timed: Roles = field(default_factory=dict)
    starting: Roles = field(default_factory=dict)


class Hearing(Protocol):
    """Knows which roles are worth hearing of."""

    def watched(self) -> Watched:
        """Those of all guilds, in one round trip."""
        ...

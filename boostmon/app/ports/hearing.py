"""What is remembered for hearing of roles that people and other bots give and take."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from boostmon.domain.ids import GuildId, RequestId, RoleId
from boostmon.domain.role_events import AuditEntry

type Roles = Mapping[GuildId, Collection[RoleId]]
"""Of each guild."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The roles that have or had timers, and those whose rule starts one whenever somebody gets them."""

    timed: Roles = field(default_factory=dict)
    starting: Roles = field(default_factory=dict)


class Hearing(Protocol):
    """Knows which roles are worth hearing of, and what was heard."""

    def watched(self) -> Watched:
        """Those of all guilds, in one round trip."""
        ...

    def gone(self, guild: GuildId, role: RoleId) -> None:
        """The role was deleted, so that no timer is ever set on it again: its timers are no reason to watch it."""
        ...

    def heard_until(self, guild: GuildId) -> RequestId | None:
        """The entry of the guild's audit log up to which everything was dealt with; None: nobody has begun."""
        ...

    def heard(self, until: Mapping[GuildId, RequestId]) -> None:
        """Everything up to these entries was dealt with; in one round trip. What is stored never goes back."""
        ...


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries about roles, the oldest first; `is_last`: there were no more when they were read."""

    entries: Sequence[AuditEntry]
    is_last: bool


class AuditLog(Protocol):
    """Reads what a guild's audit log says of members' roles. Discord keeps it for 45 days."""

    def newest(self, guild: GuildId) -> RequestId | None:
        """The newest entry about roles; None: there is none.

        Raises:
            AuditLogHidden: the bot may not see the log.
            DiscordUnreachable: there was no answer, or none that can be trusted.
        """
        ...

    def after(self, guild: GuildId, entry: RequestId) -> AuditPage:
        """What came next after that entry, which need not be there any more. Raises as `newest`."""
        ...

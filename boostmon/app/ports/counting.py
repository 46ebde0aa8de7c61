"""What shows that roles changed hands unheard: how many members have them, and how many timers there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from boostmon.domain.drift import Baseline, Tally
from boostmon.domain.ids import GuildId, RoleId, UserId
from boostmon.domain.timers import Timer


@dataclass(frozen=True, slots=True)
class Membership:
    """The roles that a member has, and since when they are in the guild; None: that is not told."""

    held: Collection[RoleId]
    since: datetime | None = None


class RoleHolders(Protocol):
    """Knows who has which role, at this moment, as far as a bot may ask without a privileged intent.

    Everything else that Discord is asked for goes first.
    """

    def counts(self, guild: GuildId) -> Mapping[RoleId, int]:
        """How many members have each role, of the whole guild at once; a role that nobody has may be left out.

        Raises:
            DiscordUnreachable: there was no answer, or none that can be trusted.
        """
        ...

    def membership(self, guild: GuildId, user: UserId) -> Membership | None:
        """That of one member; None: they are not in the guild. Raises as `counts`."""
        ...


class RoleTallies(Protocol):
    """Knows how many timers each role has, and what was found when the members were counted the last time."""

    def tallies(self, guild: GuildId, now: datetime) -> Mapping[RoleId, Tally]:
        """Of the roles that have timers or a rule that starts them, and of those that were counted; in one round trip.

        A timer is in none of the numbers that begins later, or that waits because somebody takes its role again and
        again, or for a member who left.
        """
        ...

    def due_role(self, guild: GuildId, role: RoleId, now: datetime, after: UserId, limit: int) -> Sequence[Timer]:
        """The timers of `Tally.due_role`, in the order of their members, from the first after `after` on."""
        ...

    def keep(self, guild: GuildId, found: Mapping[RoleId, Baseline], now: datetime) -> int:
        """Stores what was found, and owes the log channel an `UntimedNotice` for each role with more unexplained
        members than were stored before; in one round trip. Returns how many notices that were.
        """
        ...

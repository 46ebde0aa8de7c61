"""What the use cases need from Discord: giving and taking roles, and facts about guilds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Protocol

from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.languages import Language
from boostmon.domain.outcomes import Outcome

LONGEST_GRANT = timedelta(seconds=30)
"""By then a gateway has its answer to a request for a role, or has given it up, and Discord serves it no more."""


class Cause(Enum):
    """Why a role is given or taken: by a person's command, up to `UNDONE_WITHOUT_ROLE`, or by BoostMon itself.

    Where the role is to stay although its timer is gone, it is given, as it may be being taken at this very moment.
    """

    SET = auto()
    STARTED = auto()
    REVIVED = auto()
    RESTORED = auto()
    MISSED = auto()
    """The member had lost it, and somebody changed the timer."""
    MOVED_HERE = auto()
    MOVED_AWAY = auto()
    CLEARED = auto()
    CLEARED_WITHOUT_ROLE = auto()
    UNDONE = auto()
    UNDONE_WITHOUT_ROLE = auto()
    TIME_UP = auto()
    BEGINS = auto()
    """It was to be given later, and this is the time."""
    NOT_YET = auto()
    """It was given for a timer that was put off meanwhile."""
    GOES_ON = auto()
    """The timer was changed while the role was being taken."""
    TAKEN = auto()
    """The actor took it while its timer runs."""
    RETURNED = auto()
    """The member is back in the guild, and their timer goes on."""
    TAKEN_UNHEARD = auto()
    """Nobody knows who took it while its timer runs."""
    LEFT = auto()
    """The timer was cleared, and the role left, while it was being taken."""


@dataclass(frozen=True, slots=True)
class AuditReason:
    """What the guild's audit log is to say of a role that is given or taken, and by whose command.

    `language` is the one that the guild decided for; None where it did not, or where nobody has read what it decided.
    """

    cause: Cause
    actor: UserId | None = None
    language: Language | None = None


class RoleGateway(Protocol):
    """Gives and takes roles. All are idempotent: repeating one that was done succeeds again."""

    def grant(self, key: TimerKey, reason: AuditReason) -> Outcome:
        """Gives the member the role. `Done` only when Discord confirmed it; `Retry` when the result is unknown.

        `Held` says that nothing was done, because a limit of Discord's is used up.
        `reason` goes to the guild's audit log, in its language where that is known without asking.
        """
        ...

    def grant_all(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        """As `grant`, many at once; one outcome for each key, in their order. Never raises for one of them."""
        ...

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        """Takes the roles, many at once; one outcome for each key, in their order. Never raises for one of them."""
        ...


class GuildDirectory(Protocol):
    """Knows guilds as they are at this moment."""

    def roles(self, guild: GuildId) -> Mapping[RoleId, RoleFacts] | None:
        """All roles of the guild, as Discord has them, or had them a few seconds ago.

        None where there is no answer within a few seconds. Never raises; asking often costs no more than now and then.
        """
        ...


class RoleCensus(Protocol):
    """Knows which roles a guild has."""

    def gone(self, guild: GuildId, roles: Collection[RoleId]) -> Collection[RoleId]:
        """Those of the roles that the guild does not have, by Discord's own answer to a question put now.

        None of them where Discord does not let the bot see the guild: that says nothing of its roles.

        Raises:
            DiscordUnreachable: there was no answer, or none that can be trusted.
        """
        ...

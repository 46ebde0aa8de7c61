"""What people and other bots do to members' roles, as Discord's audit log tells it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from boostmon.domain.ids import GuildId, RequestId, TimerKey, UserId
from boostmon.domain.member_events import MemberLeft

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
"""Of the moments in Discord's ids."""
_BITS_BELOW = 22
"""Of an id, below its moment in milliseconds."""


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """`by` gave the member the role; `entry` of the audit log says so."""

    key: TimerKey
    by: UserId
    entry: RequestId
    at: datetime


@dataclass(frozen=True, slots=True)
class RoleTaken:
    """`by` took the role from the member; `entry` of the audit log says so."""

    key: TimerKey
    by: UserId
    entry: RequestId
    at: datetime


type RoleEvent = RoleGiven | RoleTaken


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry of a guild's audit log; `events` is empty where it tells of no roles, or of what the bot itself did.

    `left`: who was made to leave, by a kick or a ban.
    """

    guild: GuildId
    id: RequestId
    events: tuple[RoleEvent, ...] = ()
    left: MemberLeft | None = None


def moment_of(number: int) -> datetime:
    """When Discord made the id."""
    return EPOCH + timedelta(milliseconds=number >> _BITS_BELOW)


def entry_at(moment: datetime) -> RequestId:
    """The id that stands before all that Discord makes from then on, and after all that it made before."""
    return RequestId((moment - EPOCH) // timedelta(milliseconds=1) << _BITS_BELOW)

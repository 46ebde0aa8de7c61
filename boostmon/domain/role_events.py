"""What people and other bots do to members' roles, as Discord's audit log tells it."""

from dataclasses import dataclass
from datetime import datetime

from boostmon.domain.ids import GuildId, RequestId, TimerKey, UserId
from boostmon.domain.member_events import MemberLeft


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

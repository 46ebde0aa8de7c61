"""What the use cases need from the world, as protocols. Each has one contract suite for all its adapters.

All calls are synchronous, may be made from any thread but an event loop's own, and raise
`StorageUnavailable` (repositories) where the world does not answer. Instants are aware UTC datetimes
of the `Clock`; leases are counted by the repository's own clock, so that a process whose clock is off
neither loses nor keeps a claim.
"""

from boostmon.app.ports.asked import Asked
from boostmon.app.ports.counting import Membership, RoleHolders, RoleTallies
from boostmon.app.ports.delivery import (
    Delivered,
    Message,
    Notifier,
    Postponed,
    Reply,
    TurnedAway,
)
from boostmon.app.ports.discord import LONGEST_GRANT, AuditReason, Cause, GuildDirectory, RoleCensus, RoleGateway
from boostmon.app.ports.guilds import GuildPolicies, PolicyChange, RuleChange
from boostmon.app.ports.hearing import AuditLog, AuditPage, Hearing, Watched
from boostmon.app.ports.history import (
    ENTRIES_READ,
    History,
    LaterChange,
    LedgerReader,
    Obstacles,
    RecordedChange,
    Struggle,
)
from boostmon.app.ports.outbox import DeliverySettlement, Outbox, Posted, Postmark
from boostmon.app.ports.time import Alarm, Clock
from boostmon.app.ports.timers import (
    OBSTACLE_SETTLES,
    Basis,
    Change,
    Claim,
    DueTimers,
    Member,
    Settlement,
    TimerRepository,
    Timers,
)

__all__ = [
    "ENTRIES_READ",
    "LONGEST_GRANT",
    "OBSTACLE_SETTLES",
    "Alarm",
    "Asked",
    "AuditLog",
    "AuditPage",
    "AuditReason",
    "Basis",
    "Cause",
    "Change",
    "Claim",
    "Clock",
    "Delivered",
    "DeliverySettlement",
    "DueTimers",
    "GuildDirectory",
    "GuildPolicies",
    "Hearing",
    "History",
    "LaterChange",
    "LedgerReader",
    "Member",
    "Membership",
    "Message",
    "Notifier",
    "Obstacles",
    "Outbox",
    "PolicyChange",
    "Posted",
    "Postmark",
    "Postponed",
    "RecordedChange",
    "Reply",
    "RoleCensus",
    "RoleGateway",
    "RoleHolders",
    "RoleTallies",
    "RuleChange",
    "Settlement",
    "Struggle",
    "TimerRepository",
    "Timers",
    "TurnedAway",
    "Watched",
]

"""What the in-memory repositories share: the tables, and the clock that leases are counted by."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from boostmon.app.ports import Asked, Postmark
from boostmon.domain.drift import Baseline
from boostmon.domain.ids import GuildId, RequestId, RoleId, TimerKey
from boostmon.domain.ledger import LedgerEntry
from boostmon.domain.notices import Notice
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Obstacle, Timer


@dataclass(slots=True)
class Lease:
    """Who holds a row, and until when by the store's clock in seconds."""

    token: UUID
    until: float


@dataclass(slots=True)
class StoredTimer:
    """A timer and who holds it."""

    timer: Timer
    lease: Lease | None = None


@dataclass(slots=True)
class StoredNotice:
    """A notice, and when it is next tried."""

    id: int
    notice: Notice
    due_at: datetime
    attempts: int = 0
    last_error: str | None = None
    postmark: Postmark | None = None
    lease: Lease | None = None


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """A change of what a guild decided."""

    guild: GuildId
    asked: Asked
    before: Policy
    after: Policy


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A change of what a guild decided for a role."""

    guild: GuildId
    role: RoleId
    asked: Asked
    before: RoleRule | None
    after: RoleRule | None


@dataclass(slots=True)
class MemoryStore:
    """Tables in memory. Nothing survives the process: for tests and for staging, never chosen silently.

    `seconds` is the store's own clock for leases, as the database has one.
    """

    seconds: Callable[[], float] = time.monotonic
    timers: dict[TimerKey, StoredTimer] = field(default_factory=dict)
    notices: dict[int, StoredNotice] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    policies: dict[GuildId, Policy] = field(default_factory=dict)
    policy_ledger: list[PolicyEntry] = field(default_factory=list)
    rule_ledger: list[RuleEntry] = field(default_factory=list)
    told_obstacles: dict[tuple[GuildId, RoleId, Obstacle], float] = field(default_factory=dict)
    """When each obstacle was last told of, by the store's clock."""
    audit_log_cursors: dict[GuildId, RequestId] = field(default_factory=dict)
    role_counts: dict[GuildId, dict[RoleId, Baseline]] = field(default_factory=dict)
    requests: set[tuple[TimerKey, RequestId]] = field(default_factory=set)
    versions: Iterator[int] = field(default_factory=lambda: count(1))
    notice_ids: Iterator[int] = field(default_factory=lambda: count(1))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def is_free(self, lease: Lease | None) -> bool:
        """Whether nobody holds the row, or not any more."""
        return lease is None or lease.until <= self.seconds()

    def next_due(self, rows: Iterable[tuple[datetime | None, Lease | None]], now: datetime) -> datetime | None:
        """When the first of these rows may be claimed: its due time, or `now` and what is left of its lease."""
        instants = []
        for due_at, lease in rows:
            if due_at is None:
                continue
            if lease is None or self.is_free(lease):
                instants.append(due_at)
            else:
                instants.append(now + timedelta(seconds=lease.until - self.seconds()))
        return min(instants, default=None)

    def lease(self, token: UUID, length: timedelta) -> Lease:
        """A lease from now on."""
        return Lease(token, self.seconds() + length.total_seconds())

    def log(self, entry: LedgerEntry) -> None:
        """Appends to the ledger, and remembers the request."""
        self.ledger.append(entry)
        if entry.request is not None:
            self.requests.add((entry.key, entry.request))

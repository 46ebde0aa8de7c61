"""Every use case on the in-memory adapters, with a clock that stands still and interruptions on demand."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from boostmon.adapters.memory.audit_log import InMemoryAuditLog
from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.counting import InMemoryRoleHolders, InMemoryRoleTallies
from boostmon.adapters.memory.guilds import InMemoryGuilds
from boostmon.adapters.memory.hearing import InMemoryHearing
from boostmon.adapters.memory.history import InMemoryHistory
from boostmon.adapters.memory.ledger import InMemoryLedger
from boostmon.adapters.memory.notifier import InMemoryNotifier
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.ports import (
    AuditReason,
    Basis,
    Change,
    Claim,
    DeliverySettlement,
    Member,
    Message,
    Notifier,
    Outbox,
    Posted,
    Reply,
    RoleGateway,
    Settlement,
    Timers,
)
from boostmon.app.sweeping.sweep import Sweep
from boostmon.app.use_cases import Ports, put_together
from boostmon.domain.details import RoleNamed
from boostmon.domain.eligibility import GuildView, RoleFacts, Standing
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import LedgerEntry
from boostmon.domain.notices import Notice
from boostmon.domain.outcomes import Held, Outcome
from boostmon.domain.permissions import Permission
from boostmon.domain.timers import Timer
from tests.support.timers import GUILD, KEY, MINUTE, NOW, VIP, change, key, running

type Interruption = Callable[[], object]

GOLD = RoleId(VIP + 1)
HIGH = RoleId(VIP + 2)
"""A role above the moderator, below the bot."""
GOLD_KEY = replace(KEY, role=GOLD)
HIGH_KEY = replace(KEY, role=HIGH)

BOT = Standing(top=(10, -1), permissions=Permission.MANAGE_ROLES)
MODERATOR_STANDING = Standing(top=(5, -1), permissions=Permission.MANAGE_ROLES)
VIEW = GuildView(
    GUILD,
    bot=BOT,
    asker=MODERATOR_STANDING,
    roles={
        VIP: RoleFacts(VIP, "VIP", 1),
        GOLD: RoleFacts(GOLD, "Gold", 2),
        HIGH: RoleFacts(HIGH, "High", 7),
    },
)


class Point(StrEnum):
    """A step of a use case, between whose calls to its ports something may happen."""

    BEFORE_BASIS = "before basis"
    BEFORE_GET = "before get"
    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"
    AFTER_CLAIM = "after claim"
    AFTER_MARK = "after mark"
    BEFORE_SETTLE = "before settle"
    AFTER_SETTLE = "after settle"
    BEFORE_GRANT_ANSWERED = "before grant_answered"
    AFTER_TIMED_ROLES = "after timed_roles"
    BEFORE_END_OF_ROLE = "before end_of_role"
    BEFORE_GRANT = "before grant"
    AFTER_GRANT = "after grant"
    BEFORE_REMOVE = "before remove"
    AFTER_REMOVE = "after remove"
    NOTICES_CLAIMED = "notices claimed"
    NOTICES_MARKED = "notices marked"
    BEFORE_DELIVER = "before deliver"
    AFTER_DELIVER = "after deliver"
    NOTICES_SETTLED = "notices settled"


class Interruptions:
    """What happens once, at a point: another's change, or an error."""

    def __init__(self) -> None:
        self._waiting: Mapping[Point, deque[Interruption]] = defaultdict(deque)
        self._each_time: dict[Point, Interruption] = {}

    def plan(self, point: Point, interruption: Interruption) -> None:
        """Lets it happen the next time that the point is passed; several queue up, one each time."""
        self._waiting[point].append(interruption)

    def each_time(self, point: Point, interruption: Interruption) -> None:
        """Lets it happen whenever the point is passed, however often that is."""
        self._each_time[point] = interruption

    def reach(self, point: Point) -> None:
        """Lets the next one happen."""
        if point in self._each_time:
            self._each_time[point]()
        if self._waiting[point]:
            self._waiting[point].popleft()()

    def must_have_happened(self) -> None:
        """Every one that was planned: of a test whose interruption never came, nobody knows what it shows.

        Raises:
            AssertionError: naming the points that were not passed, or not often enough.
        """
        left = [str(point) for point, waiting in self._waiting.items() if waiting]
        assert not left, f"planned and never reached: {', '.join(left)}"


class InterruptedTimers:
    """`TimerRepository` with points before and after its calls."""

    def __init__(self, timers: Timers, interruptions: Interruptions) -> None:
        self._timers = timers
        self._reach = interruptions.reach

    def of_member(self, guild: GuildId, user: UserId) -> Sequence[Timer]:
        return self._timers.of_member(guild, user)

    def basis(self, guild: GuildId, user: UserId) -> Basis:
        self._reach(Point.BEFORE_BASIS)
        return self._timers.basis(guild, user)

    def bases(self, members: Collection[Member]) -> Mapping[Member, Basis]:
        self._reach(Point.BEFORE_BASIS)
        return self._timers.bases(members)

    def get(self, key: TimerKey) -> Timer | None:
        self._reach(Point.BEFORE_GET)
        return self._timers.get(key)

    def commit(self, change: Change) -> Timer | None:
        self._reach(Point.BEFORE_COMMIT)
        stored = self._timers.commit(change)
        self._reach(Point.AFTER_COMMIT)
        return stored

    def commit_together(self, changes: Sequence[Change]) -> Sequence[Timer | None]:
        self._reach(Point.BEFORE_COMMIT)
        stored = self._timers.commit_together(changes)
        self._reach(Point.AFTER_COMMIT)
        return stored

    def next_due(self, now: datetime) -> datetime | None:
        return self._timers.next_due(now)

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, except_guilds: Collection[GuildId] = ()
    ) -> Sequence[Claim]:
        claims = self._timers.claim(now, limit, lease, except_guilds=except_guilds)
        self._reach(Point.AFTER_CLAIM)
        return claims

    def still_held(self, claims: Sequence[Claim]) -> Sequence[Claim]:
        return self._timers.still_held(claims)

    def mark(self, claims: Sequence[Claim], open_until: datetime) -> Sequence[Claim]:
        marked = self._timers.mark(claims, open_until)
        self._reach(Point.AFTER_MARK)
        return marked

    def renew(self, claims: Sequence[Claim], lease: timedelta) -> Sequence[Claim]:
        return self._timers.renew(claims, lease)

    def settle(self, settlements: Sequence[Settlement]) -> Sequence[TimerKey]:
        self._reach(Point.BEFORE_SETTLE)
        lost = self._timers.settle(settlements)
        self._reach(Point.AFTER_SETTLE)
        return lost

    def release(self, claims: Sequence[Claim]) -> None:
        self._timers.release(claims)

    def grant_answered(self, key: TimerKey, open_until: datetime) -> Timer | None:
        self._reach(Point.BEFORE_GRANT_ANSWERED)
        return self._timers.grant_answered(key, open_until)

    def was_left(self, key: TimerKey) -> bool:
        return self._timers.was_left(key)

    def timed_roles(self, guild: GuildId) -> Collection[RoleId]:
        timed = self._timers.timed_roles(guild)
        self._reach(Point.AFTER_TIMED_ROLES)
        return timed

    def end_of_role(
        self, guild: GuildId, role: RoleId, now: datetime, limit: int, *, named: RoleNamed | None = None
    ) -> int:
        self._reach(Point.BEFORE_END_OF_ROLE)
        return self._timers.end_of_role(guild, role, now, limit, named=named)

    def unblock(self, guild: GuildId, now: datetime, *, except_roles: Collection[RoleId] = ()) -> int:
        return self._timers.unblock(guild, now, except_roles=except_roles)


class InterruptedRoles:
    """`RoleGateway` with points before and after its calls."""

    def __init__(self, roles: RoleGateway, interruptions: Interruptions) -> None:
        self._roles = roles
        self._reach = interruptions.reach

    def grant(self, key: TimerKey, reason: AuditReason) -> Outcome:
        self._reach(Point.BEFORE_GRANT)
        outcome = self._roles.grant(key, reason)
        self._reach(Point.AFTER_GRANT)
        return outcome

    def grant_all(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        self._reach(Point.BEFORE_GRANT)
        outcomes = self._roles.grant_all(keys, reason)
        self._reach(Point.AFTER_GRANT)
        return outcomes

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        self._reach(Point.BEFORE_REMOVE)
        outcomes = self._roles.remove(keys, reason)
        self._reach(Point.AFTER_REMOVE)
        return outcomes


class InterruptedNotifier:
    """`Notifier` with points before and after a delivery; `batches` are how many messages it was given."""

    def __init__(self, notifier: Notifier, interruptions: Interruptions) -> None:
        self._notifier = notifier
        self._reach = interruptions.reach
        self.batches: list[int] = []

    def deliver(self, messages: Sequence[Message]) -> Sequence[Reply]:
        self.batches.append(len(messages))
        self._reach(Point.BEFORE_DELIVER)
        replies = self._notifier.deliver(messages)
        self._reach(Point.AFTER_DELIVER)
        return replies

    def held(self, messages: Sequence[Message]) -> Sequence[Held | None]:
        return self._notifier.held(messages)


class InterruptedOutbox:
    """`Outbox` with points after its calls."""

    def __init__(self, outbox: Outbox, interruptions: Interruptions) -> None:
        self._outbox = outbox
        self._reach = interruptions.reach

    def next_due(self, now: datetime) -> datetime | None:
        return self._outbox.next_due(now)

    def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Posted]:
        posted = self._outbox.claim(now, limit, lease)
        self._reach(Point.NOTICES_CLAIMED)
        return posted

    def mark(self, posted: Sequence[Posted]) -> Sequence[Posted]:
        held = self._outbox.mark(posted)
        self._reach(Point.NOTICES_MARKED)
        return held

    def renew(self, posted: Sequence[Posted], lease: timedelta) -> Sequence[Posted]:
        return self._outbox.renew(posted, lease)

    def settle(self, settlements: Sequence[DeliverySettlement]) -> None:
        self._outbox.settle(settlements)
        self._reach(Point.NOTICES_SETTLED)

    def release(self, posted: Sequence[Posted]) -> None:
        self._outbox.release(posted)


class CountingAlarm:
    """`Alarm` that knows how often it rang."""

    def __init__(self) -> None:
        self.rings = 0

    def ring(self) -> None:
        self.rings += 1


class Stage:
    """A guild's world. `interruptions` reach between the use cases' steps; commands made there are another's."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.lease_seconds = 0.0
        self.store = MemoryStore(seconds=lambda: self.lease_seconds)
        self.roles = InMemoryRoleGateway()
        self.notifier = InMemoryNotifier()
        self.alarm, self.delivery_alarm = CountingAlarm(), CountingAlarm()
        self.interruptions = Interruptions()
        self.rows = InMemoryTimers(self.store)
        """The repository without interruptions: what another process sees."""
        self.outbox = InMemoryOutbox(self.store)
        self.watched_outbox = InterruptedOutbox(self.outbox, self.interruptions)
        self.timers = InterruptedTimers(self.rows, self.interruptions)
        self.gateway = InterruptedRoles(self.roles, self.interruptions)
        self.messenger = InterruptedNotifier(self.notifier, self.interruptions)
        self.policies = InMemoryPolicies(self.store)
        self.audit_log = InMemoryAuditLog(page=3)
        self.holders = InMemoryRoleHolders(self.roles)
        cases = put_together(
            Ports(
                timers=self.timers,
                history=InMemoryHistory(self.store),
                ledger=InMemoryLedger(self.store),
                hearing=InMemoryHearing(self.store),
                audit_log=self.audit_log,
                tallies=InMemoryRoleTallies(self.store),
                holders=self.holders,
                policies=self.policies,
                shown_policies=self.policies,
                roles=self.gateway,
                own_roles=self.gateway,
                census=self.roles,
                guilds=InMemoryGuilds(),
                sweep_alarm=self.alarm,
                delivery_alarm=self.delivery_alarm,
                clock=self.clock,
            )
        )
        self.committer = cases.set_time.committer
        self.set_time, self.add_time, self.remove_time = cases.set_time, cases.add_time, cases.remove_time
        self.pause_time, self.resume_time, self.clear_time = cases.pause_time, cases.resume_time, cases.clear_time
        self.move_time = cases.move_time
        self.self_pause, self.self_resume = cases.self_pause, cases.self_resume
        self.undo, self.time_left, self.change_policy = cases.undo, cases.time_left, cases.change_policy
        self.known_timers = cases.known_timers
        self.end_deleted_roles, self.unblock = cases.end_deleted_roles, cases.unblock
        self.change_rules = cases.change_rules
        self.catch_up, self.follow_roles = cases.catch_up, cases.catch_up.follow
        self.follow_members = cases.follow_members
        self.reconcile = cases.reconcile
        self.watched_roles = cases.catch_up.watched
        self.is_stopping = False
        self.sweep = Sweep(self.timers, self.gateway, self.clock, self.policies, stopping=lambda: self.is_stopping)
        self.deliver = DeliverNotices(
            self.watched_outbox, self.messenger, self.clock, self.policies, stopping=lambda: self.is_stopping
        )

    @property
    def ledger(self) -> Sequence[LedgerEntry]:
        """Every entry, oldest first."""
        return tuple(self.store.ledger)

    @property
    def actions(self) -> Sequence[str]:
        """What was done, in the words of the ledger."""
        return [str(entry.action) for entry in self.store.ledger]

    @property
    def owed(self) -> Sequence[Notice]:
        """What waits in the outbox, in the order in which it was posted."""
        return [row.notice for row in self.store.notices.values()]

    def have_many(self, number: int) -> list[Timer]:
        """Timers of a minute of as many members, as `have`."""
        return [self.have(MINUTE, key(user)) for user in range(1, number + 1)]

    def have(self, duration: timedelta, of: TimerKey = KEY, *, held: bool = True) -> Timer:
        """A timer that was set before the test's story begins, with its role; the ledger does not tell of it."""
        return self.put(running(duration, of=of), held=held)

    def put(self, timer: Timer, *, held: bool = True) -> Timer:
        """Stores a timer in any state; the ledger does not tell of it."""
        stored = self.rows.commit(change(self.rows.get(timer.key), timer))
        assert stored is not None
        self.store.ledger.pop()
        if held:
            self.roles.give(timer.key)
        return stored

    def alter(self, transition: Callable[[Timer], Timer | None], key: TimerKey = KEY) -> Timer | None:
        """Another process changes the timer."""
        timer = self.rows.get(key)
        assert timer is not None
        return self.rows.commit(change(timer, transition(timer), at=self.clock.now()))

    def of(self, key: TimerKey = KEY) -> Timer | None:
        """The timer as it is stored now."""
        return self.rows.get(key)

    def shown(self, key: TimerKey = KEY) -> int | None:
        """The version of the timer that a moderator would be shown now, and confirm a change of."""
        timer = self.of(key)
        return None if timer is None else timer.version

    def let_leases_run_out(self) -> None:
        """As if the time of every lease had passed."""
        self.lease_seconds += 3600

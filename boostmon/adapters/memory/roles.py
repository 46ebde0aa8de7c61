"""`RoleGateway` in memory: a Discord that obeys, or fails on demand."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, override

from boostmon.app.errors import DiscordUnreachable
from boostmon.app.ports import AuditReason, RoleCensus, RoleGateway
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.timers import Obstacle

KEPT_ACTS = 10_000
"""A long staging run does not grow beyond these."""


@dataclass(frozen=True, slots=True)
class RoleAct:
    """One request to the gateway, and what came of it."""

    kind: Literal["grant", "remove"]
    key: TimerKey
    reason: AuditReason
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Fault:
    outcome: Retry | Held
    is_done: bool


class InMemoryRoleGateway(RoleGateway, RoleCensus):
    """Every member and role exists and nothing is in the way, unless a test says otherwise. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[TimerKey] = set()
        self._acts: deque[RoleAct] = deque(maxlen=KEPT_ACTS)
        self._left: set[tuple[GuildId, UserId]] = set()
        self._joined: dict[tuple[GuildId, UserId], datetime] = {}
        self._deleted: set[tuple[GuildId, RoleId]] = set()
        self._obstacles: dict[tuple[GuildId, RoleId | None], Obstacle] = {}
        self._faults: deque[_Fault] = deque()
        self._census_failures: deque[DiscordUnreachable] = deque()

    @override
    def grant(self, key: TimerKey, reason: AuditReason) -> Outcome:
        return self._act("grant", key, reason, self._held.add)

    @override
    def grant_all(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        return [self.grant(key, reason) for key in keys]

    @override
    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        return [self._act("remove", key, reason, self._held.discard) for key in keys]

    @override
    def gone(self, guild: GuildId, roles: Collection[RoleId]) -> Collection[RoleId]:
        with self._lock:
            if self._census_failures:
                raise self._census_failures.popleft()
            if self._obstacles.get((guild, None)) is Obstacle.GUILD_GONE:
                return frozenset()
            return {role for role in roles if (guild, role) in self._deleted}

    def _act(
        self, kind: Literal["grant", "remove"], key: TimerKey, reason: AuditReason, change: Callable[[TimerKey], None]
    ) -> Outcome:
        with self._lock:
            outcome = self._verdict(key)
            fault = self._faults.popleft() if self._faults and isinstance(outcome, Done) else None
            if isinstance(outcome, Done) and (fault is None or fault.is_done):
                change(key)
            seen = outcome if fault is None else fault.outcome
            self._acts.append(RoleAct(kind, key, reason, seen))
            return seen

    def _verdict(self, key: TimerKey) -> Outcome:
        if (obstacle := self._obstacles.get((key.guild, None))) is not None:
            return Blocked(obstacle, f"the guild is obstructed: {obstacle}")
        if (key.guild, key.user) in self._left:
            return AlreadyGone(Gone.MEMBER, "no such member")
        if (key.guild, key.role) in self._deleted:
            return AlreadyGone(Gone.ROLE, "no such role")
        if (obstacle := self._obstacles.get((key.guild, key.role))) is not None:
            return Blocked(obstacle, f"the role is obstructed: {obstacle}")
        return Done()

    # What tests and staging see and do.

    @property
    def held(self) -> frozenset[TimerKey]:
        """Who has which role."""
        with self._lock:
            return frozenset(self._held)

    def has_left(self, guild: GuildId, user: UserId) -> bool:
        """Whether the member is gone."""
        with self._lock:
            return (guild, user) in self._left

    @property
    def acts(self) -> Sequence[RoleAct]:
        """The newest requests, oldest first."""
        with self._lock:
            return tuple(self._acts)

    def give(self, key: TimerKey) -> None:
        """Somebody else gives the role."""
        with self._lock:
            self._held.add(key)

    def take(self, key: TimerKey) -> None:
        """Somebody else takes the role."""
        with self._lock:
            self._held.discard(key)

    def member_leaves(self, guild: GuildId, user: UserId) -> None:
        """The member is gone, and the roles with them."""
        with self._lock:
            self._left.add((guild, user))
            self._held = {key for key in self._held if (key.guild, key.user) != (guild, user)}

    def member_joins(self, guild: GuildId, user: UserId, at: datetime | None = None) -> None:
        """The member is back, without roles."""
        with self._lock:
            self._left.discard((guild, user))
            if at is not None:
                self._joined[guild, user] = at

    def joined_at(self, guild: GuildId, user: UserId) -> datetime | None:
        """When the member joined, where that was said."""
        with self._lock:
            return self._joined.get((guild, user))

    def delete_role(self, guild: GuildId, role: RoleId) -> None:
        """The role is gone, for everybody who had it."""
        with self._lock:
            self._deleted.add((guild, role))
            self._held = {key for key in self._held if (key.guild, key.role) != (guild, role)}

    def obstruct(self, guild: GuildId, obstacle: Obstacle, role: RoleId | None = None) -> None:
        """Refuses every change in the guild, or of one role, from now on."""
        with self._lock:
            self._obstacles[guild, role] = obstacle

    def clear_way(self, guild: GuildId, role: RoleId | None = None) -> None:
        """Takes an obstacle away."""
        with self._lock:
            self._obstacles.pop((guild, role), None)

    def fail_next(self, outcome: Retry | Held) -> None:
        """The next act that nothing obstructs is not done, and answered so. Several queue up."""
        with self._lock:
            self._faults.append(_Fault(outcome, is_done=False))

    def fail_next_census(self, error: str = "no answer in time") -> None:
        """The next question which roles are gone has no answer. Several queue up."""
        with self._lock:
            self._census_failures.append(DiscordUnreachable(error))

    def lose_next_answer(self, error: str = "no answer in time") -> None:
        """The next act that nothing obstructs is done, but its answer is lost. Several queue up."""
        with self._lock:
            self._faults.append(_Fault(Retry(error), is_done=True))

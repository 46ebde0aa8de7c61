"""Counting members and timers in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import override

from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.memory.store import MemoryStore, StoredNotice
from boostmon.app.ports import Membership, RoleHolders, RoleTallies
from boostmon.domain.drift import Baseline, Tally
from boostmon.domain.ids import NOBODY, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import TOLD, Action
from boostmon.domain.notices import UntimedNotice
from boostmon.domain.timers import Grace, Paused, Timer, Waiting


class InMemoryRoleHolders(RoleHolders):
    """Counts who has which role of a gateway in memory."""

    def __init__(self, roles: InMemoryRoleGateway) -> None:
        self._roles = roles
        self.failures: list[Exception] = []
        """What the next questions are answered with."""
        self.counted: list[GuildId] = []
        self.looked_at: list[UserId] = []

    @override
    def counts(self, guild: GuildId) -> Mapping[RoleId, int]:
        self._fail()
        self.counted.append(guild)
        held = [key for key in self._roles.held if key.guild == guild]
        return {role: sum(key.role == role for key in held) for role in {key.role for key in held}}

    @override
    def membership(self, guild: GuildId, user: UserId) -> Membership | None:
        self._fail()
        self.looked_at.append(user)
        if self._roles.has_left(guild, user):
            return None
        held = frozenset(key.role for key in self._roles.held if (key.guild, key.user) == (guild, user))
        return Membership(held, self._roles.joined_at(guild, user))

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


class InMemoryRoleTallies(RoleTallies):
    """Counts the timers of a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def tallies(self, guild: GuildId, now: datetime) -> Mapping[RoleId, Tally]:
        with self._store.lock:
            policy, known = self._store.policies.get(guild), self._store.role_counts.get(guild, {})
            timers = self._of(guild, now)
        starting = set() if policy is None else {role for role, rule in policy.rules.items() if rule.starts}
        roles = {timer.key.role for timer in timers} | starting | known.keys()
        return {role: _tally(role, timers, role in starting, known.get(role), now) for role in roles}

    @override
    def due_role(self, guild: GuildId, role: RoleId, now: datetime, after: UserId, limit: int) -> Sequence[Timer]:
        with self._store.lock:
            timers = [one for one in self._of(guild, now) if one.key.role == role and one.key.user > after]
        return sorted((one for one in timers if _is_due_role(one, now)), key=lambda one: one.key)[:limit]

    @override
    def keep(self, guild: GuildId, found: Mapping[RoleId, Baseline], now: datetime) -> int:
        with self._store.lock:
            known, policy = self._store.role_counts.setdefault(guild, {}), self._store.policies.get(guild)
            more = {
                role: one.unexplained
                for role, one in found.items()
                if one.unexplained > known.get(role, Baseline()).unexplained
            }
            known.update(found)
            if policy is None or policy.log_channel is None:
                return 0
            for role, members in more.items():
                number = next(self._store.notice_ids)
                notice = UntimedNotice(TimerKey(guild, NOBODY, role), members, at=now)
                self._store.notices[number] = StoredNotice(number, notice, notice.due_at)
            return len(more)

    def _of(self, guild: GuildId, now: datetime) -> list[Timer]:
        rows = [row.timer for key, row in self._store.timers.items() if key.guild == guild]
        return [timer for timer in rows if not self._waits(timer, now)]

    def _waits(self, timer: Timer, now: datetime) -> bool:
        if isinstance(timer.state, Waiting):
            return timer.state.starts_at > now
        if not isinstance(timer.state, Paused | Grace) or (isinstance(timer.state, Paused) and timer.state.away):
            return isinstance(timer.state, Paused)
        entries = (one for one in reversed(self._store.ledger) if one.key == timer.key and one.action not in TOLD)
        return (last := next(entries, None)) is not None and last.action is Action.FOUGHT


def _tally(role: RoleId, timers: Sequence[Timer], starts: bool, known: Baseline | None, now: datetime) -> Tally:  # noqa: FBT001 - a field of it
    of_role = [timer for timer in timers if timer.key.role == role]
    due = sum(_is_due_role(timer, now) for timer in of_role)
    return Tally(due, len(of_role) - due, starts, known)


def _is_due_role(timer: Timer, now: datetime) -> bool:
    return timer.wants_role(now) and not timer.is_grant_open(now)

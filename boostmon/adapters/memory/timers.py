"""`Timers` in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import override
from uuid import uuid4

from boostmon.adapters.memory.store import MemoryStore, StoredNotice, StoredTimer
from boostmon.app.errors import Conflict
from boostmon.app.ports import OBSTACLE_SETTLES, Basis, Change, Claim, Member, Settlement, Timers
from boostmon.domain.details import Drop, RoleNamed, dropped
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import LEAVING, TOLD, Action, LedgerEntry
from boostmon.domain.notices import (
    BlockedNotice,
    EndedNotice,
    GraceNotice,
    Notice,
    WarningNotice,
)
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Ending, Obstacle, Timer, Waiting
from boostmon.domain.transitions import end


class InMemoryTimers(Timers):
    """Timers in memory, with their ledger entries and notices."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def of_member(self, guild: GuildId, user: UserId) -> Sequence[Timer]:
        with self._store.lock:
            mine = [row.timer for key, row in self._store.timers.items() if (key.guild, key.user) == (guild, user)]
        return sorted(mine, key=lambda timer: timer.key.role)

    @override
    def basis(self, guild: GuildId, user: UserId) -> Basis:
        with self._store.lock:
            return Basis(self.of_member(guild, user), self._store.policies.get(guild) or Policy())

    @override
    def bases(self, members: Collection[Member]) -> Mapping[Member, Basis]:
        with self._store.lock:
            return {member: self.basis(*member) for member in members}

    @override
    def get(self, key: TimerKey) -> Timer | None:
        row = self._store.timers.get(key)
        return None if row is None else row.timer

    @override
    def commit(self, change: Change) -> Timer | None:
        entry = change.entry
        with self._store.lock:
            if self._is_applied(change):
                return self.get(entry.key)
            if change.outdates_news_of_end:
                self._drop_news_of_end(entry)
            self._store.log(entry)
            if change.outdates_warnings:
                self._drop_warnings(entry.key)
            if change.notice is not None:
                self._owe(change.notice)
            return self._write(entry.key, change.after)

    @override
    def commit_together(self, changes: Sequence[Change]) -> Sequence[Timer | None]:
        with self._store.lock:
            for change in changes:
                self._is_applied(change)  # or there is a conflict, before anything is written
            # In the order in which PostgreSQL writes them.
            stored = {change.entry.key: self.commit(change) for change in sorted(changes, key=_place)}
        return [stored[change.entry.key] for change in changes]

    def _is_applied(self, change: Change) -> bool:
        entry = change.entry
        if entry.request is not None and (entry.key, entry.request) in self._store.requests:
            return True
        if _version(self.get(entry.key)) != _version(change.before):
            raise Conflict
        return False

    @override
    def next_due(self, now: datetime) -> datetime | None:
        with self._store.lock:
            rows = self._store.timers.values()
            return self._store.next_due(((row.timer.due_at, row.lease) for row in rows), now)

    @override
    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, except_guilds: Collection[GuildId] = ()
    ) -> Sequence[Claim]:
        token = uuid4()
        with self._store.lock:
            due = sorted(
                (row.timer.due_at, key, row)
                for key, row in self._store.timers.items()
                if row.timer.due_at is not None
                and row.timer.due_at <= now
                and key.guild not in except_guilds
                and self._store.is_free(row.lease)
            )[:limit]
            for _, _, row in due:
                row.lease = self._store.lease(token, lease)
            return [Claim(row.timer, token) for _, _, row in due]

    @override
    def still_held(self, claims: Sequence[Claim]) -> Sequence[Claim]:
        with self._store.lock:
            return [claim for claim in claims if self._held(claim) is not None]

    @override
    def mark(self, claims: Sequence[Claim], open_until: datetime) -> Sequence[Claim]:
        marked = []
        with self._store.lock:
            for claim in claims:
                row = self._held(claim)
                if row is not None:
                    timer = row.timer.with_grant_until(open_until)
                    row.timer = timer.stored_as(next(self._store.versions))
                    marked.append(Claim(row.timer, claim.token))
        return marked

    @override
    def renew(self, claims: Sequence[Claim], lease: timedelta) -> Sequence[Claim]:
        held = []
        with self._store.lock:
            for claim in claims:
                row = self._held(claim)
                if row is not None:
                    row.lease = self._store.lease(claim.token, lease)
                    held.append(claim)
        return held

    @override
    def settle(self, settlements: Sequence[Settlement]) -> Sequence[TimerKey]:
        lost: list[TimerKey] = []
        with self._store.lock:
            lasting = self._met_obstacles()
            for settlement in settlements:
                key = settlement.claim.timer.key
                if self._held(settlement.claim) is None:
                    lost.append(key)
                    continue
                self._write(key, settlement.after)
                if settlement.entry is not None:
                    self._store.log(settlement.entry)
                if settlement.notice is not None and self._is_wanted(settlement.notice, lasting):
                    self._supersede_by(settlement.notice)
                    self._owe(settlement.notice)
        return lost

    @override
    def release(self, claims: Sequence[Claim]) -> None:
        with self._store.lock:
            for claim in claims:
                row = self._held(claim)
                if row is not None:
                    row.lease = None

    @override
    def grant_answered(self, key: TimerKey, open_until: datetime) -> Timer | None:
        with self._store.lock:
            row = self._store.timers.get(key)
            if row is None:
                return None
            if row.timer.grant_open_until == open_until:
                row.timer = replace(row.timer, grant_open_until=None)
            return row.timer

    @override
    def was_left(self, key: TimerKey) -> bool:
        with self._store.lock:
            changes = [one for one in self._store.ledger if one.key == key and one.action not in TOLD]
        return bool(changes) and changes[-1].after is None and changes[-1].action in LEAVING

    @override
    def unblock(self, guild: GuildId, now: datetime, *, except_roles: Collection[RoleId] = ()) -> int:
        with self._store.lock:
            sooner = [
                replace(row.timer, state=replace(state, next_attempt_at=now))
                for key, row in self._store.timers.items()
                if key.guild == guild
                and key.role not in except_roles
                and isinstance(state := row.timer.state, Ending | Waiting)
                and state.blocked_by is not None
                and state.next_attempt_at > now
            ]
            for timer in sooner:
                self._write(timer.key, timer)
        return len(sooner)

    @override
    def timed_roles(self, guild: GuildId) -> Collection[RoleId]:
        with self._store.lock:
            return {key.role for key in self._store.timers if key.guild == guild}

    @override
    def end_of_role(
        self, guild: GuildId, role: RoleId, now: datetime, limit: int, *, named: RoleNamed | None = None
    ) -> int:
        with self._store.lock:
            timers = [
                row.timer
                for key, row in sorted(self._store.timers.items())
                if (key.guild, key.role) == (guild, role) and not isinstance(row.timer.state, Ending)
            ][:limit]
            for timer in timers:
                ended = self._write(timer.key, end(timer, now=now))
                self._store.log(LedgerEntry(timer.key, now, Action.ROLE_DELETED, None, timer, ended, detail=named))
                self._drop_warnings(timer.key)
        return len(timers)

    def _met_obstacles(self) -> set[tuple[GuildId, RoleId, Obstacle]]:
        return {
            (key.guild, key.role, obstacle)
            for key, row in self._store.timers.items()
            if (obstacle := row.timer.blocked_by) is not None
        }

    def _is_wanted(self, notice: Notice, lasting: Collection[tuple[GuildId, RoleId, Obstacle]]) -> bool:
        if not isinstance(notice, BlockedNotice):
            return True
        mark, now = (notice.key.guild, notice.key.role, notice.obstacle), self._store.seconds()
        told = self._store.told_obstacles.get(mark)
        if told is not None and (mark in lasting or now - told < OBSTACLE_SETTLES.total_seconds()):
            return False
        self._store.told_obstacles[mark] = now
        return True

    def _held(self, claim: Claim) -> StoredTimer | None:
        row = self._store.timers.get(claim.timer.key)
        if row is None or row.lease is None or row.lease.token != claim.token:
            return None
        return row if row.timer.version == claim.timer.version else None

    def _write(self, key: TimerKey, timer: Timer | None) -> Timer | None:
        if timer is None:
            self._store.timers.pop(key, None)
            return None
        stored = timer.stored_as(next(self._store.versions))
        self._store.timers[key] = StoredTimer(stored)
        return stored

    def _owe(self, notice: Notice) -> None:
        number = next(self._store.notice_ids)
        self._store.notices[number] = StoredNotice(number, notice, notice.due_at)

    def _supersede_by(self, newer: Notice) -> None:
        if isinstance(newer, BlockedNotice):
            return
        for row in self._warnings(newer.key):
            if self._store.is_free(row.lease):
                del self._store.notices[row.id]
                detail = dropped(row.notice, Drop.SUPERSEDED, perhaps_sent=row.postmark is not None)
                self._store.log(LedgerEntry(newer.key, newer.due_at, Action.UNDELIVERED, detail=detail))

    def _drop_warnings(self, key: TimerKey) -> None:
        for row in self._warnings(key):
            del self._store.notices[row.id]

    def _drop_news_of_end(self, entry: LedgerEntry) -> None:
        for row in list(self._store.notices.values()):
            if row.notice.key == entry.key and isinstance(row.notice, EndedNotice) and self._store.is_free(row.lease):
                del self._store.notices[row.id]
                detail = dropped(row.notice, Drop.OUTDATED, perhaps_sent=row.postmark is not None)
                self._store.log(LedgerEntry(entry.key, entry.at, Action.UNDELIVERED, detail=detail))

    def _warnings(self, key: TimerKey) -> list[StoredNotice]:
        rows = self._store.notices.values()
        return [row for row in rows if row.notice.key == key and isinstance(row.notice, WarningNotice | GraceNotice)]


def _place(change: Change) -> TimerKey:
    return change.entry.key


def _version(timer: Timer | None) -> int | None:
    return None if timer is None else timer.version

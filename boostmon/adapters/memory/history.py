"""`History` in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import override

from boostmon.adapters.memory.store import MemoryStore
from boostmon.app.ports import ENTRIES_READ, History, LaterChange, RecordedChange, Struggle
from boostmon.domain.ids import GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.origins import Origin, Step, origins
from boostmon.domain.timers import Waiting
from boostmon.domain.undoing import standing


class InMemoryHistory(History):
    """Reads the ledger in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def changes_of(self, guild: GuildId, request: RequestId) -> Sequence[RecordedChange]:
        changes = []
        with self._store.lock:
            entries = [entry for entry in self._store.ledger if entry.key.guild == guild]
        for place, entry in enumerate(entries):
            if entry.request == request and entry.actor is not None:
                before = None if entry.before is None else replace(entry.before, grant_open_until=None)
                later = [one for one in entries[place + 1 :] if one.key == entry.key]
                ends = [one.at for one in entries[:place] if (one.key, one.action) == (entry.key, Action.ENDED)]
                change = RecordedChange(
                    entry.key, entry.at, entry.action, entry.actor, before, _standing(later), ends[-1] if ends else None
                )
                changes.append(change)
        return changes

    @override
    def struggle(self, key: TimerKey, by: UserId, since: datetime, *, before: RequestId) -> Struggle:
        with self._store.lock:
            entries = [one for one in self._store.ledger if (one.key.guild, one.key.user) == (key.guild, key.user)]
        theirs = [
            one.action
            for one in entries[-ENTRIES_READ:]
            if (one.key, one.actor) == (key, by) and one.at >= since and one.request != before
        ]
        return Struggle(theirs.count(Action.GIVE_BACK), Action.FOUGHT in theirs)

    @override
    def begun(self, keys: Collection[TimerKey]) -> Mapping[TimerKey, datetime]:
        with self._store.lock:
            entries = [entry for entry in self._store.ledger if entry.key in keys and entry.actor is not None]
        found = {}
        for key in keys:
            steps = _steps([entry for entry in entries if entry.key == key][-ENTRIES_READ:])
            if origin := origins(steps).get(key.role):
                found[key] = origin.at
        return found

    @override
    def origins(self, guild: GuildId, user: UserId) -> Mapping[RoleId, Origin]:
        with self._store.lock:
            entries = [entry for entry in self._store.ledger if (entry.key.guild, entry.key.user) == (guild, user)]
        return origins(_steps(entries[-ENTRIES_READ:]))


def _steps(entries: Sequence[LedgerEntry]) -> Iterable[Step]:
    return (
        Step(
            entry.key.role,
            entry.action,
            Origin(entry.actor, entry.at, entry.reason),
            begins=entry.before is None,
            cancels=_cancels(entry),
        )
        for entry in reversed(entries)
        if entry.actor is not None
    )


def _standing(entries: Iterable[LedgerEntry]) -> LaterChange | None:
    by_people = (
        (entry.action, LaterChange(entry.at, entry.action, entry.actor)) for entry in entries if entry.actor is not None
    )
    return standing(islice(by_people, ENTRIES_READ))


def _cancels(entry: LedgerEntry) -> bool:
    is_gone = entry.action in {Action.CLEAR, Action.MOVE} and entry.after is None
    return is_gone and entry.before is not None and isinstance(entry.before.state, Waiting)

"""`LedgerReader` in memory."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import override

from boostmon.adapters.memory.store import MemoryStore
from boostmon.app.ports import LedgerReader
from boostmon.domain.ids import EntryId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import LedgerEntry, RecordedEntry
from boostmon.domain.timers import Timer


class InMemoryLedger(LedgerReader):
    """Reads the ledger of a store; an entry's id is its place there."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def of_member(
        self, guild: GuildId, user: UserId, *, before: EntryId | None = None, limit: int
    ) -> Sequence[RecordedEntry]:
        return self._page(lambda key: (key.guild, key.user) == (guild, user), before, limit)

    @override
    def of_role(
        self, guild: GuildId, role: RoleId, *, before: EntryId | None = None, limit: int
    ) -> Sequence[RecordedEntry]:
        return self._page(lambda key: (key.guild, key.role) == (guild, role), before, limit)

    @override
    def of_guild(self, guild: GuildId, *, before: EntryId | None = None, limit: int) -> Sequence[RecordedEntry]:
        return self._page(lambda key: key.guild == guild, before, limit)

    def _page(
        self, is_meant: Callable[[TimerKey], bool], before: EntryId | None, limit: int
    ) -> Sequence[RecordedEntry]:
        with self._store.lock:
            entries = list(enumerate(self._store.ledger, 1))
        found = [
            RecordedEntry(EntryId(number), _remembered(entry))
            for number, entry in reversed(entries)
            if is_meant(entry.key) and (before is None or number < before)
        ]
        return found[:limit]


def _remembered(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, before=_without_mark(entry.before), after=_without_mark(entry.after))


def _without_mark(timer: Timer | None) -> Timer | None:
    return None if timer is None else replace(timer, grant_open_until=None)

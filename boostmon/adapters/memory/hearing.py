"""`Hearing` in memory."""

from collections.abc import Collection, Mapping
from typing import override

from boostmon.adapters.memory.store import MemoryStore
from boostmon.app.ports import Hearing
from boostmon.domain.ids import GuildId, RoleId


class InMemoryHearing(Hearing):
    """Looks into a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def watched(self) -> Mapping[GuildId, Collection[RoleId]]:
        found: dict[GuildId, set[RoleId]] = {}
        with self._store.lock:
            for key in self._store.timers:
                found.setdefault(key.guild, set()).add(key.role)
        return found

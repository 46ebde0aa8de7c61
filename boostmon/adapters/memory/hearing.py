"""`Hearing` in memory."""

from collections.abc import Mapping
from typing import override

from boostmon.adapters.memory.store import MemoryStore
from boostmon.app.ports import Hearing, Watched
from boostmon.domain.ids import GuildId, RequestId, RoleId


class InMemoryHearing(Hearing):
    """Looks into a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def watched(self) -> Watched:
        with self._store.lock:
            timers, decided = list(self._store.timers), dict(self._store.policies)
        timed: dict[GuildId, set[RoleId]] = {}
        for key in timers:
            timed.setdefault(key.guild, set()).add(key.role)
        starting = {
            guild: roles
            for guild, policy in decided.items()
            if (roles := {role for role, rule in policy.rules.items() if rule.starts})
        }
        return Watched(timed, starting)

    @override
    def gone(self, guild: GuildId, role: RoleId) -> None:
        """What is watched here follows from the timers that there are."""

    @override
    def heard_until(self, guild: GuildId) -> RequestId | None:
        with self._store.lock:
            return self._store.audit_log_cursors.get(guild)

    @override
    def heard(self, until: Mapping[GuildId, RequestId]) -> None:
        with self._store.lock:
            known = self._store.audit_log_cursors
            known.update({guild: max(entry, known.get(guild, entry)) for guild, entry in until.items()})

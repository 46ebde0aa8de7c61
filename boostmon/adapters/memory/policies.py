"""`GuildPolicies` in memory."""

from collections.abc import Callable, Collection, Mapping
from typing import override

from boostmon.adapters.memory.store import MemoryStore, PolicyEntry, StoredTimer
from boostmon.app.ports import Asked, GuildPolicies, PolicyChange
from boostmon.domain.ids import GuildId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Running
from boostmon.domain.transitions import replan


class InMemoryPolicies(GuildPolicies):
    """Policies in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def get(self, guild: GuildId) -> Policy:
        return self._store.policies.get(guild, Policy())

    @override
    def of(self, guilds: Collection[GuildId]) -> Mapping[GuildId, Policy]:
        with self._store.lock:
            return {guild: self.get(guild) for guild in guilds}

    @override
    def change(self, guild: GuildId, alter: Callable[[Policy], Policy], *, asked: Asked) -> PolicyChange:
        with self._store.lock:
            before = self.get(guild)
            after = alter(before)
            known = {(entry.guild, entry.asked.request) for entry in self._store.policy_ledger}
            if asked.request is not None and (guild, asked.request) in known:
                return PolicyChange(before, before)
            self._store.policy_ledger.append(PolicyEntry(guild, asked, before, after))
            self._store.policies[guild] = after
            replanned = self._replan(guild, after, asked) if after.thresholds != before.thresholds else 0
            return PolicyChange(before, after, replanned)

    def _replan(self, guild: GuildId, policy: Policy, asked: Asked) -> int:
        running = [
            row.timer
            for key, row in self._store.timers.items()
            if key.guild == guild and isinstance(row.timer.state, Running) and row.timer.state.ends_at > asked.at
        ]
        for timer in running:
            stored = replan(timer, policy, asked.at).stored_as(next(self._store.versions))
            self._store.timers[timer.key] = StoredTimer(stored)
        return len(running)

"""`GuildSettings` in memory."""

from collections.abc import Callable, Collection, Mapping

from boostmon.adapters.memory.store import MemoryStore, SettingsEntry, StoredTimer
from boostmon.app.ports import Asked, PolicyChange
from boostmon.domain.ids import GuildId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Running, replan


class InMemorySettings:
    """See `GuildSettings`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def get(self, guild: GuildId) -> Policy:
        """See `GuildSettings.get`."""
        return self._store.policies.get(guild, Policy())

    def of(self, guilds: Collection[GuildId]) -> Mapping[GuildId, Policy]:
        """See `GuildSettings.of`."""
        with self._store.lock:
            return {guild: self.get(guild) for guild in guilds}

    def change(self, guild: GuildId, alter: Callable[[Policy], Policy], *, asked: Asked) -> PolicyChange:
        """See `GuildSettings.change`."""
        with self._store.lock:
            before = self.get(guild)
            after = alter(before)
            known = {(entry.guild, entry.asked.request) for entry in self._store.settings_ledger}
            if asked.request is not None and (guild, asked.request) in known:
                return PolicyChange(before, before)
            self._store.settings_ledger.append(SettingsEntry(guild, asked, before, after))
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

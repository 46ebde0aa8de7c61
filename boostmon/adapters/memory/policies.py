"""`GuildPolicies` in memory."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import override

from boostmon.adapters.memory.store import MemoryStore, PolicyEntry, RuleEntry, StoredTimer
from boostmon.app.ports import Asked, GuildPolicies, PolicyChange, RuleChange
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.ruling import with_rule
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
            after = replace(alter(before), rules=before.rules)
            known = {(entry.guild, entry.asked.request) for entry in self._store.policy_ledger}
            if asked.request is not None and (guild, asked.request) in known:
                return PolicyChange(before, before)
            self._store.policy_ledger.append(PolicyEntry(guild, asked, before, after))
            self._store.policies[guild] = after
            return PolicyChange(before, after, self._replan(guild, before, after, asked))

    @override
    def change_rule(
        self, guild: GuildId, role: RoleId, alter: Callable[[Policy], RoleRule | None], *, asked: Asked
    ) -> RuleChange:
        with self._store.lock:
            before = self.get(guild)
            rule = alter(before)
            old = before.rules.get(role)
            known = {(entry.guild, entry.asked.request) for entry in self._store.rule_ledger}
            if asked.request is not None and (guild, asked.request) in known:
                return RuleChange(old, old, before)
            self._store.rule_ledger.append(RuleEntry(guild, role, asked, old, rule))
            after = self._store.policies[guild] = with_rule(before, role, rule)
            return RuleChange(old, rule, after, self._replan(guild, before, after, asked))

    def _replan(self, guild: GuildId, before: Policy, after: Policy, asked: Asked) -> int:
        """Plans anew the running timers of those roles whose thresholds are others now."""
        running = [
            row.timer
            for key, row in self._store.timers.items()
            if key.guild == guild
            and isinstance(row.timer.state, Running)
            and row.timer.state.ends_at > asked.at
            and before.for_role(key.role).thresholds != after.for_role(key.role).thresholds
        ]
        for timer in running:
            stored = replan(timer, after, asked.at).stored_as(next(self._store.versions))
            self._store.timers[timer.key] = StoredTimer(stored)
        return len(running)

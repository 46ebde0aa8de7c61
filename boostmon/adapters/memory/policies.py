"""`GuildPolicies` in memory."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import override

from boostmon.adapters.memory.store import MemoryStore, PolicyEntry, RuleEntry, StoredTimer
from boostmon.app.ports import Asked, GuildPolicies, PolicyChange, RuleChange
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import WarningNotice
from boostmon.domain.policy import Policy
from boostmon.domain.replanning import postponed, replan
from boostmon.domain.rules import RoleRule, starts
from boostmon.domain.ruling import with_rule
from boostmon.domain.timers import Running, Timer


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
            replanned, _ = self._replan(guild, _without_dates(before), _without_dates(after), asked)
            return PolicyChange(before, after, replanned)

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
            if starts(old) != starts(rule):
                self._store.role_counts.get(guild, {}).pop(role, None)
            replanned, moved = self._replan(guild, before, after, asked)
            return RuleChange(old, rule, after, replanned, moved)

    def _replan(self, guild: GuildId, before: Policy, after: Policy, asked: Asked) -> tuple[int, int]:
        """Plans anew the timers of those roles whose thresholds, or whose dates, are others now.

        Returns how many running timers go by other thresholds, and how many timers end otherwise.
        """
        rearmed, moved = 0, 0
        for key, row in sorted(self._store.timers.items()):
            is_rearmed = before.for_role(key.role).thresholds != after.for_role(key.role).thresholds or before.grace(
                key.role
            ) != after.grace(key.role)
            is_dated = before.ends_on(key.role) != after.ends_on(key.role)
            if key.guild != guild or not (is_rearmed or is_dated):
                continue
            timer, put_off = row.timer, postponed(before, after, key.role)
            planned = replan(timer, after, asked.at, postponed=put_off)
            is_rearmed = is_rearmed and isinstance(timer.state, Running) and timer.state.ends_at > asked.at
            is_moved = planned.ends_at != timer.ends_at
            if is_rearmed or is_moved:
                self._store.timers[key] = StoredTimer(planned.stored_as(next(self._store.versions)))
            if is_moved:
                self._moved(timer, self._store.timers[key].timer, asked)
            rearmed, moved = rearmed + is_rearmed, moved + is_moved
        return rearmed, moved

    def _moved(self, timer: Timer, after: Timer, asked: Asked) -> None:
        self._store.log(LedgerEntry(timer.key, asked.at, Action.RULED, before=timer, after=after))
        for row in list(self._store.notices.values()):
            if row.notice.key == timer.key and isinstance(row.notice, WarningNotice):
                del self._store.notices[row.id]


def _without_dates(policy: Policy) -> Policy:
    """As it matters where only the thresholds of the guild are others."""
    return replace(policy, rules={role: replace(rule, ends_on=None) for role, rule in policy.rules.items()})

"""`GuildPolicies` on PostgreSQL."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, override

from psycopg import Cursor
from psycopg.rows import DictRow, dict_row

from boostmon.adapters.postgres.counting import FORGET
from boostmon.adapters.postgres.policy_columns import POLICY_COLUMNS, policy_from, policy_json, policy_row
from boostmon.adapters.postgres.replanning import REPLAN, REPLAN_ROLE, replan_all
from boostmon.adapters.postgres.rule_fields import rule_json, rules_of
from boostmon.adapters.postgres.sessions import Connection, Sessions, rows_of
from boostmon.adapters.postgres.statements import assignments, names, values
from boostmon.app.ports import Asked, GuildPolicies, PolicyChange, RuleChange
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.replanning import postponed
from boostmon.domain.rules import RoleRule, starts
from boostmon.domain.ruling import with_rule

_DECIDED = names(POLICY_COLUMNS)

OF = f"""
    SELECT guild_id, {_DECIDED}, {rules_of("guild_settings.guild_id")}
    FROM boostmon.guild_settings WHERE guild_id = ANY(%(guilds)s::bigint[])
"""
# The guild's row is what whoever changes anything holds, its rules included: a row that is there is locked by being
# written as it is. The next statement then sees what was committed until now, of all tables; had it to wait for the
# lock itself, it would see the rules as they were when it began.
_DECIDE_FIRST = f"""
    INSERT INTO boostmon.guild_settings (guild_id, {_DECIDED})
    VALUES (%(guild_id)s, {values(POLICY_COLUMNS)})
    ON CONFLICT (guild_id) DO UPDATE SET guild_id = excluded.guild_id
"""
_READ = f"SELECT {_DECIDED}, {rules_of('%(guild_id)s')} FROM boostmon.guild_settings WHERE guild_id = %(guild_id)s"
_LOG = """
    INSERT INTO boostmon.settings_ledger (guild_id, at, actor_id, before, after, request_id)
    VALUES (%(guild_id)s, %(at)s, %(actor_id)s, %(before)s, %(after)s, %(request_id)s)
    ON CONFLICT DO NOTHING
"""
_WRITE = f"UPDATE boostmon.guild_settings SET {assignments(POLICY_COLUMNS)} WHERE guild_id = %(guild_id)s"
_LOG_RULE = """
    INSERT INTO boostmon.role_rules_ledger (guild_id, role_id, at, actor_id, before, after, request_id)
    VALUES (%(guild_id)s, %(role_id)s, %(at)s, %(actor_id)s, %(before)s, %(after)s, %(request_id)s)
    ON CONFLICT DO NOTHING
"""
# What a later version wrote into it stays.
_WRITE_RULE = """
    INSERT INTO boostmon.role_rules AS known (guild_id, role_id, rule) VALUES (%(guild_id)s, %(role_id)s, %(after)s)
    ON CONFLICT (guild_id, role_id) DO UPDATE SET rule = known.rule || excluded.rule
"""
_REMOVE_RULE = "DELETE FROM boostmon.role_rules WHERE guild_id = %(guild_id)s AND role_id = %(role_id)s"

type _Rows = Cursor[DictRow]


class PostgresPolicies(GuildPolicies):
    """Policies in PostgreSQL. Nothing is cached: another process may change a policy at any time."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def get(self, guild: GuildId) -> Policy:
        return self.of([guild])[guild]

    @override
    def of(self, guilds: Collection[GuildId]) -> Mapping[GuildId, Policy]:
        rows = rows_of(self._database, OF, {"guilds": list(guilds)})
        decided = {row["guild_id"]: policy_from(row) for row in rows}
        return {guild: decided.get(guild) or Policy() for guild in guilds}

    @override
    def change(self, guild: GuildId, alter: Callable[[Policy], Policy], *, asked: Asked) -> PolicyChange:
        def work(cursor: _Rows) -> PolicyChange:
            before = _locked(cursor, guild)
            after = replace(alter(before), rules=before.rules)
            entry = _entry(guild, asked) | {"before": policy_json(before), "after": policy_json(after)}
            if cursor.execute(_LOG, entry).rowcount == 0:
                return PolicyChange(before, before)
            cursor.execute(_WRITE, {"guild_id": guild} | policy_row(after))
            if after.thresholds == before.thresholds:
                return PolicyChange(before, after)
            apart = [role for role, rule in after.rules.items() if rule.thresholds is not None]
            replanned = replan_all(cursor, REPLAN, after, entry | {"except_roles": apart})
            return PolicyChange(before, after, replanned.running)

        return self._transaction(work, asked)

    @override
    def change_rule(
        self, guild: GuildId, role: RoleId, alter: Callable[[Policy], RoleRule | None], *, asked: Asked
    ) -> RuleChange:
        def work(cursor: _Rows) -> RuleChange:
            policy = _locked(cursor, guild)
            before, after = policy.rules.get(role), alter(policy)
            entry = _entry(guild, asked) | {"role_id": role, "before": rule_json(before), "after": rule_json(after)}
            if cursor.execute(_LOG_RULE, entry).rowcount == 0:
                return RuleChange(before, before, policy)
            cursor.execute(_REMOVE_RULE if after is None else _WRITE_RULE, entry)
            if starts(before) != starts(after):
                cursor.execute(FORGET, entry)
            decided = with_rule(policy, role, after)
            ruled, date = decided.for_role(role), decided.ends_on(role)
            grace = decided.grace(role)
            rearm = ruled.thresholds != policy.for_role(role).thresholds or grace != policy.grace(role)
            if not rearm and date == policy.ends_on(role):
                return RuleChange(before, after, decided)
            put_off = postponed(policy, decided, role)
            done = replan_all(cursor, REPLAN_ROLE, ruled, entry, rearm=rearm, grace=grace, date=date, postponed=put_off)
            return RuleChange(before, after, decided, done.running, done.moved)

        return self._transaction(work, asked)

    def _transaction[T](self, work: Callable[[_Rows], T], asked: Asked) -> T:
        def begun(connection: Connection) -> T:
            with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
                return work(cursor)

        return self._database.run(begun, idempotent=asked.request is not None)


def _locked(cursor: _Rows, guild: GuildId) -> Policy:
    """What the guild decided, which nobody else changes before the end of the transaction."""
    cursor.execute(_DECIDE_FIRST, {"guild_id": guild} | policy_row(Policy()))
    [row] = cursor.execute(_READ, {"guild_id": guild}).fetchall()
    return policy_from(row)


def _entry(guild: GuildId, asked: Asked) -> dict[str, Any]:
    return {"guild_id": guild, "at": asked.at, "actor_id": asked.by, "request_id": asked.request}

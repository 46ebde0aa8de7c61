"""`GuildPolicies` on PostgreSQL."""

from collections.abc import Callable, Collection, Mapping
from typing import override

from psycopg.rows import dict_row

from boostmon.adapters.postgres.listener import ANNOUNCE
from boostmon.adapters.postgres.policy_columns import POLICY_COLUMNS, policy_from, policy_json, policy_row
from boostmon.adapters.postgres.rows import KEY_COLUMNS
from boostmon.adapters.postgres.sessions import Connection, Sessions, rows_of
from boostmon.adapters.postgres.statements import assignments, names, values
from boostmon.app.ports import Asked, GuildPolicies, PolicyChange
from boostmon.domain.ids import GuildId
from boostmon.domain.policy import Policy

_DECIDED = names(POLICY_COLUMNS)

OF = f"SELECT guild_id, {_DECIDED} FROM boostmon.guild_settings WHERE guild_id = ANY(%(guilds)s::bigint[])"
_DECIDE_FIRST = f"""
    INSERT INTO boostmon.guild_settings (guild_id, {_DECIDED})
    VALUES (%(guild_id)s, {values(POLICY_COLUMNS)})
    ON CONFLICT (guild_id) DO NOTHING
"""
_READ = f"SELECT {_DECIDED} FROM boostmon.guild_settings WHERE guild_id = %(guild_id)s FOR UPDATE"
_LOG = """
    INSERT INTO boostmon.settings_ledger (guild_id, at, actor_id, before, after, request_id)
    VALUES (%(guild_id)s, %(at)s, %(actor_id)s, %(before)s, %(after)s, %(request_id)s)
    ON CONFLICT DO NOTHING
"""
_WRITE = f"UPDATE boostmon.guild_settings SET {assignments(POLICY_COLUMNS)} WHERE guild_id = %(guild_id)s"

# `replan` of the domain for every running timer at once; the contract holds the two against each other. Rows are
# locked in the order in which a settlement locks its own, so that neither waits for the other in a circle.
REPLAN = f"""
    WITH mine AS (
        SELECT {names(KEY_COLUMNS)}, ends_at, ARRAY(
            SELECT threshold FROM unnest(%(thresholds)s::interval[]) AS threshold
            WHERE ends_at - threshold > %(at)s OR threshold = ANY (armed)
            ORDER BY threshold DESC
        ) AS wanted
        FROM boostmon.timers
        WHERE guild_id = %(guild_id)s AND state = 'running' AND ends_at > %(at)s
        ORDER BY {names(KEY_COLUMNS)} FOR UPDATE
    )
    UPDATE boostmon.timers SET armed = wanted, due_at = mine.ends_at - coalesce(wanted[1], interval '0'),
        updated_at = %(at)s, version = nextval('boostmon.timer_versions'), claim_token = NULL, leased_until = NULL
    FROM mine WHERE (timers.guild_id, timers.user_id, timers.role_id) = (mine.guild_id, mine.user_id, mine.role_id)
"""


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

        def work(connection: Connection) -> PolicyChange:
            with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
                cursor.execute(_DECIDE_FIRST, {"guild_id": guild} | policy_row(Policy()))
                [row] = cursor.execute(_READ, {"guild_id": guild}).fetchall()
                before = policy_from(row)
                after = alter(before)
                entry = {
                    "guild_id": guild,
                    "at": asked.at,
                    "actor_id": asked.by,
                    "before": policy_json(before),
                    "after": policy_json(after),
                    "request_id": asked.request,
                }
                if cursor.execute(_LOG, entry).rowcount == 0:
                    return PolicyChange(before, before)
                parameters = {"guild_id": guild, "at": asked.at} | policy_row(after)
                cursor.execute(_WRITE, parameters)
                if after.thresholds == before.thresholds:
                    return PolicyChange(before, after)
                replanned = cursor.execute(REPLAN, parameters).rowcount
                cursor.execute(ANNOUNCE)  # one of them may be due before all others now
                return PolicyChange(before, after, replanned)

        return self._database.run(work, idempotent=asked.request is not None)

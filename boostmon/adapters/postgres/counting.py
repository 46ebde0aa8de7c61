"""`RoleTallies` on PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import override

from psycopg.rows import TupleRow

from boostmon.adapters.postgres.rows import KEY_COLUMNS, STATE_COLUMNS, arrays, timer_from
from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.adapters.postgres.statements import names, unnested
from boostmon.app.ports import RoleTallies
from boostmon.domain.drift import Baseline, Tally
from boostmon.domain.ids import NOBODY, GuildId, RoleId, UserId
from boostmon.domain.ledger import TOLD, Action
from boostmon.domain.notices import NoticeKind
from boostmon.domain.timers import Timer

_TOLD = ", ".join(f"'{action}'" for action in TOLD)
# Few timers are paused or in grace; of each of these, the end of the ledger is read.
IS_FOUGHT = f"""
    timers.state IN ('paused', 'grace') AND coalesce((
        SELECT action = '{Action.FOUGHT}' FROM boostmon.ledger
        WHERE (ledger.guild_id, ledger.user_id, ledger.role_id) = (timers.guild_id, timers.user_id, timers.role_id)
            AND action NOT IN ({_TOLD})
        ORDER BY entry_id DESC LIMIT 1
    ), false)
"""
"""Somebody takes its role again and again."""
WAITS = f"""
    timers.state = 'waiting' AND timers.starts_at > %(now)s
    OR timers.state = 'paused' AND coalesce(timers.away, false)
    OR {IS_FOUGHT}
"""
"""Its member is not to have the role: it begins later, they have left, or the role is fought over."""
_IS_DUE_ROLE = """
    (
        timers.state = 'paused'
        OR (timers.state = 'running' AND timers.ends_at + coalesce(timers.grace, interval '0') > %(now)s)
        OR (timers.state = 'grace' AND timers.due_at > %(now)s)
    )
    AND coalesce(timers.grant_open_until <= %(now)s, true)
"""
TALLIES = f"""
    WITH timed AS (
        SELECT role_id, count(*) FILTER (WHERE {_IS_DUE_ROLE}) AS due_role, count(*) AS timers
        FROM boostmon.timers WHERE guild_id = %(guild_id)s AND NOT ({WAITS}) GROUP BY role_id
    ),
    starting AS (
        SELECT role_id FROM boostmon.role_rules WHERE guild_id = %(guild_id)s AND rule -> 'starts' = 'true'
    ),
    counted AS (
        SELECT role_id, untimed, absent, unexplained FROM boostmon.role_counts WHERE guild_id = %(guild_id)s
    )
    SELECT role_id, coalesce(due_role, 0), coalesce(timers - due_role, 0), starting.role_id IS NOT NULL,
        untimed, absent, unexplained
    FROM timed FULL JOIN starting USING (role_id) FULL JOIN counted USING (role_id)
"""
DUE_ROLE = f"""
    SELECT {names(KEY_COLUMNS, STATE_COLUMNS)}, version FROM boostmon.timers
    WHERE guild_id = %(guild_id)s AND user_id > %(after)s AND role_id = %(role_id)s
        AND {_IS_DUE_ROLE} AND NOT ({WAITS})
    ORDER BY user_id LIMIT %(limit)s
"""

_BASELINE = {"role_id": "bigint", "untimed": "integer", "absent": "integer", "unexplained": "integer"}
# Of two processes that found the same, the second waits for the first one's rows, and has no news any more. Joined
# with what is written, these are read before.
KEEP = f"""
    WITH found AS (SELECT * FROM {unnested("found", _BASELINE)}),
    before AS MATERIALIZED (
        SELECT role_id, unexplained FROM boostmon.role_counts WHERE guild_id = %(guild_id)s
        ORDER BY role_id FOR UPDATE
    ),
    kept AS (
        INSERT INTO boostmon.role_counts (guild_id, {names(_BASELINE)}, counted_at)
        SELECT %(guild_id)s, {names(_BASELINE, prefix="found.")}, %(now)s::timestamptz
        FROM found LEFT JOIN before USING (role_id) ORDER BY role_id
        ON CONFLICT (guild_id, role_id) DO UPDATE SET untimed = excluded.untimed, absent = excluded.absent,
            unexplained = excluded.unexplained, counted_at = excluded.counted_at
        RETURNING role_id, role_counts.unexplained
    )
    INSERT INTO boostmon.notices (guild_id, user_id, role_id, kind, members, at, due_at)
    SELECT %(guild_id)s, {NOBODY}, role_id, '{NoticeKind.UNTIMED}', kept.unexplained,
        %(now)s::timestamptz, %(now)s::timestamptz
    FROM kept LEFT JOIN before USING (role_id)
    WHERE kept.unexplained > coalesce(before.unexplained, 0) AND EXISTS (
        SELECT FROM boostmon.guild_settings WHERE guild_id = %(guild_id)s AND log_channel IS NOT NULL
    )
"""
FORGET = "DELETE FROM boostmon.role_counts WHERE guild_id = %(guild_id)s AND role_id = %(role_id)s"
"""From now on, another number is none to wonder at."""


class PostgresRoleTallies(RoleTallies):
    """Counts the timers in PostgreSQL, guild by guild."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def tallies(self, guild: GuildId, now: datetime) -> Mapping[RoleId, Tally]:

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(TALLIES, {"guild_id": guild, "now": now}).fetchall()

        return {
            RoleId(role): Tally(due_role, unsure, starts, None if baseline[0] is None else Baseline(*baseline))
            for role, due_role, unsure, starts, *baseline in self._database.run(work, idempotent=True)
        }

    @override
    def due_role(self, guild: GuildId, role: RoleId, now: datetime, after: UserId, limit: int) -> Sequence[Timer]:
        parameters = {"guild_id": guild, "role_id": role, "now": now, "after": after, "limit": limit}

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(DUE_ROLE, parameters).fetchall()

        return [timer_from(row) for row in self._database.run(work, idempotent=True)]

    @override
    def keep(self, guild: GuildId, found: Mapping[RoleId, Baseline], now: datetime) -> int:
        rows = (
            {"role_id": role, "untimed": one.untimed, "absent": one.absent, "unexplained": one.unexplained}
            for role, one in found.items()
        )
        parameters = {"guild_id": guild, "now": now} | arrays(rows, _BASELINE)
        # Safe to repeat: what was stored is no news the second time.
        return self._database.run(lambda connection: connection.execute(KEEP, parameters).rowcount, idempotent=True)

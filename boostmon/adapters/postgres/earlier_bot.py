"""The tables of the earlier BoostMon, the one in Node.js: they may be in the same database, and are never touched."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import TupleRow, class_row

from boostmon.adapters.postgres.schema import SCHEMA

TABLES = (
    "role_timers",
    "autopurge_settings",
    "boost_queue",
    "boost_servers",
    "dashboard_access",
    "guild_members_cache",
    "guild_settings",
    "pause_credits",
    "rolestatus_schedules",
    "server_urls",
    "sessions",
    "streak_roles",
    "ticket_config",
    "tickets",
    "timer_allowed_roles",
    "user_registrations",
    "user_streaks",
)
"""The first is the one that it is recognised by."""

_FOUND = """
    SELECT nspname AS schema, array_agg(relname::text ORDER BY relname <> %(timers)s, relname) AS tables
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND relname = ANY (%(tables)s)
        AND nspname = ANY (current_schemas(false) || 'public'::name) AND nspname <> %(ours)s
    GROUP BY nspname
    HAVING bool_or(relname = %(timers)s AND 3 = (
        SELECT count(*) FROM pg_attribute
        WHERE attrelid = pg_class.oid AND attname IN ('user_id', 'role_id', 'expires_at')
    ))
"""


@dataclass(frozen=True, slots=True)
class EarlierBot:
    """Where its tables are, its timers first."""

    schema: str
    tables: Sequence[str]

    def __str__(self) -> str:
        first, *others = self.tables
        return (
            f"tables of the earlier BoostMon, the one for Node.js, are in the schema {self.schema} "
            f"({first}{f' and {len(others)} more' if others else ''}): they are left as they are"
        )


def find_earlier_bot(connection: psycopg.Connection[TupleRow]) -> EarlierBot | None:
    """Looks for its tables on the search path and in `public`."""
    parameters = {"timers": TABLES[0], "tables": list(TABLES), "ours": SCHEMA}
    with connection.cursor(row_factory=class_row(EarlierBot)) as cursor:
        return cursor.execute(_FOUND, parameters).fetchone()

"""A database as BoostMon made it before it had a schema of its own, with rows in every table."""

from collections.abc import Mapping, Sequence

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from boostmon.adapters.postgres.migration_files import offline_plan

MADE = ("timers", "ledger", "notices", "guild_settings", "settings_ledger", "told_obstacles")
LAST_OF_OLD = 4
"""The last migration of those days."""

_ADDED_WITH_A_VALUE = ("stacking", "rejoin", "taken_by_hand", "managers", "months", "self_pause_days")
"""Columns of later migrations that are not null in rows of those days, as all others are."""

_RECORDS = """
    CREATE TABLE schema_migrations (
        version integer PRIMARY KEY CHECK (version > 0),
        name text NOT NULL,
        sha256 text NOT NULL CHECK (length(sha256) = 64),
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""
_RECORD = "INSERT INTO schema_migrations (version, name, sha256) VALUES (%s, %s, %s)"
_FILLING = (
    """
    INSERT INTO timers (guild_id, user_id, role_id, state, ends_at, armed, due_at, created_at, updated_at)
    SELECT 1, number, 1, 'running', now() + interval '1 day', '{"1 hour","1 min"}', now() + interval '23 hours', now(),
        now() FROM generate_series(1, 50) AS number
    """,
    """
    INSERT INTO ledger (guild_id, user_id, role_id, at, action, actor_id, after, reason, request_id)
    SELECT guild_id, user_id, role_id, now(), 'set', 9, jsonb_build_object('state', state), 'because', user_id
    FROM timers
    """,
    """
    INSERT INTO notices (guild_id, user_id, role_id, kind, at, due_at)
    SELECT guild_id, user_id, role_id, 'ended', now(), now() FROM timers
    """,
)
_FILLING_LATER = (
    "INSERT INTO guild_settings VALUES (1, '{\"2 hours\"}', 11, 12, true), (2, '{}', NULL, NULL, false)",
    "INSERT INTO settings_ledger (guild_id, at, actor_id, before, after) VALUES (1, now(), 9, '{}', '{\"dms\": true}')",
    "INSERT INTO told_obstacles VALUES (1, 1, 'missing_permissions', now())",
)


def make_tables_of_old(url: str, *, upto: int = LAST_OF_OLD, schema: str = "public") -> None:
    """Applies the first migrations as BoostMon did then, into `schema` by the search path, and fills the tables."""
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
        connection.execute(_RECORDS)
        for migration in offline_plan()[:upto]:
            connection.execute(migration.sql.encode())
            connection.execute(_RECORD, (migration.version, migration.name, migration.sha256))
        for statement in (*_FILLING, *(_FILLING_LATER if upto > 1 else ())):
            connection.execute(statement.encode())


def rows_in(url: str, schema: str, tables: Sequence[str] = MADE) -> Mapping[str, list[TupleRow]]:
    """All rows of those tables, with their places on the pages: what is moved keeps them, what is copied does not.

    Columns that later migrations add are left out.
    """
    with psycopg.connect(url) as connection:
        return {
            table: connection.execute(
                sql.SQL(
                    "SELECT ctid::text, jsonb_strip_nulls(to_jsonb(t) - %s::text[]) FROM {} AS t ORDER BY ctid"
                ).format(sql.Identifier(schema, table)),
                (list(_ADDED_WITH_A_VALUE),),
            ).fetchall()
            for table in tables
        }


def relations(url: str, schema: str) -> set[str]:
    """The names of tables, indexes and sequences in a schema."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s", (schema,)
        )
        return {name for (name,) in found}

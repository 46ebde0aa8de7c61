"""Fills a peer's table by the million, past its own functions; for those whose environments have psycopg."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
MANY = 100_000
"""Rows from which on indexes are made after them, as in a third of the time."""


def fill(url: str, table: str, statement: str, numbers: Mapping[str, float], count: int) -> None:
    """Executes a statement that inserts `count` rows, and leaves the table as autovacuum would have by then."""
    with psycopg.connect(url, autocommit=True) as connection:
        # Without its triggers, which would notify of every row, or write an event for each.
        connection.execute("SET session_replication_role TO replica")
        connection.execute("SET maintenance_work_mem TO '1GB'")
        indexes = connection.execute(INDEXES, (table,)).fetchall() if count >= MANY else []
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
        connection.execute(statement.encode(), numbers)
        for _, definition in indexes:
            connection.execute(definition.encode())
        connection.execute(sql.SQL("VACUUM (ANALYZE, INDEX_CLEANUP ON) {}").format(sql.Identifier(table)))
        connection.execute("CHECKPOINT")

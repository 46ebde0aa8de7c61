"""Schemas that hold tables of BoostMon but are not searched: the search path may have led there once."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from boostmon.adapters.postgres.earlier_tables import MOVED
from boostmon.adapters.postgres.migration_files import Migration
from boostmon.adapters.postgres.migration_records import COLUMNS, TABLE
from boostmon.adapters.postgres.schema import SCHEMA

_SCHEMAS = """
    SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relname = %s AND relkind = 'r' AND nspname <> ALL (current_schemas(false) || ARRAY['public', %s]::name[])
        AND ARRAY(
            SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        ) @> %s::text[]
        AND has_schema_privilege(relnamespace, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT')
    ORDER BY nspname
"""
_ARE_OURS = "SELECT coalesce(bool_or(sha256 = ANY (%s)) AND bool_and(version <> %s), false) FROM {}"


def find_tables_elsewhere(connection: psycopg.Connection[TupleRow], migrations: Sequence[Migration]) -> Sequence[str]:
    """The schemas with records of our files, unless the tables were moved from there. They may be another bot's."""
    schemas = [name for (name,) in connection.execute(_SCHEMAS, (TABLE, SCHEMA, COLUMNS))]
    return [schema for schema in schemas if _are_ours(connection, schema, migrations)]


def _are_ours(connection: psycopg.Connection[Any], schema: str, migrations: Sequence[Migration]) -> bool:
    checksums = [migration.sha256 for migration in migrations]
    statement = sql.SQL(_ARE_OURS).format(sql.Identifier(schema, TABLE))
    return connection.execute(statement, (checksums, MOVED.version)).fetchone() == (True,)

"""The table `schema_migrations`: which files were applied to a database, and whether that fits the files there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow, class_row

from boostmon.adapters.postgres.migration_files import Migration, MigrationError

TABLE = "schema_migrations"

COLUMNS = ["version integer", "name text", "sha256 text"]
"""Of a table like ours."""

_CREATE = """
CREATE TABLE {} (
    version integer PRIMARY KEY CHECK (version > 0),
    name text NOT NULL,
    sha256 text NOT NULL CHECK (length(sha256) = 64),
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_SELECT = "SELECT version, name, sha256 FROM {} ORDER BY version"
_INSERT = "INSERT INTO {} (version, name, sha256) VALUES (%s, %s, %s)"
# By way of JSON, since somebody may have removed the column that is only for people to read.
_COPY = """
    INSERT INTO {} (version, name, sha256, applied_at)
    SELECT version, name, sha256, coalesce((to_jsonb(old)->>'applied_at')::timestamptz, now()) FROM {} AS old
"""
# Other programs have tables of this name, too: they are told apart by their columns (somebody may have added one), and
# then by the checksums. Schemas that are not on the path may be those of another bot.
_PLACES = """
    SELECT nspname AS schema,
        ARRAY(
            SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        ) @> %(columns)s::text[] AS is_like_ours,
        has_schema_privilege(relnamespace, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT') AS can_be_read
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relname = %(table)s AND relkind = 'r'
        AND nspname = ANY (current_schemas(false) || ARRAY['public', %(schema)s]::name[])
    ORDER BY array_position(current_schemas(false), nspname)
"""


class MigrationEditedError(MigrationError):
    """A file that was applied is not what it was then."""


class SchemaTooNewError(MigrationError):
    """The database knows a migration that this program does not: the program is older, or lost a file."""


class MigrationOrderError(MigrationError):
    """A migration is not applied although a later one is."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of `schema_migrations`."""

    version: int
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RecordsPlace:
    """A schema with a table of that name."""

    schema: str
    is_like_ours: bool
    can_be_read: bool


def places_of_records(connection: psycopg.Connection[TupleRow], schema: str) -> Sequence[RecordsPlace]:
    """Every such table in `schema`, on the search path or in `public`: of BoostMon or of other programs."""
    with connection.cursor(row_factory=class_row(RecordsPlace)) as cursor:
        return cursor.execute(_PLACES, {"table": TABLE, "schema": schema, "columns": COLUMNS}).fetchall()


def create_records(connection: psycopg.Connection[TupleRow], schema: str) -> None:
    """Makes the table in `schema`, empty."""
    connection.execute(sql.SQL(_CREATE).format(sql.Identifier(schema, TABLE)))


def read_records(connection: psycopg.Connection[TupleRow], schema: str) -> Mapping[int, Applied]:
    """What was applied in `schema`, by version."""
    with connection.cursor(row_factory=class_row(Applied)) as cursor:
        statement = sql.SQL(_SELECT).format(sql.Identifier(schema, TABLE))
        return {row.version: row for row in cursor.execute(statement)}


def record(connection: psycopg.Connection[Any], schema: str, applied: Migration | Applied) -> None:
    """Writes that a file was applied in `schema`."""
    statement = sql.SQL(_INSERT).format(sql.Identifier(schema, TABLE))
    connection.execute(statement, (applied.version, applied.name, applied.sha256))


def copy_records(connection: psycopg.Connection[Any], old: str, new: str) -> None:
    """Writes everything that was recorded in the schema `old` into the table of `new`."""
    connection.execute(sql.SQL(_COPY).format(sql.Identifier(new, TABLE), sql.Identifier(old, TABLE)))


def pending(migrations: Sequence[Migration], applied: Mapping[int, Applied]) -> list[Migration]:
    """Return what is not applied yet, in order, once files and records agree.

    Raises:
        MigrationEditedError, SchemaTooNewError, MigrationOrderError: they do not.
    """
    known = {migration.version: migration for migration in migrations}
    if unknown := [row for row in applied.values() if row.version not in known]:
        newest = unknown[-1]
        raise SchemaTooNewError(
            f"the database has migration {newest.version:04}_{newest.name}, "
            f"which this BoostMon does not know (it knows {len(known)}): "
            "run the newer BoostMon that applied it, or restore the file if it was removed"
        )
    for row in applied.values():
        _require_unedited(known[row.version], row)
    waiting = [migration for migration in migrations if migration.version not in applied]
    if waiting and applied and waiting[0].version < max(applied):
        raise MigrationOrderError(
            f"{waiting[0].file_name} is not applied although {max(applied):04} is: the table "
            f"{TABLE} was changed by hand; put it back from a backup"
        )
    return waiting


def _require_unedited(migration: Migration, applied: Applied) -> None:
    if (migration.name, migration.sha256) != (applied.name, applied.sha256):
        raise MigrationEditedError(
            f"{migration.file_name} is not the file that was applied as {applied.version:04}_{applied.name} "
            f"(SHA-256 {migration.sha256[:12]}…, then {applied.sha256[:12]}…): "
            "restore it as it was released, and make the change in a new file"
        )

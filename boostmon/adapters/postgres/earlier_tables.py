"""BoostMon's own tables from before it had a schema of its own: found by their records, and moved there.

Until migration 0004 they were made wherever the search path led, which is `public` almost everywhere. They are moved,
not copied: indexes, defaults, rights and the numbers of identities come along. The old `schema_migrations` stays, with
a mark that no older BoostMon knows: started by mistake, it refuses, rather than begin anew with empty tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from boostmon.adapters.postgres import failures
from boostmon.adapters.postgres.migration_files import Migration, MigrationError
from boostmon.adapters.postgres.migration_records import (
    TABLE,
    Applied,
    RecordsPlace,
    copy_records,
    create_records,
    pending,
    read_records,
    record,
)
from boostmon.adapters.postgres.schema import SCHEMA, give_to_owner_of_timers

MOVED = Applied(9999, "moved_to_schema_boostmon", "0" * 64)
"""The mark: an older BoostMon names it when it refuses."""

_SEQUENCE = "timer_versions"
_MADE_BY: Mapping[str, Mapping[str, str]] = {
    "timers": {"timers": "leased_until", "ledger": "entry_id", "notices": "notice_id", _SEQUENCE: "last_value"},
    "guild_settings": {"guild_settings": "thresholds", "settings_ledger": "actor_id", "told_obstacles": "told_at"},
}
"""What a migration made in those days, each with a column that tells it from another program's table of that name."""

_FOUND = """
    SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s)
        AND (relname, attname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
_USERS = """
    SELECT DISTINCT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
    FROM pg_class, aclexplode(relacl)
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s)
        AND relname = ANY (%s) AND grantee <> relowner
"""
# Of these columns together, since others' tables may well have one or two of them.
_TIMERS_WITHOUT_RECORDS = """
    SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relname = 'timers' AND relkind = 'r' AND nspname <> ALL (%s)
        AND nspname = ANY (current_schemas(false) || ARRAY['public', %s]::name[])
        AND 6 = (
            SELECT count(*) FROM pg_attribute WHERE attrelid = pg_class.oid AND NOT attisdropped
                AND attname IN ('guild_id', 'user_id', 'role_id', 'armed', 'due_at', 'leased_until')
        )
    ORDER BY nspname
"""


class EarlierTablesError(MigrationError):
    """Tables of an earlier BoostMon are there and cannot be moved; nothing was."""


@dataclass(frozen=True, slots=True)
class EarlierTables:
    """BoostMon's tables outside of its own schema, as their records tell."""

    schema: str
    records: Mapping[int, Applied]

    @property
    def made(self) -> Mapping[str, str]:
        """Tables and sequences, each with a column of it."""
        made: dict[str, str] = {}
        for applied in self.records.values():
            made |= _MADE_BY.get(applied.name, {})
        return made

    @property
    def names(self) -> Sequence[str]:
        """Of what is moved, with the schema."""
        return [f"{self.schema}.{name}" for name in self.made]


def find_earlier_tables(
    connection: psycopg.Connection[TupleRow],
    places: Sequence[RecordsPlace],
    migrations: Sequence[Migration],
    *,
    user: str,
) -> EarlierTables | None:
    """Looks for records of ours outside of our schema; None where there are none, or where the tables were moved.

    Raises:
        EarlierTablesError: there may be some, but the user may not look; or there is more than one set of our tables;
            or there are tables of ours whose records are lost.
    """
    files = {(migration.version, migration.name, migration.sha256) for migration in migrations}
    has_own = any(place.schema == SCHEMA for place in places)
    found: list[EarlierTables] = []
    others: list[str] = []
    for place in places:
        if place.schema == SCHEMA or not place.is_like_ours:
            continue
        if not place.can_be_read:
            if has_own:  # what was left there when they were moved
                continue
            raise EarlierTablesError(
                f"there are tables of an earlier BoostMon in the schema {place.schema}, which the database user {user} "
                f"may not read. Let its administrator run: GRANT USAGE ON SCHEMA {place.schema} TO {user}; "
                f"GRANT SELECT ON {place.schema}.{TABLE} TO {user}"
            )
        records = read_records(connection, place.schema)
        is_ours = any((row.version, row.name, row.sha256) in files for row in records.values())
        if is_ours and MOVED.version not in records:
            found.append(EarlierTables(place.schema, records))
        elif records and not is_ours:
            others.append(place.schema)
    schemas = [SCHEMA] * has_own + [one.schema for one in found]
    if len(schemas) > 1:
        _refuse_two_sets(schemas[0], found[-1])
    if not schemas:
        _require_records(connection, others)
    return found[0] if found else None


def _require_records(connection: psycopg.Connection[TupleRow], others: Sequence[str]) -> None:
    """Refuses to begin anew beside our timers; in the schemas `others`, records say that they are not ours."""
    for (schema,) in connection.execute(_TIMERS_WITHOUT_RECORDS, (others, SCHEMA)).fetchall():
        raise EarlierTablesError(
            f"there are tables of BoostMon without their records in the schema {schema}: restore {TABLE} there "
            "from the backup, or, if they are not to be used, move the tables away"
        )


def _refuse_two_sets(first: str, second: EarlierTables) -> None:
    """Nobody but a person can say which timers count."""
    schema = second.schema
    tables = ", ".join(name for name in [*second.names, f"{schema}.{TABLE}"] if not name.endswith(_SEQUENCE))
    raise EarlierTablesError(
        f"BoostMon's tables are there twice: in the schema {first}, and in {schema}, where an older BoostMon was "
        "started. If that is another bot, give it a database of its own. If not, stop it, see what is in "
        f"{schema}.timers, and remove its tables: DROP TABLE {tables}; DROP SEQUENCE {schema}.{_SEQUENCE}"
    )


def move_earlier_tables(
    connection: psycopg.Connection[TupleRow], earlier: EarlierTables, migrations: Sequence[Migration]
) -> None:
    """Moves them into our schema, which is there and has no tables yet. To be called in a transaction.

    Raises:
        MigrationError: they do not fit this program, or are not what their records say, or belong to somebody else.
        psycopg.errors.LockNotAvailable: somebody works with them.
    """
    pending(migrations, earlier.records)
    _require_ours(connection, earlier)
    tables = [sql.Identifier(earlier.schema, name) for name in earlier.made if name != _SEQUENCE]
    try:
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(tables)))
        for table in tables:
            connection.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(table, sql.Identifier(SCHEMA)))
        sequence = sql.Identifier(earlier.schema, _SEQUENCE)
        connection.execute(sql.SQL("ALTER SEQUENCE {} SET SCHEMA {}").format(sequence, sql.Identifier(SCHEMA)))
        create_records(connection, SCHEMA)
        copy_records(connection, earlier.schema, SCHEMA)
        record(connection, earlier.schema, MOVED)
        _admit_users(connection, earlier)
        give_to_owner_of_timers(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise EarlierTablesError(
            f"BoostMon's tables in the schema {earlier.schema} belong to another user of the database: "
            f"run boostmon migrate as that one, once ({failures.first_line(error)})"
        ) from error
    except psycopg.Error as error:
        if connection.closed or isinstance(error, psycopg.errors.LockNotAvailable):
            raise
        raise EarlierTablesError(
            f"BoostMon's tables in the schema {earlier.schema} could not be moved into {SCHEMA}, and are as they were: "
            f"{failures.first_line(error)}"
        ) from error


def _require_ours(connection: psycopg.Connection[TupleRow], earlier: EarlierTables) -> None:
    made = earlier.made
    found = connection.execute(_FOUND, (earlier.schema, list(made), list(made.values()))).fetchall()
    if strange := sorted(made.keys() - {name for (name,) in found}):
        raise EarlierTablesError(
            f"{earlier.schema}.{TABLE} says that these are BoostMon's, but they are missing or look otherwise: "
            f"{', '.join(strange)}. Put them back from a backup"
        )


def _admit_users(connection: psycopg.Connection[TupleRow], earlier: EarlierTables) -> None:
    """Lets those into the new schema who were given rights to the tables: to `public`, all have access."""
    users = connection.execute(_USERS, (SCHEMA, list(earlier.made))).fetchall()
    grant = sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {user}; GRANT SELECT ON {records} TO {user}")
    for (user,) in users:  # quoted where it has to be; PUBLIC is everybody
        names = {"schema": sql.Identifier(SCHEMA), "records": sql.Identifier(SCHEMA, TABLE)}
        connection.execute(grant.format(**names, user=sql.SQL(user)))

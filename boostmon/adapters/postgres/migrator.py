"""Brings a database's schema up to date, file by file, each wholly or not at all."""

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow, class_row

from boostmon.adapters.postgres import failures
from boostmon.adapters.postgres.conninfo import address_of, connection_parameters, milliseconds
from boostmon.adapters.postgres.migration_files import Migration, MigrationError, offline_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

# Any number will do as long as every version of BoostMon uses the same: the letters "BoostMon".
LOCK_KEY = int.from_bytes(b"BoostMon")

_CREATE_TABLE = """
CREATE TABLE schema_migrations (
    version integer PRIMARY KEY CHECK (version > 0),
    name text NOT NULL,
    sha256 text NOT NULL CHECK (length(sha256) = 64),
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_SELECT_APPLIED = "SELECT version, name, sha256 FROM schema_migrations ORDER BY version"
_INSERT_APPLIED = "INSERT INTO schema_migrations (version, name, sha256) VALUES (%s, %s, %s)"


class MigrationEditedError(MigrationError):
    """A file that was applied is not what it was then."""


class SchemaTooNewError(MigrationError):
    """The database knows a migration that this program does not: the program is older, or lost a file."""


class MigrationOrderError(MigrationError):
    """A migration is not applied although a later one is."""


class MigrationFailedError(MigrationError):
    """PostgreSQL refused a file; the database is as it was before that file."""


class MigrationLockedError(MigrationError):
    """Another process has been migrating the same database for too long."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of `schema_migrations`."""

    version: int
    name: str
    sha256: str


class Migrator:
    """Applies numbered files to the database at `url`, and keeps a record of each in `schema_migrations`.

    Any number of processes may call `apply` at once: each file runs under an advisory lock that belongs to
    its transaction (so that it holds behind PgBouncer, too), together with its record. A kill at any
    moment leaves a file either applied and recorded, or neither. Migrations know no statement timeout.

    Args:
        url: the database.
        migrations: what to apply, in order; None means BoostMon's own.
        lock_timeout: how long to wait for another process that migrates.
    """

    def __init__(
        self,
        url: str,
        migrations: Sequence[Migration] | None = None,
        *,
        lock_timeout: timedelta = timedelta(minutes=5),
        application_name: str = "boostmon-migrate",
    ) -> None:
        """Take the settings and read the files; nothing connects before `plan` or `apply`.

        Raises:
            StorageMisconfigured: `url` cannot be read.
            MigrationFilesError: the files are out of order.
        """
        self._migrations = offline_plan() if migrations is None else list(migrations)
        self._parameters = connection_parameters(url, application_name=application_name)
        self._address = address_of(self._parameters)
        self._lock_timeout = f"{milliseconds(lock_timeout)}ms"

    def plan(self) -> list[Migration]:
        """Return what `apply` would do now, in order, and change nothing.

        Raises:
            MigrationError: `apply` would refuse.
            StorageUnavailable: the database cannot be reached.
        """
        with self._connected() as connection:
            applied = _applied(connection) if _has_table(connection) else {}
        return _pending(self._migrations, applied)

    def apply(self) -> list[Migration]:
        """Apply what is pending, in order, and return what this call applied (nothing, the second time).

        Raises:
            MigrationError: the files and the database do not fit together, or a file failed; the files
                before it stay applied.
            StorageUnavailable: the database cannot be reached, or went away.
        """
        done: list[Migration] = []
        with self._connected() as connection:
            while (migration := self._apply_next(connection)) is not None:
                done.append(migration)
        if not done:
            logger.info("The schema is up to date: %s", self._address)
        return done

    def _apply_next(self, connection: psycopg.Connection[TupleRow]) -> Migration | None:
        with connection.transaction():
            self._lock(connection)
            if not _has_table(connection):  # a role that may not create tables can be up to date, too
                connection.execute(_CREATE_TABLE)
            pending = _pending(self._migrations, _applied(connection))
            if not pending:
                return None
            migration = pending[0]
            started = time.monotonic()
            _execute(connection, migration)
            connection.execute(_INSERT_APPLIED, (migration.version, migration.name, migration.sha256))
        logger.info(
            "Applied migration %s",
            migration.file_name,
            extra={"migration": migration.file_name, "seconds": round(time.monotonic() - started, 3)},
        )
        return migration

    def _lock(self, connection: psycopg.Connection[TupleRow]) -> None:
        _notice_a_dead_client(connection)
        connection.execute("SET LOCAL statement_timeout TO 0")
        if connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (LOCK_KEY,)).fetchone() == (True,):
            return
        logger.info("Waiting for another process that migrates: %s", self._address)
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (self._lock_timeout,))
        try:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY,))
        except psycopg.errors.LockNotAvailable as error:
            raise MigrationLockedError(
                f"another process has been migrating {self._address} for more than {self._lock_timeout}: "
                "let it finish, or end it (pg_locks shows it, with locktype 'advisory')"
            ) from error
        connection.execute("SET LOCAL lock_timeout TO DEFAULT")

    @contextmanager
    def _connected(self) -> "Iterator[psycopg.Connection[TupleRow]]":
        try:
            connection = psycopg.connect(**self._parameters, autocommit=True, prepare_threshold=None)
        except psycopg.OperationalError as error:
            raise failures.unreachable(error, self._address) from error
        try:
            with connection:
                yield connection
        except psycopg.Error as error:
            translate = failures.lost if connection.closed else failures.translated
            raise translate(error, self._address) from error


def _pending(migrations: Sequence[Migration], applied: Mapping[int, Applied]) -> list[Migration]:
    """Return what is not applied yet, once files and records agree."""
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
    pending = [migration for migration in migrations if migration.version not in applied]
    if pending and applied and pending[0].version < max(applied):
        raise MigrationOrderError(
            f"{pending[0].file_name} is not applied although {max(applied):04} is: the table "
            "schema_migrations was changed by hand; put it back from a backup"
        )
    return pending


def _require_unedited(migration: Migration, applied: Applied) -> None:
    if (migration.name, migration.sha256) != (applied.name, applied.sha256):
        raise MigrationEditedError(
            f"{migration.file_name} is not the file that was applied as {applied.version:04}_{applied.name} "
            f"(SHA-256 {migration.sha256[:12]}…, then {applied.sha256[:12]}…): "
            "restore it as it was released, and make the change in a new file"
        )


def _has_table(connection: psycopg.Connection[TupleRow]) -> bool:
    found = connection.execute("SELECT to_regclass('schema_migrations') IS NOT NULL").fetchone()
    return found == (True,)


def _applied(connection: psycopg.Connection[TupleRow]) -> dict[int, Applied]:
    with connection.cursor(row_factory=class_row(Applied)) as cursor:
        return {row.version: row for row in cursor.execute(_SELECT_APPLIED)}


def _execute(connection: psycopg.Connection[TupleRow], migration: Migration) -> None:
    try:
        # Bytes without parameters: sent as they are, all statements of the file at once.
        connection.execute(migration.sql.encode())
    except psycopg.Error as error:
        if connection.closed:
            raise
        raise MigrationFailedError(
            f"{migration.file_name}{_line(migration, error)} failed and was rolled back: {failures.first_line(error)}"
        ) from error
    if connection.info.transaction_status != TransactionStatus.INTRANS:
        raise MigrationFailedError(
            f"{migration.file_name} ended the transaction it ran in, so it may be applied without a record: "
            "remove its COMMIT or ROLLBACK and repair the database from a backup"
        )


def _line(migration: Migration, error: psycopg.Error) -> str:
    position = error.diag.statement_position  # counts characters from 1
    if position is None or not position.isdigit():
        return ""
    return f", line {migration.sql.count(chr(10), 0, int(position) - 1) + 1},"


def _notice_a_dead_client(connection: psycopg.Connection[TupleRow]) -> None:
    """Have PostgreSQL end a long statement soon after its client died, so that the lock comes free."""
    try:
        with connection.transaction():
            # For the transaction alone: behind a pooler the session is another client's afterwards.
            connection.execute("SET LOCAL client_connection_check_interval TO '1s'")
    except psycopg.Error as error:  # the server's system cannot do it
        logger.debug("No early notice of dead clients: %s", failures.first_line(error))

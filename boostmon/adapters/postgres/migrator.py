"""Brings a database's schema up to date, file by file, each wholly or not at all."""

import logging
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from boostmon.adapters.postgres import failures
from boostmon.adapters.postgres.conninfo import address_of, connection_parameters, milliseconds
from boostmon.adapters.postgres.earlier_bot import EarlierBot, find_earlier_bot
from boostmon.adapters.postgres.earlier_tables import (
    EarlierTables,
    find_earlier_tables,
    move_earlier_tables,
)
from boostmon.adapters.postgres.migration_execution import execute
from boostmon.adapters.postgres.migration_files import Migration, MigrationError, offline_plan
from boostmon.adapters.postgres.migration_records import (
    RecordsPlace,
    create_records,
    pending,
    places_of_records,
    read_records,
    record,
)
from boostmon.adapters.postgres.schema import (
    SCHEMA,
    SchemaNotAllowedError,
    create_schema,
    give_tables_to_owner,
    let_use_new_tables,
    rights,
)
from boostmon.adapters.postgres.tables_elsewhere import find_tables_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

# Any number will do as long as every version of BoostMon uses the same: the letters "BoostMon".
LOCK_KEY = int.from_bytes(b"BoostMon")


class MigrationLockedError(MigrationError):
    """Another process has been migrating the same database for too long."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in a database, and what `apply` would do there."""

    pending: list[Migration]
    earlier: EarlierTables | None
    """BoostMon's own tables outside of its schema, which would be moved first."""
    earlier_bot: EarlierBot | None
    elsewhere: Sequence[str]
    """Schemas off the search path with tables of BoostMon, which are left: they may be another bot's."""
    has_records: bool


class Migrator:
    """Applies numbered files to the schema `boostmon` of the database at `url`, with a record of each in it.

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

    def survey(self) -> Survey:
        """Look at the database, and change nothing.

        Raises:
            MigrationError: `apply` would refuse.
            StorageUnavailable: the database cannot be reached.
        """
        with self._connected() as connection, connection.transaction():
            # Of one moment, although another process may be migrating.
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return self._survey(connection)

    def plan(self) -> list[Migration]:
        """Return what `apply` would apply now, in order, and change nothing; raises as `survey`."""
        return self.survey().pending

    def apply(self) -> list[Migration]:
        """Apply what is pending, in order, and return what this call applied (nothing, the second time).

        BoostMon's own tables outside of its schema are moved there first.

        Raises:
            MigrationError: the files and the database do not fit together, or a file failed; the files
                before it stay applied.
            StorageUnavailable: the database cannot be reached, or went away.
        """
        done: list[Migration] = []
        with self._connected() as connection:
            self._prepare(connection)
            while (migration := self._apply_next(connection)) is not None:
                done.append(migration)
        if not done:
            logger.info("The schema is up to date: %s", self._address)
        return done

    def _survey(self, connection: psycopg.Connection[TupleRow]) -> Survey:
        allowed = rights(connection)
        allowed.require_use()
        places = places_of_records(connection, SCHEMA)
        own = next((place for place in places if place.schema == SCHEMA), None)
        if own is not None:
            _require_our_records(own)
        earlier = find_earlier_tables(connection, places, self._migrations, user=allowed.user)
        applied = {} if earlier is None else earlier.records
        if own is not None:
            applied = read_records(connection, SCHEMA)
        waiting = pending(self._migrations, applied)
        if own is None or waiting:  # a role that may not create tables can be up to date, too
            allowed.require_changes()
        elsewhere = find_tables_elsewhere(connection, self._migrations)
        return Survey(waiting, earlier, find_earlier_bot(connection), elsewhere, has_records=own is not None)

    def _prepare(self, connection: psycopg.Connection[TupleRow]) -> None:
        """Have the schema and its records there."""
        with connection.transaction():
            self._lock(connection)
            found = self._survey(connection)
            if not found.has_records:
                if not rights(connection).is_there:
                    create_schema(connection)
                if found.earlier is None:
                    create_records(connection, SCHEMA)
                else:
                    self._move(connection, found.earlier)
        if found.earlier is not None:
            names = ", ".join(found.earlier.names)
            logger.info("Moved BoostMon's tables into the schema %s: %s", SCHEMA, names)
        if found.earlier_bot is not None:
            logger.info("Found: %s", found.earlier_bot)
        if found.elsewhere:
            logger.warning(
                "There are tables of BoostMon in the schema %s, too, off the search path: they are left as they are, "
                "and their timers do not run",
                ", ".join(found.elsewhere),
            )

    def _move(self, connection: psycopg.Connection[TupleRow], earlier: EarlierTables) -> None:
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (self._lock_timeout,))
        try:
            move_earlier_tables(connection, earlier, self._migrations)
        except psycopg.errors.LockNotAvailable as error:
            raise MigrationLockedError(
                f"BoostMon's tables in the schema {earlier.schema} of {self._address} have been in use for more than "
                f"{self._lock_timeout}: stop every older BoostMon, let a backup finish, and start again"
            ) from error

    def _apply_next(self, connection: psycopg.Connection[TupleRow]) -> Migration | None:
        with connection.transaction():
            self._lock(connection)
            waiting = pending(self._migrations, read_records(connection, SCHEMA))
            if not waiting:
                return None
            migration = waiting[0]
            started = time.monotonic()
            # The files name no schema. It is for the transaction alone, like all that is set here.
            connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(SCHEMA)))
            execute(connection, migration)
            record(connection, SCHEMA, migration)
            let_use_new_tables(connection)
            give_tables_to_owner(connection)
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
        with connection:
            try:
                yield connection
            except psycopg.Error as error:
                translate = failures.lost if connection.closed else failures.translated
                raise translate(error, self._address) from error


def _require_our_records(own: RecordsPlace) -> None:
    """Refuse a schema that is another program's."""
    if not own.is_like_ours:
        raise MigrationError(
            f"the schema {SCHEMA} is another program's: its table schema_migrations is not BoostMon's. "
            "Give BoostMon a database of its own"
        )
    if not own.can_be_read:
        raise SchemaNotAllowedError(
            f"the table {SCHEMA}.schema_migrations may not be read by this user of the database: "
            "run as its owner, or let that one grant SELECT on it"
        )


def _notice_a_dead_client(connection: psycopg.Connection[TupleRow]) -> None:
    """Have PostgreSQL end a long statement soon after its client died, so that the lock comes free."""
    try:
        with connection.transaction():
            # For the transaction alone: behind a pooler the session is another client's afterwards.
            connection.execute("SET LOCAL client_connection_check_interval TO '1s'")
    except psycopg.Error as error:  # the server's system cannot do it
        logger.debug("No early notice of dead clients: %s", failures.first_line(error))

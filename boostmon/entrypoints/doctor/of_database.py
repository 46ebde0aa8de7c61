"""Whether the database can be used."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from boostmon.adapters.clock import NOTICEABLE, SyncedClock
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.embedded.errors import EmbeddedPostgresError
from boostmon.adapters.postgres.examination import ByHand, TimedRole, by_hand, examine, overdue, timed_roles
from boostmon.adapters.postgres.migration_files import MigrationError
from boostmon.adapters.postgres.migrator import Migrator, Survey
from boostmon.adapters.postgres.schema import SCHEMA
from boostmon.app.errors import StorageUnavailable
from boostmon.entrypoints.doctor.finding import Finding
from boostmon.entrypoints.doctor.of_folder import folder_findings, is_there, start_finding
from boostmon.entrypoints.settings import Settings, StorageChoice


@dataclass(slots=True)
class DatabaseFindings:
    """Looks at the database; what follows from what fails is left out. `timed` are the roles that it found there, and
    `by_hand` what it knows of those that people give and take.
    """

    clock: SyncedClock = field(default_factory=SyncedClock)
    timed: Sequence[TimedRole] = ()
    by_hand: Sequence[ByHand] = ()

    def findings(self, settings: Settings) -> Iterator[Finding]:
        """All of them, each as soon as it is known."""
        if settings.storage is StorageChoice.MEMORY:
            yield Finding("Storage: in memory, by your choice; nothing survives the process")
            return
        embedded = EmbeddedPostgres(settings.data_dir)
        if settings.database_url is None and not is_there(embedded):
            yield from folder_findings(settings.data_dir)
            return
        try:
            with _url(settings, embedded) as url, closing(_few_connections(url, settings)) as database:
                database.open()
                yield from self._open_database(settings, database, url)
        except EmbeddedPostgresError as error:
            yield start_finding(error)
        except StorageUnavailable as error:
            yield Finding(
                f"Database: {error.reason}", "check DATABASE_URL, and that the server is running and lets you in"
            )

    def _open_database(self, settings: Settings, database: Database, url: str) -> Iterator[Finding]:
        examined = examine(database)
        yield Finding(f"Database: PostgreSQL {examined.version}, {database.address}")
        yield _changes(takes_changes=examined.takes_changes)
        yield self._time(database)
        yield from _pooler(settings, database)
        try:
            found = Migrator(url).survey()
        except MigrationError as error:
            yield Finding(f"Schema: {error}", "until then nothing starts on this database")
            return
        schema = _schema(found)
        yield schema
        if found.earlier_bot is not None:
            yield Finding(f"Other tables: {found.earlier_bot}")
        for other in found.elsewhere:
            yield _elsewhere(other)
        if schema.is_well:
            self.timed, self.by_hand = timed_roles(database), by_hand(database)
            yield _punctuality(overdue(database), sum(role.timers for role in self.timed))

    def _time(self, database: Database) -> Finding:
        ahead = self.clock.set_by(lambda: examine(database).now)
        seconds = abs(ahead.total_seconds())
        if abs(ahead) <= NOTICEABLE:
            return Finding(f"Clock: {seconds:.1f} s from the database's")
        side = "ahead of" if ahead > timedelta(0) else "behind"
        return Finding(
            f"Clock: this machine's is {seconds:.0f} s {side} the database's; BoostMon goes by the database's",
            "let NTP set the clocks of both machines; times that people see are wrong by what the database's is off",
        )


@contextmanager
def _url(settings: Settings, embedded: EmbeddedPostgres) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    try:
        yield embedded.start()
    finally:
        embedded.stop()


def _few_connections(url: str, settings: Settings) -> Database:
    return Database(
        url,
        pool_min=1,
        pool_max=2,
        statement_timeout=settings.statement_timeout,
        slow_query=timedelta(minutes=1),
        application_name="boostmon-doctor",
    )


def _changes(*, takes_changes: bool) -> Finding:
    if takes_changes:
        return Finding("Database: takes changes")
    return Finding(
        "Database: is read-only, so that no command and no ending can be written",
        "let DATABASE_URL lead to the primary; or set default_transaction_read_only to off, if that was meant to pass",
    )


def _pooler(settings: Settings, database: Database) -> Iterator[Finding]:
    direct = settings.database_direct_url
    if direct is None:
        if database.is_pooled:
            yield Finding(
                "Pooler: one stands before the database, and DATABASE_DIRECT_URL is not set: what one process sets, "
                "another sees within BOOSTMON_SWEEP_INTERVAL. That is all it costs"
            )
        return
    try:
        with closing(_few_connections(direct.get_secret_value(), settings)) as round_it:
            round_it.open()
            if round_it.is_pooled:
                yield Finding("DATABASE_DIRECT_URL: leads to a pooler, too", "let it lead to PostgreSQL itself")
            else:
                yield Finding("DATABASE_DIRECT_URL: leads to PostgreSQL itself")
    except StorageUnavailable as error:
        yield Finding(f"DATABASE_DIRECT_URL: {error.reason}", "correct it, or remove it")


def _elsewhere(schema: str) -> Finding:
    return Finding(
        f"Other tables: tables of BoostMon are in the schema {schema}, too; their timers do not run",
        f"if they are another bot's, give it a database of its own; if they are this one's, put {schema} on the "
        f"database user's search path while there is no schema {SCHEMA} yet, then run boostmon migrate",
        hint=True,
    )


def _schema(found: Survey) -> Finding:
    if found.earlier is not None:
        return Finding(
            f"Schema: tables of an older BoostMon are in the schema {found.earlier.schema}, to be moved to {SCHEMA}",
            "stop every older BoostMon, then start this one, or run boostmon migrate",
        )
    if found.pending:
        return Finding(
            f"Schema: {len(found.pending)} to be applied", "boostmon migrate; or start BoostMon, which does it"
        )
    return Finding("Schema: up to date")


def _punctuality(late: int, timers: int) -> Finding:
    if late:
        return Finding(
            f"Timers: {late} have been due for more than a minute, and nobody acts on them",
            "start boostmon run, or boostmon sweeper; if one runs, its log says what is in the way",
        )
    return Finding(f"Timers: {timers}, none overdue")

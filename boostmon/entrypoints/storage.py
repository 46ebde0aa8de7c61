"""Where timers live: opening it when a process starts, closing it when it ends."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.migrator import Migrator

_log = logging.getLogger(__name__)


class Storage(Protocol):
    """Opened once before anything reads or writes a timer, and closed last."""

    def open(self) -> None:
        """Makes it ready, its schema up to date.

        Raises:
            StorageUnavailable: it cannot be reached.
            MigrationError: the schema and this program do not fit together.
            EmbeddedPostgresError: there is no server and the embedded one does not start.
        """
        ...

    def close(self) -> None:
        """Gives everything back. Harmless when it is not open."""
        ...


class PostgresStorage:
    """PostgreSQL by URL, or the embedded one; `database` is asked for only after its server runs."""

    def __init__(
        self, url: str | None, embedded: EmbeddedPostgres, database: Callable[[str], Database], *, wait: timedelta
    ) -> None:
        self._given_url = url
        self._embedded = embedded
        self._make_database = database
        self._wait = wait
        self._database: Database | None = None

    def url(self) -> str:
        """The URL of the database; starts the embedded server where none was given."""
        if self._given_url is not None:
            return self._given_url
        _log.info(
            "no DATABASE_URL: using the embedded PostgreSQL in %s",
            self._embedded.data_dir,
            extra={"data_dir": str(self._embedded.data_dir)},
        )
        return self._embedded.start()

    @property
    def database(self) -> Database:
        """The pool, not necessarily open."""
        if self._database is None:
            self._database = self._make_database(self.url())
        return self._database

    def open(self) -> None:
        """See `Storage`."""
        # The pool comes first: it waits for a server that is still starting, as one beside us in a compose file is.
        self.database.open(self._wait)
        applied = Migrator(self.url()).apply()
        if applied:
            _log.info("schema brought up to date", extra={"migrations": [m.file_name for m in applied]})

    def close(self) -> None:
        """See `Storage`."""
        if self._database is not None:
            self._database.close()
        self._embedded.stop()


class MemoryStorage:
    """Nothing survives the process. Chosen by name only."""

    def open(self) -> None:
        """See `Storage`."""
        _log.warning("BOOSTMON_STORAGE=memory: timers are lost when this process ends")

    def close(self) -> None:
        """See `Storage`."""

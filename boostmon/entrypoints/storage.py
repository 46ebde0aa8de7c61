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

    def start(self) -> None:
        """Starts what has to run here, which may take seconds and should not be broken off.

        Raises:
            EmbeddedPostgresError: there is no server and the embedded one does not start.
            StorageMisconfigured: the URL cannot be read.
        """
        ...

    def open(self) -> None:
        """Makes it ready, its schema up to date. What waits in it may be broken off; then only `close` is left.

        Raises:
            StorageUnavailable: it cannot be reached.
            MigrationError: the schema and this program do not fit together.
        """
        ...

    def break_off(self) -> None:
        """Ends what still waits for an answer, with an error for whoever asked. Takes a second at most."""
        ...

    def close(self) -> None:
        """Gives everything back. Harmless when it is not open."""
        ...


class PostgresStorage:
    """PostgreSQL by URL, or the embedded one; the pool is made once its server is known."""

    def __init__(
        self, url: str | None, embedded: EmbeddedPostgres, make_database: Callable[[str], Database], *, wait: timedelta
    ) -> None:
        self._url = url
        self._embedded = embedded
        self._make_database = make_database
        self._wait = wait
        self._database: Database | None = None

    @property
    def database(self) -> Database:
        """The pool, not necessarily open. Starts the embedded server where no URL was given."""
        if self._database is None:
            self._database = self._make_database(self._url_of_server())
        return self._database

    def _url_of_server(self) -> str:
        if self._url is None:
            path = self._embedded.data_dir
            _log.info("no DATABASE_URL: using the embedded PostgreSQL in %s", path, extra={"path": str(path)})
            self._url = self._embedded.start()
        return self._url

    def start(self) -> None:
        """See `Storage`."""
        _ = self.database

    def open(self) -> None:
        """See `Storage`."""
        # The pool comes first: it waits for a server that is still starting, as one beside us in a compose file is.
        self.database.open(self._wait)
        applied = Migrator(self._url_of_server()).apply()
        if applied:
            _log.info("schema brought up to date", extra={"migrations": [m.file_name for m in applied]})

    def break_off(self) -> None:
        """See `Storage`."""
        if self._database is not None:
            self._database.break_off()

    def close(self) -> None:
        """See `Storage`."""
        try:
            if self._database is not None:
                self._database.close()
        finally:
            self._embedded.stop()


class MemoryStorage:
    """Nothing survives the process. Chosen by name only."""

    def start(self) -> None:
        """See `Storage`."""

    def open(self) -> None:
        """See `Storage`."""
        _log.warning("BOOSTMON_STORAGE=memory: timers are lost when this process ends")

    def break_off(self) -> None:
        """See `Storage`."""

    def close(self) -> None:
        """See `Storage`."""

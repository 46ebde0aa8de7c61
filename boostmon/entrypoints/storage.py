"""Where timers live: opening it when a process starts, closing it when it ends."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Protocol, override

from boostmon.adapters.clock import SyncedClock
from boostmon.adapters.postgres.conninfo import require_readable
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.examination import examine, require_changes
from boostmon.adapters.postgres.listener import DueListener
from boostmon.adapters.postgres.migrator import Migrator
from boostmon.adapters.postgres.sessions import Sessions
from boostmon.app.errors import StorageReadOnly
from boostmon.app.ports import Clock
from boostmon.entrypoints.database_watch import DatabaseWatch
from boostmon.entrypoints.sweeper import Background

COMMAND_PATIENCE = timedelta(seconds=2)
"""For each call that a command makes. With the second that a hanging server is given, its asker hears within three."""

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
        """Breaks off whatever still waits for an answer; the callers get an error. Takes a second at most."""
        ...

    def close(self) -> None:
        """Gives everything back. Harmless when it is not open."""
        ...

    def listeners(self, ring: Callable[[], None]) -> Sequence[Background]:
        """What calls `ring` when another process has set a timer that is due before all others."""
        ...


class PostgresStorage(Storage):
    """PostgreSQL by URL, or the embedded one; the pool is made once its server is known.

    While it is open, `clock` follows the server's, if it can be set, and the server is watched.

    Args:
        url: the server; None: the embedded one.
        embedded: started where no URL is given.
        make_database: makes the pool.
        wait: how long opening waits for a server that does not answer.
        clock: the process's clock.
        direct_url: an address of the same server that bypasses a pooler; None: there is no pooler.
    """

    def __init__(
        self,
        url: str | None,
        embedded: EmbeddedPostgres,
        make_database: Callable[[str], Database],
        *,
        wait: timedelta,
        clock: Clock,
        direct_url: str | None = None,
    ) -> None:
        self._url = url
        self._direct_url = direct_url
        self._clock = clock
        self._watch: DatabaseWatch | None = None
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

    @property
    def for_commands(self) -> Sessions:
        """The same for callers with whom somebody waits."""
        return self.database.in_a_hurry(COMMAND_PATIENCE)

    @override
    def listeners(self, ring: Callable[[], None]) -> Sequence[Background]:
        return (DueListener(lambda: self._direct_url or self._url_of_server(), ring),)

    def _url_of_server(self) -> str:
        if self._url is None:
            path = self._embedded.data_dir
            _log.info("no DATABASE_URL: using the embedded PostgreSQL in %s", path, extra={"path": str(path)})
            self._url = self._embedded.start()
        return self._url

    @override
    def start(self) -> None:
        if self._direct_url is not None:
            require_readable(self._direct_url, name="DATABASE_DIRECT_URL")
        _ = self.database

    @override
    def open(self) -> None:
        # The pool comes first: it waits for a server that is still starting, as one beside us in a compose file is.
        self.database.open(self._wait)
        applied = Migrator(self._url_of_server()).apply()
        if applied:
            _log.info("schema brought up to date", extra={"migrations": [m.file_name for m in applied]})
        with suppress(StorageReadOnly):  # the watch tells of it
            self._look()
        self._watch = DatabaseWatch(self._look, self.database.take_troubles)
        self._watch.start()

    def _look(self) -> None:
        if isinstance(self._clock, SyncedClock):
            self._clock.set_by(lambda: examine(self.database).now)
        require_changes(self.database)

    @override
    def break_off(self) -> None:
        if self._database is not None:
            self._database.break_off()

    @override
    def close(self) -> None:
        if self._watch is not None:
            self._watch.stop()
        try:
            if self._database is not None:
                self._database.close()
        finally:
            self._embedded.stop()


class MemoryStorage(Storage):
    """Nothing survives the process. Chosen by name only."""

    @override
    def start(self) -> None:
        """Does nothing."""

    @override
    def open(self) -> None:
        _log.warning("BOOSTMON_STORAGE=memory: timers are lost when this process ends")

    @override
    def break_off(self) -> None:
        """Does nothing."""

    @override
    def close(self) -> None:
        """Does nothing."""

    @override
    def listeners(self, ring: Callable[[], None]) -> Sequence[Background]:
        """None: nobody else writes into this process's memory."""
        del ring
        return ()

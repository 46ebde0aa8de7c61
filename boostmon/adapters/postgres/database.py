"""The pool of connections that every repository works on."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import psycopg
from psycopg_pool import ConnectionPool

from boostmon.adapters.postgres import failures
from boostmon.adapters.postgres.conninfo import address_of, connection_parameters, milliseconds
from boostmon.adapters.postgres.limited import LimitedConnection
from boostmon.adapters.postgres.sessions import Connection, InAHurry, Sessions, has_unread_input
from boostmon.adapters.postgres.slow_statements import cursor_logging_above
from boostmon.app.errors import StorageOutcomeUnknown, StorageReadOnly, StorageUnavailable

logger = logging.getLogger(__name__)

# psycopg_pool waits 1, 2, 4, … s between attempts to reconnect, so after an outage of a minute the next
# attempt may be half a minute away. It gives a slot up after this long instead; `_reconnect_failed` and
# the next checkout start afresh, which keeps the way back under a second.
_RECONNECT_TIMEOUT = timedelta(milliseconds=250)
_OPEN_RETRY = timedelta(milliseconds=200)
_CANCEL_TIMEOUT = timedelta(seconds=1)
_RECONNECT_PAUSE = 1.0
"""Seconds between two replacements of all connections to a server that takes no changes."""
_HEAD_START = 1.0
"""Seconds that the server has to keep the statement timeout before the client does: its word is the clearer one."""


class Database:
    """PostgreSQL behind a bounded pool of autocommit connections; threads share one instance.

    Autocommit makes one statement one round trip; work that needs several statements to hold together
    opens `connection.transaction()` itself. Each session speaks UTC, and statements are cancelled after
    `statement_timeout`: by the server, and by the client where the server does not do it. Statements longer
    than `slow_query` are logged. At most `pool_max` callers work at a time, `max_waiting` more wait for up
    to `checkout_timeout`; the rest are refused at once.

    Behind a pooler that lends a server's session for a transaction only (PgBouncer), which shows by itself,
    nothing is kept in a session: no prepared statements, and the time limit is the client's alone.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_min: int = 2,
        pool_max: int = 10,
        max_waiting: int = 200,
        checkout_timeout: timedelta = timedelta(seconds=5),
        statement_timeout: timedelta = timedelta(seconds=10),
        slow_query: timedelta = timedelta(milliseconds=50),
        application_name: str = "boostmon",
    ) -> None:
        """Take the settings; nothing connects before `open`.

        Raises:
            StorageMisconfigured: `url` cannot be read.
        """
        self._parameters = connection_parameters(url, application_name=application_name)
        self._parameters.update(autocommit=True, cursor_factory=cursor_logging_above(slow_query))
        self.address = address_of(self._parameters)
        self._statement_timeout = statement_timeout
        self._checkout_timeout = checkout_timeout.total_seconds()
        self._closing = threading.Event()
        self._lent: set[Connection] = set()
        self._unreachable_since: float | None = None
        self._unreachable_because: psycopg.Error | None = None
        self._reconnected = -_RECONNECT_PAUSE
        self._troubles: deque[str] = deque(maxlen=8)
        self.is_pooled = False
        """Whether a pooler was seen to stand between: what needs a session of its own must go round it."""
        self._pool = self._make_pool(pool_min, pool_max, max_waiting, application_name)

    def _make_pool(self, smallest: int, largest: int, max_waiting: int, name: str) -> ConnectionPool[Connection]:
        return ConnectionPool(
            connection_class=LimitedConnection,
            kwargs=self._parameters,
            min_size=smallest,
            max_size=largest,
            open=False,
            name=name,
            configure=self._configure,
            timeout=self._checkout_timeout,
            max_waiting=max_waiting,
            reconnect_timeout=_RECONNECT_TIMEOUT.total_seconds(),
            reconnect_failed=self._reconnect_failed,
        )

    def open(self, wait: timedelta = timedelta(0)) -> None:
        """Connect, trying again until `wait` has passed; harmless on an open database.

        Raises:
            StorageUnavailable: the server let nobody in for that long; the reason names host, port,
                database and user, never the password. `open` may be called again.
        """
        version = self._wait_for_server(time.monotonic() + wait.total_seconds())
        try:
            self._pool.open()
        except psycopg.OperationalError as error:  # it was closed, perhaps while this waited
            raise failures.not_checked_out(error, self.address, reachable=True) from error
        logger.info("Connected to PostgreSQL %s: %s", version, self.address)

    def close(self) -> None:
        """Refuse new work and close the connections; work that is under way finishes on its own.

        Ends a waiting `open`, too. A closed database stays closed.
        """
        self._closing.set()
        self._pool.close()

    def break_off(self) -> None:
        """Cancel every statement that is under way; whoever sent it gets `StorageTimeout`. For the end of a process.

        Waits no longer than a second for a server that does not answer, for all of them.
        """
        deadline = time.monotonic() + _CANCEL_TIMEOUT.total_seconds()
        for connection in tuple(self._lent):
            with suppress(psycopg.Error):
                connection.cancel_safe(timeout=max(deadline - time.monotonic(), 0.05))

    def connect(self) -> Connection:
        """Return a connection of its own, outside the pool, with the same settings; the caller closes it.

        Raises:
            psycopg.OperationalError: the server is not reachable.
        """
        connection = LimitedConnection.connect(**self._parameters)
        try:
            self._configure(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def in_a_hurry(self, patience: timedelta) -> Sessions:
        """Return the same for callers with whom somebody waits: all of a `run` takes `patience` at most.

        That counts the wait for a connection, the work, and its repetition; a server that hangs may take a
        second more.
        """
        return InAHurry(self.run, patience)

    def run[T](self, work: Callable[[Connection], T], *, idempotent: bool, patience: timedelta | None = None) -> T:
        """Lend a live connection to `work` and return its result.

        A connection that died while it lay in the pool (a restart, `pg_terminate_backend`) is replaced
        before `work` sees it: nothing was sent, so this is safe for any work. If the connection dies
        under `work`, the whole of `work` runs once more when it is `idempotent`, and else fails.
        A transaction that `work` leaves open is rolled back. Errors that are not psycopg's pass through.

        Raises:
            StorageBusy: no connection came free in time; nothing was sent.
            StorageTimeout: a statement ran into the statement timeout, or into `patience`.
            StorageReadOnly: the server takes no changes at the moment.
            StorageOutcomeUnknown: the connection broke under work that is not idempotent, or twice, or the
                server hangs.
            StorageUnavailable: the server cannot be reached, or refused a statement.
        """
        deadline = None if patience is None else time.monotonic() + patience.total_seconds()
        try:
            return self._run_once(work, deadline)
        except StorageOutcomeUnknown as error:
            if not idempotent or (deadline is not None and time.monotonic() >= deadline):
                self._troubles.append(error.reason)
                raise
            logger.warning("Trying once more: %s", error.reason)
            self._pool.check()
        except StorageReadOnly as error:
            self._troubles.append(error.reason)
            if not self._reconnect_after_failover():
                raise
        except StorageUnavailable as error:
            self._troubles.append(error.reason)
            raise
        return self._run_once(work, deadline)

    def _reconnect_after_failover(self) -> bool:
        """Replace all connections, as the same address may lead to another server now; say whether it was worth it.

        That a transaction is read-only is decided when it begins, in a session that may be older than the failover.
        """
        now = time.monotonic()
        if now - self._reconnected < _RECONNECT_PAUSE:
            return False
        self._reconnected = now
        self._pool.drain()
        return True

    def take_troubles(self) -> list[str]:
        """Return why work failed since the last call, oldest first: at most a few reasons, each free of secrets."""
        troubles = list(self._troubles)
        self._troubles.clear()
        return troubles

    def _wait_for_server(self, deadline: float) -> str:
        announced = False
        while True:
            try:
                with self.connect() as probe:
                    return probe.info.parameter_status("server_version") or "of unknown version"
            except psycopg.OperationalError as error:
                refusal = failures.unreachable(error, self.address)
                if time.monotonic() >= deadline or self._closing.is_set():
                    raise refusal from error
            if not announced:
                logger.warning("Waiting for PostgreSQL: %s", refusal.reason)
                announced = True
            self._closing.wait(_OPEN_RETRY.total_seconds())

    def _run_once[T](self, work: Callable[[Connection], T], deadline: float | None) -> T:
        connection = self._check_out(deadline)
        self._lent.add(connection)
        try:
            connection.deadline = deadline
            return work(connection)
        except psycopg.Error as error:
            translate = failures.lost if connection.closed else failures.translated
            raise translate(error, self.address) from error
        finally:
            connection.deadline = None
            self._lent.discard(connection)
            self._pool.putconn(connection)

    def _check_out(self, until: float | None) -> Connection:
        deadline = time.monotonic() + self._checkout_timeout
        if until is not None:
            deadline = min(deadline, until)
        try:
            while True:
                connection = self._pool.getconn(deadline - time.monotonic())
                if not has_unread_input(connection):
                    return connection
                logger.info("Replacing connections that died in the pool")
                connection.close()
                self._pool.putconn(connection)
                self._pool.check()
        except psycopg.OperationalError as error:
            reachable = self._unreachable_since is None
            because = self._unreachable_because
            raise failures.not_checked_out(error, self.address, reachable=reachable, because=because) from error

    def _configure(self, connection: Connection) -> None:
        connection.longest_wait = self._statement_timeout.total_seconds() + _HEAD_START
        # By a statement and not by the startup packet's `options`, which PgBouncer refuses. A pooler makes up the
        # process id that it tells a client. It keeps the time zone for each client, but no timeout.
        row = connection.execute(
            "SELECT set_config('TimeZone', 'UTC', false), pg_backend_pid(), CASE pg_backend_pid() WHEN %s "
            "THEN set_config('statement_timeout', %s, false) END",
            (connection.info.backend_pid, f"{milliseconds(self._statement_timeout)}ms"),
        ).fetchone()
        if row is None or row[1] != connection.info.backend_pid:
            connection.prepare_threshold = None
            self._note_pooler()
        since, self._unreachable_since, self._unreachable_because = self._unreachable_since, None, None
        if since is not None:
            seconds = round(time.monotonic() - since, 1)
            logger.warning("PostgreSQL is back after %s s: %s", seconds, self.address)

    def _note_pooler(self) -> None:
        if not self.is_pooled:
            self.is_pooled = True
            logger.info("A pooler stands before %s: nothing is kept in sessions", self.address)

    def _reconnect_failed(self, pool: ConnectionPool[Connection]) -> None:
        if self._unreachable_since is None:
            self._unreachable_since = time.monotonic()
            logger.error("PostgreSQL cannot be reached: %s", self.address)
            try:  # the pool keeps to itself why
                self.connect().close()
            except psycopg.OperationalError as error:
                self._unreachable_because = error
        if pool.get_stats()["requests_waiting"]:
            with suppress(psycopg.OperationalError):
                pool.check()  # someone still waits: grow again rather than let them time out

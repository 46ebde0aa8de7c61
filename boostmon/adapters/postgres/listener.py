"""Hears from other processes on the same database that something has become due earlier than was known."""

import logging
import threading
import time
from collections.abc import Callable

import psycopg

from boostmon.adapters.postgres import failures
from boostmon.adapters.postgres.conninfo import address_of, connection_parameters
from boostmon.adapters.postgres.limited import LimitedConnection

_log = logging.getLogger(__name__)

CHANNEL = "boostmon_due"
"""Notified by a commit whose timer is due before all others; see `timers.py`."""
ANNOUNCE = f"SELECT pg_notify('{CHANNEL}', '')"
"""To be sent in the transaction that makes something due earlier."""
_LOOK = 0.5
"""Seconds between two looks whether to stop."""
_CHECK = 30.0
"""Seconds of silence after which the connection is asked whether it still listens: it dies without a sound."""
_ANSWER = 5.0
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0


class DueListener:
    """Calls `ring` at each notice, from a thread of its own, on a connection of its own beside the pool.

    It is a way to be early, not a promise: whoever is woken also looks by itself from time to time. Lost connections
    are replaced; after each it rings, as something may have been missed. A pooler that lends sessions for a transaction
    lets nobody listen: then it says so and ends.

    Args:
        url: gives the database's address when the thread starts; round a pooler, where there is one.
    """

    def __init__(self, url: Callable[[], str], ring: Callable[[], None]) -> None:
        self._url = url
        self._ring = ring
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Starts the thread; it connects there."""
        self._thread.start()

    def request_stop(self) -> None:
        """Asks the thread to end. Returns at once."""
        self._stopping.set()

    def join(self, timeout: float) -> bool:
        """Waits for the end for at most `timeout` seconds; says whether it came."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        parameters = connection_parameters(self._url(), application_name="boostmon-listener")
        wait, level = _FIRST_WAIT, logging.INFO
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                with LimitedConnection.connect(**parameters, autocommit=True, prepare_threshold=None) as connection:
                    if not self._may_listen(connection):
                        _log.warning(
                            "a pooler stands before %s: what other processes set is seen within "
                            "BOOSTMON_SWEEP_INTERVAL; with DATABASE_DIRECT_URL, a way round it, at once",
                            address_of(parameters),
                        )
                        return
                    self._listen(connection)
            except psycopg.Error as error:
                if time.monotonic() - started > _CHECK:
                    wait, level = _FIRST_WAIT, logging.INFO
                _log.log(level, "not listening for other processes", extra={"error": failures.first_line(error)})
                level = logging.DEBUG  # an outage is told of elsewhere
                self._stopping.wait(wait)
                wait = min(wait * 2, _LONGEST_WAIT)

    def _may_listen(self, connection: LimitedConnection) -> bool:
        connection.deadline = time.monotonic() + _ANSWER
        return connection.execute("SELECT pg_backend_pid()").fetchone() == (connection.info.backend_pid,)

    def _listen(self, connection: LimitedConnection) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._ring()
        heard = time.monotonic()
        while not self._stopping.is_set():
            connection.deadline = None
            if any(list(connection.notifies(timeout=_LOOK, stop_after=1))):
                self._ring()
                heard = time.monotonic()
            elif time.monotonic() - heard > _CHECK:
                self._check(connection)
                heard = time.monotonic()

    def _check(self, connection: LimitedConnection) -> None:
        connection.deadline = time.monotonic() + _ANSWER
        channels = connection.execute("SELECT pg_listening_channels()").fetchall()
        if (CHANNEL,) not in channels:
            raise psycopg.OperationalError("the session does not listen any more")

"""A connection whose work ends by a deadline, whatever the server or the network does.

PostgreSQL's own `statement_timeout` is a setting of the session: behind a pooler that lends its sessions to many it
would be another client's, and a server that hangs does not keep it. This limit is the client's.
"""

import time
from contextlib import suppress

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.rows import TupleRow

_GRACE = 0.4
"""Seconds for the server to take note of a cancellation, and as many again to say so."""


class LimitedConnection(psycopg.Connection[TupleRow]):
    """psycopg's connection with a `deadline` by `time.monotonic()` (None: no limit) that all work on it keeps.

    A statement that is not answered by then is cancelled, which raises `QueryCanceled`. A server that does not even
    answer to that within a second loses the connection: `OperationalError`, and nobody knows what it has done.
    """

    deadline: float | None = None
    longest_wait: float | None = None
    """Seconds that any one statement may take where there is no deadline, as when the pool looks after itself."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Overrides the one way by which psycopg waits for the server."""
        limit = self.longest_wait if self.deadline is None else max(self.deadline - time.monotonic(), 0.0)
        if limit is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, limit)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 - documented for callers of wait() to handle
            return self._cancelled(gen, interval)

    def _cancelled(self, gen: PQGen[RV], interval: float) -> RV:
        with suppress(psycopg.Error):
            self.cancel_safe(timeout=_GRACE)
        try:
            return super().wait(gen, interval, _GRACE)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 - as above
            self.close()
            raise psycopg.OperationalError("no answer in time, not even to a cancellation") from None

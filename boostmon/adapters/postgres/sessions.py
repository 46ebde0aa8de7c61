"""Lending of connections: what repositories can rely on."""

import select
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol, override

from psycopg.rows import dict_row

from boostmon.adapters.postgres.limited import LimitedConnection

type Connection = LimitedConnection


class Sessions(Protocol):
    """Who lends connections: `Database`, or the same for callers in a hurry."""

    def run[T](self, work: Callable[[Connection], T], *, idempotent: bool) -> T:
        """Runs `work` on a connection and returns its result; see `Database.run`."""
        ...


class _Patient(Protocol):
    def __call__[T](self, work: Callable[[Connection], T], *, idempotent: bool, patience: timedelta) -> T: ...


class InAHurry(Sessions):
    """`Sessions` of which no call takes longer than `patience`; see `Database.in_a_hurry`."""

    def __init__(self, run: _Patient, patience: timedelta) -> None:
        self._run = run
        self._patience = patience

    @override
    def run[T](self, work: Callable[[Connection], T], *, idempotent: bool) -> T:
        return self._run(work, idempotent=idempotent, patience=self._patience)


def rows_of(sessions: Sessions, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows, by column, of a statement that may be sent again if the connection breaks under it."""

    def work(connection: Connection) -> list[dict[str, Any]]:
        with connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement, parameters).fetchall()

    return sessions.run(work, idempotent=True)


def has_unread_input(connection: Connection) -> bool:
    """Tell whether something arrived on an idle connection, without a round trip.

    A server that ended a session says so and closes the socket; hardly anything else is ever said to an
    idle session, so the few that only got a notice are replaced as well.
    """
    if connection.closed:
        return True
    descriptor = connection.fileno()
    if hasattr(select, "poll"):
        poll = select.poll()  # unlike select(), knows no limit of 1,024 descriptors
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([descriptor], [], [], 0)[0])

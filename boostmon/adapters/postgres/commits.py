"""The changes of commands on their way into the tables: written whole or not at all, however often that is repeated."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import errors
from psycopg.rows import TupleRow

from boostmon.adapters.postgres.committing import WAS_APPLIED, committing
from boostmon.adapters.postgres.rows import KEY_COLUMNS, STATE_COLUMNS, key_row, timer_from
from boostmon.adapters.postgres.sessions import Connection
from boostmon.adapters.postgres.statements import ONE, names
from boostmon.app.errors import Conflict
from boostmon.app.ports import Change
from boostmon.domain.ids import TimerKey
from boostmon.domain.timers import Timer

GET = f"SELECT {names(KEY_COLUMNS, STATE_COLUMNS)}, version FROM boostmon.timers WHERE {ONE}"


def read(connection: Connection, statement: str, parameters: Mapping[str, Any]) -> list[TupleRow]:
    """The rows that a statement finds."""
    # Instants and intervals are read twice as fast as numbers than as texts.
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(statement, parameters).fetchall()


def commit(change: Change, connection: Connection) -> Timer | None:
    """See `TimerRepository.commit`: one statement, which is a transaction of its own."""
    try:
        return _written(change, connection)
    except errors.UniqueViolation:
        # The same request is being written by somebody else at this moment: it counts as written.
        return _stored(connection, change.entry.key)


def commit_together(changes: Sequence[Change], connection: Connection) -> Sequence[Timer | None]:
    """See `TimerRepository.commit_together`."""
    try:
        with connection.transaction():
            # In the order in which a settlement locks its rows, so that neither waits for the other in a circle.
            in_order = sorted(changes, key=lambda change: change.entry.key)
            stored = {change.entry.key: _written(change, connection) for change in in_order}
    except errors.UniqueViolation:  # as above
        return [_stored(connection, change.entry.key) for change in changes]
    return [stored[change.entry.key] for change in changes]


def _written(change: Change, connection: Connection) -> Timer | None:
    statement, parameters = committing(change)
    row = connection.execute(statement, parameters).fetchone()
    version, request_is_new = row[:2] if row else (None, True)
    if version is not None:
        return None if change.after is None else change.after.stored_as(version)
    # A statement that waited for its own twin to commit did not see the twin's entry: it looks again.
    if request_is_new and connection.execute(WAS_APPLIED, parameters).fetchone() is None:
        raise Conflict
    return _stored(connection, change.entry.key)


def _stored(connection: Connection, key: TimerKey) -> Timer | None:
    rows = read(connection, GET, key_row(key))
    return timer_from(rows[0]) if rows else None

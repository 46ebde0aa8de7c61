"""Whether a database can be worked with at this moment."""

from dataclasses import dataclass
from datetime import datetime

from boostmon.adapters.postgres.database import Connection, Sessions
from boostmon.app.errors import StorageReadOnly


@dataclass(frozen=True, slots=True)
class Examined:
    """What a database says of itself."""

    now: datetime
    version: str
    takes_changes: bool


def examine(database: Sessions) -> Examined:
    """Asks it.

    Raises:
        StorageUnavailable: it does not answer.
    """

    def ask(connection: Connection) -> Examined:
        row = connection.execute(
            "SELECT clock_timestamp(), current_setting('server_version'),"
            " NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'"
        ).fetchone()
        if row is None:
            raise TypeError("a SELECT without FROM has one row")
        return Examined(*row)

    return database.run(ask, idempotent=True)


def require_changes(database: Sessions) -> None:
    """Does nothing where the database takes changes.

    Raises:
        StorageReadOnly: it answers, but takes none.
        StorageUnavailable: it does not answer.
    """
    if not examine(database).takes_changes:
        raise StorageReadOnly("the database is read-only at the moment: a failover, or its operator's wish")

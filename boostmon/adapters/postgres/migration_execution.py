"""Runs the text of one migration, and says where in the file it failed."""

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from boostmon.adapters.postgres import failures
from boostmon.adapters.postgres.migration_files import Migration, MigrationError


class MigrationFailedError(MigrationError):
    """PostgreSQL refused a file; the database is as it was before that file."""


def execute(connection: psycopg.Connection[TupleRow], migration: Migration) -> None:
    """Runs all statements of the file in the transaction that the connection is in.

    Raises:
        MigrationFailedError: PostgreSQL refused it, or it ended the transaction.
        psycopg.Error: the connection broke.
    """
    try:
        # Bytes without parameters: sent as they are, all statements of the file at once.
        connection.execute(migration.sql.encode())
    except psycopg.Error as error:
        if connection.closed:
            raise
        raise MigrationFailedError(
            f"{migration.file_name}{_line(migration, error)} failed and was rolled back: {failures.first_line(error)}"
        ) from error
    if connection.info.transaction_status != TransactionStatus.INTRANS:
        raise MigrationFailedError(
            f"{migration.file_name} ended the transaction it ran in, so it may be applied without a record: "
            "remove its COMMIT or ROLLBACK and repair the database from a backup"
        )


def _line(migration: Migration, error: psycopg.Error) -> str:
    position = error.diag.statement_position  # counts characters from 1
    if position is None or not position.isdigit():
        return ""
    return f", line {migration.sql.count(chr(10), 0, int(position) - 1) + 1},"

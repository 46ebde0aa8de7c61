"""psycopg's errors in the words of the ports; nothing of psycopg leaves the adapter."""

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from boostmon.adapters.postgres.conninfo import Address
from boostmon.app.errors import (
    StorageBusy,
    StorageOutcomeUnknown,
    StorageReadOnly,
    StorageTimeout,
    StorageUnavailable,
)

_OUT_OF = {
    psycopg.errors.DiskFull: "has no disk space left; nothing can be written until an operator makes some",
    psycopg.errors.OutOfMemory: "is out of memory",
    psycopg.errors.TooManyConnections: "has no connection left",
}


def translated(error: psycopg.Error, address: Address) -> StorageUnavailable:
    """Return the port's error for a statement that PostgreSQL refused on a connection that still lives."""
    if isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
        return StorageTimeout(f"a statement was cancelled by {address}: {first_line(error)}")
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return StorageReadOnly(f"{address} is read-only at the moment: {first_line(error)}")
    for kind, what in _OUT_OF.items():
        if isinstance(error, kind):
            return StorageUnavailable(f"{address} {what}: {first_line(error)}")
    return StorageUnavailable(f"{address} refused a statement: {first_line(error)}")


def lost(error: psycopg.Error, address: Address) -> StorageOutcomeUnknown:
    """Return the port's error for a connection that broke after something was sent."""
    return StorageOutcomeUnknown(f"the connection to {address} broke: {first_line(error)}")


def not_checked_out(
    error: psycopg.Error, address: Address, *, reachable: bool, because: psycopg.Error | None = None
) -> StorageUnavailable:
    """Return the port's error for work that got no connection, so that nothing was sent.

    `because` is what the server, or the way to it, said to the last attempt to connect.
    """
    if isinstance(error, PoolClosed):
        return StorageUnavailable(f"the connections to {address} are closed")
    if isinstance(error, TooManyRequests):
        return StorageBusy(f"too many callers wait for a connection to {address}")
    if isinstance(error, PoolTimeout) and reachable:
        return StorageBusy(f"every connection to {address} is in use: {first_line(error)}")
    return unreachable(because or error, address)


def unreachable(error: psycopg.Error, address: Address) -> StorageUnavailable:
    """Return the port's error for a server that lets nobody in."""
    return StorageUnavailable(f"cannot connect to {address}: {first_line(error)}")


def first_line(error: psycopg.Error) -> str:
    """Say in one line what went wrong; PostgreSQL's DETAIL is left out, since it may quote stored values."""
    message = error.diag.message_primary or next(iter(str(error).splitlines()), "")
    code = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
    return f"{message.strip() or type(error).__name__}{code}"

"""A cursor that logs the statements that took long."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Self

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

logger = logging.getLogger(__name__)

_LONGEST_TEXT = 300


def cursor_logging_above(threshold: timedelta) -> type[psycopg.Cursor[TupleRow]]:
    """Return a cursor class that warns about each `execute` and `executemany` longer than `threshold`.

    The time is that of the caller: sending, PostgreSQL's work, receiving. Parameters are never logged.
    """
    limit = threshold.total_seconds()

    class TimedCursor(psycopg.Cursor[TupleRow]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
            with _timed(self, query, limit):
                return super().execute(query, params, **options)

        def executemany(self, query: Any, params_seq: Any, *, returning: bool = False) -> None:
            with _timed(self, query, limit):
                super().executemany(query, params_seq, returning=returning)

    return TimedCursor


@contextmanager
def _timed(cursor: psycopg.Cursor[TupleRow], query: object, limit: float) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        took = time.monotonic() - started
        if took > limit:
            logger.warning(
                "Slow statement: %.0f ms",
                took * 1000,
                extra={
                    "milliseconds": round(took * 1000, 1),
                    "statement": _text(query, cursor),
                    "rows": cursor.rowcount,
                },
            )


def _text(query: object, cursor: psycopg.Cursor[TupleRow]) -> str:
    if isinstance(query, sql.Composable):
        query = query.as_string(cursor)
    elif isinstance(query, bytes):
        query = query.decode(errors="replace")
    return " ".join(str(query).split())[:_LONGEST_TEXT]

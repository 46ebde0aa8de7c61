"""Fills BoostMon's tables by the million, past the repositories: as they would have filled them, but quickly."""

from contextlib import suppress
from typing import Any

import psutil
import psycopg

from benchmarks.harness.server import Template, migrate
from boostmon.adapters.postgres.listener import ANNOUNCE

FUTURE_ROLE, DUE_ROLE = 1, 2
FIRST_DUE_USER = 1_000_000_000
"""The timer that is due first is this member's, the next one the next one's."""
CHANNEL = 7

FUTURE = """
    INSERT INTO boostmon.timers (
        guild_id, user_id, role_id, state, ends_at, armed, due_at, channel_id, created_at, updated_at, version
    )
    SELECT 1 + number %% 1000, number, %(role)s, 'running', due_at + interval '1 hour', '{"1 hour","10 min","1 min"}',
        due_at, %(channel)s, now(), now(), number + 1
    FROM generate_series(0, %(count)s::bigint - 1) AS number,
        -- Spread over the table and over the next months, as timers of every length are.
        LATERAL (
            SELECT now() + interval '1 day' + number * 7919 %% %(count)s * %(step)s::interval AS due_at
        ) AS due
"""
MONTHS = 90 * 86_400.0

# An ending is a timer that ran to its end; a warning one that has reached its first threshold of an hour.
DUE = """
    INSERT INTO boostmon.timers (
        guild_id, user_id, role_id, state, ends_at, armed, due_at, channel_id, created_at, updated_at
    )
    SELECT 1 + number %% 1000, %(user)s + number, %(role)s, 'running',
        due_at + %(ahead)s::interval, %(armed)s::interval[], due_at, %(channel)s, now(), now()
    FROM generate_series(0, %(count)s - 1) AS number,
        LATERAL (SELECT to_timestamp(%(first)s::float8 + number * %(step)s::float8) AS due_at) AS due
"""


def template(future: int) -> Template:
    """A database with so many timers of tomorrow and later."""
    return Template(f"boostmon_{future}", lambda url: fill(url, future))


def fill(url: str, future: int, *, is_only_read: bool = False) -> None:
    """Writes the future timers, and the indexes of the migrations after them: that takes a tenth of the time.

    What `is_only_read` has no WAL, which takes a third of it.
    """
    migrate(url)
    with psycopg.connect(url, autocommit=True) as connection:
        primary_key, index = _one(
            connection,
            "SELECT pg_get_constraintdef(oid), pg_get_indexdef('boostmon.timers_due'::regclass) "
            "FROM pg_constraint WHERE conname = 'timers_pkey'",
        )
        connection.execute("SET maintenance_work_mem TO '1GB'")
        if is_only_read:
            connection.execute("ALTER TABLE boostmon.timers SET UNLOGGED")
        connection.execute("DROP INDEX boostmon.timers_due")
        connection.execute("ALTER TABLE boostmon.timers DROP CONSTRAINT timers_pkey")
        connection.execute(FUTURE, _future(future))
        connection.execute(f"ALTER TABLE boostmon.timers ADD CONSTRAINT timers_pkey {primary_key}".encode())
        connection.execute(index.encode())
        connection.execute("SELECT setval('boostmon.timer_versions', %s)", (future + 1,))
        connection.execute("VACUUM (ANALYZE, FREEZE, PARALLEL 0) boostmon.timers")
        connection.execute("CHECKPOINT")


def due(url: str, count: int, first: float, step: float, *, warnings: bool = False) -> None:
    """Replaces what earlier turns left by timers that are due at `first`, `first + step`, …, and announces them."""
    kind = {"ahead": "1 hour", "armed": '{"1 hour","10 min","1 min"}'} if warnings else {"ahead": "0", "armed": "{}"}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM boostmon.timers WHERE role_id <> %s", (FUTURE_ROLE,))
        connection.execute("TRUNCATE boostmon.notices, boostmon.ledger")
        connection.execute(
            DUE,
            {
                "count": count,
                "first": first,
                "step": step,
                "user": FIRST_DUE_USER,
                "role": DUE_ROLE,
                "channel": CHANNEL,
                **kind,
            },
        )
        # As autovacuum would have by then: every participant starts from the same state.
        connection.execute("VACUUM (ANALYZE, INDEX_CLEANUP ON, PARALLEL 0) boostmon.timers")
        connection.execute("CHECKPOINT")
        connection.execute(ANNOUNCE.encode())


def add_future(url: str, count: int) -> None:
    """Stores a few timers of tomorrow and later."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FUTURE, _future(count))


def _future(count: int) -> dict[str, object]:
    step = f"{MONTHS / max(count, 1):.6f} seconds"
    return {"role": FUTURE_ROLE, "count": count, "channel": CHANNEL, "step": step}


def pages(url: str) -> int:
    """The pages of tables and indexes that were looked at so far, cached or not, as far as the sessions told."""
    with psycopg.connect(url, autocommit=True) as connection:
        (counted,) = _one(
            connection,
            "SELECT sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0))::bigint "
            "FROM pg_statio_user_tables",
        )
    return int(counted)


def processor_seconds(url: str) -> float:
    """The processor time that the sessions of a database have used so far."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    used = 0.0
    for (pid,) in rows:
        with suppress(psutil.Error):
            times = psutil.Process(pid).cpu_times()
            used += times.user + times.system
    return used


def left(url: str) -> tuple[int, int, int]:
    """How many timers are due still, how many ends the ledger has, and how many notices wait."""
    with psycopg.connect(url, autocommit=True) as connection:
        due_now, entries, notices = _one(
            connection,
            "SELECT (SELECT count(*) FROM boostmon.timers WHERE due_at <= now()), "
            "(SELECT count(*) FROM boostmon.ledger WHERE action = 'ended'), (SELECT count(*) FROM boostmon.notices)",
        )
    return due_now, entries, notices


def _one(connection: psycopg.Connection[tuple[Any, ...]], question: str) -> tuple[Any, ...]:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row

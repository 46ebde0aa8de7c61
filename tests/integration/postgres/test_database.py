"""The pool on a real server: what it sets, translates, logs and refuses."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import TupleRow

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.sessions import Connection
from boostmon.app.errors import (
    StorageBusy,
    StorageMisconfigured,
    StorageTimeout,
    StorageUnavailable,
)
from tests.support.processes import eventually

SHORT = timedelta(seconds=1)
"""For a statement; a busy machine is to have done a small one by then."""
SLOW = timedelta(milliseconds=450)
"""What a quick statement does not reach on a busy machine either."""


def one(connection: Connection) -> object:
    return connection.execute("SELECT 1").fetchone()


@pytest.fixture
def small(empty_database_url: str) -> Iterator[Database]:
    """One connection, one caller that may wait, and short patience with statements."""
    with closing(
        Database(
            empty_database_url,
            pool_min=1,
            pool_max=1,
            max_waiting=1,
            checkout_timeout=timedelta(seconds=30),
            statement_timeout=SHORT,
            application_name="boostmon-test",
        )
    ) as database:
        database.open()
        yield database


def test_sessions_are_set_up(small: Database) -> None:
    def settings(connection: Connection) -> TupleRow | None:
        return connection.execute(
            "SELECT current_setting('statement_timeout'), current_setting('TimeZone'),"
            " current_setting('application_name'), to_timestamp(0)"
        ).fetchone()

    assert small.run(settings, idempotent=True) == (
        "1s",
        "UTC",
        "boostmon-test",
        datetime(1970, 1, 1, tzinfo=UTC),
    )


def test_a_statement_is_its_own_transaction(small: Database) -> None:
    def insert(connection: Connection) -> psycopg.pq.TransactionStatus:
        connection.execute("CREATE TABLE t (n int)")
        return connection.info.transaction_status

    assert small.run(insert, idempotent=False) == psycopg.pq.TransactionStatus.IDLE


def test_a_transaction_left_open_is_rolled_back(small: Database) -> None:
    small.run(lambda c: c.execute("CREATE TABLE t (n int)"), idempotent=True)

    def leave_open(connection: Connection) -> None:
        connection.execute("BEGIN")
        connection.execute("INSERT INTO t VALUES (1)")

    small.run(leave_open, idempotent=False)

    assert small.run(lambda c: c.execute("SELECT n FROM t").fetchall(), idempotent=True) == []


def test_a_long_statement_is_cancelled(small: Database) -> None:
    with pytest.raises(StorageTimeout, match=r"statement timeout \(SQLSTATE 57014\)"):
        small.run(lambda c: c.execute("SELECT pg_sleep(60)"), idempotent=True)

    assert small.run(one, idempotent=True) == (1,)


def test_a_refused_statement_is_translated_without_stored_values(small: Database) -> None:
    def twice(connection: Connection) -> None:
        connection.execute("CREATE TABLE t (name text PRIMARY KEY)")
        connection.execute("INSERT INTO t VALUES ('secret'), ('secret')")

    with pytest.raises(StorageUnavailable, match="SQLSTATE 23505") as caught:
        small.run(twice, idempotent=True)

    assert "secret" not in caught.value.reason
    assert isinstance(caught.value.__cause__, psycopg.errors.UniqueViolation)


def test_errors_that_are_not_of_the_database_pass_through(small: Database) -> None:
    def fail(_: Connection) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        small.run(fail, idempotent=True)

    assert small.run(one, idempotent=True) == (1,)


@contextmanager
def occupied(database: Database) -> Iterator[None]:
    """Keep the only connection in use."""
    busy, done = threading.Event(), threading.Event()

    def occupy(_: Connection) -> None:
        busy.set()
        assert done.wait(30)

    with ThreadPoolExecutor() as threads:
        worker = threads.submit(database.run, occupy, idempotent=False)
        try:
            assert busy.wait(30)
            yield
        finally:
            done.set()
            worker.result()


def test_a_caller_waits_for_a_connection_only_so_long(empty_database_url: str) -> None:
    patience = timedelta(milliseconds=250)
    with closing(Database(empty_database_url, pool_min=1, pool_max=1, checkout_timeout=patience)) as database:
        database.open()

        with occupied(database), pytest.raises(StorageBusy, match=r"in use: .* after 0.25 sec"):
            database.run(one, idempotent=True)


def test_a_full_queue_refuses_at_once_and_the_queue_is_served(empty_database_url: str) -> None:
    with closing(Database(empty_database_url, pool_min=1, pool_max=1, max_waiting=1)) as database:
        database.open()
        with ThreadPoolExecutor() as threads:
            with occupied(database):
                waiter = threads.submit(database.run, one, idempotent=True)
                eventually(lambda: database._pool.get_stats().get("requests_waiting") == 1)

                with pytest.raises(StorageBusy, match="too many callers wait"):
                    database.run(one, idempotent=True)

            assert waiter.result() == (1,)


def test_slow_statements_are_logged_without_their_parameters(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    def slow_and_quick(connection: Connection) -> None:
        connection.execute("SELECT pg_sleep(0.5),\n  %s::text", ("secret",))
        connection.execute("SELECT 'quick'")

    with closing(Database(empty_database_url, slow_query=SLOW)) as database:
        database.open()
        with caplog.at_level(logging.WARNING, logger="boostmon"):
            database.run(slow_and_quick, idempotent=True)

    [record] = caplog.records
    assert record.__dict__["statement"] == "SELECT pg_sleep(0.5), %s::text"
    assert record.__dict__["milliseconds"] >= 500
    assert "secret" not in caplog.text


def test_batches_are_timed_too(empty_database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    def batch(connection: Connection) -> None:
        connection.cursor().executemany(b"SELECT pg_sleep(%s)", [(0.25,), (0.25,)])

    with closing(Database(empty_database_url, slow_query=SLOW)) as database:
        database.open()
        with caplog.at_level(logging.WARNING, logger="boostmon"):
            database.run(batch, idempotent=True)

    assert [record.__dict__["statement"] for record in caplog.records] == ["SELECT pg_sleep(%s)"]


def test_a_connection_of_its_own_has_the_same_settings(small: Database) -> None:
    with small.connect() as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("1s",)
        assert connection.autocommit


def test_a_closed_database_refuses_and_stays_closed(small: Database) -> None:
    small.close()

    with pytest.raises(StorageUnavailable, match="are closed"):
        small.run(one, idempotent=True)
    with pytest.raises(StorageUnavailable, match="are closed"):
        small.open()


def test_work_under_way_may_finish_while_the_database_closes(small: Database) -> None:
    busy = threading.Event()

    def work(connection: Connection) -> object:
        busy.set()
        assert closed.wait(30)
        return one(connection)

    closed = threading.Event()
    with ThreadPoolExecutor() as threads:
        worker = threads.submit(small.run, work, idempotent=True)
        assert busy.wait(30)
        small.close()
        closed.set()

        assert worker.result() == (1,)


def test_opening_fails_with_the_place_and_never_the_password(empty_database_url: str) -> None:
    url = empty_database_url.replace("postgres@/test_empty?", "moderator:pa55word@/absent?")

    with pytest.raises(StorageUnavailable, match=r"'absent' at .*:5432 as user 'moderator'") as caught:
        Database(url).open()

    assert "pa55word" not in caught.value.reason


def test_opening_waits_for_the_database_to_be_there(empty_database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    url = empty_database_url.replace("/test_empty?", "/made_later?")
    with closing(Database(url)) as database, psycopg.connect(empty_database_url, autocommit=True) as admin:
        with ThreadPoolExecutor() as threads:
            opening = threads.submit(database.open, timedelta(seconds=30))
            eventually(lambda: "Waiting for PostgreSQL: cannot connect" in caplog.text)
            assert not opening.done()
            admin.execute("CREATE DATABASE made_later")
            opening.result()

        assert database.run(one, idempotent=True) == (1,)
        database.close()
        admin.execute("DROP DATABASE made_later WITH (FORCE)")


def test_closing_ends_a_waiting_open(empty_database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(empty_database_url.replace("/test_empty?", "/absent?"))
    with ThreadPoolExecutor() as threads, caplog.at_level(logging.WARNING, logger="boostmon"):
        opening = threads.submit(database.open, timedelta(hours=1))
        eventually(lambda: "Waiting for PostgreSQL: cannot connect" in caplog.text)
        database.close()

        assert isinstance(opening.exception(timeout=30), StorageUnavailable)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("postgresql+psycopg://user@host/name", "names a driver"),
        ("postgresql://user:s3:cr@t@host:port/name", "cannot be read"),
        ("postgresql://user:s3@cret@host/name", "cannot be read"),
        ("postgresql://user:1/s3cret@host/name", "cannot be read"),
        ("mysql://user:s3:cr@t@host/name", "cannot be read"),
        ("postgresql://user:s3:cr@t@host/name?speed=high", "cannot be read"),
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(url: str, complaint: str) -> None:
    with pytest.raises(StorageMisconfigured, match=complaint) as caught:
        Database(url)

    assert "s3" not in caught.value.reason
    assert caught.value.__cause__ is None


def test_what_the_url_says_wins(empty_database_url: str) -> None:
    with closing(Database(f"{empty_database_url}&application_name=mine")) as database:
        database.open()

        name = database.run(lambda c: c.execute("SHOW application_name").fetchone(), idempotent=True)

    assert name == ("mine",)

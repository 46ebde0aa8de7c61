"""PostgreSQL goes away and comes back: sessions that are ended, and real restarts of a server of its own."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.sessions import Connection
from boostmon.app.errors import StorageOutcomeUnknown, StorageUnavailable
from tests.support.postgres import embedded_postgres, end_other_sessions, reachable_folder
from tests.support.processes import eventually
from tests.support.stopwatch import busyness, seconds_of

A_SECOND = 1.0
"""The promise: back within a second of the server."""
PATIENCE = timedelta(seconds=30)


def one(connection: Connection) -> object:
    return connection.execute("SELECT 1").fetchone()


def fill(database: Database, connections: int) -> None:
    """Have the pool grow to so many connections, all of them idle afterwards."""
    with ThreadPoolExecutor(connections) as threads:
        for future in [
            threads.submit(database.run, lambda c: c.execute("SELECT pg_sleep(0.05)"), idempotent=True)
            for _ in range(connections)
        ]:
            future.result()


def die_under(url: str, times: int, runs: list[int]) -> Callable[[Connection], object]:
    """Return work whose session is ended after its first statement, the first `times` it runs."""

    def work(connection: Connection) -> object:
        runs.append(len(runs) + 1)
        connection.execute("SELECT 'sent'")
        if len(runs) <= times:
            end_other_sessions(url)
        return one(connection)

    return work


@pytest.fixture
def pool(empty_database_url: str) -> Iterator[Database]:
    with closing(Database(empty_database_url, pool_min=4, pool_max=8)) as database:
        database.open()
        yield database


@pytest.mark.parametrize("idempotent", [True, False])
def test_sessions_that_ended_in_the_pool_are_replaced_before_anything_is_sent(
    pool: Database, empty_database_url: str, idempotent: bool
) -> None:
    fill(pool, 8)
    assert end_other_sessions(empty_database_url) >= 4
    runs: list[int] = []

    def insert(connection: Connection) -> object:
        runs.append(1)
        return one(connection)

    took = seconds_of(lambda: pool.run(insert, idempotent=idempotent))
    assert took < A_SECOND + busyness(empty_database_url)
    assert runs == [1]


def test_many_callers_survive_the_end_of_all_sessions(pool: Database, empty_database_url: str) -> None:
    fill(pool, 8)
    end_other_sessions(empty_database_url)

    with ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(pool.run, one, idempotent=False) for _ in range(64)]
        assert [future.result() for future in futures] == [(1,)] * 64


def test_idempotent_work_whose_connection_breaks_runs_once_more(pool: Database, empty_database_url: str) -> None:
    runs: list[int] = []

    assert pool.run(die_under(empty_database_url, 1, runs), idempotent=True) == (1,)
    assert runs == [1, 2]


def test_idempotent_work_runs_no_third_time(pool: Database, empty_database_url: str) -> None:
    runs: list[int] = []

    with pytest.raises(StorageOutcomeUnknown, match=r"terminating connection|closed"):
        pool.run(die_under(empty_database_url, 9, runs), idempotent=True)
    assert runs == [1, 2]


def test_other_work_whose_connection_breaks_is_not_repeated(pool: Database, empty_database_url: str) -> None:
    runs: list[int] = []

    with pytest.raises(StorageOutcomeUnknown):
        pool.run(die_under(empty_database_url, 1, runs), idempotent=False)
    assert runs == [1]
    assert pool.run(one, idempotent=False) == (1,)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A server that only these tests use, so that they may restart it."""
    with reachable_folder() as folder:
        embedded = embedded_postgres(folder / "pg")
        embedded.start()
        yield embedded
        embedded.stop()


@pytest.fixture
def on_server(server: EmbeddedPostgres) -> Iterator[Database]:
    with closing(Database(server.start(), checkout_timeout=timedelta(seconds=1))) as database:
        database.open()
        yield database


def test_a_restart_between_two_calls_goes_unnoticed(server: EmbeddedPostgres, on_server: Database) -> None:
    fill(on_server, 10)
    server.stop()
    url = server.start()

    took = seconds_of(lambda: on_server.in_a_hurry(PATIENCE).run(one, idempotent=False))
    assert took < A_SECOND + busyness(url)


def test_back_within_a_second_after_an_outage(
    server: EmbeddedPostgres, on_server: Database, caplog: pytest.LogCaptureFixture
) -> None:
    fill(on_server, 10)
    caplog.set_level(logging.WARNING, logger=Database.__module__)
    server.stop()
    for _ in range(2):  # long enough for psycopg_pool's own pauses to exceed a second
        with pytest.raises(StorageUnavailable, match="cannot connect to database 'boostmon' at") as refused:
            on_server.run(one, idempotent=True)
        assert "after 1.00 sec" not in refused.value.reason  # why, and not how long it took not to hear it
    url = server.start()

    took = seconds_of(lambda: on_server.in_a_hurry(PATIENCE).run(one, idempotent=False))
    assert took < A_SECOND + busyness(url)
    unreachable, back = (r.getMessage() for r in caplog.records if r.name == Database.__module__)
    assert unreachable.startswith("PostgreSQL cannot be reached: database 'boostmon' at")
    assert back.startswith("PostgreSQL is back after")


def test_a_caller_that_waits_through_the_outage_is_served(
    server: EmbeddedPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    patient = Database(server.start(), pool_max=2, checkout_timeout=timedelta(seconds=60))
    with closing(patient) as database:
        database.open()
        server.stop()
        with ThreadPoolExecutor() as threads:
            waiting = threads.submit(database.run, one, idempotent=False)
            eventually(lambda: caplog.text.count("error connecting") >= 8)
            url = server.start()

            assert seconds_of(waiting.result) < A_SECOND + busyness(url)
            assert waiting.result() == (1,)


def test_opening_waits_for_a_server_that_starts_later(
    server: EmbeddedPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Database(server.start())) as database:
        server.stop()
        with ThreadPoolExecutor() as threads:
            opening = threads.submit(database.open, timedelta(seconds=60))
            eventually(lambda: "Waiting for PostgreSQL" in caplog.text)
            url = server.start()

            assert seconds_of(opening.result) < A_SECOND + busyness(url)
        assert database.run(one, idempotent=True) == (1,)

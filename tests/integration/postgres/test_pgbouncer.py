"""Behind PgBouncer in transaction mode everything works, and no session of the server is left changed."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.listener import DueListener
from boostmon.adapters.postgres.migrator import Migrator
from boostmon.adapters.postgres.sessions import Connection
from boostmon.app.errors import StorageTimeout
from tests.contracts.guild_policies import GuildPoliciesContract
from tests.contracts.obstacles import ObstaclesContract
from tests.contracts.outbox import OutboxContract
from tests.contracts.timer_changes import TimerChangesContract
from tests.contracts.timer_claims import TimerClaimsContract
from tests.support.logging_fixtures import warned_of
from tests.support.pgbouncer import SESSIONS, pgbouncer
from tests.support.postgres import Server, cloned_database, end_other_sessions, url_of
from tests.support.postgres_world import PostgresWorld

PATIENCE = 30.0
SEEN = """
    SELECT current_setting('statement_timeout'), current_setting('client_connection_check_interval'),
        (SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql), (SELECT count(*) FROM pg_listening_channels())
"""


def behind(pooler: Server, database: str) -> str:
    return url_of(host=pooler.host, port=pooler.port, user=pooler.user, dbname=database)


@pytest.fixture(scope="module")
def shared_world(postgres_server: Server, migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with (
        cloned_database(migrated_template, "pooled"),
        pgbouncer(postgres_server) as pooler,
        closing(Database(behind(pooler, "pooled"))) as database,
    ):
        database.open()
        yield PostgresWorld(database)


@pytest.fixture
def world(shared_world: PostgresWorld) -> PostgresWorld:
    shared_world.empty()
    return shared_world


class TestChanges(TimerChangesContract):
    pass


class TestClaims(TimerClaimsContract):
    pass


class TestOutbox(OutboxContract):
    pass


class TestObstacles(ObstaclesContract):
    pass


class TestPolicies(GuildPoliciesContract):
    pass


@pytest.fixture
def pooled_url(postgres_server: Server, empty_database_url: str) -> Iterator[str]:
    del empty_database_url  # it is the one below; a pooler would not forgive that it comes and goes
    with pgbouncer(postgres_server) as pooler:
        yield behind(pooler, "test_empty")


@pytest.fixture
def database(pooled_url: str) -> Iterator[Database]:
    with closing(
        Database(pooled_url, pool_min=4, pool_max=8, statement_timeout=timedelta(milliseconds=300))
    ) as database:
        database.open()
        yield database


def settings_of_sessions(url: str) -> list[tuple[object, ...]]:
    """As a client sees them that changes none of its own."""
    with psycopg.connect(url, autocommit=True) as stranger:
        return [stranger.execute(SEEN).fetchone() or () for _ in range(2 * SESSIONS)]


def test_it_is_noticed_and_told_once(
    pooled_url: str, empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with closing(Database(pooled_url, pool_min=4)) as pooled, closing(Database(empty_database_url)) as direct:
        pooled.open()
        direct.open()

        assert pooled.is_pooled
        assert not direct.is_pooled
    assert len([message for message in caplog.messages if message.startswith("A pooler stands")]) == 1


def test_many_clients_repeat_statements_on_few_sessions(database: Database) -> None:
    def work(connection: Connection) -> object:
        return connection.execute("SELECT %s::int", (1,)).fetchone()

    with ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(database.run, work, idempotent=False) for _ in range(200)]
        assert {future.result() for future in futures} == {(1,)}


def test_nothing_is_left_in_sessions(database: Database, pooled_url: str) -> None:
    for _ in range(20):
        database.run(lambda c: c.execute("SELECT %s::int", (1,)).fetchone(), idempotent=True)

    assert {row[0] for row in settings_of_sessions(pooled_url)} == {"0"}
    assert {row[2:] for row in settings_of_sessions(pooled_url)} == {(0, 0)}


def test_the_time_zone_stays_ours_beside_a_client_with_another(database: Database, pooled_url: str) -> None:
    with psycopg.connect(pooled_url, autocommit=True) as stranger:
        stranger.execute("SET TimeZone TO 'Asia/Tokyo'")
        for _ in range(4):
            stranger.execute("SELECT 1")
            assert database.run(lambda c: c.execute("SHOW TimeZone").fetchone(), idempotent=True) == ("UTC",)
        assert stranger.execute("SHOW TimeZone").fetchone() == ("Asia/Tokyo",)


def test_a_long_statement_is_cancelled_all_the_same(database: Database) -> None:
    with pytest.raises(StorageTimeout, match="57014"):
        database.run(lambda c: c.execute("SELECT pg_sleep(60)"), idempotent=True)

    assert database.run(lambda c: c.execute("SELECT 1").fetchone(), idempotent=True) == (1,)


def test_sessions_that_the_server_ended_are_replaced(database: Database, empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(
            threads.map(lambda _: database.run(lambda c: c.execute("SELECT 1").fetchone(), idempotent=True), range(20))
        )
    end_other_sessions(empty_database_url)

    assert database.run(lambda c: c.execute("SELECT 1").fetchone(), idempotent=True) == (1,)


def test_migrations_run_through_it(pooled_url: str) -> None:
    applied = Migrator(pooled_url).apply()

    assert applied
    assert Migrator(pooled_url).apply() == []
    assert {row[1] for row in settings_of_sessions(pooled_url)} == {"0"}


def test_two_migrators_at_once_share_the_work(pooled_url: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(lambda _: Migrator(pooled_url).apply(), range(2))

    assert len(one) + len(other) == len({migration.version for migration in (*one, *other)}) > 0


def test_nobody_listens_through_it(pooled_url: str, caplog: pytest.LogCaptureFixture) -> None:
    rung = threading.Event()
    listener = DueListener(lambda: pooled_url, rung.set)
    listener.start()

    assert listener.join(PATIENCE), "it ends by itself"

    assert not rung.is_set()
    [message] = warned_of(caplog)
    assert "DATABASE_DIRECT_URL" in message
    assert {row[3] for row in settings_of_sessions(pooled_url)} == {0}

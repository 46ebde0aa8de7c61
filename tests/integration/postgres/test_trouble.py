"""A database in trouble: what a caller in a hurry hears and when, and that all recovers by itself."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.sessions import Connection
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.app.changing.changes import Committer, Plan, Target
from boostmon.app.errors import (
    StorageBusy,
    StorageOutcomeUnknown,
    StorageReadOnly,
    StorageTimeout,
    StorageUnavailable,
)
from boostmon.app.ports import Basis, Change
from boostmon.domain.ledger import Action
from boostmon.domain.transitions import extend
from boostmon.entrypoints.storage import COMMAND_PATIENCE
from tests.support.postgres import Server, cloned_database, url_of
from tests.support.processes import eventually
from tests.support.proxy import Proxy, proxied
from tests.support.stage import CountingAlarm
from tests.support.stopwatch import busyness, seconds_of
from tests.support.timers import DAY, HOUR, KEY, NOW, POLICY, asked, change, key, running

PROMISED = 3.0
"""Seconds within which a command hears."""
PATIENCE = timedelta(milliseconds=300)
SECONDS_LATER = 1.5
"""Within so many seconds more; a hanging server is given two pauses of 0.4 s."""


def one(connection: Connection) -> object:
    return connection.execute("SELECT 1").fetchone()


def refused(act: Callable[[], object], kind: type[StorageUnavailable], match: str) -> float:
    """Seconds until it was refused like that."""

    def refuse() -> None:
        with pytest.raises(kind, match=match):
            act()

    return seconds_of(refuse)


def test_what_a_command_waits_fits_into_the_promise() -> None:
    assert COMMAND_PATIENCE.total_seconds() + 2 * 0.4 < PROMISED


@pytest.mark.timeout(60)
def test_a_full_pool_refuses_a_caller_in_a_hurry_soon(empty_database_url: str) -> None:
    with closing(Database(empty_database_url, pool_min=1, pool_max=1)) as database:
        database.open()
        with ThreadPoolExecutor(1) as threads:
            sleeper = threads.submit(database.run, lambda c: c.execute("SELECT pg_sleep(4)"), idempotent=True)
            eventually(lambda: database._pool.get_stats().get("pool_available") == 0)
            hurried = database.in_a_hurry(PATIENCE)

            took = refused(lambda: hurried.run(one, idempotent=True), StorageBusy, "in use")
            assert took < 0.3 + SECONDS_LATER + busyness(empty_database_url)
            sleeper.result()


def test_a_slow_statement_is_cancelled_for_a_caller_in_a_hurry_and_for_no_other(
    database: Database, database_url: str
) -> None:
    hurried = database.in_a_hurry(PATIENCE)

    def slow(connection: Connection) -> object:
        return connection.execute("SELECT pg_sleep(1), 'done'").fetchone()

    took = refused(lambda: hurried.run(slow, idempotent=True), StorageTimeout, "57014")
    assert took < 0.3 + SECONDS_LATER + busyness(database_url)
    assert database.in_a_hurry(timedelta(seconds=30)).run(one, idempotent=True) == (1,)
    assert database.run(slow, idempotent=True) == ("", "done")
    [(left,)] = database.run(
        lambda c: c.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' "
            "AND pid <> pg_backend_pid()"
        ).fetchall(),
        idempotent=True,
    )
    assert left == 0


@pytest.fixture
def proxy_and_url(postgres_server: Server, migrated_template: NoopExecutor) -> Iterator[tuple[Proxy, str]]:
    with (
        cloned_database(migrated_template, "proxied"),
        proxied(postgres_server) as (proxy, way),
    ):
        yield proxy, url_of(host=way.host, port=way.port, user=way.user, dbname="proxied")


@pytest.fixture
def proxy(proxy_and_url: tuple[Proxy, str]) -> Proxy:
    return proxy_and_url[0]


@pytest.fixture
def timers(proxy_and_url: tuple[Proxy, str]) -> Iterator[PostgresTimers]:
    with closing(Database(proxy_and_url[1], pool_min=1)) as database:
        database.open()
        yield PostgresTimers(database)


@pytest.mark.parametrize("hurried", [True, False])
def test_a_server_that_hangs_is_given_up(proxy_and_url: tuple[Proxy, str], hurried: bool) -> None:
    proxy, url = proxy_and_url
    with closing(Database(url, pool_min=1, statement_timeout=PATIENCE)) as database:
        database.open()
        sessions = database.in_a_hurry(PATIENCE) if hurried else database
        sessions.run(one, idempotent=True)  # so that a connection lies ready
        proxy.freeze()

        took = refused(lambda: sessions.run(one, idempotent=False), StorageOutcomeUnknown, "no answer in time")

        proxy.thaw()
        assert took < 0.3 + 1 + SECONDS_LATER + busyness(url)
        assert database.run(one, idempotent=True) == (1,)


@pytest.mark.parametrize("kind", ["start", "replace", "delete"])
def test_a_commit_whose_result_was_lost_is_repeated_and_applied_once(
    proxy: Proxy, timers: PostgresTimers, kind: str
) -> None:
    before = None if kind == "start" else timers.commit(change(None, running(HOUR)))
    after = None if kind == "delete" else running(DAY)
    proxy.cut_after(b"INSERT INTO boostmon.ledger")

    stored = timers.commit(change(before, after, request=7))

    assert proxy.cuts == 1
    assert stored == timers.get(KEY)
    assert (stored is None) == (kind == "delete")
    assert ledger(timers) == (1 if kind == "start" else 2)


def test_a_command_whose_commit_was_lost_adds_its_time_once(proxy: Proxy, timers: PostgresTimers) -> None:
    stored = timers.commit(change(None, running(HOUR)))
    assert stored is not None
    proxy.cut_after(b"INSERT INTO boostmon.ledger")

    def an_hour_more(basis: Basis) -> Plan:
        [timer] = basis.timers
        return Plan(KEY, timer, extend(timer, HOUR, now=NOW, policy=POLICY), basis.policy)

    done = Committer(timers, CountingAlarm()).change(
        Target(KEY.guild, KEY.user), Action.ADD, an_hour_more, asked=asked(request=8)
    )

    assert proxy.cuts == 1
    left = timers.get(KEY)
    assert left is not None
    assert left == done.after
    assert left.remaining(NOW) == 2 * HOUR
    assert ledger(timers) == 2


def test_a_change_without_a_request_is_not_repeated_when_its_result_was_lost(
    proxy: Proxy, timers: PostgresTimers
) -> None:
    proxy.cut_after(b"INSERT INTO boostmon.ledger")

    with pytest.raises(StorageOutcomeUnknown):
        timers.commit(change(None, running(HOUR)))

    assert timers.get(KEY) is not None
    assert ledger(timers) == 1


def ledger(timers: PostgresTimers) -> int:
    [(number,)] = timers._database.run(
        lambda c: c.execute("SELECT count(*) FROM boostmon.ledger").fetchall(), idempotent=True
    )
    return int(number)


def test_a_read_only_server_answers_questions_and_takes_changes_again_by_itself(
    database: Database, database_url: str
) -> None:
    timers = PostgresTimers(database)
    stored = timers.commit(change(None, running(HOUR)))
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute("ALTER DATABASE test_migrated SET default_transaction_read_only = on")
        database._pool.drain()  # sessions begin anew, as after a failover

        assert timers.get(KEY) == stored
        for _ in range(3):
            with pytest.raises(StorageReadOnly, match="read-only at the moment"):
                timers.commit(change(stored, None))
            with pytest.raises(StorageReadOnly):
                timers.claim(NOW + HOUR, 10, HOUR)

        admin.execute("SET default_transaction_read_only = off")
        admin.execute("ALTER DATABASE test_migrated RESET default_transaction_read_only")

    recovered = lambda: commits(timers, change(stored, None))  # noqa: E731 - read where it is used
    eventually(recovered)
    assert timers.get(KEY) is None


def commits(timers: PostgresTimers, one: Change) -> bool:
    try:
        timers.commit(one)
    except StorageReadOnly:
        return False
    return True


def test_a_full_disk_is_called_that_and_recovers(database: Database, database_url: str) -> None:
    timers = PostgresTimers(database)
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute("""
            CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100';
            END $$
        """)
        admin.execute(
            "CREATE TRIGGER no_space BEFORE INSERT ON boostmon.ledger FOR EACH ROW EXECUTE FUNCTION no_space()"
        )

        with pytest.raises(StorageUnavailable, match=r"no disk space left.*53100"):
            timers.commit(change(None, running(HOUR, of=key(1))))
        assert timers.get(key(1)) is None
        assert "no disk space left" in database.take_troubles()[-1]
        assert database.take_troubles() == []

        admin.execute("DROP TRIGGER no_space ON boostmon.ledger")

    assert timers.commit(change(None, running(HOUR, of=key(1)))) is not None

"""What one process sets reaches another one's sweeper, if it is due before all others."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.listener import CHANNEL, DueListener
from boostmon.adapters.postgres.policies import PostgresPolicies
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.domain.timers import Ending, Obstacle
from boostmon.domain.transitions import extend, pause
from tests.support.patience import PATIENCE
from tests.support.postgres import end_other_sessions
from tests.support.timers import DAY, HOUR, KEY, MINUTE, NOW, POLICY, asked, change, key, running


class CountedBell:
    """Counts how often it was rung, and lets a test wait for that."""

    def __init__(self) -> None:
        self._rings = threading.Semaphore(0)

    def ring(self) -> None:
        self._rings.release()

    def heard(self, within: float = PATIENCE) -> bool:
        """Waits for one more ring."""
        return self._rings.acquire(timeout=within)


@contextmanager
def listening(url: str) -> Iterator[CountedBell]:
    bell = CountedBell()
    listener = DueListener(lambda: url, bell.ring)
    listener.start()
    try:
        assert bell.heard(), "it never listened"  # it rings when it has begun to
        yield bell
    finally:
        listener.request_stop()
        assert listener.join(PATIENCE)


@pytest.fixture
def timers(database: Database) -> PostgresTimers:
    return PostgresTimers(database)


@contextmanager
def overhearing(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield connection


def announcements(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """How many came since the last call; a notification of our own marks the end of them."""
    connection.execute("SELECT pg_notify(%s, 'end')", (CHANNEL,))
    for count, notice in enumerate(connection.notifies(timeout=PATIENCE)):
        if notice.payload == "end":
            return count
    raise AssertionError("the end never came")


def test_only_what_is_due_before_all_others_is_announced(timers: PostgresTimers, database_url: str) -> None:
    with overhearing(database_url) as connection:
        first = timers.commit(change(None, running(HOUR, of=key(1))))
        assert announcements(connection) == 1  # due in no time at all: its first warning
        assert first is not None
        timers.commit(change(None, running(DAY, of=key(2))))
        assert announcements(connection) == 0
        timers.commit(change(None, running(MINUTE, of=key(3))))
        assert announcements(connection) == 1
        third = timers.get(key(3))
        assert third is not None
        timers.commit(change(third, extend(third, HOUR, now=NOW, policy=POLICY)))
        assert announcements(connection) == 0


def test_what_is_paused_or_deleted_is_not_announced(timers: PostgresTimers, database_url: str) -> None:
    with overhearing(database_url) as connection:
        stored = timers.commit(change(None, running(HOUR)))
        assert stored is not None
        assert announcements(connection) == 1
        paused = timers.commit(change(stored, pause(stored, now=NOW)))
        assert paused is not None
        timers.commit(change(paused, None))

        assert announcements(connection) == 0


def test_what_somebody_holds_is_no_reason_to_be_silent(timers: PostgresTimers, database_url: str) -> None:
    timers.commit(change(None, running(MINUTE, of=key(1))))
    assert len(timers.claim(NOW + MINUTE, 10, timedelta(minutes=1))) == 1
    with overhearing(database_url) as connection:
        timers.commit(change(None, running(HOUR, of=key(2))))

        assert announcements(connection) == 1


def test_a_change_that_is_not_written_is_not_announced(timers: PostgresTimers, database_url: str) -> None:
    timers.commit(change(None, running(DAY), request=7))
    with overhearing(database_url) as connection:
        timers.commit(change(None, running(MINUTE), request=7))

        assert announcements(connection) == 0


def test_what_an_event_unblocks_is_announced(timers: PostgresTimers, database_url: str) -> None:
    blocked = Ending(NOW, NOW + HOUR, attempts=3, blocked_by=Obstacle.MISSING_PERMISSIONS, last_error="50013")
    timers.commit(change(None, replace(running(HOUR), state=blocked)))
    with overhearing(database_url) as connection:
        assert timers.unblock(KEY.guild, NOW) == 1
        assert announcements(connection) == 1
        assert timers.unblock(KEY.guild, NOW) == 0
        assert announcements(connection) == 0


def test_the_ending_of_a_deleted_role_is_announced(timers: PostgresTimers, database_url: str) -> None:
    timers.commit(change(None, running(DAY)))
    with overhearing(database_url) as connection:
        assert timers.end_of_role(KEY.guild, KEY.role, NOW, 10) == 1
        assert announcements(connection) == 1
        assert timers.end_of_role(KEY.guild, KEY.role, NOW, 10) == 0
        assert announcements(connection) == 0


def test_what_other_thresholds_plan_anew_is_announced(database: Database, database_url: str) -> None:
    PostgresTimers(database).commit(change(None, running(3 * HOUR)))
    with overhearing(database_url) as connection:
        changed = PostgresPolicies(database).change(
            KEY.guild, lambda policy: replace(policy, thresholds=(2 * HOUR,)), asked=asked(request=9)
        )

        assert changed.replanned == 1
        assert announcements(connection) == 1


def test_a_listener_rings(timers: PostgresTimers, database_url: str) -> None:
    with listening(database_url) as bell:
        assert not bell.heard(within=0.0)
        timers.commit(change(None, running(HOUR)))
        assert bell.heard()


def test_a_listener_whose_session_ended_listens_again(timers: PostgresTimers, database_url: str) -> None:
    with listening(database_url) as bell:
        end_other_sessions(database_url)

        assert bell.heard()  # it listens again, and something may have been missed
        timers.commit(change(None, running(HOUR)))
        assert bell.heard()


def test_a_session_that_does_not_listen_any_more_is_found_out(
    monkeypatch: pytest.MonkeyPatch, timers: PostgresTimers, database_url: str
) -> None:
    # How often it checks is no setting, and half a minute is too long for a test.
    monkeypatch.setattr("boostmon.adapters.postgres.listener._CHECK", 0.1)
    checked = threading.Event()
    check = DueListener._check

    def deaf(listener: DueListener, connection: psycopg.Connection[object]) -> None:
        if not checked.is_set():
            connection.execute("UNLISTEN *")
            checked.set()
        check(listener, connection)  # type: ignore[arg-type] # the same connection

    monkeypatch.setattr(DueListener, "_check", deaf)
    with listening(database_url) as bell:
        assert checked.wait(PATIENCE)
        assert bell.heard()
        timers.commit(change(None, running(HOUR)))
        assert bell.heard()

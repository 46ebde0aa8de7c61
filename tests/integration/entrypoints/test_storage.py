"""Opening the storage sets the process's clock by the database's: a machine whose clock is wrong ends nothing early."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from boostmon.adapters.clock import SyncedClock, SystemClock
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.policies import PostgresPolicies
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.app.errors import StorageMisconfigured
from boostmon.app.ports import Clock
from boostmon.app.sweeping.sweep import Sweep
from boostmon.entrypoints.storage import PostgresStorage
from tests.support.timers import HOUR, MINUTE, SECOND, change, running


@contextmanager
def opened(url: str, clock: Clock, folder: Path) -> Iterator[PostgresStorage]:
    """The storage of a process with this clock."""
    storage = PostgresStorage(url, EmbeddedPostgres(folder), Database, wait=0 * SECOND, clock=clock)
    storage.start()
    with closing(storage):
        storage.open()
        yield storage


@pytest.mark.parametrize("off", [HOUR, -HOUR], ids=["ahead", "behind"])
def test_a_worker_whose_clock_is_off_by_an_hour_ends_what_is_due_and_nothing_else(
    database_url: str, tmp_path: Path, off: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SyncedClock(machine=lambda: SystemClock().now() + off)
    caplog.set_level(logging.WARNING)
    with opened(database_url, clock, tmp_path) as storage:
        timers, roles = PostgresTimers(storage.database), InMemoryRoleGateway()
        now = SystemClock().now()  # this machine's and the server's, which are the same
        soon = running(30 * MINUTE, at=now)
        timers.commit(change(None, soon, at=now))
        sweep = Sweep(timers, roles, clock, PostgresPolicies(storage.database))

        assert (sweep().ended, sweep().warned) == (0, 0)
        assert roles.acts == ()

        timers.commit(change(timers.get(soon.key), running(MINUTE, at=now - 1.5 * MINUTE), at=now))
        assert sweep().ended == 1
    [warning] = [message for message in caplog.messages if "clock" in message]
    assert "3600 s" in warning


def test_a_clock_that_cannot_be_set_is_left_alone(database_url: str, tmp_path: Path) -> None:
    with opened(database_url, SystemClock(), tmp_path):
        pass


def test_a_direct_way_that_cannot_be_read_stops_the_start(database_url: str, tmp_path: Path) -> None:
    storage = PostgresStorage(
        database_url,
        EmbeddedPostgres(tmp_path),
        Database,
        wait=0 * SECOND,
        clock=SystemClock(),
        direct_url="postgresql://u:p@ss:word/x",
    )

    with pytest.raises(StorageMisconfigured, match="DATABASE_DIRECT_URL"):
        storage.start()

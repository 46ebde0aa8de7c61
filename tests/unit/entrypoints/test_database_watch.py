"""What the log says of a database's health, and how often it is looked after."""

import logging

import pytest

from boostmon.app.errors import StorageUnavailable
from boostmon.entrypoints.database_watch import ROUTINE, TICK, DatabaseWatch


class WatchedDatabase:
    """A database that is well or not, and a clock."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.examined = 0
        self.problem: str | None = None
        self.troubles: list[str] = []
        self.watch = DatabaseWatch(self.examine, self.take, lambda: self.seconds)

    def examine(self) -> None:
        self.examined += 1
        if self.problem is not None:
            raise StorageUnavailable(self.problem)

    def take(self) -> list[str]:
        taken, self.troubles = self.troubles, []
        return taken

    def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds / TICK)):
            self.seconds += TICK
            self.watch.tick()


@pytest.fixture
def watched() -> WatchedDatabase:
    return WatchedDatabase()


@pytest.fixture(autouse=True)
def every_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def test_while_all_is_well_it_looks_once_a_minute_and_says_nothing(
    watched: WatchedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    watched.pass_time(10 * ROUTINE)

    assert watched.examined == 10
    assert caplog.records == []


def test_trouble_is_told_once_a_minute_and_its_end_at_once(
    watched: WatchedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    watched.problem = "cannot connect"
    watched.pass_time(ROUTINE)
    assert [(line.levelname, line.__dict__["reason"]) for line in caplog.records] == [("WARNING", "cannot connect")]
    watched.pass_time(2 * ROUTINE)
    assert [line.__dict__["seconds"] for line in caplog.records] == [0, 60, 120]

    watched.problem = None
    watched.pass_time(TICK)

    assert caplog.records[-1].levelname == "INFO"
    assert caplog.records[-1].getMessage() == "the database is well again"
    assert caplog.records[-1].__dict__["seconds"] == 125
    assert len(caplog.records) == 4


def test_what_others_met_is_trouble_though_the_examination_finds_none(
    watched: WatchedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    watched.troubles.append("no disk space left")
    watched.pass_time(TICK)
    watched.pass_time(TICK)

    assert [line.levelname for line in caplog.records] == ["WARNING", "INFO"]
    assert caplog.records[0].__dict__["reason"] == "no disk space left"


def test_when_the_connections_are_being_closed_nothing_is_told(
    watched: WatchedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    watched.watch.stop()
    watched.problem = "closed"
    watched.pass_time(ROUTINE)

    assert caplog.records == []

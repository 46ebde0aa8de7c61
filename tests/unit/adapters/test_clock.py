"""Clocks that agree with another one, whatever the machine's shows."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from boostmon.adapters.clock import SpedUpClock, SyncedClock, SystemClock, seconds_since_boot

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A machine and a database whose clocks a test moves."""

    def __init__(self) -> None:
        self.shows = NOON
        self.database = NOON
        self.seconds = 1000.0
        self.way = [0.0]
        """Seconds until the database is asked, for each question in turn; the answer takes none."""

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self.shows += timedelta(seconds=seconds)
        self.database += timedelta(seconds=seconds)

    def read_database(self) -> datetime:
        way = self.way.pop(0) if len(self.way) > 1 else self.way[0]
        self.pass_time(way)
        return self.database

    def clock(self) -> SyncedClock:
        return SyncedClock(lambda: self.shows, lambda: self.seconds)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_until_it_is_set_it_shows_the_machines_time(machine: Machine) -> None:
    assert machine.clock().now() == NOON


@pytest.mark.parametrize("off", [HOUR, -HOUR, timedelta(days=400)])
def test_it_shows_the_other_clocks_time_however_wrong_the_machines_is(machine: Machine, off: timedelta) -> None:
    clock = machine.clock()
    machine.shows += off

    assert clock.set_by(machine.read_database) == off

    assert clock.now() == NOON
    assert clock.seconds_until(NOON + HOUR) == 3600


def test_a_step_of_the_machines_clock_changes_nothing(machine: Machine) -> None:
    clock = machine.clock()
    clock.set_by(machine.read_database)

    machine.shows += HOUR
    machine.pass_time(60)

    assert clock.now() == NOON + timedelta(seconds=60)


def test_what_a_counter_loses_is_mended_when_it_is_set_again(machine: Machine) -> None:
    clock = machine.clock()
    clock.set_by(machine.read_database)
    machine.pass_time(60)
    machine.seconds -= 20  # as if the machine had been frozen for so long

    assert clock.now() == NOON + timedelta(seconds=40)
    clock.set_by(machine.read_database)

    assert clock.now() == NOON + timedelta(seconds=60)


def test_of_several_answers_the_quickest_counts(machine: Machine) -> None:
    clock = machine.clock()
    machine.way = [2.0, 0.5, 0.0]  # half of the way is taken for the way back, which is wrong here

    clock.set_by(machine.read_database)

    assert clock.now() == machine.database


def test_what_the_way_may_explain_is_no_reason_to_jump(machine: Machine) -> None:
    clock = machine.clock()
    clock.set_by(machine.read_database)
    machine.way = [0.5]
    machine.database -= timedelta(seconds=0.2)

    clock.set_by(machine.read_database)

    assert clock.now() == machine.database + timedelta(seconds=0.2)


def test_a_clock_that_cannot_be_read_leaves_it_as_it_was(machine: Machine) -> None:
    clock = machine.clock()
    machine.shows += HOUR
    clock.set_by(machine.read_database)

    def gone() -> datetime:
        raise LookupError("gone")

    with pytest.raises(LookupError):
        clock.set_by(gone)

    assert clock.now() == NOON


def test_a_wrong_machine_is_told_of_once_and_when_it_is_right_again(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = machine.clock()
    machine.shows += timedelta(seconds=2.9)
    clock.set_by(machine.read_database)
    assert caplog.messages == []

    machine.shows = machine.database - HOUR
    clock.set_by(machine.read_database)
    clock.set_by(machine.read_database)
    [warning] = caplog.messages
    assert "3600 s behind the database's" in warning

    machine.shows = machine.database
    clock.set_by(machine.read_database)
    assert caplog.messages[1:] == ["this machine's clock agrees with the database's again"]


def test_the_seconds_since_boot_never_go_back() -> None:
    first = seconds_since_boot()
    assert seconds_since_boot() >= first > 0


def test_two_sped_up_clocks_of_one_origin_agree() -> None:
    origin = SystemClock().now() - timedelta(minutes=1)
    one, other = SpedUpClock(origin, 60), SpedUpClock(origin, 60)

    first, second, third = one.now(), other.now(), one.now()

    assert origin + HOUR <= first <= second <= third
    assert 59 < one.seconds_until(one.now() + HOUR) <= 60


def test_how_long_real_time_is_by_each_clock(machine: Machine) -> None:
    clock = machine.clock()
    assert clock.after(HOUR) == clock.now() + HOUR
    before = SystemClock().now()
    assert before + HOUR <= SystemClock().after(HOUR) <= SystemClock().now() + HOUR
    fast = SpedUpClock(before, 60)
    assert fast.after(HOUR) >= before + 60 * HOUR
    assert fast.seconds_until(fast.after(HOUR)) == pytest.approx(3600, abs=5)

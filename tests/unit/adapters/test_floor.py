"""From where on due rows are looked for."""

from datetime import UTC, datetime, timedelta

from boostmon.adapters.postgres.floor import FULL_LOOK_SECONDS, LOWEST, SLACK, Floor

NOW = datetime(2026, 11, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_look_goes_back_to_the_beginning() -> None:
    assert Floor().at(NOW) == LOWEST


def test_after_a_look_it_is_where_a_change_may_still_be_written() -> None:
    floor = Floor()

    floor.raise_to(NOW + HOUR, NOW)
    assert floor.at(NOW) == NOW - SLACK
    floor.raise_to(None, NOW + HOUR)
    assert floor.at(NOW + HOUR) == NOW + HOUR - SLACK


def test_a_clock_that_is_set_back_lowers_it() -> None:
    floor = Floor()

    floor.raise_to(None, NOW)

    assert floor.at(NOW - HOUR) == LOWEST
    assert floor.at(NOW + HOUR) == NOW - SLACK


def test_a_row_that_is_still_there_is_never_below_it() -> None:
    floor = Floor()

    floor.raise_to(NOW - HOUR, NOW)

    assert floor.at(NOW) == NOW - HOUR


def test_now_and_then_everything_is_looked_at() -> None:
    seconds = Seconds()
    floor = Floor(seconds)
    seen = []
    for _ in range(5):
        floor.lower_now_and_then()
        seen.append(floor.at(NOW))
        floor.raise_to(None, NOW)
        seconds.now += FULL_LOOK_SECONDS / 2

    assert seen == [LOWEST, NOW - SLACK, LOWEST, NOW - SLACK, LOWEST]

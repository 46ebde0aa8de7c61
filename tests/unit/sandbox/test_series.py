"""When all commands of a bot are there, which registers them one by one."""

import pytest

from boostmon.sandbox.series import PAUSES, QUIET_SECONDS, Series


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.mark.parametrize("pause", [0.01, 0.4, 3.0])
def test_it_is_over_when_none_has_come_for_longer_than_they_take(pause: float) -> None:
    clock = Hand()
    series = Series(clock)

    for _ in range(8):
        clock.at += pause
        series.came()
        assert not series.is_over
        clock.at += pause
        assert not series.is_over, "the next one is just about to come"

    clock.at += max(QUIET_SECONDS, PAUSES * 2 * pause)
    assert series.is_over


def test_what_was_slow_in_an_earlier_one_is_forgotten() -> None:
    clock = Hand()
    series = Series(clock)
    clock.at += 60
    series.came()

    series.begin()
    clock.at += 0.01
    series.came()
    clock.at += QUIET_SECONDS

    assert series.is_over

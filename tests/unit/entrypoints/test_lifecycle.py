"""Stop signals: heard once, wherever they find the main thread."""

import asyncio
import signal

import pytest

from boostmon.entrypoints.lifecycle import LONGEST_STOP, STOP_SIGNALS, Stopped, StopSignal

pytestmark = pytest.mark.usefixtures("untouched_signals")


@pytest.fixture
def forced() -> list[float]:
    """The limits that were set for the stop."""
    return []


@pytest.fixture
def stop(forced: list[float]) -> StopSignal:
    listening = StopSignal(forced.append)
    listening.listen()
    return listening


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_signal_is_remembered_and_limits_what_follows(
    number: signal.Signals, stop: StopSignal, forced: list[float]
) -> None:
    assert not stop.is_set()
    signal.raise_signal(number)
    assert stop.is_set()
    assert forced == [LONGEST_STOP]
    assert LONGEST_STOP < 10
    stop.wait()  # returns at once


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_second_signal_of_the_kind_ends_the_process_as_if_nobody_listened(
    number: signal.Signals, stop: StopSignal
) -> None:
    signal.raise_signal(number)
    assert stop.is_set()
    assert signal.getsignal(number) is signal.SIG_DFL


def test_it_can_be_set_without_a_signal(stop: StopSignal, forced: list[float]) -> None:
    stop.set()
    stop.wait()
    assert stop.is_set()
    assert forced == []


def test_waiting_on_a_loop_leaves_the_loop_free(stop: StopSignal) -> None:
    async def main() -> list[str]:
        order = []

        async def signalled() -> None:
            order.append("others run")
            signal.raise_signal(signal.SIGTERM)

        await asyncio.gather(stop.wait_on_loop(), signalled())
        return [*order, "stopped"]

    assert asyncio.run(main()) == ["others run", "stopped"]


def test_a_signal_breaks_off_what_may_be_interrupted(stop: StopSignal) -> None:
    reached = []

    def work() -> None:
        with stop.interrupting():
            reached.append("before")
            signal.raise_signal(signal.SIGTERM)
            reached.append("after")

    with pytest.raises(Stopped):
        work()
    assert reached == ["before"]
    assert stop.is_set()


def test_outside_of_that_nothing_is_broken_off(stop: StopSignal) -> None:
    with stop.interrupting():
        pass
    signal.raise_signal(signal.SIGINT)
    assert stop.is_set()


def test_what_may_be_interrupted_does_not_even_begin_after_a_signal(stop: StopSignal) -> None:
    signal.raise_signal(signal.SIGTERM)
    with pytest.raises(Stopped), stop.interrupting():
        pytest.fail("it began")


def test_no_except_exception_swallows_the_interruption() -> None:
    assert not issubclass(Stopped, Exception)

"""From threads to an event loop and back."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from boostmon.adapters.discord.bridge import CalledOnLoop, LoopBridge, LoopNotRunning, settle_each

LONG = 30.0
SHORT = (0.05, 0.2, 1.0, 5.0)
"""Patience that is to run out, each time more: a busy machine may come to nothing at all in the shortest."""


class LoopThread:
    """An event loop on a thread, which can be stopped with work left over."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        runs = threading.Event()
        # A started thread is not yet a running loop: only what the loop itself does shows that it is one.
        self.loop.call_soon_threadsafe(runs.set)
        assert runs.wait(LONG)
        self.bridge = LoopBridge(lambda: self.loop)

    def stop(self) -> None:
        if self._thread.is_alive():
            self.bridge.call(_others_ended, LONG)  # cancelled ones take a few turns of the loop
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()

    def cancel_all(self) -> None:
        for task in asyncio.all_tasks(self.loop):
            task.cancel()


async def _nothing() -> None:
    pass


async def _others_ended() -> None:
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


@pytest.fixture
def running() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.stop()
    left = asyncio.all_tasks(thread.loop)
    thread.loop.close()
    assert left == set()


def test_result_comes_back_from_the_loops_thread(running: LoopThread) -> None:
    async def where() -> tuple[int, asyncio.AbstractEventLoop]:
        await asyncio.sleep(0)
        return threading.get_ident(), asyncio.get_running_loop()

    ident, loop = running.bridge.call(where, LONG)
    assert ident != threading.get_ident()
    assert loop is running.loop


def test_error_comes_back(running: LoopThread) -> None:
    async def fail() -> None:
        raise KeyError("from the loop")

    with pytest.raises(KeyError, match="from the loop"):
        running.bridge.call(fail, LONG)


def test_timeout_of_its_own_is_told_like_any_error(running: LoopThread) -> None:
    async def fail() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        running.bridge.call(fail, LONG)


def test_late_coroutine_is_cancelled(running: LoopThread) -> None:
    began, cancelled = threading.Event(), threading.Event()

    async def hang() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    for patience in SHORT:
        with pytest.raises(TimeoutError):
            running.bridge.call(hang, patience)
        if began.is_set():
            break
    assert cancelled.wait(LONG)


def test_call_that_the_loop_never_came_to_is_not_started_later(running: LoopThread) -> None:
    started = threading.Event()
    busy, free = threading.Event(), threading.Event()

    def block() -> None:
        busy.set()
        free.wait(LONG)

    async def start() -> None:
        started.set()

    running.loop.call_soon_threadsafe(block)
    assert busy.wait(LONG)
    with pytest.raises(TimeoutError):
        running.bridge.call(start, 0.05)
    free.set()
    running.bridge.call(_nothing, LONG)  # whatever was queued before has had its turn
    assert not started.is_set()


def test_refuses_the_loops_own_thread(running: LoopThread) -> None:
    async def call_inside() -> None:
        running.bridge.call(_nothing, LONG)

    with pytest.raises(CalledOnLoop):
        running.bridge.call(call_inside, LONG)


def test_refuses_the_thread_of_any_loop(running: LoopThread) -> None:
    async def call_inside() -> None:
        running.bridge.call(_nothing, LONG)

    with pytest.raises(CalledOnLoop):
        asyncio.run(call_inside())


def test_no_loop_yet() -> None:
    with pytest.raises(LoopNotRunning):
        LoopBridge(lambda: None).call(_nothing, LONG)


@pytest.mark.parametrize("closed", [False, True])
def test_loop_that_does_not_run(closed: bool) -> None:
    loop = asyncio.new_event_loop()
    if closed:
        loop.close()
    with pytest.raises(LoopNotRunning):
        LoopBridge(lambda: loop).call(_nothing, LONG)
    loop.close()


class ClosedJustNow(asyncio.SelectorEventLoop):
    """Closes between being asked whether it runs and being given work."""

    def is_running(self) -> bool:
        return self.is_closed()


def test_loop_that_closes_in_between() -> None:
    loop = ClosedJustNow()
    loop.close()
    with pytest.raises(LoopNotRunning):
        LoopBridge(lambda: loop).call(_nothing, LONG)


def test_call_cut_off_by_the_end_of_the_loop(running: LoopThread) -> None:
    async def hang() -> None:
        running.loop.call_soon(running.cancel_all)
        await asyncio.Event().wait()

    with pytest.raises(LoopNotRunning):
        running.bridge.call(hang, LONG)


def test_cut_off_while_under_way_and_from_then_on(running: LoopThread) -> None:
    bridge = LoopBridge(lambda: running.loop)

    async def hang() -> None:
        running.loop.call_soon(bridge.cut_off)
        await asyncio.Event().wait()

    with pytest.raises(LoopNotRunning):
        bridge.call(hang, LONG)
    with pytest.raises(LoopNotRunning):
        bridge.call(_nothing, LONG)


def test_many_are_settled_in_order_within_the_limit(running: LoopThread) -> None:
    at_work, most = 0, 0

    async def one(item: int) -> int:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.001 * (item % 3))
        at_work -= 1
        return item * 10

    results = settle_each(running.bridge, range(20), one, limit=4, timeout=LONG, unsettled=len)
    assert results == [item * 10 for item in range(20)]
    assert most == 4


def test_what_was_settled_in_time_counts(running: LoopThread) -> None:
    async def one(item: int) -> str:
        if item == 1:
            await asyncio.Event().wait()
        return "settled"

    results: list[str] = []
    for patience in SHORT:
        results = settle_each(running.bridge, range(3), one, limit=3, timeout=patience, unsettled="not: {}".format)
        if results.count("settled") == 2:
            break
    assert results == ["settled", "not: Discord did not answer in time", "settled"]


def test_nothing_to_settle_asks_no_loop() -> None:
    async def one(item: int) -> int:
        return item

    assert settle_each(LoopBridge(lambda: None), [], one, limit=3, timeout=LONG, unsettled=len) == []


def test_without_a_loop_nothing_is_settled() -> None:
    async def one(item: int) -> str:
        return str(item)

    results = settle_each(LoopBridge(lambda: None), [1, 2], one, limit=3, timeout=LONG, unsettled=str.upper)
    assert results == ["THE CONNECTION TO DISCORD IS NOT OPEN"] * 2

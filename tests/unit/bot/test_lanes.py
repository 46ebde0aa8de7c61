"""Threads for commands, and each server's share of them."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from boostmon.app.commands.errors import Stopping, TooManyCommands
from boostmon.entrypoints.bot.conversing import lanes as sizes
from boostmon.entrypoints.bot.conversing.lanes import Lane, Lanes
from tests.support.patience import PATIENCE

HERE, THERE = 1, 2


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


async def settle() -> None:
    """Lets everything run that is ready to."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_server_takes_its_share_of_the_threads_and_no_more() -> None:
    async def test() -> None:
        lane, may_end, begun = Lane("test", threads=4, share=2), threading.Event(), threading.Semaphore(0)

        def work() -> None:
            begun.release()
            assert may_end.wait(PATIENCE)

        ours = [asyncio.create_task(lane.run(HERE, work)) for _ in range(10)]
        try:
            for _ in range(2):
                assert await asyncio.to_thread(begun.acquire, timeout=PATIENCE)
            assert await asyncio.wait_for(lane.run(THERE, lambda: "done"), PATIENCE) == "done"
            assert not begun.acquire(blocking=False)
        finally:
            may_end.set()
        await asyncio.gather(*ours)
        lane.close()

    run(test)


def test_a_servers_commands_come_in_their_order() -> None:
    async def test() -> None:
        lane, done = Lane("test", threads=4, share=1), list[int]()
        await asyncio.gather(*(lane.run(HERE, partial(done.append, number)) for number in range(20)))
        assert done == list(range(20))
        lane.close()

    run(test)


def test_what_is_raised_is_raised_and_gives_the_place_back() -> None:
    async def test() -> None:
        lane = Lane("test", threads=1, share=1)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await lane.run(HERE, lambda: 1 // 0)
        assert await lane.run(HERE, lambda: 1) == 1
        lane.close()

    run(test)


def test_what_waits_for_a_thread_is_given_up_at_the_end() -> None:
    async def test() -> None:
        lane, begun, may_end = Lane("test", threads=1, share=9), threading.Event(), threading.Event()

        def work() -> bool:
            begun.set()
            return may_end.wait(PATIENCE)

        runs, waits = (asyncio.create_task(lane.run(HERE, work)) for _ in range(2))
        await settle()
        assert await asyncio.to_thread(begun.wait, PATIENCE)  # asked for is not begun, and would be given up as well
        lane.close()
        may_end.set()
        assert await runs is True
        with pytest.raises(asyncio.CancelledError):
            await waits

    run(test)


def test_commands_are_counted_by_server_and_in_all() -> None:
    lanes = Lanes()
    with ExitStack() as here:
        for _ in range(sizes.MOST_OF_GUILD):
            here.enter_context(lanes.service(HERE))
        with pytest.raises(TooManyCommands), lanes.service(HERE):
            pass
        with lanes.service(THERE):
            pass
    with ExitStack() as everywhere:
        for guild in range(sizes.MOST_AT_ONCE):
            everywhere.enter_context(lanes.service(100 + guild))
        with pytest.raises(TooManyCommands), lanes.service(HERE):
            pass
    with lanes.service(HERE):
        pass


async def wait(lanes: Lanes) -> None:
    """Waits until it is told to stop."""
    async with lanes.waiting():
        await asyncio.Event().wait()


def test_waits_end_when_the_bot_stops_and_none_begins_then() -> None:
    async def test() -> None:
        lanes = Lanes()
        waiting = [asyncio.create_task(wait(lanes)) for _ in range(3)]
        await settle()
        lanes.stop_waiting()
        for task in [*waiting, asyncio.create_task(wait(lanes))]:
            with pytest.raises(Stopping):
                await task

    run(test)


def test_an_end_of_patience_within_a_wait_stays_one() -> None:
    async def test() -> None:
        async with Lanes().waiting():
            raise TimeoutError

    with pytest.raises(TimeoutError):
        run(test)


def test_the_shares_leave_room_for_others() -> None:
    for threads, share in (
        (sizes.PREPARERS, sizes.PREPARERS_OF_GUILD),
        (sizes.READERS, sizes.READERS_OF_GUILD),
        (sizes.WRITERS, sizes.WRITERS_OF_GUILD),
        (sizes.LOOKUPS, sizes.LOOKUPS_OF_GUILD),
    ):
        assert 2 * share <= threads


def test_the_waits_may_be_ended_twice() -> None:
    async def test() -> None:
        lanes = Lanes()

        waiting = asyncio.create_task(wait(lanes))
        await asyncio.sleep(0)
        lanes.stop_waiting()
        await asyncio.sleep(0)
        lanes.stop_waiting()
        with pytest.raises(Stopping):
            await waiting
        lanes.close()

    run(test)

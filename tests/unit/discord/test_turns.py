"""Waiting for one's turn on an event loop."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from boostmon.adapters.discord.buckets import Told, Where
from boostmon.adapters.discord.budget import Patience, Priority
from boostmon.adapters.discord.faults import LONGEST_WAIT, Faulty
from boostmon.adapters.discord.turns import Turns
from boostmon.domain.outcomes import Held

HERE = Where("PUT", "/here", ("1",))
THERE = Where("PUT", "/there", ("1",))
LONG = Patience(bucket=60, queue=60)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


async def settle() -> None:
    """Lets everything run that is ready to."""
    for _ in range(5):
        await asyncio.sleep(0)


def not_now(task: "asyncio.Task[Any]") -> Held:
    error = task.exception()
    assert isinstance(error, Faulty)
    assert isinstance(error.fault, Held)
    return error.fault


def test_a_free_budget_lets_pass_at_once() -> None:
    async def test() -> None:
        turns = Turns()
        ticket = await turns.wait(HERE, Priority.NOTICE, LONG)
        turns.answered(ticket, None)
        turns.end(ticket)

    run(test)


def test_an_answer_lets_the_next_one_pass() -> None:
    async def test() -> None:
        turns = Turns()
        first = await turns.wait(HERE, Priority.COMMAND, LONG)
        second = asyncio.create_task(turns.wait(HERE, Priority.COMMAND, LONG))
        await settle()
        assert not second.done()  # the route's limit is to be learnt first
        turns.answered(first, Told(None, limit=5, remaining=4, reset_after=60))
        await settle()
        assert second.done()

    run(test)


def test_a_request_that_was_broken_off_lets_the_next_one_pass() -> None:
    async def test() -> None:
        turns = Turns()
        first = await turns.wait(HERE, Priority.COMMAND, LONG)
        second = asyncio.create_task(turns.wait(HERE, Priority.COMMAND, LONG))
        await settle()
        turns.end(first)
        await settle()
        assert second.done()

    run(test)


def test_waits_for_the_time_at_which_it_opens() -> None:
    async def test() -> None:
        turns, loop = Turns(), asyncio.get_running_loop()
        before = loop.time()
        turns.close(HERE, 0.1)
        await turns.wait(HERE, Priority.COMMAND, LONG)
        assert loop.time() - before >= 0.1

    run(test)


@pytest.mark.parametrize("where", [HERE, None], ids=["a route", "everything"])
def test_what_is_closed_for_long_turns_away(where: Where | None) -> None:
    async def test() -> None:
        turns = Turns()
        waiting = asyncio.create_task(turns.wait(HERE, Priority.COMMAND, LONG))
        await waiting
        second = asyncio.create_task(turns.wait(HERE, Priority.COMMAND, LONG))
        await settle()
        turns.close(where, 1e6)  # those who wait already hear of it, too
        await settle()
        assert not_now(second).after == LONGEST_WAIT
        other = asyncio.create_task(turns.wait(THERE, Priority.COMMAND, LONG))
        await settle()
        if where is None:
            assert not_now(other).after == LONGEST_WAIT
        else:
            assert other.exception() is None

    run(test)


def test_patience_ends() -> None:
    async def test() -> None:
        turns = Turns()
        await turns.wait(HERE, Priority.NOTICE, LONG)
        with pytest.raises(Faulty) as raised:
            await turns.wait(HERE, Priority.NOTICE, Patience(bucket=60, queue=0.05))
        assert raised.value.fault == Held("many requests are waiting for Discord", timedelta(seconds=0.05))

    run(test)


def test_who_is_cancelled_gives_the_turn_on() -> None:
    async def test() -> None:
        turns = Turns()
        before = await turns.wait(HERE, Priority.COMMAND, LONG)
        first = asyncio.create_task(turns.wait(HERE, Priority.COMMAND, LONG))
        await settle()
        turns.end(before)  # its turn has come, but it does not know yet
        first.cancel()
        second = asyncio.create_task(turns.wait(HERE, Priority.COMMAND, LONG))
        await settle()
        assert first.cancelled()
        assert second.done()

    run(test)


def test_one_may_wait_until_a_way_opens_without_taking_a_turn() -> None:
    async def test() -> None:
        turns = Turns()
        await turns.until_open(HERE, 0)
        first = await turns.wait(HERE, Priority.COMMAND, LONG)
        waiting = asyncio.create_task(turns.until_open(HERE, 60))
        await settle()
        assert not waiting.done()
        turns.answered(first, Told(None, limit=5, remaining=4, reset_after=60))
        await settle()
        assert waiting.done()
        assert waiting.exception() is None

    run(test)


@pytest.mark.parametrize("where", [HERE, None], ids=["a route", "everything"])
def test_nobody_waits_for_a_way_that_opens_too_late(where: Where | None) -> None:
    async def test() -> None:
        turns = Turns()
        turns.close(where, 30.0)
        with pytest.raises(Faulty) as raised:
            await turns.until_open(HERE, 10.0)
        assert isinstance(raised.value.fault, Held)
        assert timedelta(seconds=29) < raised.value.fault.after <= timedelta(seconds=30)

    run(test)


def test_patience_for_an_unknown_way_ends_too() -> None:
    async def test() -> None:
        turns = Turns()
        await turns.wait(HERE, Priority.COMMAND, LONG)
        with pytest.raises(Faulty):
            await turns.until_open(HERE, 0.05)

    run(test)


def test_who_counts_on_others_looks_again_when_they_are_done_or_never_ask() -> None:
    async def test() -> None:
        turns, others = Turns(), 1
        first = await turns.wait(HERE, Priority.COMMAND, LONG)
        turns.answered(first, Told(None, limit=2, remaining=1, reset_after=60))
        waiting = asyncio.create_task(turns.until_open(HERE, 30, lambda: others))
        await settle()
        assert not waiting.done()  # though nobody has to wait for the window's end
        others = 0
        async with asyncio.timeout(10):
            await waiting

    run(test)

"""Commands wait for Discord's limit in a queue of their server, without a thread."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from boostmon.adapters.discord.faults import Faulty, Later
from boostmon.app.changing.granting import GrantHeld
from boostmon.app.commands.errors import Stopping
from boostmon.domain.ids import GuildId, TimerKey
from boostmon.domain.outcomes import Held
from boostmon.entrypoints.bot.conversing.granting_turns import PATIENCE, GrantingTurns
from boostmon.entrypoints.bot.conversing.lanes import Lanes
from tests.support.timers import KEY

ELSEWHERE = TimerKey(GuildId(KEY.guild + 1), KEY.user, KEY.role)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


async def settle() -> None:
    """Lets everything run that is ready to."""
    for _ in range(8):
        await asyncio.sleep(0)


class Door:
    """Lets one pass each time that it is opened; where a fault is set, it turns away."""

    def __init__(self) -> None:
        self.fault: Held | Later | None = None
        self.at_door: list[tuple[GuildId, int]] = []
        self.patience: list[float] = []
        self.openings = asyncio.Semaphore(0)

    async def until_open(self, guild: GuildId, patience: float, ahead: Callable[[], int]) -> None:
        self.at_door.append((guild, ahead()))
        self.patience.append(patience)
        if self.fault is not None:
            raise Faulty(self.fault)
        await self.openings.acquire()


def test_one_of_a_server_is_at_the_door_and_those_who_passed_are_counted() -> None:
    async def test() -> None:
        door, done = Door(), asyncio.Event()
        turns = GrantingTurns(Lanes(), door.until_open)

        async def command(key: TimerKey) -> None:
            async with turns.turn(key):
                await done.wait()

        commands = [asyncio.create_task(command(KEY)) for _ in range(3)]
        await settle()
        assert door.at_door == [(KEY.guild, 0)]
        other = asyncio.create_task(command(ELSEWHERE))
        await settle()
        assert door.at_door[1:] == [(ELSEWHERE.guild, 0)]
        for _ in range(2):
            door.openings.release()
        await settle()
        # The first of here and the one of there have passed; the next of here is at the door.
        assert door.at_door[2:] == [(KEY.guild, 1)]
        for _ in range(2):
            door.openings.release()
        done.set()
        await asyncio.gather(*commands, other)
        door.at_door.clear()
        door.openings.release()
        await command(KEY)
        assert door.at_door == [(KEY.guild, 0)]

    run(test)


def test_who_is_turned_away_is_told_when_to_come_again() -> None:
    async def test() -> None:
        door = Door()
        door.fault = Held("used up", timedelta(seconds=30))
        turns = GrantingTurns(Lanes(), door.until_open)
        with pytest.raises(GrantHeld) as raised:
            async with turns.turn(KEY):
                raise AssertionError("it may not be given")
        assert (raised.value.key, raised.value.after) == (KEY, timedelta(seconds=30))
        assert door.patience[0] == pytest.approx(PATIENCE, abs=1)
        door.fault = Later("odd")
        with pytest.raises(Faulty):
            async with turns.turn(KEY):
                raise AssertionError("it may not be given")

    run(test)


def test_time_in_the_queue_counts() -> None:
    async def test() -> None:
        door, seconds = Door(), iter((0.0, 0.0, 0.0, 3.0))  # two come, the first is at the door, then the second
        turns = GrantingTurns(Lanes(), door.until_open, clock=lambda: next(seconds))

        async def command() -> None:
            async with turns.turn(KEY):
                pass

        commands = [asyncio.create_task(command()) for _ in range(2)]
        await settle()
        for _ in commands:
            door.openings.release()
        await asyncio.gather(*commands)
        assert door.patience == [PATIENCE, PATIENCE - 3]

    run(test)


def test_a_stop_ends_the_queue() -> None:
    async def test() -> None:
        lanes, door = Lanes(), Door()
        turns = GrantingTurns(lanes, door.until_open)

        async def command() -> None:
            async with turns.turn(KEY):
                raise AssertionError("it may not be given")

        commands = [asyncio.create_task(command()) for _ in range(3)]
        await settle()
        lanes.stop_waiting()
        for one in commands:
            with pytest.raises(Stopping):
                await one

    run(test)

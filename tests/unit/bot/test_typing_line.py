"""Keystrokes wait in a bounded line, in which only the newest of each person counts."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from boostmon.entrypoints.bot.conversing import typing_line
from boostmon.entrypoints.bot.conversing.typing_line import AT_ONCE, AT_ONCE_OF_GUILD, TypingLine

HERE, THERE = 1, 2


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


async def settle() -> None:
    """Lets everything run that is ready to."""
    for _ in range(8):
        await asyncio.sleep(0)


class Typing:
    """Keystrokes that stay in service until they are let go."""

    def __init__(self) -> None:
        self.line = TypingLine()
        self.served: list[tuple[int, int, str]] = []
        self.dropped: list[tuple[int, int, str]] = []
        self._serving: dict[tuple[int, int, str], asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def type(self, guild: int, person: int, text: str = "a") -> None:
        self._tasks.append(asyncio.create_task(self._one((guild, person, text))))
        await settle()

    async def _one(self, stroke: tuple[int, int, str]) -> None:
        async with self.line.turn(stroke[0], stroke[1]) as is_served:
            if not is_served:
                self.dropped.append(stroke)
                return
            self.served.append(stroke)
            self._serving[stroke] = asyncio.Event()
            await self._serving[stroke].wait()

    async def let_go(self, guild: int, person: int, text: str = "a") -> None:
        self._serving.pop((guild, person, text)).set()
        await settle()

    async def finish(self) -> None:
        while self._serving:
            await self.let_go(*next(iter(self._serving)))
        await asyncio.gather(*self._tasks)
        assert len(self.line) == 0


def test_a_newer_keystroke_takes_the_place_of_one_that_waits() -> None:
    async def test() -> None:
        typing = Typing()
        for text in ("a", "ab", "abc", "abcd"):
            await typing.type(HERE, 1, text)
        assert typing.served == [(HERE, 1, "a")]
        assert typing.dropped == [(HERE, 1, "ab"), (HERE, 1, "abc")]
        await typing.let_go(HERE, 1, "a")
        assert typing.served[1:] == [(HERE, 1, "abcd")]
        await typing.finish()

    run(test)


def test_a_server_leaves_room_for_others_and_has_its_turn_after_them() -> None:
    async def test() -> None:
        typing = Typing()
        for person in range(AT_ONCE_OF_GUILD + 3):
            await typing.type(HERE, person)
        for person in range(AT_ONCE):
            await typing.type(THERE, person)
        assert len(typing.served) == AT_ONCE
        assert len([one for one in typing.served if one[0] == HERE]) == AT_ONCE_OF_GUILD
        await typing.let_go(HERE, 0)
        assert typing.served[-1] == (HERE, AT_ONCE_OF_GUILD, "a")
        await typing.finish()
        assert len(typing.served) == AT_ONCE_OF_GUILD + 3 + AT_ONCE
        assert not typing.dropped

    run(test)


def test_where_too_many_wait_the_oldest_of_the_busiest_server_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typing_line, "MOST_WAITING", 3)

    async def test() -> None:
        typing = Typing()
        for person in range(AT_ONCE_OF_GUILD):
            await typing.type(HERE, person)
            await typing.type(THERE, person)
        await typing.type(THERE, 50)
        for person in range(50, 54):
            await typing.type(HERE, person)
        assert len(typing.line) == 3
        assert typing.dropped == [(HERE, 50, "a"), (HERE, 51, "a")]
        await typing.finish()
        assert (THERE, 50, "a") in typing.served

    run(test)


def test_nobody_is_served_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        typing = Typing()
        for person in range(AT_ONCE_OF_GUILD + 2):
            await typing.type(HERE, person)
        monkeypatch.setattr(typing_line, "STALE", -1.0)
        await typing.let_go(HERE, 0)
        assert len(typing.dropped) == 2
        await typing.finish()

    run(test)


def test_one_that_is_given_up_holds_up_nobody() -> None:
    async def test() -> None:
        typing = Typing()
        for person in range(AT_ONCE_OF_GUILD + 2):
            await typing.type(HERE, person)
        typing._tasks.pop(AT_ONCE_OF_GUILD).cancel()
        await settle()
        await typing.let_go(HERE, 0)
        assert typing.served[-1] == (HERE, AT_ONCE_OF_GUILD + 1, "a")
        await typing.finish()

    run(test)


def test_whoever_is_cancelled_leaves_no_place_behind() -> None:
    async def test() -> None:
        line, gate = TypingLine(), asyncio.Event()

        async def stroke() -> None:
            async with line.turn(HERE, 1):
                await gate.wait()

        first, second = asyncio.create_task(stroke()), asyncio.create_task(stroke())
        await settle()
        gate.set()
        for _ in range(8):  # until the second was given its place, and has not heard of it yet
            if not len(line):
                break
            await asyncio.sleep(0)
        assert len(line) == 0
        assert not second.done()
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        assert second.cancelled()
        assert not line._at_work
        assert not line._of_guild

        gate.clear()
        first, second = asyncio.create_task(stroke()), asyncio.create_task(stroke())
        await settle()
        second.cancel()
        await settle()
        assert len(line) == 0
        gate.set()
        await first

    run(test)

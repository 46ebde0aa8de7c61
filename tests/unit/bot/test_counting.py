"""Whose members are counted when."""

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest

from boostmon.app.errors import DiscordUnreachable
from boostmon.domain.ids import GuildId
from boostmon.entrypoints.bot.events.counting import CountWatch

PERIOD = 0.2


class Guilds:
    """The few things of a client that the watch uses, and what it has counted."""

    def __init__(self) -> None:
        self.heard: dict[str, Callable[[Any], Coroutine[Any, Any, None]]] = {}
        self.gone = set[int]()
        self.quiet = set[int]()
        """Without timers and rules."""
        self.counted: list[int] = []
        self.failures: list[Exception] = []
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.watch = CountWatch(cast("Any", self), self._count, lambda guild: guild not in self.quiet, every=PERIOD)

    def add_listener(self, listener: Callable[[Any], Coroutine[Any, Any, None]], event: str) -> None:
        self.heard[event] = listener

    def get_guild(self, guild: int) -> object:
        return None if guild in self.gone else object()

    async def comes(self, guild: int) -> None:
        await self.heard["on_guild_available"](SimpleNamespace(id=guild))

    def _count(self, guild: GuildId) -> None:
        self.counted.append(guild)
        self._loop.call_soon_threadsafe(self._changed.set)
        if self.failures:
            raise self.failures.pop(0)

    async def until(self, number: int) -> None:
        """So many counts."""
        async with asyncio.timeout(30):
            while len(self.counted) < number:
                await self._changed.wait()
                self._changed.clear()


def at(share: float) -> int:
    """A guild whose turn is after that share of the time."""
    return round(share * 1_000) << 22


def test_each_guild_has_its_turn_once_in_the_time_and_at_its_moment() -> None:
    async def play() -> None:
        guilds = Guilds()
        for share in (0.75, 0.25, 0.5):
            await guilds.comes(at(share))
            await guilds.comes(at(share))  # as after a new session
        await guilds.until(6)

        assert guilds.counted[:6] == [at(0.25), at(0.5), at(0.75)] * 2
        guilds.watch.close()

    asyncio.run(play())


def test_one_that_is_gone_or_has_nothing_to_count_is_passed_over() -> None:
    async def play() -> None:
        guilds = Guilds()
        guilds.gone, guilds.quiet = {at(0.25)}, {at(0.5)}
        for share in (0.25, 0.5, 0.75):
            await guilds.comes(at(share))
        await guilds.until(1)
        guilds.quiet.clear()
        await guilds.until(3)

        assert guilds.counted[:3] == [at(0.75), at(0.5), at(0.75)]
        guilds.watch.close()

    asyncio.run(play())


@pytest.mark.parametrize("failure", [DiscordUnreachable("503"), ZeroDivisionError()])
def test_a_failure_costs_a_guild_its_turn_and_no_other(failure: Exception, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        guilds = Guilds()
        guilds.failures = [failure]
        for share in (0.25, 0.5):
            await guilds.comes(at(share))
        await guilds.until(3)

        assert guilds.counted[:3] == [at(0.25), at(0.5), at(0.25)]
        guilds.watch.close()

    asyncio.run(play())
    assert "counting members failed" in caplog.text


def test_once_closed_it_counts_no_more() -> None:
    async def play() -> None:
        guilds = Guilds()
        guilds.watch.close()
        await guilds.comes(at(0))
        guilds.watch.close()
        await asyncio.sleep(PERIOD)

        assert guilds.counted == []

    asyncio.run(play())

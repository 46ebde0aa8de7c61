"""Commands that give a role begin when Discord's limit would let it be given; until then they wait without a thread.

Discord limits how many roles may be given in a server. Without this, commands of a server at its limit would wait in
threads, each with a timer stored that is then put back.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from boostmon.adapters.discord.faults import Faulty
from boostmon.app.changing.granting import GrantHeld
from boostmon.domain.ids import GuildId, TimerKey
from boostmon.domain.outcomes import Held
from boostmon.entrypoints.bot.conversing.lanes import Lanes, Places

PATIENCE = 10.0
"""Seconds that a command waits for Discord's limit; then its asker is told when to try again."""

type UntilOpen = Callable[[GuildId, float, Callable[[], int]], Awaitable[None]]
"""Returns when a role may be given in a server, or raises `Faulty` where that takes longer than so many seconds. The
last argument says how many others are about to give one."""


class GrantingTurns:
    """One queue for each server, whose first waits at the door. For one event loop.

    Everybody has the same patience, so that of the first ends first: nobody behind waits for longer than their own,
    but for a queue that moves.
    """

    def __init__(self, lanes: Lanes, until_open: UntilOpen, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._lanes = lanes
        self._until_open = until_open
        self._clock = clock
        self._doors = Places(1)
        self._passed: Counter[GuildId] = Counter()

    @asynccontextmanager
    async def turn(self, key: TimerKey) -> AsyncIterator[None]:
        """Is entered when the role may be given.

        Raises:
            GrantHeld: it may not within `PATIENCE`.
            Stopping: the bot stops.
        """
        await self._pass(key)
        try:
            yield
        finally:
            self._passed[key.guild] -= 1
            if not self._passed[key.guild]:
                del self._passed[key.guild]

    async def _pass(self, key: TimerKey) -> None:
        deadline = self._clock() + PATIENCE
        try:
            async with self._lanes.waiting(), self._doors.place(key.guild):
                await self._until_open(key.guild, deadline - self._clock(), lambda: self._passed[key.guild])
                self._passed[key.guild] += 1
        except Faulty as error:
            if not isinstance(error.fault, Held):
                raise
            raise GrantHeld(key, error.fault.after) from None

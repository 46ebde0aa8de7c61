"""Direct messages: opening them slowly, and remembering who takes none.

Discord restricts a bot that opens many of them quickly, which is just what warnings to many members look like.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import nextcord

from boostmon.adapters.discord.faults import (
    CANNOT_SEND_TO_USER,
    CLOSED_DMS,
    DM_PAUSE,
    OPENING_DMS_TOO_FAST,
    UNKNOWN_CHANNEL,
    Faulty,
    NotNow,
    Refused,
)
from boostmon.adapters.discord.recent import Recent
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.domain.ids import ChannelId, UserId

_DAY = 24 * 60 * 60.0
_REMEMBERED = 10_000
"""Members; a few megabytes at most."""
LONGEST_QUEUE = 1.0
"""Seconds that an opening may wait for its turn; beyond it the outbox plans the notice again."""
LONGEST_SPREAD = 60.0
"""Seconds over which those who are sent away are spread: nobody comes back later because many came before."""


class DirectMessages:
    """Writes to members. To be used on the client's loop only.

    `pace` is the least number of seconds between two openings; writing to a channel that is open already does not
    wait. Closed direct messages are remembered for a day, during which Discord isn't asked again.
    """

    def __init__(self, rest: DiscordRest, *, pace: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest = rest
        self._pace = pace
        self._clock = clock
        self._next_opening = float("-inf")
        self._next_return = float("-inf")
        self._paused_until = float("-inf")
        self._channels: Recent[UserId, ChannelId] = Recent(_REMEMBERED, 7 * _DAY, clock)
        self._closed: Recent[UserId, str] = Recent(_REMEMBERED, _DAY, clock)

    async def send(self, user: UserId, message: dict[str, Any], nonce: str) -> None:
        """Sends a message; raises as `DiscordRest` does, and `Faulty` where the answer is known beforehand."""
        if (closed := self._closed.get(user)) is not None:
            raise Faulty(Refused(403, CANNOT_SEND_TO_USER, closed))
        try:
            await self._send(user, message, nonce)
        except nextcord.HTTPException as error:
            if error.code in CLOSED_DMS:
                self._closed.put(user, f"takes no direct messages (error {error.code})")
            if error.code == OPENING_DMS_TOO_FAST:
                self._paused_until = self._clock() + DM_PAUSE.total_seconds()
            raise

    async def _send(self, user: UserId, message: dict[str, Any], nonce: str) -> None:
        known = self._channels.get(user)
        try:
            await self._rest.send(known or await self._open(user), message, nonce)
        except nextcord.NotFound as error:
            if known is None or error.code != UNKNOWN_CHANNEL:
                raise
            self._channels.forget(user)
            await self._rest.send(await self._open(user), message, nonce)

    async def _open(self, user: UserId) -> ChannelId:
        await self._turn()
        channel = await self._rest.open_dm(user)
        self._channels.put(user, channel)
        return channel

    async def _turn(self) -> None:
        now = self._clock()
        if now < self._paused_until:
            raise Faulty(NotNow("direct messages were opened too fast", timedelta(seconds=self._paused_until - now)))
        wait = max(self._next_opening - now, 0.0)
        if wait > LONGEST_QUEUE:
            raise Faulty(NotNow("many direct messages are waiting to be opened", self._return(now)))
        self._next_opening = now + wait + self._pace
        await asyncio.sleep(wait)

    def _return(self, now: float) -> timedelta:
        """When one who is sent away is to come back: one after the other, at the pace of the openings."""
        if not self._next_opening <= self._next_return <= now + LONGEST_SPREAD:
            self._next_return = self._next_opening
        after = self._next_return - now
        self._next_return += self._pace
        return timedelta(seconds=after)

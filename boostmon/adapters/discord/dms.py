"""Direct messages: opens them slowly, and remembers who accepts none.

Discord restricts a bot that opens many of them quickly, which is just what warnings to many members look like.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import nextcord

from boostmon.adapters.discord.faults import (
    CLOSED_DMS,
    DM_PAUSE,
    OPENING_DMS_TOO_FAST,
    UNKNOWN_CHANNEL,
    Faulty,
    Refused,
)
from boostmon.adapters.discord.openings import Openings
from boostmon.adapters.discord.recent import Recent
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.domain.ids import ChannelId, GuildId, UserId
from boostmon.domain.outcomes import Held

_DAY = 24 * 60 * 60.0
_REMEMBERED = 10_000
"""Members; a few megabytes at most."""
_MANY_WAIT = "many direct messages are waiting to be opened"
_TOO_FAST = "direct messages were opened too fast"


class DirectMessages:
    """Writes to members. To be used on the client's loop only.

    `pace` is the least number of seconds between two openings; writing to a channel that is open already does not
    wait. Closed direct messages are remembered for a day, during which Discord isn't asked again.
    """

    def __init__(self, rest: DiscordRest, *, pace: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest = rest
        self._clock = clock
        self._openings = Openings(pace, clock)
        self._paused_until = float("-inf")
        self._channels: Recent[UserId, ChannelId] = Recent(_REMEMBERED, 7 * _DAY, clock)
        self._closed: Recent[UserId, Refused] = Recent(_REMEMBERED, _DAY, clock)

    def held(self, members: Sequence[tuple[GuildId, UserId]]) -> list[Held | None]:
        """Which of these could not be written to now, one after the other, and for how long; asks nobody."""
        now = self._clock()
        if (pause := self._paused_until - now) > 0:
            paused = Held(_TOO_FAST, timedelta(seconds=pause))
            return [None if self._is_known(user) else paused for _, user in members]
        to_open = [guild for guild, user in members if not self._is_known(user)]
        goes = iter(self._openings.would_go(to_open))
        return [None if self._is_known(user) or next(goes) else self._sent_away(guild) for guild, user in members]

    async def send(self, guild: GuildId, user: UserId, message: dict[str, Any], nonce: str) -> None:
        """Sends a message about a guild; raises as `DiscordRest` does, and `Faulty` for what is known beforehand."""
        if (closed := self._closed.get(user)) is not None:
            raise Faulty(closed)
        try:
            await self._send(guild, user, message, nonce)
        except nextcord.HTTPException as error:
            if error.code in CLOSED_DMS:
                why = f"takes no direct messages (error {error.code})"
                self._closed.put(user, Refused(error.status, error.code, why))
            if error.code == OPENING_DMS_TOO_FAST:
                self._paused_until = self._clock() + DM_PAUSE.total_seconds()
            raise

    async def _send(self, guild: GuildId, user: UserId, message: dict[str, Any], nonce: str) -> None:
        known = self._channels.get(user)
        try:
            await self._rest.send(known or await self._open(guild, user), message, nonce)
        except nextcord.NotFound as error:
            if known is None or error.code != UNKNOWN_CHANNEL:
                raise
            self._channels.forget(user)
            await self._rest.send(await self._open(guild, user), message, nonce)

    async def _open(self, guild: GuildId, user: UserId) -> ChannelId:
        await self._turn(guild)
        channel = await self._rest.open_dm(user)
        self._channels.put(user, channel)
        return channel

    async def _turn(self, guild: GuildId) -> None:
        self._require_no_pause()
        wait = self._openings.take(guild)
        if wait is None:
            raise Faulty(self._sent_away(guild))
        await asyncio.sleep(wait)
        self._require_no_pause()  # Discord may have called an opening too fast meanwhile

    def _require_no_pause(self) -> None:
        pause = self._paused_until - self._clock()
        if pause > 0:
            raise Faulty(Held(_TOO_FAST, timedelta(seconds=pause)))

    def _sent_away(self, guild: GuildId) -> Held:
        return Held(_MANY_WAIT, timedelta(seconds=self._openings.come_back(guild)))

    def _is_known(self, user: UserId) -> bool:
        """Whether nothing has to be opened: there is a channel, or none can be had."""
        return self._channels.get(user) is not None or self._closed.get(user) is not None

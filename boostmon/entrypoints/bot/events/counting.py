"""Has each guild's members counted by role now and then: roles may change hands without anybody hearing of it."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import nextcord

from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId

_log = logging.getLogger(__name__)

_SPREAD = 1_000
_BITS_BELOW = 22
"""Of an id, below the moment at which it was made."""


class CountWatch:
    """Deals with one guild after the other, each once in `every` seconds. For the client's loop only.

    Guilds come at a moment of their own, so that they are spread over that time, and after a restart, too.
    """

    def __init__(
        self,
        client: nextcord.Client,
        reconcile: Callable[[GuildId], object],
        matters: Callable[[GuildId], bool],
        *,
        every: float,
    ) -> None:
        self._client = client
        self._reconcile, self._matters = reconcile, matters
        self._every = every
        self._due: dict[GuildId, float] = {}
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        for event in ("on_guild_join", "on_guild_available"):
            client.add_listener(self._guild_came, event)

    def close(self) -> None:
        """Counts no more."""
        if self._task is not None:
            self._task.cancel()

    async def _guild_came(self, guild: nextcord.Guild) -> None:
        came = GuildId(guild.id)
        if came in self._due:
            return
        share = (guild.id >> _BITS_BELOW) % _SPREAD / _SPREAD
        self._due[came] = self._loop.time() + share * self._every
        self._news.set()  # it may be due before the one that is waited for
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._count_all())

    async def _count_all(self) -> None:
        while self._due:
            self._news.clear()
            guild, due = min(self._due.items(), key=lambda item: item[1])
            if await self._is_news_before(due):
                continue
            self._due[guild] = max(due + self._every, self._loop.time())
            if self._client.get_guild(guild) is None:
                del self._due[guild]
            elif self._matters(guild):
                await self._count(guild)

    async def _is_news_before(self, due: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due):
                return await self._news.wait()
        return False

    async def _count(self, guild: GuildId) -> None:
        try:
            await asyncio.to_thread(self._reconcile, guild)
        except BoostMonError as error:
            _log.warning("counting members failed", extra={"guild": guild, "error": str(error)})
        except Exception:  # noqa: BLE001 - whatever it was, the other guilds are counted, too
            _log.exception("counting members failed", extra={"guild": guild})

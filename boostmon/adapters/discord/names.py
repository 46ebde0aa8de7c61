"""Names of roles and guilds, for direct messages, where Discord does not resolve mentions of them."""

import asyncio
import logging
from collections.abc import Callable
from weakref import WeakValueDictionary

import nextcord

from boostmon.adapters.discord.faults import Faulty, NotNow, fault_of
from boostmon.adapters.discord.recent import Recent
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.texts.notices import NO_NAMES, Names

_log = logging.getLogger(__name__)

_REMEMBERED = 10_000
_TEN_MINUTES = 600.0


class NameLookup:
    """Finds names in the client's cache, else asks Discord, and remembers its answer for ten minutes.

    A client without a gateway connection has an empty cache. To be used on the client's loop only.
    """

    def __init__(self, client: Callable[[], nextcord.Client | None], rest: DiscordRest) -> None:
        self._client = client
        self._rest = rest
        self._asked: Recent[tuple[GuildId, RoleId], Names] = Recent(_REMEMBERED, _TEN_MINUTES)
        self._locks: WeakValueDictionary[GuildId, asyncio.Lock] = WeakValueDictionary()

    async def names(self, key: TimerKey) -> Names:
        """What is known. A notice without names is better than none, but it can wait for a limit to open.

        Raises:
            Faulty: a limit is used up (`NotNow`).
        """
        client = self._client()
        guild = client.get_guild(key.guild) if client is not None else None
        if guild is not None:
            role = guild.get_role(key.role)
            return Names(role=role.name if role is not None else None, guild=guild.name)
        # Many notices of one guild come at once: the first one asks.
        async with self._locks.setdefault(key.guild, asyncio.Lock()):
            known = self._asked.get((key.guild, key.role))
            if known is None:
                known = await self._ask(key)
                self._asked.put((key.guild, key.role), known)
            return known

    async def _ask(self, key: TimerKey) -> Names:
        try:
            guild = await self._rest.guild(key.guild)
            roles = {int(role["id"]): str(role["name"]) for role in guild["roles"]}
            return Names(role=roles.get(key.role), guild=str(guild["name"]))
        except Exception as error:
            fault = fault_of(error)
            if isinstance(fault, NotNow):
                raise Faulty(fault) from error
            _log.info("names not found", extra={"timer": key, "error": fault or repr(error)})
            return NO_NAMES

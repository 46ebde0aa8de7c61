"""What guilds and their roles are called, for direct messages, where mentions mean nothing; and a guild's language."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from weakref import WeakValueDictionary

import nextcord

from boostmon.adapters.discord.faults import Faulty, Refused, fault_of
from boostmon.adapters.discord.recent import Recent
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.languages import Language
from boostmon.domain.outcomes import Held
from boostmon.texts.notices import NO_NAMES, Names

_log = logging.getLogger(__name__)

_REMEMBERED = 10_000
_TEN_MINUTES = 600.0
_MINUTE = 60.0


class NameLookup:
    """Finds names and languages in the client's cache, else asks Discord, and remembers its answer for ten minutes.

    A refusal is an answer, too. Where none came, nobody asks of that guild again for a minute: its notices go without.
    A client without a gateway connection has an empty cache. To be used on the client's loop only.
    """

    def __init__(
        self,
        client: Callable[[], nextcord.Client | None],
        rest: DiscordRest,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._rest = rest
        self._asked: Recent[tuple[GuildId, RoleId], Names] = Recent(_REMEMBERED, _TEN_MINUTES, clock)
        self._languages: Recent[GuildId, Language] = Recent(_REMEMBERED, _TEN_MINUTES, clock)
        self._unanswered: Recent[GuildId, bool] = Recent(_REMEMBERED, _MINUTE, clock)
        self._locks: WeakValueDictionary[GuildId, asyncio.Lock] = WeakValueDictionary()

    async def names(self, key: TimerKey) -> Names:
        """What is known. A notice without names is better than none, but it can wait for a limit to open.

        Raises:
            Faulty: a limit is used up (`Held`).
        """
        client = self._client()
        guild = client.get_guild(key.guild) if client is not None else None
        if guild is not None:
            role = guild.get_role(key.role)
            return Names(role=role.name if role is not None else None, guild=guild.name)
        # Many notices of one guild come at once: the first one asks.
        async with self._locks.setdefault(key.guild, asyncio.Lock()):
            known = self._asked.get((key.guild, key.role))
            return known if known is not None else await self._ask(key)

    def known_language(self, guild: GuildId) -> Language:
        """The language that Discord knows the guild by, as far as that is known without asking; else English."""
        return self._cached_language(guild) or self._languages.get(guild) or Language.EN

    async def language(self, guild: GuildId) -> Language:
        """The language that Discord knows the guild by; English where that is not known. It waits as names do.

        Raises:
            Faulty: a limit is used up (`Held`).
        """
        cached = self._cached_language(guild)
        if cached is not None:
            return cached
        async with self._locks.setdefault(guild, asyncio.Lock()):
            if self._languages.get(guild) is None:
                await self._look_at(guild)
            return self._languages.get(guild) or Language.EN

    def _cached_language(self, guild: GuildId) -> Language | None:
        client = self._client()
        cached = client.get_guild(guild) if client is not None else None
        if cached is None or cached.preferred_locale is None:  # one that is unavailable comes without
            return None
        return Language.of_discord(cached.preferred_locale)

    async def _ask(self, key: TimerKey) -> Names:
        found = await self._look_at(key.guild)
        if found is None:
            return NO_NAMES
        name, roles = found
        names = Names(role=roles.get(key.role), guild=name)
        self._asked.put((key.guild, key.role), names)
        return names

    async def _look_at(self, guild: GuildId) -> tuple[str | None, Mapping[int, str]] | None:
        """The names of the guild and its roles, as far as Discord tells them; its language is remembered.

        None where no answer came.
        """
        if self._unanswered.get(guild):
            return None
        try:
            told = await self._rest.guild(guild)
            roles = {int(role["id"]): str(role["name"]) for role in told["roles"]}
            self._languages.put(guild, Language.of_discord(told.get("preferred_locale")))
            return str(told["name"]), roles
        except Exception as error:
            fault = fault_of(error)
            if isinstance(fault, Held):
                raise Faulty(fault) from error
            _log.info("names not found", extra={"guild": guild, "error": fault or repr(error)})
            if not isinstance(fault, Refused):
                self._unanswered.put(guild, value=True)
                return None
            self._languages.put(guild, Language.EN)
            return None, {}

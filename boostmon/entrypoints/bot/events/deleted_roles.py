"""Ends the timers of a role when it is deleted, and of those that were deleted while the bot was away."""

import asyncio

import nextcord

from boostmon.app.guilds.deleted_roles import EndDeletedRoles
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId
from boostmon.entrypoints.bot.events.gathering import QUIET_SECONDS, Gathering


class DeletedRolesWatch:
    """Hears of deleted roles, and of guilds that come with all their roles. For the client's loop only.

    A guild that is unavailable comes without roles, and says nothing of them.
    """

    def __init__(self, client: nextcord.Client, ended: EndDeletedRoles, *, quiet: float = QUIET_SECONDS) -> None:
        self._client = client
        self._ended = ended
        self._deleted: dict[tuple[int, RoleId], str] = {}
        self._came: set[int] = set()
        self._guilds = Gathering("ending the timers of deleted roles", self._deal_with, quiet=quiet)
        client.add_listener(self._role_went, "on_guild_role_delete")
        for event in ("on_guild_join", "on_guild_available"):
            client.add_listener(self._guild_came, event)

    async def _role_went(self, role: nextcord.Role) -> None:
        self._deleted[role.guild.id, RoleId(role.id)] = role.name
        self._guilds.note(role.guild.id)

    async def _guild_came(self, guild: nextcord.Guild) -> None:
        self._came.add(guild.id)
        self._guilds.note(guild.id)

    def close(self) -> None:
        """Gives up what was not dealt with: the next start finds it."""
        self._guilds.close()

    async def _deal_with(self, guild_id: int) -> None:
        for there, role in [one for one in self._deleted if one[0] == guild_id]:
            await asyncio.to_thread(self._ended.deleted, GuildId(guild_id), role, self._deleted[there, role])
            del self._deleted[there, role]
        if guild_id in self._came:
            self._came.discard(guild_id)  # first, so that one that comes meanwhile is looked at again
            try:
                await self._catch_up(guild_id)
            except BoostMonError:
                self._came.add(guild_id)
                raise

    async def _catch_up(self, guild_id: int) -> None:
        guild = self._client.get_guild(guild_id)
        if guild is not None and not guild.unavailable:
            known = [RoleId(role.id) for role in guild.roles]
            await asyncio.to_thread(self._ended.catch_up, GuildId(guild_id), known)

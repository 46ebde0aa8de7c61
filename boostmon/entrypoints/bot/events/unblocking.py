"""Looks at a guild again when something changed there that may have unblocked endings."""

import asyncio

import nextcord

from boostmon.app.guilds.unblocking import Unblock
from boostmon.domain.ids import GuildId
from boostmon.entrypoints.bot.events.gathering import QUIET_SECONDS, Gathering
from boostmon.entrypoints.bot.reading.guild_view import guild_roles, standing


class ObstacleWatch:
    """Looks at the guilds in which something changed. For the client's loop only."""

    def __init__(self, client: nextcord.Client, unblock: Unblock, *, quiet: float = QUIET_SECONDS) -> None:
        self._client = client
        self._unblock = unblock
        self._changed = Gathering("a look at blocked endings", self._look_at, quiet=quiet)
        for event in ("on_guild_role_create", "on_guild_role_delete"):
            client.add_listener(self._role_came_or_went, event)
        client.add_listener(self._role_changed, "on_guild_role_update")
        client.add_listener(self._member_changed, "on_member_update")
        for event in ("on_guild_join", "on_guild_available"):
            client.add_listener(self._guild_came, event)

    async def _role_came_or_went(self, role: nextcord.Role) -> None:
        self._changed.note(role.guild.id)

    async def _role_changed(self, _before: nextcord.Role, after: nextcord.Role) -> None:
        self._changed.note(after.guild.id)

    async def _member_changed(self, _before: nextcord.Member, after: nextcord.Member) -> None:
        # Without the members intent, Discord tells of the bot's own member alone.
        if self._client.user is not None and after.id == self._client.user.id:
            self._changed.note(after.guild.id)

    async def _guild_came(self, guild: nextcord.Guild) -> None:
        self._changed.note(guild.id)

    def close(self) -> None:
        """Gives up what was not looked at."""
        self._changed.close()

    async def _look_at(self, guild_id: int) -> None:
        guild = self._client.get_guild(guild_id)
        me: nextcord.Member | None = None if guild is None else guild.me
        if guild is None or me is None:
            return
        roles = guild_roles(guild)
        bot = standing(guild, me, roles)
        await asyncio.to_thread(self._unblock, GuildId(guild_id), bot, roles)

"""Looks at a guild again when something changed there that may have freed the way for blocked endings."""

import asyncio
import logging

import nextcord

from boostmon.app.unblocking import Unblock
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId
from boostmon.entrypoints.bot.guild_view import guild_roles, standing

_log = logging.getLogger(__name__)

QUIET_SECONDS = 0.5
"""A role that is dragged to another place moves others, too, with an event for each: one look is enough for all."""
AGAIN_AFTER = 10
"""Quiet times after a failure of the database."""


class ObstacleWatch:
    """Gathers the guilds in which something changed, and looks at one after the other. For the client's loop only.

    The first connection brings all guilds of the bot at once: taken one at a time, they leave the database to the
    commands. A look that fails is made again, so that an event is not lost to an outage.
    """

    def __init__(self, client: nextcord.Client, unblock: Unblock, *, quiet: float = QUIET_SECONDS) -> None:
        self._client = client
        self._unblock = unblock
        self._quiet = quiet
        self._changed: dict[int, None] = {}
        self._task: asyncio.Task[None] | None = None
        for event in ("on_guild_role_create", "on_guild_role_delete"):
            client.add_listener(self._role_came_or_went, event)
        client.add_listener(self._role_changed, "on_guild_role_update")
        client.add_listener(self._member_changed, "on_member_update")
        for event in ("on_guild_join", "on_guild_available"):
            client.add_listener(self._guild_came, event)

    async def _role_came_or_went(self, role: nextcord.Role) -> None:
        self._note(role.guild)

    async def _role_changed(self, _before: nextcord.Role, after: nextcord.Role) -> None:
        self._note(after.guild)

    async def _member_changed(self, _before: nextcord.Member, after: nextcord.Member) -> None:
        # Without the members intent, Discord tells of the bot's own member alone.
        if self._client.user is not None and after.id == self._client.user.id:
            self._note(after.guild)

    async def _guild_came(self, guild: nextcord.Guild) -> None:
        self._note(guild)

    def close(self) -> None:
        """Gives up what was not looked at."""
        self._changed.clear()
        if self._task is not None:
            self._task.cancel()

    def _note(self, guild: nextcord.Guild) -> None:
        self._changed[guild.id] = None
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look_at_all())

    async def _look_at_all(self) -> None:
        while self._changed:
            await asyncio.sleep(self._quiet)
            changed, self._changed = self._changed, {}
            for guild_id in changed:
                if not await self._look_at(guild_id):
                    self._changed[guild_id] = None
            if self._changed.keys() & changed.keys():
                await asyncio.sleep(AGAIN_AFTER * self._quiet)

    async def _look_at(self, guild_id: int) -> bool:
        """Whether the look was made, or is not worth repeating."""
        guild = self._client.get_guild(guild_id)
        me: nextcord.Member | None = None if guild is None else guild.me
        if guild is None or me is None:
            return True
        roles = guild_roles(guild)
        bot = standing(guild, me, roles)
        try:
            await asyncio.to_thread(self._unblock, GuildId(guild_id), bot, roles)
        except BoostMonError as error:
            _log.warning("blocked endings could not be looked at", extra={"guild": guild_id, "error": str(error)})
            return False
        except Exception:  # noqa: BLE001 - whatever it was, the other guilds are looked at, too
            _log.exception("blocked endings could not be looked at", extra={"guild": guild_id})
        return True

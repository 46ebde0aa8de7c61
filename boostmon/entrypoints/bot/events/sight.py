"""Notices when the bot may see a server's audit log again: Discord tells nobody what was written meanwhile."""

from collections.abc import Callable

import nextcord

from boostmon.domain.ids import GuildId


class Sight:
    """Tells `regained` of guilds in which the bot was given the permission."""

    def __init__(self, client: nextcord.Client, regained: Callable[[GuildId], object]) -> None:
        self._client = client
        self._regained = regained
        client.add_listener(self._role_changed, "on_guild_role_update")
        client.add_listener(self._member_changed, "on_member_update")

    async def _role_changed(self, before: nextcord.Role, after: nextcord.Role) -> None:
        me: nextcord.Member | None = after.guild.me
        if me is not None and after in me.roles and not _shows(before.permissions) and _shows(after.permissions):
            self._regained(GuildId(after.guild.id))

    async def _member_changed(self, before: nextcord.Member, after: nextcord.Member) -> None:
        # Without the members intent, Discord tells of the bot's own member alone.
        if self._client.user is None or after.id != self._client.user.id:
            return
        if not _shows(before.guild_permissions) and _shows(after.guild_permissions):
            self._regained(GuildId(after.guild.id))


def _shows(permissions: nextcord.Permissions) -> bool:
    return permissions.view_audit_log or permissions.administrator

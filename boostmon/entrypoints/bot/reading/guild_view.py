"""A guild as the rules see it, from nextcord's cache. Needs the guilds intent only.

The cache holds the bot's own member, which Discord keeps up to date without the members intent; the asker and
the target come with the interaction, with the roles that they have at that moment.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_

import nextcord

from boostmon.domain.channels import ChannelFacts
from boostmon.domain.eligibility import GuildView, RoleFacts, Standing, standing_of
from boostmon.domain.ids import ChannelId, GuildId, RoleId, UserId
from boostmon.domain.lacks import Lack, lack_for
from boostmon.domain.permissions import Permission, contains

# A plain alias: nextcord reads the annotations of commands and does not see through the `type` statement.
Channel = nextcord.abc.GuildChannel | nextcord.Thread


def guild_view(guild: nextcord.Guild, asker: nextcord.Member, in_channel: int | None = None) -> GuildView:
    """The guild with its roles, and the standing of the bot and of the asker in it.

    `in_channel` are the asker's permissions where a command was typed; None where Discord let nothing through by them.
    """
    # typed as never None, but it is, where the guild came without the bot's own member
    bot: nextcord.Member | None = guild.me
    roles = guild_roles(guild)
    return GuildView(
        id=GuildId(guild.id),
        bot=Standing(top=(0, -guild.id)) if bot is None else standing(guild, bot, roles),
        asker=replace(standing(guild, asker, roles), in_channel=in_channel),
        roles=roles,
        me=None if bot is None else UserId(bot.id),
    )


def guild_roles(guild: nextcord.Guild) -> Mapping[RoleId, RoleFacts]:
    """All roles of the guild."""
    return {RoleId(role.id): role_facts(role) for role in guild.roles}


def role_facts(role: nextcord.Role) -> RoleFacts:
    """What the rules need to know of a role."""
    return RoleFacts(
        id=RoleId(role.id),
        name=role.name,
        position=role.position,
        managed=role.managed,
        premium=role.is_premium_subscriber(),
        permissions=role.permissions.value,
    )


def standing(guild: nextcord.Guild, member: nextcord.Member, roles: Mapping[RoleId, RoleFacts]) -> Standing:
    """What the member may do in the guild as a whole, by the roles that they hold."""
    return replace(standing_of(role_ids(member), roles, GuildId(guild.id)), is_owner=member.id == guild.owner_id)


def role_ids(member: nextcord.Member) -> Collection[RoleId]:
    """The roles that the member has, save @everyone."""
    return [RoleId(role) for role in member._roles]  # noqa: SLF001 - `roles` leaves out those that are not cached


def lack_now(guild: nextcord.Guild | None, role: RoleId) -> Lack | None:
    """What the bot lacks for the role, as far as the cache knows at this moment."""
    bot: nextcord.Member | None = None if guild is None else guild.me
    if guild is None or bot is None:
        return None
    roles = guild_roles(guild)
    return lack_for(role, guild=GuildId(guild.id), bot=standing(guild, bot, roles), roles=roles)


def channel_facts(guild: nextcord.Guild, channel: Channel) -> ChannelFacts:
    """Whether the bot could send a notice there, by the permissions it has in the channel."""
    bot: nextcord.Member | None = guild.me
    granted = nextcord.Permissions.none() if bot is None else channel.permissions_for(bot)
    missing = Permission(0) if granted.view_channel else Permission.VIEW_CHANNEL
    if isinstance(channel, nextcord.Thread):
        if not granted.send_messages_in_threads:
            missing |= Permission.SEND_MESSAGES_IN_THREADS
    elif not granted.send_messages:
        missing |= Permission.SEND_MESSAGES
    # Without Send Messages nextcord takes Embed Links to be denied, too, whether it is or not.
    if granted.send_messages and not granted.embed_links:
        missing |= Permission.EMBED_LINKS
    return ChannelFacts(ChannelId(channel.id), missing)


def lacking_to_write(permissions: int, *, in_thread: bool) -> Permission:
    """The permissions that are missing for whoever wants to write in a channel."""
    sending = Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
    needed = (permission for permission in (Permission.VIEW_CHANNEL, sending) if not contains(permissions, permission))
    return reduce(or_, needed, Permission(0))


def is_unknown(guild: nextcord.Guild, channel: ChannelId) -> bool:
    """Whether the guild has no such channel, as far as the client knows, which of threads knows the active ones."""
    return guild.get_channel_or_thread(channel) is None


def unseen_channel(id_: ChannelId) -> ChannelFacts:
    """A channel that somebody named and the bot's cache does not know: a private thread, mostly."""
    return ChannelFacts(id_, Permission.VIEW_CHANNEL)

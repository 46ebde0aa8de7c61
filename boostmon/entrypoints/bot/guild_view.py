"""A guild as the rules see it, from nextcord's cache. Needs the guilds intent only.

The cache holds the bot's own member, which Discord keeps up to date without the members intent; the asker and
the target come with the interaction, with the roles that they have at that moment.
"""

import nextcord

from boostmon.domain.eligibility import ChannelFacts, GuildView, RoleFacts, Standing
from boostmon.domain.ids import ChannelId, GuildId, RoleId

# A plain alias: nextcord reads the annotations of commands and does not see through the `type` statement.
Channel = nextcord.abc.GuildChannel | nextcord.Thread


def guild_view(guild: nextcord.Guild, asker: nextcord.Member) -> GuildView:
    """The guild with its roles, and the standing of the bot and of the asker in it."""
    # typed as never None, but it is, where the guild came without the bot's own member
    bot: nextcord.Member | None = guild.me
    return GuildView(
        id=GuildId(guild.id),
        bot=Standing(top=(0, -guild.id), manages_roles=False) if bot is None else standing(guild, bot),
        asker=standing(guild, asker),
        roles={RoleId(role.id): role_facts(role) for role in guild.roles},
    )


def role_facts(role: nextcord.Role) -> RoleFacts:
    """What the rules need to know of a role."""
    return RoleFacts(
        id=RoleId(role.id),
        name=role.name,
        position=role.position,
        managed=role.managed,
        premium=role.is_premium_subscriber(),
    )


def standing(guild: nextcord.Guild, member: nextcord.Member) -> Standing:
    """What the member may do with roles in the guild as a whole.

    The permissions that come with an interaction are not used: they are those of its channel, where Manage
    Roles means something else (to edit the channel's own permissions).
    """
    permissions = member.guild_permissions
    return Standing(
        top=role_facts(member.top_role).rank,
        manages_roles=permissions.manage_roles,
        is_unlimited=member.id == guild.owner_id or permissions.administrator,
    )


def channel_facts(guild: nextcord.Guild, channel: Channel) -> ChannelFacts:
    """Whether the bot could send a notice there, by the permissions it has in the channel."""
    bot: nextcord.Member | None = guild.me
    granted = nextcord.Permissions.none() if bot is None else channel.permissions_for(bot)
    missing = [] if granted.view_channel else ["View Channel"]
    if isinstance(channel, nextcord.Thread):
        if not granted.send_messages_in_threads:
            missing.append("Send Messages in Threads")
    elif not granted.send_messages:
        missing.append("Send Messages")
    # Without Send Messages nextcord takes Embed Links to be denied, too, whether it is or not.
    if granted.send_messages and not granted.embed_links:
        missing.append("Embed Links")
    return ChannelFacts(ChannelId(channel.id), tuple(missing))


def unseen_channel(id_: ChannelId) -> ChannelFacts:
    """A channel that somebody named and the bot's cache does not know: a private thread, mostly."""
    return ChannelFacts(id_, ("View Channel",))

"""The small guild that every sandbox starts with.

Roles, highest first: @Staff (above the bot) · @BoostMon (the bot's own) · @Moderator · @Booster (given
by Discord to server boosters, managed) · @Supporter · @VIP · @everyone.
"""

from dataclasses import dataclass

from simcord.backend import permissions
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from boostmon.sandbox.world import World

GUILD_NAME = "Boost Town"
MEMBERS = ("alice", "bob", "carol", "dave", "erin")

BOT_PERMISSIONS = (
    "view_channel", "send_messages", "embed_links", "attach_files", "read_message_history",
    "use_application_commands", "manage_roles", "view_audit_log", "mention_everyone", "change_nickname",
)  # fmt: skip


def seed(world: World) -> int:
    """Fill an empty world and return the guild's id.

    @owner owns the guild; @mod has @Moderator (Manage Roles); @alice, @bob and @carol have no role;
    @dave takes no direct messages; @erin has @Booster; @staff has @Staff. The bot may write in #general
    and #warnings, and may not in #secret.
    """
    backend = world.backend
    owner = backend.make_user("owner")
    guild = backend.create_guild(GUILD_NAME, owner_id=owner.id)
    world.guild_id = guild.id
    bot_role = world.bot_role
    backend.edit_role(guild.id, bot_role.id, {"permissions": bits(*BOT_PERMISSIONS), "position": 5})
    world.role_tags[bot_role.id] = {"bot_id": str(world.bot_id)}
    roles = {
        name: backend.create_role(guild.id, name, position=position, permissions=granted, color=colour)
        for name, position, granted, colour in (
            ("VIP", 1, 0, 0xF1C40F),
            ("Supporter", 2, 0, 0x3498DB),
            ("Booster", 3, 0, 0xF47FFF),
            ("Moderator", 4, bits("manage_roles", "kick_members", "manage_messages"), 0x1ABC9C),
            ("Staff", 6, bits("manage_roles"), 0xE74C3C),
        )
    }
    roles["Booster"].managed = True
    world.role_tags[roles["Booster"].id] = {"premium_subscriber": None}
    _channels(world, guild.id, bot_role.id)
    held = {"mod": "Moderator", "staff": "Staff", "erin": "Booster"}
    for name in ("mod", "staff", *MEMBERS):
        user = backend.make_user(name)
        role = held.get(name)
        backend.add_member(guild.id, user.id, roles=[roles[role].id] if role else [])
    world.closed_dms.add(world.user("dave").id)
    return int(guild.id)


@dataclass(frozen=True, slots=True)
class CrowdedGuild:
    """The ids of a guild that `crowd` made."""

    guild: int
    role: int
    channel: int
    members: tuple[int, ...]


def crowd(world: World, guilds: int, members: int) -> list[CrowdedGuild]:
    """Add guilds beside the first, each with a role @VIP that so many members hold, and a channel for the bot.

    To be called before the bot connects. Commands are typed in the first guild only.
    """
    return [_crowded(world, number, members) for number in range(1, guilds + 1)]


def _crowded(world: World, number: int, members: int) -> CrowdedGuild:
    backend = world.backend
    guild = backend.create_guild(f"Crowd {number}")
    bot_role = next(role for role in guild.roles.values() if role.managed)
    backend.edit_role(guild.id, bot_role.id, {"permissions": bits(*BOT_PERMISSIONS), "position": 2})
    world.role_tags[bot_role.id] = {"bot_id": str(world.bot_id)}
    role = backend.create_role(guild.id, "VIP", position=1, permissions=0)
    channel = backend.create_channel(guild.id, "warnings")
    users = [backend.make_user(f"member-{number}-{index}") for index in range(1, members + 1)]
    for user in users:
        backend.add_member(guild.id, user.id, roles=[role.id])
    return CrowdedGuild(int(guild.id), int(role.id), int(channel.id), tuple(int(user.id) for user in users))


def _channels(world: World, guild_id: int, bot_role_id: int) -> None:
    silent = Overwrite(target_id=bot_role_id, type=OverwriteType.ROLE, deny=bits("send_messages"))
    world.backend.create_channel(guild_id, "general")
    world.backend.create_channel(guild_id, "warnings")
    world.backend.create_channel(guild_id, "secret", overwrites=[silent])


def bits(*names: str) -> int:
    """The permission bit field with these permissions set."""
    value = 0
    for name in names:
        value |= int(permissions.flag(name))
    return value

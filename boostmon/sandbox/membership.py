"""The bot leaving and joining: the server stays as it is, but a bot that left sees and reaches nothing of it."""

from simcord.backend import serializers

from boostmon.sandbox.seed import BOT_PERMISSIONS, bits
from boostmon.sandbox.world import World


def expel(world: World) -> None:
    """Remove the bot from the server, and the role that came with it, as Discord does."""
    guild, role = world.guild, world.bot_role
    del guild.members[world.bot_id]
    world.backend.emit("GUILD_DELETE", {"id": str(guild.id)})
    world.backend.delete_role(guild.id, role.id)
    world.role_tags.pop(role.id, None)


def invite(world: World) -> None:
    """Let the bot come back, with a new role of its own just above @everyone, as by its invitation link."""
    backend, guild = world.backend, world.guild
    name = backend.bot_user.name
    role = backend.create_role(guild.id, name, permissions=bits(*BOT_PERMISSIONS), managed=True)
    world.role_tags[role.id] = {"bot_id": str(world.bot_id)}
    backend.add_member(guild.id, world.bot_id, roles=[role.id])
    backend.emit("GUILD_CREATE", serializers.guild_create_payload(backend, guild))

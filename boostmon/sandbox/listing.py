"""The lists of the sandbox: members, roles, channels."""

from boostmon.sandbox.world import World


def members(world: World) -> list[str]:
    """One line for each member: name, roles from the highest down, and what is special about them."""
    lines = []
    for user_id, member in world.guild.members.items():
        roles = sorted(member.role_ids, key=lambda r: -world.guild.roles[r].position)
        notes = ["the bot"] if user_id == world.bot_id else []
        notes += ["owner"] if user_id == world.guild.owner_id else []
        notes += ["DMs closed"] if user_id in world.closed_dms else []
        shown = " ".join(world.role_name(r) for r in roles)
        lines.append(f"  {world.user_name(user_id):<12} {shown}{_noted(notes)}".rstrip())
    return lines


def roles(world: World) -> list[str]:
    """One line for each role, highest first, with its holders."""
    lines = []
    for role in sorted(world.guild.roles.values(), key=lambda r: -r.position):
        holders = [world.user_name(u) for u, m in world.guild.members.items() if role.id in m.role_ids]
        notes = ["managed"] if role.managed else []
        lines.append(f"  {world.role_name(role.id):<12} {' '.join(holders)}{_noted(notes)}".rstrip())
    return lines


def channels(world: World) -> list[str]:
    """One line for each channel, and whether the bot may write there."""
    lines = []
    for channel_id in world.guild.channel_ids:
        if not world.has_bot():
            lines.append(f"  {world.channel_name(channel_id)}")
            continue
        may = world.allowed(world.bot_id, "send_messages", channel_id)
        lines.append(f"  {world.channel_name(channel_id)}{'' if may else '  (the bot may not write here)'}")
    return lines


def _noted(notes: list[str]) -> str:
    return f" ({', '.join(notes)})" if notes else ""

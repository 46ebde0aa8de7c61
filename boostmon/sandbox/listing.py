"""The lists of the sandbox: members, roles, channels, and the options of a command."""

from typing import Any, Final

import discord
from simcord.backend.models import AuditLogEntry
from simcord.enums import AuditLogAction

from boostmon.sandbox.auditlog import BOT_ADD
from boostmon.sandbox.languages import shown
from boostmon.sandbox.world import ENGLISH, World

#: Entries of the audit log that are listed.
SHOWN_ENTRIES: Final = 50


def members(world: World) -> list[str]:
    """One line for each member: name, roles from the highest down, and what is special about them."""
    rows = []
    for user_id, member in world.guild.members.items():
        roles = sorted(member.role_ids, key=lambda r: -world.guild.roles[r].position)
        notes = ["the bot"] if user_id == world.bot_id else []
        notes += ["another bot"] if world.backend.users[user_id].bot and user_id != world.bot_id else []
        notes += ["owner"] if user_id == world.guild.owner_id else []
        notes += ["takes no direct messages"] if user_id in world.closed_dms else []
        notes += [f"reads {world.locale(user_id)}"] if world.locale(user_id) != ENGLISH else []
        rows.append((world.user_name(user_id), " ".join(world.role_name(r) for r in roles), ", ".join(notes)))
    return _table(rows)


def roles(world: World) -> list[str]:
    """One line for each role, highest first, with its holders."""
    rows = []
    for role in sorted(world.guild.roles.values(), key=lambda r: (-r.position, r.id)):
        is_everyone = role.id == world.guild_id
        holders = [world.user_name(u) for u, m in world.guild.members.items() if role.id in m.role_ids]
        note = "managed" if role.managed else ""
        rows.append((world.role_name(role.id), "everybody" if is_everyone else " ".join(holders), note))
    return _table(rows)


def channels(world: World) -> list[str]:
    """One line for each channel, and whether the bot may write there."""
    rows = []
    for channel_id in world.guild.channel_ids:
        silent = world.has_bot() and not world.allowed(world.bot_id, "send_messages", channel_id)
        rows.append((world.channel_name(channel_id), "", "the bot may not write here" if silent else ""))
    return _table(rows) or ["  (no channel)"]


def audit_log(world: World) -> list[str]:
    """One line for each of the newest entries, oldest first: who did what, and why if they said so."""
    return [f"  {_told(world, entry)}" for entry in world.guild.audit_log_entries[-SHOWN_ENTRIES:]]


def _told(world: World, entry: AuditLogEntry) -> str:
    who, target = world.user_name(entry.user_id), world.user_name(entry.target_id or 0)
    if entry.action_type == AuditLogAction.MEMBER_ROLE_UPDATE:
        deeds = [_told_roles(change, target) for change in entry.changes]
    elif entry.action_type == AuditLogAction.MEMBER_KICK:
        deeds = [f"kicked {target}"]
    elif entry.action_type == AuditLogAction.MEMBER_BAN:
        deeds = [f"banned {target}"]
    elif entry.action_type == BOT_ADD:
        deeds = [f"added {target}"]
    else:
        deeds = [f"did {entry.action_type} to {entry.target_id}"]
    reason = f": {entry.reason}" if entry.reason else ""
    return f"{discord.utils.snowflake_time(entry.id):%H:%M:%S}  {who} {' and '.join(deeds)}{reason}"


def _told_roles(change: dict[str, Any], target: str) -> str:
    names = " ".join(f"@{role['name']}" for role in change["new_value"])
    return f"gave {target} {names}" if change["key"] == "$add" else f"took {names} from {target}"


def command(spec: dict[str, Any], locale: str) -> list[str]:
    """What a client in that language shows of a command: its description, and a line for each option below it."""
    return [f"  /{spec['name']}: {shown(spec, 'description', locale)}", *_options(spec, locale, 4)]


def _options(spec: dict[str, Any], locale: str, indent: int) -> list[str]:
    lines = []
    for option in spec.get("options") or []:
        lines.append(f"{' ' * indent}{shown(option, 'name', locale)}: {shown(option, 'description', locale)}")
        if option.get("choices"):
            lines.append(f"{' ' * indent}  ({', '.join(shown(one, 'name', locale) for one in option['choices'])})")
        lines += _options(option, locale, indent + 2)
    return lines


def _table(rows: list[tuple[str, str, str]]) -> list[str]:
    """Names in a column, what they have, and a note in brackets."""
    wide = max((len(name) for name, _, _ in rows), default=0)
    lines = []
    for name, has, note in rows:
        parts = [has, f"({note})" if note else ""]
        lines.append(f"  {name:<{wide}}  {' '.join(part for part in parts if part)}".rstrip())
    return lines

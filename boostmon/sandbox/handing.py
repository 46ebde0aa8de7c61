"""Roles that change hands: given and taken by somebody, with the entry that the audit log gets of it."""

import re
from collections.abc import Sequence
from typing import Any

from simcord.enums import AuditLogAction

from boostmon.sandbox.calls import Call
from boostmon.sandbox.world import World

_MEMBER_ROLE = re.compile(r"/guilds/(\d+)/members/(\d+)/roles/(\d+)")


def hand(
    world: World,
    user_id: int,
    *,
    give: Sequence[int] = (),
    take: Sequence[int] = (),
    by: int,
    reason: str | None = None,
) -> None:
    """Give and take several roles of one member at once: one update, one entry. Nothing is sent for no change."""
    guild, backend = world.guild, world.backend
    held = guild.members[user_id].role_ids
    given = [role for role in give if role not in held]
    taken = [role for role in take if role in held]
    if not given and not taken:
        return
    world.doer = by
    try:
        backend.edit_member(guild.id, user_id, {"role_ids": [*(role for role in held if role not in taken), *given]})
    finally:
        world.doer = None
    keyed = {"$add": given, "$remove": taken}
    changes = [
        {"key": key, "new_value": [{"id": str(role), "name": guild.roles[role].name} for role in roles]}
        for key, roles in keyed.items()
        if roles
    ]
    backend.record_audit_log(
        guild.id,
        AuditLogAction.MEMBER_ROLE_UPDATE,
        target_id=user_id,
        changes=changes,
        reason=reason,
        user_id=by,
    )


def handle(world: World, call: Call) -> tuple[int, Any] | None:
    """The answer to a request that changes nothing: Discord neither announces nor logs it, which simcord would.

    None for all other requests. Raises BackendError.
    """
    match = _MEMBER_ROLE.fullmatch(call.path)
    if match is None or call.method not in {"PUT", "DELETE"}:
        return None
    guild_id, user_id, role_id = (int(part) for part in match.groups())
    guild = world.backend.guilds.get(guild_id)
    if guild is None or user_id not in guild.members or role_id not in guild.roles:
        return None
    if (role_id in guild.members[user_id].role_ids) != (call.method == "PUT"):
        return None
    world.backend.require_role_assignable(guild_id, world.bot_id, role_id)
    return 204, None

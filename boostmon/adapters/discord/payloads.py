"""What Discord's REST answers say, as the rules want it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from boostmon.domain.eligibility import RoleFacts, Standing, standing_of
from boostmon.domain.ids import GuildId, RoleId


def role_facts(role: Mapping[str, Any]) -> RoleFacts:
    """A role object of Discord's API."""
    tags = role.get("tags") or {}
    return RoleFacts(
        id=RoleId(int(role["id"])),
        name=str(role["name"]),
        position=int(role["position"]),
        managed=bool(role.get("managed")),
        # It is there and null for the booster role, and missing for all others.
        premium="premium_subscriber" in tags,
        permissions=int(role["permissions"]),
    )


def roles_of(guild: Mapping[str, Any]) -> Mapping[RoleId, RoleFacts]:
    """All roles of a guild object."""
    return {facts.id: facts for facts in map(role_facts, guild["roles"])}


def standing_in(guild: Mapping[str, Any], member: Mapping[str, Any]) -> Standing:
    """What a member may do in a guild, of their object and the guild's."""
    held = (RoleId(int(role)) for role in member["roles"])
    standing = standing_of(held, roles_of(guild), GuildId(int(guild["id"])))
    return replace(standing, is_owner=int(guild["owner_id"]) == int(member["user"]["id"]))

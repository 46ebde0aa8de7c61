"""What Discord's REST answers say, as the rules want it."""

from collections.abc import Mapping
from typing import Any

from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import RoleId


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

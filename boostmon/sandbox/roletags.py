"""Role tags (`bot_id`, `premium_subscriber`), which simcord's payloads lack and clients look at."""

from typing import Any

from boostmon.sandbox.world import World


def add(world: World, path: str, payload: Any) -> None:
    """Put the tags on the roles of a REST answer, in place."""
    if not path.startswith("/guilds/"):
        return
    if isinstance(payload, list) and path.endswith("/roles"):
        _tag(world, payload)
    elif isinstance(payload, dict):
        _tag(world, [payload] if "/roles/" in path else payload.get("roles", []))


def add_to_event(world: World, event: str, payload: dict[str, Any]) -> None:
    """Put the tags on the roles that a gateway event carries, in place."""
    if event in {"GUILD_CREATE", "GUILD_UPDATE"}:
        _tag(world, payload.get("roles", []))
    elif event in {"GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE"}:
        _tag(world, [payload["role"]])
    elif event == "INTERACTION_CREATE":
        _tag(world, list(payload.get("data", {}).get("resolved", {}).get("roles", {}).values()))


def _tag(world: World, roles: list[Any]) -> None:
    for role in roles:
        if isinstance(role, dict):
            tags = world.role_tags.get(int(role["id"]))
            if tags is not None:
                role["tags"] = dict(tags)

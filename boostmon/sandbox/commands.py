"""Single application commands: create, read, edit, delete, with the checks Discord makes of them.

simcord knows only the bulk routes. nextcord registers its commands one by one, and compares what it
reads back with what it would send, so the shape of the answers matters.
"""

import re
from typing import Any

from simcord.backend import errors
from simcord.backend.errors import BackendError

from boostmon.sandbox.calls import Call
from boostmon.sandbox.world import World

_ROUTE = re.compile(r"/applications/\d+(?:/guilds/(\d+))?/commands(?:/(\d+))?")
_NAME = re.compile(r"[-_'\w]{1,32}")

CHAT_INPUT = 1
OPTIONS_MAX = 25
DESCRIPTION_MAX = 100

Command = dict[str, Any]


def handle(world: World, call: Call) -> tuple[int, Any] | None:
    """Status and payload, or None when the call is not one of these routes. Raises BackendError."""
    match = _ROUTE.fullmatch(call.path)
    if match is None:
        return None
    scope = int(match[1]) if match[1] else None
    if scope is not None:
        world.backend.get_guild(scope)
    registered: dict[tuple[str, int], Command] = world.backend.commands.setdefault(scope, {})
    if match[2] is None:
        return _collection(world, call, scope, registered)
    key = next((k for k, c in registered.items() if c["id"] == match[2]), None)
    if key is None:
        raise BackendError(404, 10063, "Unknown application command")
    return _single(world, call, registered, key)


def _collection(
    world: World, call: Call, scope: int | None, registered: dict[tuple[str, int], Command]
) -> tuple[int, Any] | None:
    if call.method == "GET":
        return 200, [_wire(c) for c in registered.values()]
    if call.method == "PUT":
        bodies = call.body if isinstance(call.body, list) else []
        fresh = [_build(world, scope, body, registered) for body in bodies]
        registered.clear()
        registered.update({(c["name"], c["type"]): c for c in fresh})
        return 200, [_wire(c) for c in fresh]
    if call.method == "POST":
        command = _build(world, scope, call.body, registered)
        key = (command["name"], command["type"])
        existed = key in registered
        registered[key] = command
        return (200 if existed else 201), _wire(command)
    return None


def _single(
    world: World, call: Call, registered: dict[tuple[str, int], Command], key: tuple[str, int]
) -> tuple[int, Any] | None:
    if call.method == "GET":
        return 200, _wire(registered[key])
    if call.method == "DELETE":
        del registered[key]
        return 204, None
    if call.method == "PATCH":
        old = registered.pop(key)
        scope = int(old["guild_id"]) if "guild_id" in old else None
        command = _build(world, scope, {**old, **(call.body or {})}, registered)
        command["id"] = old["id"]
        registered[command["name"], command["type"]] = command
        return 200, _wire(command)
    return None


def _build(world: World, scope: int | None, body: Any, registered: dict[tuple[str, int], Command]) -> Command:
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        raise errors.invalid_form_body("name: This field is required")
    kind = int(body.get("type", CHAT_INPUT))
    _check(body, kind)
    earlier = registered.get((body["name"], kind))
    command: Command = {
        "id": earlier["id"] if earlier else str(world.backend.snowflake()),
        "application_id": str(world.bot_id),
        "version": str(world.backend.snowflake()),
        "type": kind,
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "options": body.get("options") or [],
        "default_member_permissions": _bits(body.get("default_member_permissions")),
        "dm_permission": body.get("dm_permission", True),
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
        "nsfw": bool(body.get("nsfw", False)),
    }
    if scope is not None:
        command["guild_id"] = str(scope)
    return command


def _bits(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.isdecimal():
        raise errors.invalid_form_body("default_member_permissions: must be a string of digits")
    return value


def _wire(command: Command) -> Command:
    return {k: v for k, v in command.items() if k != "options" or v}


def _check(node: dict[str, Any], kind: int) -> None:
    """Names, descriptions and options as Discord's documentation bounds them."""
    if kind != CHAT_INPUT:
        return
    name = str(node.get("name", ""))
    if not _NAME.fullmatch(name) or name != name.lower():
        raise errors.invalid_form_body(f"name: {name!r} is not a valid name of a command or option")
    if not 1 <= len(str(node.get("description") or "")) <= DESCRIPTION_MAX:
        raise errors.invalid_form_body(f"description of {name!r}: Must be between 1 and 100 in length.")
    options = node.get("options") or []
    if len(options) > OPTIONS_MAX:
        raise errors.invalid_form_body(f"options of {name!r}: Must be {OPTIONS_MAX} or fewer in length.")
    optional_seen = False
    for option in options:
        _check(option, CHAT_INPUT)
        if option.get("required") and optional_seen:
            raise errors.invalid_form_body(f"options of {name!r}: required options come before optional ones")
        if option.get("autocomplete") and option.get("choices"):
            raise errors.invalid_form_body(f"option {option['name']!r}: has both choices and autocomplete")
        optional_seen = optional_seen or not option.get("required")

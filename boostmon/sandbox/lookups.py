"""What Discord can be asked of a server and simcord answers otherwise, or not at all."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any, Final

import discord
from simcord.backend import errors, serializers
from simcord.backend.models import AuditLogEntry, Guild

from boostmon.sandbox.auditlog import wire
from boostmon.sandbox.calls import Call
from boostmon.sandbox.world import World

_LOG = re.compile(r"/guilds/(\d+)/audit-logs")
_COUNTS = re.compile(r"/guilds/(\d+)/roles/member-counts")

#: An application in fewer than 100 servers for which somebody switched the members intent on.
_MEMBERS_LIMITED: Final = 1 << 15

#: Discord forgets what is older.
KEPT: Final = timedelta(days=45)
PAGE, LARGEST_PAGE = 50, 100


def handle(world: World, call: Call) -> tuple[int, Any] | None:
    """Status and payload, or None when the call is none of these. Raises BackendError."""
    if call.method != "GET":
        return None
    if match := _LOG.fullmatch(call.path):
        return 200, _log(world, int(match[1]), call.query)
    if call.path == "/oauth2/applications/@me":
        return 200, _application(world)
    if match := _COUNTS.fullmatch(call.path):
        return 200, _counts(world.backend.get_guild(int(match[1])))
    return None


def _application(world: World) -> dict[str, Any]:
    """The bot's application, with the flag that tells whether it may have the members intent."""
    bot = dict(serializers.user_payload(world.backend.bot_user))
    return {
        "id": str(world.backend.application_id),
        "name": bot["username"],
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": bot,
        "flags": _MEMBERS_LIMITED if world.members_allowed else 0,
        "team": None,
        "bot": bot,
    }


def _counts(guild: Guild) -> dict[str, int]:
    """How many members have each role. Whether roles that nobody has are named is not documented: here they are not."""
    counted = Counter(role for member in guild.members.values() for role in member.role_ids)
    return {str(role): number for role, number in counted.items() if role != guild.id}


def _log(world: World, guild_id: int, query: dict[str, str]) -> dict[str, Any]:
    """A page of the audit log: by `after` from the oldest on, else from the newest back."""
    backend = world.backend
    backend.require_permissions(guild_id, world.bot_id, None, "view_audit_log")
    asked = {name: _number(name, value) for name, value in query.items()}
    limit = asked.get("limit", PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        raise errors.invalid_form_body(f"limit: int value should be between 1 and {LARGEST_PAGE}.")
    oldest = discord.utils.time_snowflake(world.now() - KEPT)
    found = [one for one in backend.get_guild(guild_id).audit_log_entries if one.id >= oldest and _fits(one, asked)]
    found.sort(key=lambda one: one.id, reverse="after" not in asked)
    payload: dict[str, Any] = serializers.audit_log_payload(backend, found[:limit])
    return {**payload, "audit_log_entries": [wire(one) for one in found[:limit]]}


def _fits(entry: AuditLogEntry, asked: dict[str, int]) -> bool:
    return (
        all(getattr(entry, name) == asked[name] for name in ("user_id", "target_id", "action_type") if name in asked)
        and entry.id < asked.get("before", entry.id + 1)
        and entry.id > asked.get("after", 0)
    )


def _number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise errors.invalid_form_body(f"{name}: Value {value!r} is not an integer.")
    return int(value)

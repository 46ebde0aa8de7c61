"""What Discord refuses but simcord allows: the bot must get the same refusal here."""

import re
import time
from collections.abc import Callable
from typing import Any

from simcord.backend import errors
from simcord.backend.errors import BackendError

from boostmon.sandbox.calls import Call
from boostmon.sandbox.world import World

_MEMBER_ROLE = re.compile(r"/guilds/(\d+)/members/(\d+)/roles/(\d+)")
_PLACE = re.compile(r"/(guilds|channels)/(\d+)")
_SEND = re.compile(r"/channels/(\d+)/messages")
_CALLBACK = re.compile(r"/interactions/\d+/[^/]+/callback")

REASON_MAX = 512
NONCE_MAX = 25
CHOICES_MAX = 25
CHOICE_MAX = 100
AUTOCOMPLETE_RESULT = 8

#: How long a nonce is remembered, in real seconds; Discord says "the past few minutes".
NONCE_SECONDS = 300.0


def check(world: World, call: Call) -> None:
    """Raise Discord's error for a call that it would refuse although simcord does not."""
    if call.reason is not None and len(call.reason) > REASON_MAX:
        raise errors.invalid_form_body(f"reason: Must be {REASON_MAX} or fewer in length.")
    _check_reach(world, call.path)
    if call.method in {"PUT", "DELETE"} and (match := _MEMBER_ROLE.fullmatch(call.path)):
        _check_role(world, *(int(part) for part in match.groups()))
    elif call.method == "POST" and (match := _SEND.fullmatch(call.path)):
        _check_recipient(world, int(match[1]))
    elif call.method == "POST" and _CALLBACK.fullmatch(call.path):
        _check_choices(call.body)


def _check_reach(world: World, path: str) -> None:
    """A server that the bot is not in is unknown to it, and so is what lies there."""
    if not (match := _PLACE.match(path)):
        return
    channel = world.backend.channels.get(int(match[2])) if match[1] == "channels" else None
    guild_id = int(match[2]) if channel is None else channel.guild_id
    if guild_id in world.backend.guilds and not world.has_bot(guild_id):
        raise errors.unknown_guild() if channel is None else errors.unknown_channel()


def seen(world: World, call: Call, payload: Any) -> Any:
    """What Discord answers, without the servers that the bot is not in."""
    if call.path == "/users/@me/guilds" and isinstance(payload, list):
        return [guild for guild in payload if world.has_bot(int(guild["id"]))]
    return payload


def _check_role(world: World, guild_id: int, user_id: int, role_id: int) -> None:
    guild = world.backend.guilds.get(guild_id)
    if guild is None or user_id not in guild.members or role_id not in guild.roles:
        return
    world.backend.require_permissions(guild_id, world.bot_id, None, "manage_roles")
    if guild.roles[role_id].managed or role_id == guild_id:
        raise BackendError(400, 50028, "Invalid Role")


def _check_recipient(world: World, channel_id: int) -> None:
    channel = world.backend.channels.get(channel_id)
    if channel is None or channel.guild_id is not None:
        return
    for user_id in channel.recipient_ids:
        shared = [guild for guild in world.backend.guilds.values() if world.has_bot(guild.id)]
        if not any(user_id in guild.members for guild in shared):
            raise BackendError(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
        if user_id in world.closed_dms:
            raise BackendError(403, 50007, "Cannot send messages to this user")


def _check_choices(body: Any) -> None:
    if not isinstance(body, dict) or body.get("type") != AUTOCOMPLETE_RESULT:
        return
    choices = (body.get("data") or {}).get("choices") or []
    if len(choices) > CHOICES_MAX:
        raise errors.invalid_form_body(f"choices: Must be {CHOICES_MAX} or fewer in length.")
    for choice in choices:
        texts = [str(choice.get("name", "")), str(choice.get("value", ""))]
        if not all(1 <= len(text) <= CHOICE_MAX for text in texts):
            raise errors.invalid_form_body(f"choices: Must be between 1 and {CHOICE_MAX} in length.")


class Nonces:
    """Message de-duplication: a second message with the same enforced nonce is the first one again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[float, dict[str, Any]]] = {}

    def earlier(self, call: Call) -> dict[str, Any] | None:
        """The message that this call must be answered with instead of a new one. Raises BackendError."""
        nonce = _nonce(call)
        if nonce is None:
            return None
        if len(nonce) > NONCE_MAX:
            raise errors.invalid_form_body(f"nonce: Must be {NONCE_MAX} or fewer in length.")
        if not call.body.get("enforce_nonce"):
            return None
        now = self._clock()
        self._seen = {n: (at, m) for n, (at, m) in self._seen.items() if now - at < NONCE_SECONDS}
        found = self._seen.get(nonce)
        return found[1] if found else None

    def remember(self, call: Call, message: dict[str, Any]) -> None:
        """Note the message that a call created, and put the nonce on it as Discord does."""
        nonce = _nonce(call)
        if nonce is not None:
            message["nonce"] = call.body["nonce"]
            self._seen[nonce] = (self._clock(), message)


def _nonce(call: Call) -> str | None:
    if call.method != "POST" or not isinstance(call.body, dict) or not _SEND.fullmatch(call.path):
        return None
    nonce = call.body.get("nonce")
    return None if nonce is None else str(nonce)

"""A gateway session: what it may see, and what it would have to hear again after a dropped socket."""

import copy
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import discord
from simcord import intents as wire_intents
from simcord.backend import serializers

from boostmon.sandbox import roletags
from boostmon.sandbox.auditlog import ENTRY_CREATED
from boostmon.sandbox.world import World

#: Events that a session keeps for RESUME; older ones make it invalid.
KEPT_EVENTS = 5_000

_CENSORED = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE"})


class Session:
    """One identified connection of a bot; it outlives its sockets until it is invalidated.

    `send` is the current socket's, or None while there is none: then events wait for a RESUME.
    """

    def __init__(self, world: World, session_id: str, intents: int, shard: tuple[int, int]) -> None:
        self.id = session_id
        self.send: Callable[[dict[str, Any]], None] | None = None
        self.lost_at: float | None = None
        self._world = world
        self._intents = discord.Intents.none()
        self._intents.value = intents
        self._shard, self._shards = shard
        self._sequence = 0
        self._kept: deque[dict[str, Any]] = deque(maxlen=KEPT_EVENTS)

    @property
    def wants_members(self) -> bool:
        """Whether the privileged members intent was asked for."""
        return bool(self._intents.members)

    def guild_ids(self) -> list[int]:
        """The guilds of this session's shard."""
        return [g for g in self._world.backend.guilds if self._is_mine(g) and self._world.has_bot(g)]

    def deliver(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event if this shard and these intents receive it; keep it for a RESUME."""
        guild_id = payload.get("id") if event in {"GUILD_CREATE", "GUILD_DELETE"} else payload.get("guild_id")
        if not self._is_mine(None if guild_id is None else int(guild_id)):
            return
        if guild_id is not None and event != "GUILD_DELETE" and not self._world.has_bot(int(guild_id)):
            return
        if event == ENTRY_CREATED and not self._world.bot_may("view_audit_log", int(payload["guild_id"])):
            return
        gate = wire_intents.required_intent(event, payload)
        is_own = event == "GUILD_MEMBER_UPDATE" and str(payload["user"]["id"]) == str(self._world.bot_id)
        # A bot hears of its own member whatever its intents are.
        if gate is None or is_own or getattr(self._intents, gate):
            self.dispatch(event, self._shaped(event, copy.deepcopy(dict(payload))))

    def dispatch(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event that is meant for this session alone, whatever its intents."""
        self._sequence += 1
        frame = {"op": 0, "t": event, "s": self._sequence, "d": payload}
        self._kept.append(frame)
        if self.send is not None:
            self.send(frame)

    def missed_since(self, sequence: int) -> list[dict[str, Any]] | None:
        """The events after `sequence`, or None when they are not all there any more."""
        oldest = self._kept[0]["s"] if self._kept else self._sequence + 1
        if not oldest - 1 <= sequence <= self._sequence:
            return None
        return [frame for frame in self._kept if frame["s"] > sequence]

    def _is_mine(self, guild_id: int | None) -> bool:
        # Direct messages and everything else without a guild go to shard 0.
        shard = 0 if guild_id is None else (guild_id >> 22) % self._shards
        return shard == self._shard

    def _shaped(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        bot_id = self._world.bot_id
        if event == "GUILD_CREATE":
            wire_intents.prune_guild_create(payload, self._intents, bot_id)
        if event in _CENSORED and not self._intents.message_content:
            wire_intents.censor_message(payload, bot_id, backend=self._world.backend)
        roletags.add_to_event(self._world, event, payload)
        return payload


def member_chunk(world: World, request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The GUILD_MEMBERS_CHUNK that answers an op 8 request, or None for a guild that is not there.

    The sandbox's guilds are small: everything fits into one chunk (Discord sends 1,000 members in each).
    """
    backend = world.backend
    guild = backend.guilds.get(int(request["guild_id"]))
    if guild is None or not world.has_bot(guild.id):
        return None
    members = list(guild.members.values())
    wanted = request.get("user_ids")
    not_found: list[str] = []
    if wanted is not None:
        ids = {int(w) for w in (wanted if isinstance(wanted, list) else [wanted])}
        not_found = [str(i) for i in sorted(ids - guild.members.keys())]
        members = [m for m in members if m.user_id in ids]
    elif prefix := str(request.get("query") or "").casefold():
        members = [m for m in members if backend.users[m.user_id].name.casefold().startswith(prefix)]
    members = members[: int(request.get("limit") or 0) or None]
    chunk: dict[str, Any] = {
        "guild_id": str(guild.id),
        "members": [serializers.member_payload(backend, guild, m) for m in members],
        "chunk_index": 0,
        "chunk_count": 1,
    }
    if request.get("nonce") is not None:
        chunk["nonce"] = request["nonce"]
    if not_found:
        chunk["not_found"] = not_found
    if request.get("presences"):
        chunk["presences"] = []
    return chunk

"""The gateway websocket: HELLO, IDENTIFY, READY, heartbeats, member chunks, RESUME with replay.

Opcodes and close codes are those of Discord's documentation, "Opcodes and Status Codes".
"""

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from simcord.backend import serializers

from boostmon.sandbox.session import Session, member_chunk
from boostmon.sandbox.sockets import Socket
from boostmon.sandbox.world import World

log = logging.getLogger(__name__)

HEARTBEAT_MILLISECONDS = 41_250
#: A session without a socket is kept for this long, in real seconds.
RESUMABLE_SECONDS = 120.0

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS = 0, 1, 2, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
PATH, RESUME_PATH = "/gateway", "/gateway/resume"
IGNORED = frozenset({3, 4})  # presence and voice state: nothing here depends on them

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4001, 4002, 4003, 4004
ALREADY_AUTHENTICATED, DISALLOWED_INTENTS = 4005, 4014


class _Refused(Exception):
    """The socket must be closed with this code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Gateway:
    """All sockets and sessions of the bot. `on_change` is told when one comes or goes."""

    def __init__(self, world: World, token: str, on_change: Callable[[], None]) -> None:
        self._world = world
        self._token = token
        self._on_change = on_change
        self._sessions: dict[str, Session] = {}
        self._sockets: set[Socket] = set()
        self.url = ""
        self.refusing = False
        self.resume_refused = False
        self.sessions_left = 1000
        self.sessions_reset_after = 86_400.0
        self._speaking = asyncio.Event()
        self._speaking.set()
        self.refused = 0
        self.identified = 0
        self.resumed = 0
        self.failed_logins = 0
        world.backend.subscribers.append(self._broadcast)

    @property
    def online(self) -> bool:
        """Whether a logged-in bot is connected at this moment."""
        return any(s.session is not None for s in self._sockets)

    # ------------------------------------------------------------------ sockets

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it closes."""
        if self.refusing or (self.resume_refused and request.path == RESUME_PATH):
            self.refused += 1
            self._on_change()
            return web.Response(status=503)
        # nextcord does not answer a close frame; don't wait long for it.
        ws = web.WebSocketResponse(max_msg_size=0, timeout=0.5, autoclose=False)
        await ws.prepare(request)
        socket = Socket(request, ws, self._speaking)
        writer = asyncio.create_task(socket.write())
        self._sockets.add(socket)
        socket.put_op(HELLO, {"heartbeat_interval": HEARTBEAT_MILLISECONDS, "_trace": []})
        try:
            await self._read(socket)
        finally:
            self._sockets.discard(socket)
            self._detach(socket)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writer
            self._on_change()
        return ws

    async def _read(self, socket: Socket) -> None:
        async for message in socket.ws:
            await self._speaking.wait()
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                self._receive(socket, message.data)
            except _Refused as refused:
                await socket.drained()
                await socket.ws.close(code=refused.code, message=refused.message.encode())
                return
        await self._speaking.wait()
        await socket.ws.close()

    def _detach(self, socket: Socket) -> None:
        session = socket.session
        if session is None or session.send != socket.put:
            return
        session.send = None
        session.lost_at = time.monotonic()
        # A client that says goodbye (1000, 1001) gives its session up; one that was sent away keeps it.
        if not socket.dropped and socket.ws.close_code in {1000, 1001}:
            self._sessions.pop(session.id, None)

    # ------------------------------------------------------------------ frames

    def _receive(self, socket: Socket, text: str) -> None:
        try:
            frame = json.loads(text)
            op, payload = int(frame["op"]), frame.get("d")
        except (ValueError, KeyError, TypeError):
            raise _Refused(DECODE_ERROR, "Decode error.") from None
        if op == HEARTBEAT:
            socket.put_op(HEARTBEAT_ACK)
        elif op == IDENTIFY:
            self._identify(socket, payload)
        elif op == RESUME:
            self._resume(socket, payload)
        elif socket.session is None:
            raise _Refused(NOT_AUTHENTICATED, "Not authenticated.")
        elif op == REQUEST_MEMBERS:
            self._send_members(socket.session, payload)
        elif op not in IGNORED:
            raise _Refused(UNKNOWN_OPCODE, "Unknown opcode.")

    def _check_token(self, payload: Mapping[str, Any]) -> None:
        if str(payload.get("token", "")).removeprefix("Bot ") != self._token:
            self.failed_logins += 1
            self._on_change()
            raise _Refused(AUTHENTICATION_FAILED, "Authentication failed.")

    def _identify(self, socket: Socket, payload: Mapping[str, Any]) -> None:
        if socket.session is not None:
            raise _Refused(ALREADY_AUTHENTICATED, "Already authenticated.")
        self._check_token(payload)
        if self.sessions_left < 1:
            # Discord resets the token of a bot that goes beyond its limit.
            raise _Refused(AUTHENTICATION_FAILED, "Authentication failed.")
        self.sessions_left -= 1
        shard = payload.get("shard") or [0, 1]
        session = Session(self._world, secrets.token_hex(16), int(payload["intents"]), (int(shard[0]), int(shard[1])))
        if session.wants_members and not self._world.members_allowed:
            raise _Refused(DISALLOWED_INTENTS, "Disallowed intent(s).")
        self._forget_old_sessions()
        self._sessions[session.id] = session
        self._attach(socket, session)
        self.identified += 1
        session.dispatch("READY", self._ready(session, shard))
        for guild_id in session.guild_ids():
            guild = self._world.backend.guilds[guild_id]
            session.deliver("GUILD_CREATE", serializers.guild_create_payload(self._world.backend, guild))
        self._on_change()

    def _ready(self, session: Session, shard: Any) -> dict[str, Any]:
        return {
            "v": 10,
            "user": dict(serializers.user_payload(self._world.backend.bot_user)),
            "guilds": [{"id": str(g), "unavailable": True} for g in session.guild_ids()],
            "session_id": session.id,
            "resume_gateway_url": self.url.removesuffix(PATH) + RESUME_PATH,
            "shard": shard,
            "application": {"id": str(self._world.bot_id), "flags": 0},
            "_trace": [],
        }

    def _resume(self, socket: Socket, payload: Mapping[str, Any]) -> None:
        self._check_token(payload)
        session = self._sessions.get(str(payload.get("session_id")))
        missed = session.missed_since(int(payload.get("seq") or 0)) if session else None
        if session is None or missed is None:
            socket.put_op(INVALID_SESSION, payload=False)
            return
        for frame in missed:
            socket.put(frame)
        self._attach(socket, session)
        session.dispatch("RESUMED", {"_trace": []})
        self.resumed += 1
        self._on_change()

    def _attach(self, socket: Socket, session: Session) -> None:
        socket.session = session
        session.send = socket.put
        session.lost_at = None

    def _send_members(self, session: Session, payload: Mapping[str, Any]) -> None:
        chunk = member_chunk(self._world, payload)
        if chunk is not None:
            session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _forget_old_sessions(self) -> None:
        horizon = time.monotonic() - RESUMABLE_SECONDS
        for session in list(self._sessions.values()):
            if session.lost_at is not None and session.lost_at < horizon:
                del self._sessions[session.id]

    def _broadcast(self, event: str, payload: Mapping[str, Any]) -> None:
        for session in list(self._sessions.values()):
            session.deliver(event, payload)

    # ------------------------------------------------------------------ faults

    async def drop(self, code: int | None) -> None:
        """Close every socket with `code`, or cut the connections without a word (None)."""
        for socket in list(self._sockets):
            socket.dropped = True
            if code is None:
                socket.cut()
            else:
                await socket.drained()
                await socket.ws.close(code=code)

    def mute(self, *, muted: bool) -> None:
        """Say nothing and answer nothing on any socket, as a gateway that hangs; or say it all after that."""
        if muted:
            self._speaking.clear()
        else:
            self._speaking.set()

    def disallow_members(self) -> None:
        """From now on nobody may identify with the members intent."""
        self._world.members_allowed = False

    def ask_to_reconnect(self) -> None:
        """Send op 7, as Discord does before it moves a connection."""
        for socket in self._sockets:
            socket.put_op(RECONNECT)

    def invalidate(self) -> None:
        """Forget every session and say so (op 9): the bot has to identify again."""
        self._sessions.clear()
        for socket in self._sockets:
            socket.put_op(INVALID_SESSION, payload=False)

    def forget_sessions(self) -> None:
        """Forget every session silently: the next RESUME fails."""
        self._sessions.clear()

    async def close(self) -> None:
        """Close every socket because the server ends."""
        self.refusing = True
        self._speaking.set()
        for socket in list(self._sockets):
            await socket.ws.close(code=WSCloseCode.GOING_AWAY)

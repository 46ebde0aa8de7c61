"""The connection to Discord's gateway, which replaces nextcord's `Client.connect`.

What nextcord 3.2 does there, and each has its test: it dies of an AttributeError when the first connection fails; it
tries a dead resume address for ever; it identifies every five seconds where sessions end at once, and never asks how
many Discord still allows; an event that it cannot read ends it. Its websocket, which knows the protocol, is used as it
is. ADR 8 says why, and which alternatives were considered.
"""

import asyncio
import logging
import math
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NoReturn

import aiohttp
import nextcord
from nextcord.gateway import DiscordWebSocket, ReconnectWebSocket
from nextcord.http import Route

from boostmon.adapters.discord.faults import Later, OddAnswer, Refused, fault_of
from boostmon.adapters.discord.http import PatientHTTPClient
from boostmon.adapters.discord.outage import Outage
from boostmon.app.errors import DiscordUnreachable, TokenRefused
from boostmon.domain.outcomes import Held

_log = logging.getLogger(__name__)

_STABLE = 120.0
"""Seconds after which a session counts as a good one: the waits start over. With shorter ones, each begun by IDENTIFY,
a day's allowance of them would not last for a day."""
_BRIEF = 5.0
"""Seconds after which a connection is resumed at once; nothing limits RESUMEs, but they should not spin."""
_IDENTIFY_PACE = 5.0
"""Seconds between two IDENTIFYs, by Discord's `max_concurrency` of one in five seconds."""
_SHORTEST_SIT_OUT = 60.0
"""Seconds until Discord is asked again whether it allows a new session, whatever it said."""
_LONGEST_SIT_OUT = 24 * 3600.0
"""Seconds of the period for which Discord counts sessions; a longer wait is a mistake of whoever answered."""
_HANG_UP = 1.0
"""Seconds for the other side to answer the closing of a connection that is given up."""
_RESUMABLE = 4000
"""A close code that leaves the session as it is; by Discord's reference, 1000 and 1001 would end it."""
_UNAUTHORIZED = 401

# Close codes, by Discord's reference of the gateway.
_AUTHENTICATION_FAILED = 4004
_SESSION_ENDED = frozenset({4007, 4009})
_FINAL = {
    4010: "the gateway does not know this shard",
    4011: "the bot is in too many servers for one connection; Discord requires sharding",
    4012: "the gateway does not speak this version of its protocol any more; update BoostMon",
    4013: "the gateway does not know an intent that was asked for",
    4014: 'the bot may not hear of members; switch on "Server Members Intent" in the developer portal, on the page '
    '"Bot", or set BOOSTMON_MEMBERS_INTENT=off',
}


class _SessionsUsedUp(Exception):
    """Discord allows no further IDENTIFY for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no further session may be started within {seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class _Session:
    """What a RESUME needs. `address` is where Discord wants it, None: at the general one."""

    id: str
    sequence: int
    address: str | None


class GatewayConnection:
    """Keeps a client connected that is logged in, and was made patient (see `make_patient`).

    Who is not ready for `timeout` seconds gives the session up, and asks for a new one by IDENTIFY at Discord's general
    address. `outage` says how attempts are spaced, and when to give up. Requests by REST go on all the while.
    """

    def __init__(
        self,
        client: nextcord.Client,
        outage: Outage,
        *,
        timeout: float = 60.0,
        identify_pace: float = _IDENTIFY_PACE,
    ) -> None:
        if not isinstance(client.http, PatientHTTPClient):
            raise TypeError("the client's HTTP client must have been replaced by make_patient()")
        self._client = client
        self._http = client.http
        self._outage = outage
        self._timeout = timeout
        self._pace = identify_pace
        self._session: _Session | None = None
        self._opened: list[DiscordWebSocket] = []
        self._socket = _socket_that_joins(self._opened)
        self._identified_at = float("-inf")
        self._ready_at: float | None = None

    @property
    def ready(self) -> bool:
        """Whether events come in at this moment."""
        return self._ready_at is not None

    async def hold(self) -> NoReturn:
        """Connects, and again whenever the connection is lost. To be cancelled, which leaves the socket open.

        Raises:
            TokenRefused: the token is not accepted any more.
            DiscordUnreachable: the gateway does not want this bot, or `outage` lasted for too long.
        """
        self._outage.begin()
        while not self._client.is_closed():  # a request would open a closed client again
            try:
                await self._live()
            except asyncio.CancelledError:
                if not self.ready:
                    await self._hang_up()
                raise
            except _SessionsUsedUp as error:
                _log.error("Discord allows no new session for a time; waiting", extra={"seconds": round(error.seconds)})
                await self._outage.sit_out(error.seconds)
            except Exception as error:  # noqa: BLE001 - whatever an event holds, the next connection may be a good one
                await self._lost(error)
        raise DiscordUnreachable("the connection to the gateway was closed")

    async def _live(self) -> NoReturn:
        if self._session is not None and self._outage.seconds >= self._timeout:
            _log.warning("not ready for too long; asking for a new session")
            self._session = None
        session = self._session
        if session is None and (early := self._identified_at + self._pace - self._outage.clock()) > 0:
            await self._outage.sleep(early)
        async with asyncio.timeout(self._limit(session)):
            websocket = await self._open(session)
            ready = websocket.wait_for("READY" if session is None else "RESUMED", lambda _event: True)
            while not ready.done():
                await websocket.poll_event()
        self._ready_at = self._outage.clock()
        _log.info("connected to the gateway", extra={"resumed": session is not None})
        while True:
            await websocket.poll_event()

    def _limit(self, session: _Session | None) -> float:
        if session is None:
            return self._timeout
        left = self._timeout - self._outage.seconds
        # Leaves time for a RESUME at the general address.
        return left if session.address is None else min(left, self._timeout / 3)

    async def _open(self, session: _Session | None) -> DiscordWebSocket:
        websocket: DiscordWebSocket = await self._socket.from_client(
            self._client,
            initial=True,  # or nextcord would wait before each further IDENTIFY by itself
            gateway=(session and session.address) or await self._general_address(identify=session is None),
            format_gateway=True,
            resume=session is not None,
            session=None if session is None else session.id,
            sequence=None if session is None else session.sequence,
        )
        if session is None:
            self._identified_at = self._outage.clock()
        self._client.ws = websocket
        return websocket

    async def _general_address(self, *, identify: bool) -> str:
        answer = await self._http.request(Route("GET", "/gateway/bot"), retry_request=False)
        match answer:
            case {"session_start_limit": {"remaining": int(remaining), "reset_after": int() | float() as wait}} if (
                identify and remaining < 1
            ):
                raise _SessionsUsedUp(_bounded(wait))
            case {"url": str(url)} if url.startswith(("wss://", "ws://")):
                return url
            case _:
                raise OddAnswer("the answer to GET /gateway/bot names no gateway")

    async def _lost(self, error: Exception) -> None:
        """Tidies up, remembers what can be resumed, and waits until the next attempt is due."""
        if self._client.is_closed():
            return
        tried, self._session = self._session, self._resumable(error)
        lasted, self._ready_at = self._lasted(), None
        if lasted is not None:
            self._client.dispatch("disconnect")
            self._outage.begin(anew=lasted >= _STABLE or tried is not None)
        await self._hang_up()
        fault = _later(error)
        if lasted is not None and lasted >= _BRIEF and self._session is not None:
            _log.warning("the connection to the gateway was lost", extra={"error": fault.error})
            return
        left = self._timeout - self._outage.seconds
        until_watchdog = left if self._session is not None and left > 0 else None
        await self._outage.wait(fault, what="no connection to the gateway", at_most=until_watchdog)

    def _lasted(self) -> float | None:
        return None if self._ready_at is None else self._outage.clock() - self._ready_at

    def _resumable(self, error: Exception) -> _Session | None:
        tried = self._session
        if not self._opened:
            return tried and replace(tried, address=None)
        websocket = self._opened[-1]
        code = websocket.socket.close_code
        unexpected = not isinstance(error, ReconnectWebSocket) and fault_of(error) is None
        if unexpected or websocket.session_id is None or websocket.sequence is None or code in _SESSION_ENDED:
            return None
        # A websocket that resumed does not learn the address again.
        address = websocket.resume_url or (tried.address if tried is not None and self.ready else None)
        return _Session(websocket.session_id, websocket.sequence, address)

    async def _hang_up(self) -> None:
        for websocket in self._opened:
            with suppress(Exception):  # it is given up in any case
                async with asyncio.timeout(_HANG_UP):
                    await websocket.close(code=_RESUMABLE)
        self._opened.clear()


def _bounded(milliseconds: int | float) -> float:
    """The wait in seconds, however odd the number is that was told."""
    if isinstance(milliseconds, float) and math.isnan(milliseconds):
        return _SHORTEST_SIT_OUT
    return max(min(milliseconds, _LONGEST_SIT_OUT * 1000) / 1000, _SHORTEST_SIT_OUT)


def _socket_that_joins(opened: list[DiscordWebSocket]) -> type[DiscordWebSocket]:
    """nextcord's websocket, in `opened` as soon as it exists: what fails while opening must be closed, too."""

    class Socket(DiscordWebSocket):
        def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, loop: asyncio.AbstractEventLoop) -> None:
            super().__init__(socket, loop=loop)
            opened.append(self)

    return Socket


def _later(error: Exception) -> Later:
    """What to say of a lost connection; raises when no other attempt will go better."""
    match error:
        case ReconnectWebSocket():
            return Later("the connection was closed or fell silent" if error.resume else "the session has ended")
        case nextcord.ConnectionClosed(code=code) if code == _AUTHENTICATION_FAILED:
            raise TokenRefused("Discord does not accept the token any more") from error
        case nextcord.ConnectionClosed(code=code) if code in _FINAL:
            raise DiscordUnreachable(_FINAL[code]) from error
        case nextcord.ConnectionClosed(code=code):
            return Later(f"the gateway closed the connection with {code}")
    match fault_of(error):
        case Later() as fault:
            return fault
        case Held(error=text, after=after):
            return Later(text, after)
        case Refused(status=status) if status == _UNAUTHORIZED:
            raise TokenRefused("Discord does not accept the token any more") from error
        case Refused(error=text):
            return Later(text)
    _log.error("the connection to the gateway broke unexpectedly", exc_info=error)
    return Later(f"unexpected: {type(error).__name__}")


async def close_client(client: nextcord.Client, seconds: float) -> None:
    """Closes a client and returns when that is done; a gateway that does not answer is cut off after `seconds`.

    nextcord's `start` returns while the closing is still at work, and the closing waits for half a minute.
    """
    try:
        async with asyncio.timeout(seconds):
            await client.close()
    except TimeoutError:
        _log.warning("Discord did not close the connection in time")
        await client.http.close()

"""nextcord's HTTP client, with one budget for all its requests and workarounds for the faults of nextcord 3.2.

Each workaround has its own test over a real socket, which fails with nextcord's own client. When it no longer does, the
workaround can go.
"""

import asyncio
import json
import math
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, override

import aiohttp
import nextcord
from nextcord.http import GlobalRateLimit, HTTPClient, RateLimit, Route

from boostmon.adapters.discord.buckets import Told, Where
from boostmon.adapters.discord.budget import PATIENCE, UNTIL_IT_OPENS, Priority, Ticket
from boostmon.adapters.discord.faults import LONGEST_WAIT, TOO_MANY, Faulty, OddAnswer
from boostmon.adapters.discord.turns import Turns

NO_CONTENT = 204
_TRANSIENT = frozenset({500, 502, 503, 504})
_SHORT_WAIT = 5.0
"""A 429 that asks for at most this many seconds is waited for in place; a longer one is the caller's to plan."""


@dataclass(frozen=True, slots=True)
class _Once:
    """A request whose caller plans its own retries; `sending` is called when its turn has come.

    `expected` is the status that Discord answers with when it has done what was asked.
    """

    priority: Priority
    sending: Callable[[], None]
    expected: int


_once: ContextVar[_Once | None] = ContextVar("once", default=None)


class _OpenLimit(GlobalRateLimit):
    """Takes the place of nextcord's counting of requests per second and does nothing: the budget counts."""

    async def acquire(self) -> bool:
        return True

    async def update(self, response: aiohttp.ClientResponse) -> None:
        """Learns nothing."""


class _Turn(RateLimit):
    """One request's way through the budget, made where nextcord wants the limit of a route.

    It never has a bucket's name for nextcord, which would merge by it the limits of different guilds.
    """

    def __init__(self, turns: Turns, where: Where) -> None:
        super().__init__()
        self._turns = turns
        self._where = where
        self._ticket: Ticket | None = None

    async def acquire(self) -> bool:
        once = _once.get()
        if once is not None:
            self._ticket = await self._turns.wait(self._where, once.priority, PATIENCE[once.priority])
            once.sending()
            return True
        try:
            self._ticket = await self._turns.wait(self._where, Priority.COMMAND, UNTIL_IT_OPENS)
        except Faulty as full:  # as nextcord's own code knows it
            raise nextcord.HTTPInternalRatelimitLocked(full.fault.error) from None
        return True

    async def update(self, response: aiohttp.ClientResponse) -> None:
        if response.status == TOO_MANY and (wait := _asked_wait(response.headers.get("Retry-After"))) is not None:
            # First of all: nobody who waits is to slip in between.
            self._turns.close(None if _is_global(response) else self._where, min(wait, LONGEST_WAIT.total_seconds()))
        if self._ticket is not None:
            self._turns.answered(self._ticket, _told(response.headers))

    def release(self) -> None:
        if self._ticket is not None:
            self._turns.end(self._ticket)
            self._ticket = None


class PatientHTTPClient(HTTPClient):
    """Differs from its parent in nine ways.

    - All requests but those of interactions and webhooks pass one budget, by priority and in time for Discord's count.
    - A bucket's name does not merge the limits of different guilds or channels. Discord counts a bucket for each
      of them, but names it alike, so that nextcord made guild B wait for guild A's limit.
    - A 429 closes its route, or everything, for as long as Retry-After asks for. nextcord sent five requests at once.
    - A 429 without a `Via` header is treated the same: a proxy or a test server need not send one.
    - An answer without rate-limit headers, as a load balancer's, doesn't lower the route's limit.
    - 503 is retried as 500, 502 and 504 are, which also lets a registration of commands survive it.
    - An answer counts as Discord's only if it is one: JSON, or nothing with 204. A proxy's `200 <html>` or half an
      answer raises `OddAnswer`; nextcord returned the text, or raised a ValueError.
    - Redirects are not followed: Discord's API sends none, and what stands elsewhere has nothing to confirm.
    - aiohttp does not send a request again by itself whose connection broke. The first one may have been served: a 429
      or a refusal of the second would then be taken to mean that nothing was done.
    """

    def __init__(self, *args: Any, turns: Turns | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns = turns or Turns()

    @override
    async def request(self, route: Route, **kwargs: Any) -> Any:
        """Like the parent's, but raises OddAnswer if the answer is not Discord's."""
        try:
            return await super().request(route, **kwargs)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise OddAnswer(f"the answer to {route.method} {route.path} is no JSON: {type(error).__name__}") from error

    async def request_once(
        self,
        route: Route,
        *,
        expected: int = 200,
        priority: Priority = Priority.REMOVAL,
        patience: float = 60.0,
        **kwargs: Any,
    ) -> Any:
        """Like `request`, but every 429 and 5xx is raised at once, for a caller with retries of its own.

        `expected` is the status that Discord answers with when it has done what was asked. Raises OddAnswer for any
        other that is no refusal; `Faulty`, without having sent anything, when its turn would come too late for its
        priority; and TimeoutError when there is no answer `patience` seconds after it was sent.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as deadline:
            once = _Once(priority, lambda: deadline.reschedule(loop.time() + patience), expected)
            token = _once.set(once)
            try:
                return await self.request(route, **kwargs)
            finally:
                _once.reset(token)

    async def until_open(self, method: str, route: Route, patience: float, ahead: Callable[[], int]) -> None:
        """Waits until the route would let a request pass; see `Turns.until_open`."""
        await self._turns.until_open(_where(method, route), patience, ahead)

    @override
    async def recreate(self) -> None:
        """Makes a session that repeats no request by itself and follows no redirects."""
        await super().recreate()
        session: aiohttp.ClientSession = self._HTTPClient__session  # type: ignore[attr-defined]
        session._retry_connection = False  # noqa: SLF001 - aiohttp has no public switch
        if _NO_REDIRECTS not in session.trace_configs:
            # So it holds for answers to interactions and for the websocket, too, which do not pass `request`.
            session.trace_configs.append(_NO_REDIRECTS)

    def _make_global_rate_limit(self, auth: str | None, max_per_second: int) -> GlobalRateLimit:
        limit = self._global_rate_limits[auth] = _OpenLimit()
        limit.limit = limit.remaining = max_per_second
        return limit

    def _get_url_rate_limit(self, method: str, route: Route, auth: str | None) -> None:
        """None is kept: `_make_url_rate_limit` is asked for each request."""

    def _make_url_rate_limit(self, method: str, route: Route, auth: str | None) -> RateLimit:  # noqa: ARG002 - one bot, one budget
        return _Turn(self._turns, _where(method, route))

    async def _handle_http_response_errors(self, response: Any, return_value: Any, *args: Any, **kwargs: Any) -> bool:
        once = _once.get()
        is_once = once is not None
        if response.status < 400:
            _require_an_answer_of_discord(response, return_value, once)
            return False
        if response.status == TOO_MANY:
            wait = _asked_wait(response.headers.get("Retry-After"))
            if wait is None or wait > _SHORT_WAIT or is_once or not kwargs["retry_request"]:
                raise nextcord.HTTPException(response, return_value)
            return True
        if response.status in _TRANSIENT and is_once:
            raise nextcord.DiscordServerError(response, return_value)
        if response.status == 503 and kwargs["retry_request"]:
            await asyncio.sleep(1 + kwargs["retry_count"] * 2)
            return True
        return await super()._handle_http_response_errors(response, return_value, *args, **kwargs)


def _where(method: str, route: Route) -> Where:
    owner = (route.channel_id, route.guild_id, route.webhook_id, route.webhook_token)
    is_exempt = route.path.startswith("/interactions/") or (
        route.path.startswith("/webhooks/") and route.webhook_token is not None
    )
    return Where(method, route.path, tuple(str(one) for one in owner if one is not None), is_exempt)


def _require_an_answer_of_discord(response: aiohttp.ClientResponse, said: Any, once: _Once | None) -> None:
    """Raises OddAnswer for what only something in front of Discord, or in its place, answers."""
    is_empty = response.status == NO_CONTENT
    is_expected = response.status == once.expected if once is not None else response.status < 300
    if is_expected and (is_empty or isinstance(said, dict | list)):
        return
    kind = response.headers.get("Content-Type", "no content type")
    raise OddAnswer(f"Discord did not confirm it: an answer of status {response.status} with {kind[:60]}")


async def _refuse_redirect(_session: object, _context: object, redirect: aiohttp.TraceRequestRedirectParams) -> None:
    raise OddAnswer(f"Discord did not confirm it: a redirect of status {redirect.response.status}")


_NO_REDIRECTS = aiohttp.TraceConfig()
_NO_REDIRECTS.on_request_redirect.append(_refuse_redirect)
_NO_REDIRECTS.freeze()


def _told(headers: Any) -> Told | None:
    """What an answer says of its bucket; None where it says nothing, or what cannot be."""
    try:
        reset_after = float(headers["X-RateLimit-Reset-After"])
        told = Told(
            name=headers.get("X-RateLimit-Bucket"),
            limit=max(int(headers["X-RateLimit-Limit"]), 1),
            remaining=max(int(headers["X-RateLimit-Remaining"]), 0),
            reset_after=min(max(reset_after, 0.0), LONGEST_WAIT.total_seconds()),
        )
    except (KeyError, ValueError):
        return None
    return told if math.isfinite(reset_after) else None


def _is_global(response: aiohttp.ClientResponse) -> bool:
    return response.headers.get("X-RateLimit-Scope") == "global" or "X-RateLimit-Global" in response.headers


def _asked_wait(header: str | None) -> float | None:
    try:
        seconds = float(header) if header is not None else -1.0
    except ValueError:
        return None
    return seconds if seconds >= 0 else None


def make_patient(client: nextcord.Client, turns: Turns | None = None) -> None:
    """Gives a client that is not logged in yet a `PatientHTTPClient`. Doing it twice changes nothing.

    `turns` holds the process's budget; without it the client gets one of its own.

    Raises:
        RuntimeError: it is logged in, so that its requests already go another way.
    """
    before = client.http
    if isinstance(before, PatientHTTPClient):
        return
    if client.user is not None:
        raise RuntimeError("the HTTP client can only be replaced before the login")
    client.http = PatientHTTPClient(
        before._connector,  # noqa: SLF001 - what the client was built with is kept nowhere else
        proxy=before._proxy,  # noqa: SLF001 - as above
        proxy_auth=before._proxy_auth,  # noqa: SLF001 - as above
        assume_unsync_clock=not before._ratelimit_use_timestamp,  # noqa: SLF001 - as above
        dispatch=client.dispatch,
        turns=turns,
    )
    client._connection.http = client.http  # noqa: SLF001 - the state holds the same HTTP client

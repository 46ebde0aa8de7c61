"""nextcord's HTTP client with a way round the faults that nextcord 3.2 has under rate limits and outages.

Each way round has its own test over a real socket, which fails with nextcord's own client. When it does not any more,
the way round can go.
"""

import asyncio
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import aiohttp
import nextcord
from nextcord.http import HTTPClient, RateLimit, Route

from boostmon.adapters.discord.faults import Faulty, Later

_TRANSIENT = frozenset({500, 502, 503, 504})
_SHORT_WAIT = 5.0
"""A 429 that asks for at most this many seconds is waited for in place; a longer one is the caller's to plan."""

_PATIENCE = 1.0
"""Seconds that a request which is tried once waits at most for a limit that is known to be used up."""

_single_try: ContextVar[bool] = ContextVar("single_try", default=False)


class _NeverShared(dict[str, RateLimit]):
    """Forgets what is put into it: see `PatientHTTPClient`."""

    def __setitem__(self, bucket: str, limit: RateLimit, /) -> None:
        """Keeps nothing."""


class _RouteLimit(RateLimit):
    """A route's limit that can be closed for a time, and that an answer without headers leaves as it was.

    Whoever tries once is turned away while the limit is known to stay used up: if every place of a batch waited
    for one busy guild, all other guilds would wait with it.
    """

    _opens_at = 0.0

    async def update(self, response: aiohttp.ClientResponse) -> None:
        if "X-RateLimit-Limit" in response.headers:
            await super().update(response)
            if self.locked:
                self._opens_at = asyncio.get_running_loop().time() + self.reset_after
                self._ratelimit_ready.set()  # those who wait have to hear of it
        elif response.status != 429:
            self.remaining = min(self.remaining + 1, self.limit)  # what the request took when it was let pass
            self._ratelimit_ready.set()

    def close(self, seconds: float) -> None:
        """Lets nobody pass for so long; nextcord's own reset task then opens the route again."""
        self.remaining = 0
        if self._reset_remaining_task is not None:
            self._reset_remaining_task.cancel()
        self._reset_remaining_task = asyncio.create_task(self.reset_remaining(seconds))
        self._opens_at = asyncio.get_running_loop().time() + seconds
        self._ratelimit_ready.set()

    def turn_away(self) -> None:
        """Raises `Faulty` while nobody will be let pass for longer than it is worth waiting."""
        wait = self._opens_at - asyncio.get_running_loop().time()
        if self.locked and wait > _PATIENCE:
            raise Faulty(Later("Discord's limit for this is used up", timedelta(seconds=wait)))

    async def acquire(self) -> bool:
        while self.locked:
            if _single_try.get():
                self.turn_away()
            if not self.resetting:
                self.start_reset_task()
            self._ratelimit_ready.clear()
            await self._ratelimit_ready.wait()
        self.remaining -= 1
        return True


class PatientHTTPClient(HTTPClient):
    """Differs from its parent in five ways.

    - A bucket's name does not merge the limits of different guilds or channels. Discord counts a bucket for each
      of them, but names it alike, so that nextcord made guild B wait for guild A's limit.
    - A 429 closes its route for the time that Retry-After asks for. nextcord sent five requests at once instead.
    - A 429 without a `Via` header is treated the same: a proxy or a test server need not send one.
    - An answer without rate-limit headers, as a load balancer's, doesn't lower the route's limit.
    - 503 is retried as 500, 502 and 504 are, which also lets a registration of commands survive it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._buckets = _NeverShared()

    async def request_once(self, route: Route, **kwargs: Any) -> Any:
        """As `request`, but every 429 and 5xx is raised at once, for a caller with retries of its own.

        Raises `Faulty`, without having sent anything, while the route's limit stays used up for more than a second.
        """
        limit = self._get_url_rate_limit(route.method, route, self._default_auth)
        if isinstance(limit, _RouteLimit):
            limit.turn_away()  # here already, as on the way it would take a place of the global limit
        token = _single_try.set(True)
        try:
            return await self.request(route, **kwargs)
        finally:
            _single_try.reset(token)

    def _make_url_rate_limit(self, method: str, route: Route, auth: str | None) -> RateLimit:
        limit = _RouteLimit(time_offset=self._time_offset, use_reset_timestamp=self._ratelimit_use_timestamp)
        self._set_url_rate_limit(method, route, auth, limit)
        return limit

    async def _handle_http_response_errors(self, response: Any, return_value: Any, *args: Any, **kwargs: Any) -> bool:
        if response.status == 429:
            return self._too_many(response, return_value, kwargs["url_rate_limit"], retry=kwargs["retry_request"])
        if response.status in _TRANSIENT and _single_try.get():
            raise nextcord.DiscordServerError(response, return_value)
        if response.status == 503 and kwargs["retry_request"]:
            await asyncio.sleep(1 + kwargs["retry_count"] * 2)
            return True
        return await super()._handle_http_response_errors(response, return_value, *args, **kwargs)

    def _too_many(self, response: Any, return_value: Any, limit: _RouteLimit, *, retry: bool) -> bool:
        wait = _asked_wait(response.headers.get("Retry-After"))
        is_global = response.headers.get("X-RateLimit-Scope") == "global" or "X-RateLimit-Global" in response.headers
        if not is_global and wait is not None:
            limit.close(min(wait, _SHORT_WAIT))
        if wait is None or wait > _SHORT_WAIT or _single_try.get() or not retry:
            raise nextcord.HTTPException(response, return_value)
        return True


def _asked_wait(header: str | None) -> float | None:
    try:
        seconds = float(header) if header is not None else -1.0
    except ValueError:
        return None
    return seconds if seconds >= 0 else None


def make_patient(client: nextcord.Client) -> None:
    """Gives a client that is not logged in yet a `PatientHTTPClient`. Doing it twice changes nothing.

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
    )
    client._connection.http = client.http  # noqa: SLF001 - the state holds the same HTTP client

"""An HTTP server on loopback that answers what it was told, header by header."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `headers` are all that it carries beside its type and length."""

    status: int
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


LOST = Reply(0)
"""No answer at all: the connection breaks."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request; `at` is a monotonic reading."""

    method: str
    path: str
    at: float


class ScriptedServer:
    """Gives the replies that `reply` has for a request one after the other, then 200 and an empty object."""

    def __init__(self, default: Callable[[str], Reply] = lambda _path: Reply(200)) -> None:
        self.seen: list[Seen] = []
        self._replies: deque[Reply] = deque()
        self._default = default
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        self.url = ""

    def reply(self, *replies: Reply) -> None:
        """The next answers, whatever is asked."""
        self._replies.extend(replies)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/v10"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        self.seen.append(Seen(request.method, request.path.removeprefix("/api/v10"), time.monotonic()))
        reply = self._replies.popleft() if self._replies else self._default(request.path)
        if reply is LOST and request.transport is not None:
            request.transport.abort()
        response = web.Response(status=reply.status or 200, body=reply.body.encode(), headers=dict(reply.headers))
        response.headers["Content-Type"] = reply.content_type  # nextcord compares it whole
        return response


def limits(remaining: int, limit: int = 5, reset_after: float = 5.0, **more: Any) -> dict[str, str]:
    """The headers of a bucket that all routes share by name."""
    return {
        "Via": "1.1 test",
        "X-RateLimit-Bucket": "shared-name",
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset-After": str(reset_after),
        **more,
    }

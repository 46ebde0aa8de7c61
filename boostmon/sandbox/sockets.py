"""One websocket of the gateway: what it sends, in order, and how it ends."""

import asyncio
import contextlib
import json
import zlib
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from boostmon.sandbox.session import Session


class Socket:
    """One connection: frames leave in the order in which they were put, compressed if asked for."""

    def __init__(self, request: web.Request, ws: web.WebSocketResponse, speaking: asyncio.Event) -> None:
        self.ws = ws
        self._speaking = speaking
        self.session: Session | None = None
        self.dropped = False
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._transport = request.transport
        self._zlib = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    def put(self, frame: dict[str, Any]) -> None:
        """Send it after all that was put before."""
        self._queue.put_nowait(frame)

    def put_op(self, op: int, payload: Any = None) -> None:
        """The same for what is no event."""
        self.put({"op": op, "d": payload, "s": None, "t": None})

    async def write(self) -> None:
        """Send what is put, until the socket is gone."""
        while True:
            frame = await self._queue.get()
            await self._speaking.wait()
            await self._send(json.dumps(frame))
            self._queue.task_done()

    async def _send(self, text: str) -> None:
        if self._zlib is None:
            await self.ws.send_str(text)
        else:
            data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
            await self.ws.send_bytes(data)

    def cut(self) -> None:
        """Break the connection without a word, as a network does."""
        if self._transport is not None:
            self._transport.abort()

    async def drained(self) -> None:
        """Return when everything that was put has been sent, or soon in any case."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._queue.join(), 1.0)

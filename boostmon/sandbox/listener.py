"""The listening half of the loopback Discord: sockets, life and death, and waiting for things to happen."""

import threading
import time
from collections.abc import Callable

from aiohttp import web

from boostmon.sandbox.gateway import PATH, RESUME_PATH, Gateway
from boostmon.sandbox.loopthread import LoopThread
from boostmon.sandbox.rest import Rest

HOST = "127.0.0.1"
LARGEST_BODY = 32 * 1024 * 1024
#: A condition may hang on the clock alone; it is looked at again after this many real seconds.
LOOK_AGAIN_SECONDS = 0.1


class Changed:
    """A count of everything that happened, which threads can wait for."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._version = 0

    def notify(self) -> None:
        """Something happened."""
        with self._condition:
            self._version += 1
            self._condition.notify_all()

    def wait_until[T](self, predicate: Callable[[], T], timeout: float, what: str) -> T:
        """The predicate's first true value. TimeoutError after `timeout` real seconds."""
        deadline = time.monotonic() + timeout
        while True:
            with self._condition:
                seen = self._version
            if value := predicate():
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{what} did not happen within {timeout:g} s")
            self._wait(seen, min(left, LOOK_AGAIN_SECONDS))

    def _wait(self, seen: int, seconds: float) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._version != seen, seconds)


class Listener:
    """Serves REST and gateway on 127.0.0.1 from a thread of its own."""

    def __init__(self, rest: Rest, gateway: Gateway, port: int) -> None:
        self.thread = LoopThread("loopback-discord")
        self._rest = rest
        self._gateway = gateway
        self._port = port
        self._runner: web.AppRunner | None = None
        self.url = ""

    def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        self.thread.start()
        try:
            self.thread.run(self._listen())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection and end the thread."""
        self.thread.run(self._shut())
        self.thread.stop()

    async def _listen(self) -> None:
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_get(PATH, self._gateway.handle)
        application.router.add_get(RESUME_PATH, self._gateway.handle)
        application.router.add_route("*", "/api/{path:.*}", self._rest.handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        port = self._runner.addresses[0][1]
        self.url = f"http://{HOST}:{port}/api/v10"
        self._gateway.url = self._rest.gateway_url = f"ws://{HOST}:{port}{PATH}"

    async def _shut(self) -> None:
        self._rest.closing.set()
        await self._gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

"""The threads in which an event loop runs blocking work."""

import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, override

_LOOK_UP: Any = socket.getaddrinfo  # what asyncio's loops submit for `getaddrinfo`


class LoopExecutor(ThreadPoolExecutor):
    """An event loop's default executor in which blocking work never holds up the look-up of a host's address.

    Whatever waits for Discord keeps a thread, and its request may first need an address, which asyncio looks up in this
    executor, too. If waiting work had taken every thread, the two would wait for each other until both gave up.
    """

    def __init__(self, max_workers: int) -> None:
        super().__init__(max_workers, thread_name_prefix="loop")
        self._lookups = ThreadPoolExecutor(2, thread_name_prefix="address")

    @override
    def submit[**P, R](self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        if fn is _LOOK_UP:
            return self._lookups.submit(fn, *args, **kwargs)
        return super().submit(fn, *args, **kwargs)

    @override
    def shutdown(self, *args: Any, **kwargs: Any) -> None:
        self._lookups.shutdown(*args, **kwargs)
        super().shutdown(*args, **kwargs)

"""Work that is handed out piece by piece to the threads that do it."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta

from boostmon.app.leases import BatchSize


class Chunks[T]:
    """Hands `items` out in chunks of `size`, in their order, until `stopping`. Any number of threads may take them."""

    def __init__(self, items: Sequence[T], size: BatchSize, stopping: Callable[[], bool]) -> None:
        self._waiting = deque(items)
        self._begun: list[list[T]] = []
        self._size = size
        self._stopping = stopping
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many chunks nobody has taken, if none is going to be of another size."""
        with self._lock:
            return -(-len(self._waiting) // self._size.now)

    @property
    def left(self) -> list[T]:
        """What is not dealt with."""
        with self._lock:
            return [*(item for chunk in self._begun for item in chunk), *self._waiting]

    def take(self) -> list[T]:
        """The next chunk; an empty one when there is nothing to begin with, or no time."""
        with self._lock:
            number = 0 if self._stopping() else min(self._size.now, len(self._waiting))
            chunk = [self._waiting.popleft() for _ in range(number)]
            self._begun.append(chunk)
            return chunk

    def dealt_with(self, chunk: list[T], length: timedelta) -> None:
        """A chunk is over, and took so long."""
        with self._lock:
            self._size.took(length)
            self._begun = [one for one in self._begun if one is not chunk]

    def break_off(self) -> None:
        """Nobody gets another chunk. What was not taken is left to whoever finds it next."""
        with self._lock:
            self._waiting.clear()

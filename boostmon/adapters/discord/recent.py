"""A dictionary that forgets: its oldest entries beyond a number, and each after a time."""

import time
from collections import OrderedDict
from collections.abc import Callable


class Recent[K, V]:
    """Keeps the `most` latest entries, each for `seconds` of real time. Not safe for several threads."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: K, value: V) -> None:
        """Remembers `value` from now on."""
        self._entries[key] = (self._clock() + self._seconds, value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def get(self, key: K) -> V | None:
        """What is remembered, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        expires, value = entry
        if expires <= self._clock():
            del self._entries[key]
            return None
        return value

    def forget(self, key: K) -> None:
        """Forgets one entry, if it is there."""
        self._entries.pop(key, None)

"""When a series of calls is over that nobody counts: a bot registers its commands one by one."""

import time
from collections.abc import Callable

#: After this long without another they are all there, on a machine that is quick;
QUIET_SECONDS = 0.25
#: and on a slow one after so many of the longest pauses that it has made between two of them.
PAUSES = 3


class Series:
    """The calls since `begin`."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """None has come yet."""
        self._last, self._longest_pause = self._seconds(), 0.0

    def came(self) -> None:
        """One more."""
        now = self._seconds()
        self._longest_pause = max(self._longest_pause, now - self._last)
        self._last = now

    @property
    def is_over(self) -> bool:
        """Whether none has come for longer than they take to come."""
        return self._seconds() - self._last >= max(QUIET_SECONDS, PAUSES * self._longest_pause)

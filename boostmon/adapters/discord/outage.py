"""While Discord cannot be reached: how long to wait between attempts, and when to give up."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from boostmon.adapters.discord.faults import Later
from boostmon.app.errors import DiscordUnreachable
from boostmon.domain.backoff import Backoff

_log = logging.getLogger(__name__)

BACKOFF = Backoff(first=timedelta(seconds=2), cap=timedelta(minutes=2))
"""Even if each attempt were an IDENTIFY, a day of them at the cap stays below the 1,000 that Discord allows."""


class Outage:
    """The attempts since Discord was last reached. It begins when it is made.

    `give_up` is for how many seconds attempts are made. Waits double up to two minutes; each is shortened at random by
    up to a half, so that the bots that Discord lost together do not come back in step. `clock` counts seconds, and
    `jitter` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        give_up: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.clock = clock
        self.sleep = sleep
        self._give_up = give_up
        self._jitter = jitter
        self._failures = 0
        self._began = clock()

    @property
    def seconds(self) -> float:
        """How long it has lasted, but for what was excused."""
        return self.clock() - self._began

    def begin(self, *, anew: bool = True) -> None:
        """It begins now, and the next attempt may follow at once; unless `anew`, the waits go on growing."""
        self._began = self.clock()
        if anew:
            self._failures = 0

    async def wait(self, fault: Later, *, what: str, at_most: float | None = None) -> None:
        """Returns when the next attempt is due: within `at_most` seconds, unless Discord asks for a longer wait.

        `what` is said in the log beside the fault.

        Raises:
            DiscordUnreachable: it has lasted for too long.
        """
        if self.seconds >= self._give_up:
            raise DiscordUnreachable(fault.error + self._tried())
        self._failures += 1
        wait = BACKOFF.after(self._failures).total_seconds() * (1 - self._jitter() / 2)
        if at_most is not None:
            wait = min(wait, at_most)
        wait = max(wait, fault.after.total_seconds())
        _log.warning(what, extra={"error": fault.error, "again_in": round(wait, 1)})
        await self.sleep(wait)

    async def sit_out(self, seconds: float) -> None:
        """Waits for what no attempt and no restart would shorten: it does not count."""
        await self.sleep(seconds)
        self._began += seconds

    def _tried(self) -> str:
        return f" (tried for {self.seconds:.0f} s)" if self._failures else ""

"""Handles guilds in which something happened: gathered, one after the other, and again after a failure."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from boostmon.domain.errors import BoostMonError

_log = logging.getLogger(__name__)

QUIET_SECONDS = 0.5
"""A role that is dragged to another place moves others, too, with an event for each: one look is enough for all."""
AGAIN_AFTER = 10
"""Quiet times after a failure."""


class Watch(Protocol):
    """Deals with events by itself until it is closed."""

    def close(self) -> None:
        """Gives up what was not dealt with."""
        ...


class Gathering:
    """Gathers guilds, and deals with one after the other. For the client's loop only.

    The first connection brings all guilds of the bot at once: taken one at a time, they leave the database to the
    commands. What fails is done again, so that an event is not lost to an outage; but not what fails by a fault of our
    own, which would fail for ever.
    """

    def __init__(self, what: str, deal: Callable[[int], Awaitable[None]], *, quiet: float = QUIET_SECONDS) -> None:
        self._what = what
        self._deal = deal
        self._quiet = quiet
        self._gathered: dict[int, None] = {}
        self._task: asyncio.Task[None] | None = None

    def note(self, guild_id: int) -> None:
        """Something happened there."""
        self._gathered[guild_id] = None
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._deal_with_all())

    def close(self) -> None:
        """Gives up the guilds that have not been handled."""
        self._gathered.clear()
        if self._task is not None:
            self._task.cancel()

    async def _deal_with_all(self) -> None:
        while self._gathered:
            await asyncio.sleep(self._quiet)
            gathered, self._gathered = self._gathered, {}
            for guild_id in gathered:
                if not await self._is_dealt_with(guild_id):
                    self._gathered[guild_id] = None
            if self._gathered.keys() & gathered.keys():
                await asyncio.sleep(AGAIN_AFTER * self._quiet)

    async def _is_dealt_with(self, guild_id: int) -> bool:
        """Whether it was, or is not worth repeating."""
        try:
            await self._deal(guild_id)
        except BoostMonError as error:
            _log.warning("%s failed", self._what, extra={"guild": guild_id, "error": str(error)})
            return False
        except Exception:  # noqa: BLE001 - whatever it was, the other guilds are dealt with, too
            _log.exception("%s failed", self._what, extra={"guild": guild_id})
        return True

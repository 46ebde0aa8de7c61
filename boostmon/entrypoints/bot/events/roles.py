"""Hears of roles that people and other bots give and take, and lets them be followed, a batch at a time."""

import asyncio
import logging
from collections import deque

import nextcord

from boostmon.adapters.discord.audit_log import AuditEar
from boostmon.app.hearing.following import AT_ONCE, FollowRoles
from boostmon.app.hearing.watching import WatchedRoles
from boostmon.app.ports import Clock
from boostmon.domain.errors import BoostMonError
from boostmon.domain.role_events import AuditEntry, RoleEvent
from boostmon.entrypoints.bot.events.gathering import QUIET_SECONDS

_log = logging.getLogger(__name__)

REFRESH_SECONDS = 300.0
"""Between two looks at which roles have timers: other processes make some, too."""
BUSY = 2
"""Quiet times between two batches: of a bot that gives roles to thousands, many are read at once."""
KEPT = 1_000
"""Events of roles without timers, of which some may turn out to have one at the next look."""


class RoleWatch:
    """Hears the audit log's events. For the client's loop only, on which it must be made.

    What fails is done again, in its order; but not what fails by a fault of our own.
    """

    def __init__(
        self,
        client: nextcord.Client,
        follow: FollowRoles,
        watched: WatchedRoles,
        clock: Clock,
        *,
        quiet: float = QUIET_SECONDS,
    ) -> None:
        self._follow = follow
        self._watched = watched
        self._quiet = quiet
        self._heard: deque[RoleEvent] = deque()
        self._passed_over: deque[RoleEvent] = deque(maxlen=KEPT)
        self._is_stale = False
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        AuditEar(client, self._hear, clock.now)
        for event in ("on_guild_join", "on_guild_available"):
            client.add_listener(self._guild_came, event)

    def close(self) -> None:
        """Gives up what was not dealt with."""
        self._heard.clear()
        self._is_stale = False
        for pending in (self._task, self._alarm):
            if pending is not None:
                pending.cancel()

    def _hear(self, entry: AuditEntry) -> None:
        for event in entry.events:
            if self._watched.matters(event):
                self._heard.append(event)
                self._wake()
            else:
                self._passed_over.append(event)

    async def _guild_came(self, _guild: nextcord.Guild) -> None:
        self._look_again()

    def _look_again(self) -> None:
        self._is_stale = True
        self._wake()

    def _wake(self) -> None:
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._work())

    async def _work(self) -> None:
        await asyncio.sleep(self._quiet)
        while self._heard or self._is_stale:
            try:
                if self._is_stale:
                    await self._refresh()
                await self._deal_with_some()
            except BoostMonError as error:
                _log.warning("following roles failed", extra={"events": len(self._heard), "error": str(error)})
            await asyncio.sleep(BUSY * self._quiet)

    async def _refresh(self) -> None:
        self._is_stale = False  # first, so that a guild that comes meanwhile is looked at again
        try:
            await asyncio.to_thread(self._watched.refresh)
        except BoostMonError:
            self._is_stale = True
            raise
        finally:
            if self._alarm is not None:
                self._alarm.cancel()
            self._alarm = self._loop.call_later(REFRESH_SECONDS, self._look_again)
        missed = list(self._passed_over)
        self._passed_over.clear()
        self._heard.extend(event for event in missed if self._watched.matters(event))

    async def _deal_with_some(self) -> None:
        batch = [event for event, _ in zip(self._heard, range(AT_ONCE), strict=False)]
        try:
            if mattering := [event for event in batch if self._watched.matters(event)]:
                await asyncio.to_thread(self._follow, mattering)
        except BoostMonError:
            raise
        except Exception:  # noqa: BLE001 - whatever it was, it would be so again
            _log.exception("following roles failed", extra={"events": len(batch)})
        for _ in batch[: len(self._heard)]:
            self._heard.popleft()

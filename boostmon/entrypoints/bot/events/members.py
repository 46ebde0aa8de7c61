"""Hears of members who leave and return, and lets their timers be dealt with, a batch at a time."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

import nextcord

from boostmon.adapters.discord.member_events import MemberEar
from boostmon.app.hearing.members import AT_ONCE
from boostmon.app.hearing.watching import WatchedRoles
from boostmon.app.ports import Clock
from boostmon.domain.errors import BoostMonError
from boostmon.domain.member_events import MemberEvent
from boostmon.entrypoints.bot.events.gathering import AGAIN_AFTER, QUIET_SECONDS

_log = logging.getLogger(__name__)


class MemberWatch:
    """Hears what Discord tells of members. For the client's loop only, on which it must be made.

    Without the members intent that is nothing, and `hear` is told of those alone whom the audit log names. No member is
    kept in memory: whether somebody has timers is looked up, for many at once, and only in guilds that have any.
    """

    def __init__(
        self,
        client: nextcord.Client,
        follow: Callable[[Sequence[MemberEvent]], Sequence[MemberEvent]],
        watched: WatchedRoles,
        clock: Clock,
        *,
        quiet: float = QUIET_SECONDS,
    ) -> None:
        self._follow = follow
        self._watched = watched
        self._quiet = quiet
        self._heard: deque[MemberEvent] = deque()
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        MemberEar(client, self.hear, clock.now)

    def hear(self, event: MemberEvent) -> None:
        """Somebody left, or is there (again)."""
        if self._watched.may_matter_in(event.guild):
            self._heard.append(event)
            if self._task is None or self._task.done():
                self._task = self._loop.create_task(self._work())

    def close(self) -> None:
        """Gives up what was not dealt with."""
        self._heard.clear()
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        await asyncio.sleep(self._quiet)  # who kicked somebody is told by another event than that they are gone
        while self._heard:
            batch = list(islice(self._heard, AT_ONCE))
            again, pause = await self._deal_with(batch)
            for _ in range(min(len(batch), len(self._heard))):
                self._heard.popleft()
            self._heard.extend(again)
            await asyncio.sleep(pause)

    async def _deal_with(self, batch: Sequence[MemberEvent]) -> tuple[Sequence[MemberEvent], float]:
        """What has to be repeated, and how long to wait until then."""
        try:
            again = await asyncio.to_thread(self._follow, batch)
        except BoostMonError as error:
            _log.warning("following members failed", extra={"events": len(batch), "error": str(error)})
            again = batch
        except Exception:  # noqa: BLE001 - whatever it was, it would be so again
            _log.exception("following members failed", extra={"events": len(batch)})
            again = ()
        return again, (AGAIN_AFTER if again else 1) * self._quiet

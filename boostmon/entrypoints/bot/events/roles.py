"""Hears of roles that people and other bots give and take, and lets them be followed, a batch at a time."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import islice

import nextcord

from boostmon.adapters.discord.audit_log import AuditEar
from boostmon.app.hearing.catching_up import CatchUp, Reached
from boostmon.app.hearing.following import AT_ONCE
from boostmon.app.ports import Clock
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId
from boostmon.domain.member_events import MemberLeft
from boostmon.domain.role_events import AuditEntry, RoleEvent
from boostmon.entrypoints.bot.events.backlog import Backlog
from boostmon.entrypoints.bot.events.gathering import AGAIN_AFTER, QUIET_SECONDS
from boostmon.entrypoints.bot.events.sight import Sight

_log = logging.getLogger(__name__)

REFRESH_SECONDS = 300.0
"""Between two looks at which roles are worth following: other processes store timers and rules, too."""
KEEP_SECONDS = 10.0
"""Between two times that is written down how far the logs were dealt with. What a crash loses of that is read again."""
BUSY = 2
"""Quiet times between two batches: of a bot that gives roles to thousands, many are read at once."""
KEPT = 1_000
"""Events of roles that nobody watches, of which some may turn out to matter at the next look."""


class RoleWatch:
    """Hears the audit log's events. For the client's loop only, on which it must be made.

    `left` is told of members who were made to leave.
    What fails is done again, in its order; but not what fails by a fault of our own.
    """

    def __init__(
        self,
        client: nextcord.Client,
        catch_up: CatchUp,
        clock: Clock,
        *,
        quiet: float = QUIET_SECONDS,
        keep: float = KEEP_SECONDS,
        left: Callable[[MemberLeft], object] | None = None,
    ) -> None:
        self._client = client
        self._follow, self._watched, self._hearing = catch_up.follow, catch_up.watched, catch_up.hearing
        self._quiet, self._keep_after = quiet, keep
        self._left = left
        self._heard: deque[RoleEvent] = deque()
        self._passed_over: deque[RoleEvent] = deque(maxlen=KEPT)
        self._is_stale, self._is_to_keep = False, False
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._look_alarm: asyncio.TimerHandle | None = None
        self._keep_alarm: asyncio.TimerHandle | None = None
        self._backlog = Backlog(catch_up, self._was_read, quiet=quiet)
        self._watched.on_first = self._first_in
        AuditEar(client, self._hear, clock.now)
        Sight(client, self._sees_again)
        for event in ("on_guild_join", "on_guild_available"):
            client.add_listener(self._guild_came, event)

    def close(self) -> None:
        """Gives up what was not dealt with: the next start reads it in the log."""
        self._heard.clear()
        self._is_stale = self._is_to_keep = False
        self._backlog.close()
        for pending in (self._task, self._look_alarm, self._keep_alarm):
            if pending is not None:
                pending.cancel()

    def _hear(self, entry: AuditEntry) -> None:
        self._backlog.heard(entry)
        if entry.left is not None and self._left is not None:
            self._left(entry.left)
        for event in entry.events:
            if self._watched.matters(event):
                self._heard.append(event)
                self._backlog.hurry(entry.guild)
                self._wake()
            else:
                self._passed_over.append(event)
        if self._watched.any_in(entry.guild):
            self._begin(entry.guild)
            self._keep_later()

    async def _guild_came(self, guild: nextcord.Guild) -> None:
        self._backlog.falls_behind(GuildId(guild.id))
        self._look_again()

    def _sees_again(self, guild: GuildId) -> None:
        self._backlog.falls_behind(guild)
        self._wake()

    def _first_in(self, guild: GuildId) -> None:
        """Comes from any thread."""
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(partial(self._begin, guild, afresh=True))

    def _begin(self, guild: GuildId, *, afresh: bool = False) -> None:
        """There is something to follow in the guild."""
        if self._backlog.lacks(guild) and self._client.get_guild(guild) is not None:
            self._backlog.falls_behind(guild, afresh=afresh)
            self._wake()

    def _was_read(self, guild: GuildId, reached: Reached) -> None:
        """Of what was heard of the guild meanwhile, some was dealt with as it stands in the log."""
        still = [one for one in self._heard if one.key.guild != guild or not reached.since < one.entry <= reached.until]
        self._heard.clear()
        self._heard.extend(still)
        self._wake()

    def _look_again(self) -> None:
        self._is_stale = True
        self._wake()

    def _keep_later(self) -> None:
        if self._keep_alarm is None:
            self._keep_alarm = self._loop.call_later(self._keep_after, self._keep_soon)

    def _keep_soon(self) -> None:
        self._keep_alarm, self._is_to_keep = None, True
        self._wake()

    def _wake(self) -> None:
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._work())

    async def _work(self) -> None:
        await asyncio.sleep(self._quiet)
        while True:
            pause = BUSY * self._quiet
            try:
                if self._is_stale:
                    await self._refresh()
                self._backlog.read_on()
                await self._deal_with_some()
                if self._is_to_keep:
                    await self._keep()
                elif self._backlog.cursors(self._heard):
                    self._keep_later()
            except BoostMonError as error:
                _log.warning("following roles failed", extra={"events": len(self._heard), "error": str(error)})
                pause = AGAIN_AFTER * self._quiet
            if not (self._is_stale or self._is_to_keep or self._going()):
                return
            await asyncio.sleep(pause)

    async def _refresh(self) -> None:
        self._is_stale = False  # first, so that a guild that comes meanwhile is looked at again
        try:
            await asyncio.to_thread(self._watched.refresh)
        except BoostMonError:
            self._is_stale = True
            raise
        finally:
            if self._look_alarm is not None:
                self._look_alarm.cancel()
            self._look_alarm = self._loop.call_later(REFRESH_SECONDS, self._look_again)
        missed = list(self._passed_over)
        self._passed_over.clear()
        self._heard.extend(event for event in missed if self._watched.matters(event))

    def _going(self) -> list[RoleEvent]:
        """The next that may be dealt with."""
        return list(islice((one for one in self._heard if not self._backlog.holds(one.key.guild)), AT_ONCE))

    async def _deal_with_some(self) -> None:
        batch = self._going()
        again = set[int]()
        try:
            if mattering := [event for event in batch if self._watched.matters(event)]:
                again = set(map(id, await asyncio.to_thread(self._follow, mattering)))
        except BoostMonError:
            raise
        except Exception:  # noqa: BLE001 - whatever it was, it would be so again
            _log.exception("following roles failed", extra={"events": len(batch)})
        done = set(map(id, batch)) - again
        left = [event for event in self._heard if id(event) not in done]
        self._heard.clear()
        self._heard.extend(left)
        if again:
            await asyncio.sleep(AGAIN_AFTER * self._quiet)

    async def _keep(self) -> None:
        cursors = self._backlog.cursors(self._heard)
        if cursors:
            await asyncio.to_thread(self._hearing.heard, cursors)
            self._backlog.kept(cursors)
        self._is_to_keep = False

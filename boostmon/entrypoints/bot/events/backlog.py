"""How far each guild's audit log was dealt with, and reading on where nobody listened for a while."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from boostmon.app.errors import AuditLogHidden
from boostmon.app.hearing.catching_up import CatchUp, Reached
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RequestId
from boostmon.domain.role_events import AuditEntry, RoleEvent
from boostmon.entrypoints.bot.events.gathering import AGAIN_AFTER

_log = logging.getLogger(__name__)

_NOTHING = Reached(RequestId(0), RequestId(0))


class Backlog:
    """Catches up with one guild after the other. For the client's loop only.

    A guild that has caught up is followed: from then on everything is heard as it happens. `done` is told each time
    that no more is read of a guild, and which of its entries were dealt with.
    """

    def __init__(self, catch_up: CatchUp, done: Callable[[GuildId, Reached], None], *, quiet: float) -> None:
        self._catch_up = catch_up
        self._done = done
        self._pause = AGAIN_AFTER * quiet
        self._behind: dict[GuildId, bool] = {}
        self._reading: GuildId | None = None
        self._failed: set[GuildId] = set()
        self._followed: set[GuildId] = set()
        self._hidden: set[GuildId] = set()
        self._newest: dict[GuildId, RequestId] = {}
        self._kept: dict[GuildId, RequestId] = {}
        self._task: asyncio.Task[None] | None = None

    def falls_behind(self, guild: GuildId, *, afresh: bool = False) -> None:
        """Something may have been missed there; or, `afresh`, nothing of it mattered until now."""
        for known in (self._followed, self._hidden, self._failed):
            known.discard(guild)
        self._behind[guild] = afresh

    def heard(self, entry: AuditEntry) -> None:
        """An entry came by itself, which shows that the log can be seen."""
        self._newest[entry.guild] = max(entry.id, self._newest.get(entry.guild, entry.id))
        self._hidden.discard(entry.guild)

    def lacks(self, guild: GuildId) -> bool:
        """Whether nobody follows the guild's log, or is about to, although it can be seen."""
        return not (guild == self._reading or guild in self._followed | self._behind.keys() | self._hidden)

    def holds(self, guild: GuildId) -> bool:
        """Whether what is heard of the guild has to wait, as what was before that comes first.

        Not where that failed: it may go on to do so for long.
        """
        return guild == self._reading or (guild in self._behind and guild not in self._failed)

    def hurry(self, guild: GuildId) -> None:
        """Somebody waits for the guild: it is the next."""
        if guild in self._behind and guild not in self._failed:
            self._behind = {guild: self._behind[guild], **self._behind}

    def read_on(self) -> None:
        """Begins to catch up, unless that is under way."""
        if self._behind and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._read_all())

    def close(self) -> None:
        """Gives up what was not read: the next start goes on there."""
        self._behind.clear()
        if self._task is not None:
            self._task.cancel()

    def cursors(self, waiting: Iterable[RoleEvent]) -> Mapping[GuildId, RequestId]:
        """Up to which entry the logs have been dealt with, where that is news; `waiting` is what has not been."""
        first: dict[GuildId, RequestId] = {}
        for event in waiting:
            first[event.key.guild] = min(event.entry, first.get(event.key.guild, event.entry))
        until = {
            guild: RequestId(first[guild] - 1) if guild in first else newest
            for guild, newest in self._newest.items()
            if guild in self._followed
        }
        return {guild: entry for guild, entry in until.items() if entry > self._kept.get(guild, 0)}

    def kept(self, cursors: Mapping[GuildId, RequestId]) -> None:
        """These have been stored."""
        self._kept.update(cursors)

    async def _read_all(self) -> None:
        while self._behind:
            guild = next(iter(self._behind))
            afresh = self._behind.pop(guild)  # first, so that a guild that falls behind meanwhile is read again
            if not self._catch_up.watched.any_in(guild):
                self._done(guild, _NOTHING)
            elif not await self._is_read(guild, afresh=afresh):
                self._behind.setdefault(guild, afresh)  # the last in turn
                self._failed.add(guild)
                await asyncio.sleep(self._pause)

    async def _is_read(self, guild: GuildId, *, afresh: bool) -> bool:
        """Whether it was, or is not worth repeating."""
        reached, self._reading = _NOTHING, guild
        try:
            reached = await asyncio.to_thread(partial(self._catch_up, guild, afresh=afresh))
        except AuditLogHidden:
            self._hidden.add(guild)
            _log.info("the audit log of a server cannot be seen", extra={"guild": guild})
        except BoostMonError as error:
            _log.warning("catching up with an audit log failed", extra={"guild": guild, "error": str(error)})
            return False
        except Exception:  # noqa: BLE001 - whatever it was, it would be so again; other guilds are read all the same
            self._hidden.add(guild)
            _log.exception("catching up with an audit log failed", extra={"guild": guild})
        else:
            if guild not in self._behind:
                self._followed.add(guild)
            self._newest[guild] = max(reached.until, self._newest.get(guild, reached.until))
            self.kept({guild: reached.until})
        finally:
            self._reading = None
            self._done(guild, reached)
        return True

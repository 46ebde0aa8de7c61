"""Reading on in a guild's audit log, where nobody has listened for a while."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from boostmon.app.errors import DiscordUnreachable
from boostmon.app.hearing.following import AT_ONCE, FollowRoles
from boostmon.app.hearing.watching import WatchedRoles
from boostmon.app.ports import AuditLog, AuditPage, Hearing
from boostmon.domain.ids import GuildId, RequestId, RoleId
from boostmon.domain.role_events import RoleEvent, RoleGiven

_log = logging.getLogger(__name__)


PAGES_AT_ONCE = 10
"""Pages after which it is written down how far a log was read, even if nothing followed from them."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Everything after the entry `since` and up to `until` has been dealt with; zero: there was none."""

    since: RequestId
    until: RequestId


def _all(_event: RoleEvent) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Deals with what happened in a guild since the entry that is stored."""

    hearing: Hearing
    log: AuditLog
    follow: FollowRoles
    watched: WatchedRoles

    def __call__(self, guild: GuildId, *, afresh: bool = False) -> Reached:
        """Reads on to the end of the log.

        Where nobody has listened before, or `afresh`, it begins now: what was before concerns no timer and no rule.

        Raises:
            AuditLogHidden: the bot may not see the log.
            StorageUnavailable, DiscordUnreachable: no answer; to be repeated, which goes on where it was.
        """
        since = None if afresh else self.hearing.heard_until(guild)
        if since is None:
            newest = self.log.newest(guild) or RequestId(0)
            self.hearing.heard({guild: newest})
            return Reached(newest, newest)
        until = self._read(guild, since)
        if until != since:
            _log.info("caught up with an audit log", extra={"guild": guild, "since": since, "until": until})
        return Reached(since, until)

    def again(self, guild: GuildId, since: RequestId, starting: Collection[RoleId]) -> Reached:
        """Reads from that entry on to the end of the log, whatever is stored: it may have been written in silence.

        Roles that were given count where they are `starting`: what a rule starts it starts from then on. Raises as
        a call.
        """

        def counts(event: RoleEvent) -> bool:
            return not isinstance(event, RoleGiven) or event.key.role in starting

        until = self._read(guild, since, counts)
        _log.info("read an audit log once more", extra={"guild": guild, "since": since, "until": until})
        return Reached(since, until)

    def _read(self, guild: GuildId, since: RequestId, counts: Callable[[RoleEvent], bool] = _all) -> RequestId:
        events: list[RoleEvent] = []
        until, is_last, pages = since, False, 0
        while not is_last:
            page = self.log.after(guild, until)
            events += filter(counts, self._worth_following(page))
            until = page.entries[-1].id if page.entries else until
            is_last, pages = page.is_last or not page.entries, pages + 1
            if is_last or len(events) >= AT_ONCE or pages % PAGES_AT_ONCE == 0:
                if self.follow(events, read_later=True):
                    raise DiscordUnreachable("not all roles could be given back yet")
                events.clear()
                self.hearing.heard({guild: until})
        return until

    def _worth_following(self, page: AuditPage) -> list[RoleEvent]:
        return [event for entry in page.entries for event in entry.events if self.watched.matters(event)]

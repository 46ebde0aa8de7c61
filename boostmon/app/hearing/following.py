"""Acting on roles that people and other bots gave and took: batch by batch, and each event once."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from boostmon.app.changing.changes import MOST_CONFLICTS, Committer
from boostmon.app.errors import Conflict
from boostmon.app.ports import Basis, Change, Clock, Member, TimerRepository
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.role_events import RoleEvent, RoleTaken, is_news
from boostmon.domain.selection import find
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import end

_log = logging.getLogger(__name__)

AT_ONCE = 50
"""Events whose timers are read in one round trip."""


@dataclass(frozen=True, slots=True)
class FollowRoles:
    """Ends the timers of roles that were taken by hand. What was done already is not done again.

    What a timer becomes is in the ledger under the id of the audit log's entry, so that the same event may come any
    number of times, and to any number of processes.
    """

    timers: TimerRepository
    committer: Committer
    clock: Clock

    def __call__(self, events: Sequence[RoleEvent]) -> None:
        """Acts on events, in their order.

        Raises:
            StorageUnavailable: some may have been dealt with; all are to be repeated.
        """
        for part in _parts([event for event in events if isinstance(event, RoleTaken)]):
            bases = self.timers.bases({_member(event) for event in part})
            for event in part:
                self._follow(event, bases[_member(event)])

    def _follow(self, event: RoleTaken, basis: Basis) -> None:
        for _ in range(MOST_CONFLICTS):
            before = find(basis.timers, event.key.role)
            if before is None or not is_news(event, before):
                return
            after = self._left_over(before)
            entry = LedgerEntry(
                event.key, event.at, Action.TAKEN, event.by, before=before, after=after, request=event.entry
            )
            try:
                self.committer.write(Change(before, after, entry))
            except Conflict:
                basis = self.timers.basis(event.key.guild, event.key.user)
            else:
                _log.info("role taken by hand, its timer is over", extra={"timer": event.key, "by": event.by})
                return
        _log.warning("a timer kept changing while its role was taken", extra={"timer": event.key})

    def _left_over(self, before: Timer) -> Timer | None:
        """What becomes of a timer: nothing, unless Discord may yet give the role, which is taken then."""
        now = self.clock.now()
        if before.grant_open_until is None or not before.is_grant_open(now):
            return None
        return end(before, now=now, first_attempt=before.grant_open_until - now)


def _parts(events: Sequence[RoleTaken]) -> Iterator[Sequence[RoleTaken]]:
    """At most `AT_ONCE`, and none with two events of one timer: the second goes by what the first has made of it."""
    part: dict[object, RoleTaken] = {}
    for event in events:
        if event.key in part or len(part) == AT_ONCE:
            yield list(part.values())
            part = {}
        part[event.key] = event
    if part:
        yield list(part.values())


def _member(event: RoleEvent) -> Member:
    return event.key.guild, event.key.user

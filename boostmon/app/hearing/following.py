"""Acting on roles that people and other bots gave and took: batch by batch, and each event once."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from boostmon.app.changing.changes import MOST_CONFLICTS, Committer, TooManyConflicts
from boostmon.app.errors import Conflict, StorageUnavailable
from boostmon.app.hearing.returning import ReturnRole
from boostmon.app.ports import LONGEST_GRANT, Basis, Change, Clock, Member, TimerRepository
from boostmon.domain.errors import BoostMonError
from boostmon.domain.following import follow
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.role_events import RoleEvent, RoleTaken
from boostmon.domain.selection import find

_log = logging.getLogger(__name__)

AT_ONCE = 50
"""Events whose timers are read in one round trip."""
LONGEST_COMMAND = 2 * LONGEST_GRANT
"""From when a command is typed until its role is given, with what it waits for on the way."""


@dataclass(frozen=True, slots=True)
class FollowRoles:
    """Ends the timers of roles that were taken by hand, or gives these back; starts those of roles whose rule says so.

    What a timer becomes is in the ledger under the id of the audit log's entry, so that the same event may come any
    number of times, and to any number of processes.
    """

    timers: TimerRepository
    committer: Committer
    clock: Clock
    give_back: ReturnRole

    def __call__(self, events: Sequence[RoleEvent], *, read_later: bool = False) -> Sequence[RoleEvent]:
        """Acts on events, in their order; returns those that have to be repeated later, as Discord did not do its part.

        `read_later` are those that were not heard when they happened. What is heard comes in one order with the
        commands. Of what is read later only the time is known, and a command has its own time from when it was typed,
        while its role is given some time after that.

        Raises:
            StorageUnavailable: some may have been dealt with; all are to be repeated.
        """
        left: list[RoleEvent] = []
        for part in _parts(events):
            bases = self.timers.bases({_member(event) for event in part})
            for event in part:
                try:
                    if not self._follow(event, bases[_member(event)], read_later=read_later):
                        left.append(event)
                except StorageUnavailable:
                    raise
                except BoostMonError as error:
                    _log.warning("nothing follows from a role", extra=_about(event) | {"error": str(error)})
        return left

    def _follow(self, event: RoleEvent, basis: Basis, *, read_later: bool) -> bool:
        """Whether it was dealt with."""
        for _ in range(MOST_CONFLICTS):
            try:
                return self._act(event, basis, read_later=read_later)
            except Conflict:
                basis = self.timers.basis(event.key.guild, event.key.user)
        raise TooManyConflicts(event.key.user)

    def _act(self, event: RoleEvent, basis: Basis, *, read_later: bool) -> bool:
        now = self.clock.now()
        doubt = self.clock.after(LONGEST_COMMAND) - now if read_later else timedelta(0)
        before = find(basis.timers, event.key.role)
        found = follow(event, before, self.committer.in_zone(basis).policy, now, doubt=doubt)
        if found is None:
            return True
        if isinstance(event, RoleTaken) and before is not None and found.action is Action.GIVE_BACK:
            return self.give_back(event, before, basis.policy)
        entry = LedgerEntry(
            event.key, event.at, found.action, event.by, before=before, after=found.after, request=event.entry
        )
        self.committer.write(Change(before, found.after, entry))
        _log.info("followed a role", extra=_about(event) | {"action": found.action})
        return True


def _parts(events: Sequence[RoleEvent]) -> Iterator[Sequence[RoleEvent]]:
    """At most `AT_ONCE`, and none with two events of one timer: the second goes by what the first has made of it."""
    part: dict[object, RoleEvent] = {}
    for event in events:
        if event.key in part or len(part) == AT_ONCE:
            yield list(part.values())
            part = {}
        part[event.key] = event
    if part:
        yield list(part.values())


def _member(event: RoleEvent) -> Member:
    return event.key.guild, event.key.user


def _about(event: RoleEvent) -> dict[str, object]:
    return {"timer": event.key, "by": event.by, "entry": event.entry}

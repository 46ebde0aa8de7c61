"""Acting on roles that people and other bots gave and took: batch by batch, and each event once."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.app.changing.changes import MOST_CONFLICTS, Committer, TooManyConflicts
from boostmon.app.changing.once import OnceEach
from boostmon.app.errors import Conflict, StorageUnavailable
from boostmon.app.hearing.returning import ReturnRole
from boostmon.app.ports import LONGEST_GRANT, Alarm, Basis, Change, Clock, Member, TimerRepository
from boostmon.domain.errors import BoostMonError
from boostmon.domain.following import Follows, follow
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import GivenAgainNotice
from boostmon.domain.policy import Policy
from boostmon.domain.role_events import RoleEvent, RoleGiven, RoleTaken
from boostmon.domain.selection import find

_log = logging.getLogger(__name__)

AT_ONCE = 50
"""Events whose timers are read in one round trip."""
LONGEST_COMMAND = 2 * LONGEST_GRANT
"""From when a command is typed until its role is given, with what it waits for on the way."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read before an event is acted on; `began` is when the member's only timer did, where they get one."""

    basis: Basis
    began: datetime | None = None


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
    once: OnceEach
    delivery_alarm: Alarm

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
            known = self._look(part)
            for event in part:
                try:
                    if not self._follow(event, known[event.key], read_later=read_later):
                        left.append(event)
                except StorageUnavailable:
                    raise
                except BoostMonError as error:
                    _log.warning("nothing follows from a role", extra=_about(event) | {"error": str(error)})
        return left

    def _look(self, part: Sequence[RoleEvent]) -> Mapping[TimerKey, _Known]:
        bases = self.timers.bases({_member(event) for event in part})
        given = [(event.key, bases[_member(event)].policy) for event in part if isinstance(event, RoleGiven)]
        begun = self.once.begun(given)
        return {event.key: _Known(bases[_member(event)], begun.get(event.key)) for event in part}

    def _follow(self, event: RoleEvent, known: _Known, *, read_later: bool) -> bool:
        """Whether it was dealt with."""
        for _ in range(MOST_CONFLICTS):
            try:
                return self._act(event, known, read_later=read_later)
            except Conflict:
                known = self._look([event])[event.key]
        raise TooManyConflicts(event.key.user)

    def _act(self, event: RoleEvent, known: _Known, *, read_later: bool) -> bool:
        now = self.clock.now()
        doubt = self.clock.after(LONGEST_COMMAND) - now if read_later else timedelta(0)
        basis = self.committer.in_zone(known.basis)
        before = find(basis.timers, event.key.role)
        found = follow(event, before, basis.policy, now, doubt=doubt, began=known.began)
        if found is None:
            return True
        if isinstance(event, RoleTaken) and before is not None and found.action is Action.GIVE_BACK:
            return self.give_back(event, before, basis.policy)
        entry = LedgerEntry(
            event.key, event.at, found.action, event.by, before=before, after=found.after, request=event.entry
        )
        notice = _news(event, found, basis.policy, now)
        self.committer.write(Change(before, found.after, entry, notice=notice))
        if notice is not None:
            self.delivery_alarm.ring()
        _log.info("followed a role", extra=_about(event) | {"action": found.action})
        return True


def _news(event: RoleEvent, found: Follows, policy: Policy, now: datetime) -> GivenAgainNotice | None:
    """What those who run the guild should know, where they want to."""
    if found.action is not Action.GIVEN_AGAIN or policy.log_channel is None:
        return None
    return GivenAgainNotice(event.key, event.by, now)


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

"""Giving a role back that somebody took by hand, and giving that up where they take it again and again."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from boostmon.app.changing.changes import Committer
from boostmon.app.ports import (
    LONGEST_GRANT,
    Alarm,
    AuditReason,
    Cause,
    Change,
    Clock,
    History,
    RoleGateway,
    TimerRepository,
)
from boostmon.domain.common_end import by_date
from boostmon.domain.ids import NOBODY
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import FoughtNotice
from boostmon.domain.outcomes import Done, Held, Retry
from boostmon.domain.policy import Policy
from boostmon.domain.role_events import RoleTaken
from boostmon.domain.timers import Paused, Timer
from boostmon.domain.transitions import pause

_log = logging.getLogger(__name__)

MOST_ROUNDS = 3
"""After so many, whoever takes the role will not stop: another bot, mostly, that undoes what it has not done."""
ROUNDS_WITHIN = timedelta(hours=1)
UNHEARD_WITHIN = timedelta(days=1)
"""Where nobody hears of it, it is noticed later each time."""


@dataclass(frozen=True, slots=True)
class ReturnRole:
    """Gives the role back to a member whose timer goes on. The row is marked before, as for any grant.

    Where somebody takes it again each time, the timer is paused, so that the member loses nothing, and the guild's log
    channel hears of it.
    """

    timers: TimerRepository
    committer: Committer
    history: History
    roles: RoleGateway
    delivery_alarm: Alarm
    clock: Clock

    def __call__(self, event: RoleTaken, before: Timer, policy: Policy) -> bool:
        """Returns False where the role has to be given once more, by repeating the same event later.

        Raises:
            Conflict: the timer was changed meanwhile; nothing was written.
            StorageUnavailable: the repository did not answer; to be repeated.
        """
        within = UNHEARD_WITHIN if event.by == NOBODY else ROUNDS_WITHIN
        struggle = self.history.struggle(event.key, event.by, event.at - within, before=event.entry)
        if struggle.is_over:
            return True
        if struggle.rounds >= MOST_ROUNDS:
            self._give_up(event, before, policy)
            return True
        return self._give(event, before, policy)

    def _give(self, event: RoleTaken, before: Timer, policy: Policy) -> bool:
        now, until = self.clock.now(), self.clock.after(LONGEST_GRANT)
        marked = before.with_grant_until(until)
        self.committer.write(
            Change(before, marked, _entry(event, Action.GIVE_BACK, before, marked), outdates_warnings=False)
        )
        outcome = self.roles.grant(event.key, _reason(event, policy))
        if isinstance(outcome, Done) and not before.is_grant_open(now):
            self.timers.grant_answered(event.key, until)
        _log.info("role given back", extra={"timer": event.key, "taken_by": event.by, "outcome": outcome})
        return not isinstance(outcome, Held | Retry)

    def _give_up(self, event: RoleTaken, before: Timer, policy: Policy) -> None:
        now = self.clock.now()
        cannot_wait = isinstance(before.state, Paused) or before.is_over(now)
        after = replace(before, updated_at=now) if cannot_wait else pause(before, now=now)
        after = by_date(after, now=now, policy=policy)
        notice = None if policy.log_channel is None else FoughtNotice(event.key, event.by, now)
        self.committer.write(Change(before, after, _entry(event, Action.FOUGHT, before, after), notice=notice))
        if notice is not None:
            self.delivery_alarm.ring()
        _log.warning("a role is taken again and again", extra={"timer": event.key, "taken_by": event.by})


def _entry(event: RoleTaken, action: Action, before: Timer, after: Timer) -> LedgerEntry:
    return LedgerEntry(event.key, event.at, action, event.by, before=before, after=after, request=event.entry)


def _reason(event: RoleTaken, policy: Policy) -> AuditReason:
    if event.by == NOBODY:
        return AuditReason(Cause.TAKEN_UNHEARD, language=policy.language)
    return AuditReason(Cause.TAKEN, event.by, policy.language)

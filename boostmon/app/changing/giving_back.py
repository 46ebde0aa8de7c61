"""Gives a role back that the sweep or `/cleartime` removed although its timer goes on."""

import logging
from dataclasses import dataclass

from boostmon.app.changing.changes import Committer
from boostmon.app.errors import Conflict
from boostmon.app.ports import LONGEST_GRANT, AuditReason, Cause, Change, Clock, RoleGateway, TimerRepository
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import Done, Held, Outcome, Retry

_log = logging.getLogger(__name__)

MOST_TRIES = 3
"""Each may take as long as any request to Discord."""


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Gives a role back that was taken while a command let its timer go on, or left the role without one.

    The command that won the race gave the role too, but Discord may have served that request first. The timer is
    marked beforehand as for any grant, so that it may end meanwhile. No row remembers that the role is owed, so a
    failure is tried again here.
    """

    timers: TimerRepository
    committer: Committer
    roles: RoleGateway
    clock: Clock

    def __call__(self, key: TimerKey) -> None:
        """Does nothing where the timer is over by now, is to begin later, or was cleared with its role."""
        for _ in range(MOST_TRIES):
            if self._settle(key):
                return

    def _settle(self, key: TimerKey) -> bool:
        """Gives the role where it is owed; returns False where that is to be tried again."""
        now, current = self.clock.now(), self.timers.get(key)
        if current is None:
            if not self.timers.was_left(key):
                return True
            return _is_final(self._grant(key, Cause.LEFT))
        if not current.wants_role(now):
            return True
        until = self.clock.after(LONGEST_GRANT)
        marked = current.with_grant_until(until)
        entry = LedgerEntry(key=key, at=now, action=Action.GIVE_BACK, before=current, after=marked)
        try:
            self.committer.write(Change(current, marked, entry, outdates_warnings=False))
        except Conflict:
            return False
        outcome = self._grant(key, Cause.GOES_ON)
        if isinstance(outcome, Done) and not current.is_grant_open(now):
            self.timers.grant_answered(key, until)
        return _is_final(outcome)

    def _grant(self, key: TimerKey, cause: Cause) -> Outcome:
        outcome = self.roles.grant(key, AuditReason(cause))
        _log.info("role given back", extra={"timer": key, "outcome": outcome})
        return outcome


def _is_final(outcome: Outcome) -> bool:
    return not isinstance(outcome, Retry | Held)

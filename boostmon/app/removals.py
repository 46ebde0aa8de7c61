"""What the sweep and `/cleartime` share about taking roles."""

import logging
from typing import assert_never

from boostmon.app.ports import LONGEST_GRANT, Change, Clock, Conflict, RoleGateway, TimerRepository
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Held, Outcome, Retry

_log = logging.getLogger(__name__)

MOST_TRIES = 3
"""Each waits for Discord as long as any request does."""


def give_back(timers: TimerRepository, roles: RoleGateway, key: TimerKey, clock: Clock) -> None:
    """Gives a role back that was taken while a command let its timer go on.

    The command that won the race gave the role too, but Discord may have served that request first. The timer is
    marked beforehand as for any grant, so that it may end meanwhile. No row remembers that the role is owed, so a
    failure is tried again here.
    """
    for _ in range(MOST_TRIES):
        now, current = clock.now(), timers.get(key)
        if current is None or current.is_over(now):
            return
        until = clock.after(LONGEST_GRANT)
        marked = current.with_grant_until(until)
        entry = LedgerEntry(key=key, at=now, action=Action.GIVE_BACK, before=current, after=marked)
        try:
            timers.commit(Change(current, marked, entry, outdates_warnings=False))
        except Conflict:
            continue
        outcome = roles.grant(key, "Its timer was changed while the role was being taken")
        _log.info("role given back", extra={"timer": key, "outcome": outcome})
        if isinstance(outcome, Done) and not current.is_grant_open(now):
            timers.grant_answered(key, until)
        if not isinstance(outcome, Retry | Held):
            return


def describe(outcome: Outcome) -> str:
    """An outcome as a line of the ledger."""
    match outcome:
        case Done():
            return "Discord confirmed"
        case AlreadyGone(what=what, error=error):
            return f"nothing to remove, no such {what}: {error}"
        case Held(error=error):
            return f"held back: {error}"
        case Retry(error=error):
            return f"not confirmed: {error}"
        case Blocked(obstacle=obstacle, error=error):
            return f"blocked by {obstacle}: {error}"
        case _ as never:
            assert_never(never)

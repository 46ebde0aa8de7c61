"""What the sweep, `/cleartime` and the undo of a change share about taking roles, or leaving them."""

import logging
from typing import assert_never

from boostmon.app.changing.changes import Note, Plan
from boostmon.app.ports import LONGEST_GRANT, Change, Clock, Conflict, RoleGateway, TimerRepository
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry

_log = logging.getLogger(__name__)

MOST_TRIES = 3
"""Each waits for Discord as long as any request does."""


def give_back(timers: TimerRepository, roles: RoleGateway, key: TimerKey, clock: Clock) -> None:
    """Gives a role back that was taken while a command let its timer go on, or left the role without one.

    The command that won the race gave the role too, but Discord may have served that request first. The timer is
    marked beforehand as for any grant, so that it may end meanwhile. No row remembers that the role is owed, so a
    failure is tried again here.
    """
    for _ in range(MOST_TRIES):
        now, current = clock.now(), timers.get(key)
        if current is None and timers.was_left(key):
            outcome = roles.grant(key, "Its timer was cleared, and the role left, while the role was being taken")
            _log.info("role given back", extra={"timer": key, "outcome": outcome})
            if isinstance(outcome, Retry | Held):
                continue
            return
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


def leave_role(roles: RoleGateway, clock: Clock, done: Plan, audit: str, *, is_member: bool = True) -> tuple[Note, ...]:
    """Leaves the role with the member after their timer was deleted by a committed plan.

    Up to the commit the sweep may have been at work, so that the clock is read only now: who asked may have done so
    before the end. `is_member` is False where the user is known to have left.
    """
    if done.before is None or not done.before.is_over(clock.now()):
        return (Note.ROLE_KEPT if is_member else Note.MEMBER_GONE,)
    # The sweep may be taking the role at this very moment, or have taken it without an answer: give it.
    match roles.grant(done.key, audit):
        case Done() | Blocked():
            return (Note.ROLE_KEPT,)
        case Retry() | Held():
            return (Note.ROLE_KEPT, Note.GRANT_UNCONFIRMED)
        case AlreadyGone(what=what):
            return (Note.ROLE_GONE if what is Gone.ROLE else Note.MEMBER_GONE,)
        case _ as never:
            assert_never(never)


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

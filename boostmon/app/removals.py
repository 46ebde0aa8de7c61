"""What the sweep and `/cleartime` share about taking roles."""

import logging
from datetime import datetime
from typing import assert_never

from boostmon.app.ports import RoleGateway, TimerRepository
from boostmon.domain.ids import TimerKey
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Held, Outcome, Retry

_log = logging.getLogger(__name__)

MOST_TRIES = 3
"""Each waits for Discord as long as any request does."""


def give_back(timers: TimerRepository, roles: RoleGateway, key: TimerKey, now: datetime) -> None:
    """Gives a role back that was taken while a command let its timer go on.

    The command that won the race gave the role too, but Discord may have served that request first. If the timer
    ends or goes away while the role is being given, the sweep or a second removal takes it again, so that no
    role is left without a timer. No row remembers that the role is owed, so a failure is tried again here.
    """
    for _ in range(MOST_TRIES):
        current = timers.get(key)
        if current is None or current.is_over(now):
            return
        outcome = roles.grant(key, "Its timer was changed while the role was being taken")
        _log.info("role given back", extra={"timer": key, "outcome": outcome})
        if not isinstance(outcome, Retry | Held):
            break
    if timers.get(key) is None:
        roles.remove([key], "Its timer was ended while the role was being given back")


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

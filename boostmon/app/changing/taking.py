"""Taking the role of a timer that a command has ended, at once; after a crash, or a failure, the sweep does it."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from boostmon.app.changing.changes import Committer, Note, Plan
from boostmon.app.changing.giving_back import GiveBack
from boostmon.app.errors import Conflict, StorageUnavailable
from boostmon.app.ports import Alarm, Asked, AuditReason, Cause, Change, RoleGateway
from boostmon.domain.backoff import PATIENCE
from boostmon.domain.decisions import Ended, after_removal
from boostmon.domain.details import of_outcome
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.timers import Obstacle, Timer

_log = logging.getLogger(__name__)

GRACE = timedelta(seconds=30)
"""How long the sweep leaves the removal to the command that is making it; after a crash it takes over."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a plan that had ended a timer, and why Discord has not taken the role yet, where it has not."""

    done: Plan
    notes: tuple[Note, ...]
    obstacle: Obstacle | None


@dataclass(frozen=True, slots=True)
class TakeRole:
    """Takes roles of timers that are stored as ending, `GRACE` from now.

    The member is told of the end by whoever writes it down: the command, or the sweep where it is left to that.
    `delivery_alarm` wakes whoever delivers notices.
    """

    committer: Committer
    give_back: GiveBack
    roles: RoleGateway
    delivery_alarm: Alarm

    def __call__(self, done: Plan, ending: Timer, cause: Cause, *, asked: Asked) -> Taken:
        """Takes the role of `ending`, which a committed plan has left; never raises for what Discord answers."""
        [outcome] = self.roles.remove([ending.key], AuditReason(cause, asked.by, done.policy.language))
        result = after_removal(ending, outcome, PATIENCE, asked.at)
        after = None if isinstance(result, Ended) else result
        # What was put off is not worth writing down: the sweep takes the role, or takes it once more.
        if after is None or not isinstance(outcome, Held | Done):
            self._write(ending, result, outcome, asked)
            done = replace(done, after=after)
        return Taken(done, _notes(outcome), outcome.obstacle if isinstance(outcome, Blocked) else None)

    def _write(self, ending: Timer, result: Ended | Timer, outcome: Outcome, asked: Asked) -> None:
        after, notice = (None, result.notice) if isinstance(result, Ended) else (result, None)
        entry = LedgerEntry(
            key=ending.key,
            at=asked.at,
            action=Action.ENDED if after is None else Action.REMOVAL_FAILED,
            before=ending,
            after=after,
            detail=of_outcome(outcome),
        )
        try:
            self.committer.write(Change(ending, after, entry, notice=notice))
        except Conflict:
            self._give_back(ending.key)
        except StorageUnavailable as error:
            # The role is taken or not as Discord said; the row still says "ending", so the sweep settles it.
            _log.warning("clearing left to the sweep", extra={"timer": ending.key, "error": error.reason})
        if notice is not None:
            self.delivery_alarm.ring()

    def _give_back(self, key: TimerKey) -> None:
        """As the command itself is written down by now, it is not to be told as one that changed nothing."""
        try:
            self.give_back(key)
        except StorageUnavailable as error:
            _log.warning("role not given back", extra={"timer": key, "error": error.reason})


def _notes(outcome: Outcome) -> tuple[Note, ...]:
    match outcome:
        case Done():
            return ()
        case AlreadyGone(what=what):
            return (Note.ROLE_GONE if what is Gone.ROLE else Note.MEMBER_GONE,)
        case Retry() | Held() | Blocked():
            return (Note.REMOVAL_PENDING,)
        case _ as never:
            assert_never(never)

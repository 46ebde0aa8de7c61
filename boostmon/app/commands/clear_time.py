"""Ending a timer by hand: the row says so first, then Discord takes the role, then the row goes."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from boostmon.app.changing.changes import Changed, Committer, Note, Plan, Target
from boostmon.app.changing.confirming import ensure_confirmed
from boostmon.app.changing.giving_back import describe, give_back, leave_role
from boostmon.app.changing.targets import chosen
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import Alarm, Asked, Basis, Change, Clock, Conflict, RoleGateway, TimerRepository
from boostmon.domain.decisions import Ended, after_removal
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Obstacle, Timer, end

_log = logging.getLogger(__name__)

GRACE = timedelta(seconds=30)
"""How long the sweep leaves the removal to the command that is making it; after a crash it takes over."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What the command did, and why Discord has not taken the role yet, where it has not."""

    changed: Changed
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class ClearTime:
    """Ends the timer and takes the role, or leaves it with the member for good.

    The member is told of the end by whoever writes it down: this command, or the sweep where it is left to that.
    `delivery_alarm` wakes whoever delivers notices.
    """

    committer: Committer
    timers: TimerRepository
    roles: RoleGateway
    alarm: Alarm
    delivery_alarm: Alarm
    clock: Clock

    def __call__(
        self,
        target: Target,
        *,
        asked: Asked,
        view: GuildView,
        keep_role: bool = False,
        confirmed: int | None = None,
        is_member: bool = True,
    ) -> Cleared:
        """Runs the command. With `keep_role` the member loses nothing, and it never asks first.

        `is_member` is False for somebody who is known to have left: they have no role that they could keep.
        `confirmed` is the version of the timer that somebody was shown and agreed to have ended.

        Raises:
            NotConfirmed, OtherThanShown: it takes much away, which was not agreed to; nothing changed.
            BoostMonError: the asker may not, no timer is meant, or the database does not answer; nothing changed.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before = chosen(basis.timers, target, view, also_deleted=True)
            if keep_role:
                return Plan(before.key, before, None, basis.policy)
            after = end(before, now=asked.at, first_attempt=GRACE)
            ensure_confirmed(before, after, now=asked.at, confirmed=confirmed)
            return Plan(before.key, before, after, basis.policy)

        done = self.committer.change(target, Action.CLEAR, plan, asked=asked)
        changed = Changed(Action.CLEAR, done.key, done.before, done.after, asked.at, reason=asked.reason)
        if done.after is None:
            audit = f"Timer cleared by {asked.by}, who leaves the role"
            return Cleared(replace(changed, notes=leave_role(self.roles, self.clock, done, audit, is_member=is_member)))
        return self._take_role(changed, done.after, done.policy, asked)

    def _take_role(self, changed: Changed, ending: Timer, policy: Policy, asked: Asked) -> Cleared:
        [outcome] = self.roles.remove([ending.key], f"Timer cleared by {asked.by}")
        result = after_removal(ending, outcome, policy, asked.at)
        after = None if isinstance(result, Ended) else result
        if after is not None and isinstance(outcome, Held | Done):
            # Nothing that would be worth writing down: the sweep takes the role, or takes it once more.
            return Cleared(replace(changed, notes=_notes(outcome)))
        self._write(ending, result, outcome, asked)
        obstacle = outcome.obstacle if isinstance(outcome, Blocked) else None
        return Cleared(replace(changed, after=after, notes=_notes(outcome)), obstacle)

    def _write(self, ending: Timer, result: Ended | Timer, outcome: Outcome, asked: Asked) -> None:
        after, notice = (None, result.notice) if isinstance(result, Ended) else (result, None)
        entry = LedgerEntry(
            key=ending.key,
            at=asked.at,
            action=Action.ENDED if after is None else Action.REMOVAL_FAILED,
            before=ending,
            after=after,
            reason=describe(outcome),
        )
        try:
            self.timers.commit(Change(ending, after, entry, notice=notice))
        except Conflict:
            give_back(self.timers, self.roles, ending.key, self.clock)
        except StorageUnavailable as error:
            # The role is taken or not as Discord said; the row still says "ending", so the sweep settles it.
            _log.warning("clearing left to the sweep", extra={"timer": ending.key, "error": error.reason})
        self.alarm.ring()
        if notice is not None:
            self.delivery_alarm.ring()


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

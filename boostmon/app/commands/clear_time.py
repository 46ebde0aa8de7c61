"""Ending a timer by hand: the row says so first, then Discord takes the role, then the row goes."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from boostmon.app.changing.changes import Changed, Committer, Note, Plan, Target
from boostmon.app.changing.confirming import ensure_confirmed
from boostmon.app.changing.giving_back import GiveBack
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.targets import chosen
from boostmon.app.errors import Conflict, StorageUnavailable
from boostmon.app.ports import Alarm, Asked, AuditReason, Basis, Cause, Change, RoleGateway
from boostmon.domain.backoff import PATIENCE
from boostmon.domain.decisions import Ended, after_removal
from boostmon.domain.details import of_outcome
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.timers import Obstacle, Timer
from boostmon.domain.transitions import end

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
    granter: Granter
    give_back: GiveBack
    roles: RoleGateway
    delivery_alarm: Alarm

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
        """With `keep_role` the member loses nothing, and nobody is asked first.

        `is_member` is False for somebody who is known to have left; `confirmed` is the version of the timer that
        somebody was shown and agreed to have ended.

        Raises:
            NotConfirmed, OtherThanShown: it takes much away, which was not agreed to; nothing changed.
            BoostMonError: the asker may not, no timer is meant, or the database does not answer; nothing changed.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            timer = chosen(basis.timers, target, view, also_deleted=True)
            after = None if keep_role else _ended(timer, asked.at, confirmed)
            return Plan(timer.key, timer, after, basis.policy)

        done = self.committer.change(target, Action.CLEAR, plan, asked=asked)
        if done.after is None:
            return self._leave_role(done, asked, is_member=is_member)
        return self._take_role(done, done.after, asked)

    def _leave_role(self, done: Plan, asked: Asked, *, is_member: bool) -> Cleared:
        notes = self.granter.leave(done, Cause.CLEARED_WITHOUT_ROLE, asked=asked, is_member=is_member)
        return Cleared(Changed.by(Action.CLEAR, done, asked, notes=notes))

    def _take_role(self, done: Plan, ending: Timer, asked: Asked) -> Cleared:
        reason = AuditReason(Cause.CLEARED, asked.by, done.policy.language)
        [outcome] = self.roles.remove([ending.key], reason)
        result = after_removal(ending, outcome, PATIENCE, asked.at)
        after = None if isinstance(result, Ended) else result
        # What was put off is not worth writing down: the sweep takes the role, or takes it once more.
        if after is None or not isinstance(outcome, Held | Done):
            self._write(ending, result, outcome, asked)
            done = replace(done, after=after)
        obstacle = outcome.obstacle if isinstance(outcome, Blocked) else None
        return Cleared(Changed.by(Action.CLEAR, done, asked, notes=_notes(outcome)), obstacle)

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
            self.give_back(ending.key)
        except StorageUnavailable as error:
            # The role is taken or not as Discord said; the row still says "ending", so the sweep settles it.
            _log.warning("clearing left to the sweep", extra={"timer": ending.key, "error": error.reason})
        if notice is not None:
            self.delivery_alarm.ring()


def _ended(timer: Timer, at: datetime, confirmed: int | None) -> Timer:
    ending = end(timer, now=at, first_attempt=GRACE)
    ensure_confirmed(timer, ending, None, now=at, confirmed=confirmed)
    return ending


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

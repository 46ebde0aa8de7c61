"""Giving the role after its timer was committed, and taking the timer back when Discord refuses; or leaving it."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from boostmon.app.changing.changes import Committer, Note, Plan, Target, TooManyConflicts
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import LONGEST_GRANT, Asked, AuditReason, Basis, Cause, Clock, RoleGateway
from boostmon.domain.eligibility import MemberGone, RoleGone
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Retry
from boostmon.domain.selection import find
from boostmon.domain.timers import Obstacle, Timer, Waiting
from boostmon.domain.transitions import end

_log = logging.getLogger(__name__)


class GrantRefused(BoostMonError):
    """Discord refused to give the role because of `obstacle`; the timer was put back as it was."""

    def __init__(self, key: TimerKey, obstacle: Obstacle) -> None:
        super().__init__(f"granting {key} was refused: {obstacle}")
        self.key = key
        self.obstacle = obstacle


class GrantHeld(BoostMonError):
    """A limit of Discord's is used up, until `after` has passed; the timer was put back as it was."""

    def __init__(self, key: TimerKey, after: timedelta) -> None:
        super().__init__(f"granting {key} was held back for {after}")
        self.key = key
        self.after = after


class _GoesOn(Exception):
    """Somebody set the timer again meanwhile: the role belongs to that one."""


class Granter:
    """Gives roles for timers that are stored already.

    The order is deliberate: a crash in between leaves a timer without a role, which the sweep ends, and never a
    role without a timer. For the same reason a grant whose result is unknown leaves the timer in place, and the timer
    is stored with a mark (`Timer.grant_open_until`) that outlives this process: one that ends while Discord is slow to
    give the role has it taken once more.
    """

    def __init__(self, roles: RoleGateway, committer: Committer, clock: Clock) -> None:
        self._roles = roles
        self._committer = committer
        self._clock = clock

    def marked(self, timer: Timer) -> Timer:
        """The timer as it is to be stored before its role is asked for by `give` or `grant`."""
        if isinstance(timer.state, Waiting):
            return timer
        return timer.with_grant_until(self._clock.after(LONGEST_GRANT))

    def give(self, done: Plan, cause: Cause, *, asked: Asked, along: Sequence[Plan] = ()) -> tuple[Note, ...]:
        """As `grant`, but nothing where the timer begins later: the sweep gives its role."""
        if done.after is not None and isinstance(done.after.state, Waiting):
            return ()
        return self.grant(done, cause, asked=asked, along=along)

    def grant(self, done: Plan, cause: Cause, *, asked: Asked, along: Sequence[Plan] = ()) -> tuple[Note, ...]:
        """Gives the role of a committed plan, whose timer was marked. `along` was committed with it.

        Raises:
            GrantRefused, GrantHeld, MemberGone, RoleGone: nothing was given, and the timers are as they were.
        """
        outcome = self._roles.grant(done.key, _reason(done, cause, asked))
        match outcome:
            case Done():
                return self._taken_if_over(done, asked)
            case Retry():
                return (Note.GRANT_UNCONFIRMED,)
            case Held(after=after):
                self._committer.put_back(done, *along, asked=asked, why=outcome)
                raise GrantHeld(done.key, after)
            case Blocked(obstacle=obstacle):
                self._committer.put_back(done, *along, asked=asked, why=outcome)
                raise GrantRefused(done.key, obstacle)
            case AlreadyGone(what=what):
                self._committer.put_back(done, *along, asked=asked, why=outcome)
                raise RoleGone(done.key.role) if what is Gone.ROLE else MemberGone(done.key.user)
            case _ as never:
                assert_never(never)

    def give_back(self, done: Plan, *, asked: Asked) -> tuple[Note, ...]:
        """As `grant`, for a member who had lost the role, be it by hand or by leaving."""
        notes = self.grant(done, Cause.MISSED, asked=asked)
        return notes if Note.GRANT_UNCONFIRMED in notes else (Note.GIVEN_BACK, *notes)

    def leave(self, done: Plan, cause: Cause, *, asked: Asked, is_member: bool = True) -> tuple[Note, ...]:
        """Leaves the role with the member after their timer was deleted by a committed plan.

        Up to the commit the sweep may have been at work, so that the clock is read only now: who asked may have done so
        before the end. `is_member` is False where the user is known to have left.
        """
        if done.before is not None and done.before.is_untouched:
            return (Note.CANCELLED,)
        if done.before is None or done.before.goes_on(self._clock.now()):
            return (Note.ROLE_KEPT if is_member else Note.MEMBER_GONE,)
        # The sweep may be taking the role at this very moment, or have taken it without an answer: give it.
        match self._roles.grant(done.key, _reason(done, cause, asked)):
            case Done() | Blocked():
                return (Note.ROLE_KEPT,)
            case Retry() | Held():
                return (Note.ROLE_KEPT, Note.GRANT_UNCONFIRMED)
            case AlreadyGone(what=what):
                return (Note.ROLE_GONE if what is Gone.ROLE else Note.MEMBER_GONE,)
            case _ as never:
                assert_never(never)

    def _taken_if_over(self, done: Plan, asked: Asked) -> tuple[Note, ...]:
        """Has the role taken again at once where its timer ended before Discord gave it.

        Without this it would be, too, but only when the mark has run out.
        """
        try:
            timer = self._committer.grant_answered(done, asked.at)
            now = self._clock.now()
            if timer is None or timer.goes_on(now):
                return ()
            _log.info("role given too late, to be taken again", extra={"timer": done.key})
            self._take_again(done, replace(asked, at=now, request=None, reason=None))
        except StorageUnavailable as error:
            _log.warning("not checked after a grant", extra={"timer": done.key, "error": error.reason})
            return ()
        return (Note.ENDED_MEANWHILE,)

    def _take_again(self, done: Plan, asked: Asked) -> None:
        def plan(basis: Basis) -> Plan:
            before = find(basis.timers, done.key.role)
            if before is None or before.goes_on(asked.at):
                raise _GoesOn
            return Plan(done.key, before, end(before, now=asked.at), basis.policy)

        with suppress(_GoesOn, TooManyConflicts):
            self._committer.change(
                Target(done.key.guild, done.key.user, done.key.role), Action.TAKE_AGAIN, plan, asked=asked
            )


def _reason(done: Plan, cause: Cause, asked: Asked) -> AuditReason:
    return AuditReason(cause, asked.by, done.policy.language)

"""Taking a change back: the timer becomes what it was, as long as nobody else has had a say in it since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.app.changing.changes import Changed, Committer, Note, Plan, Target
from boostmon.app.changing.granting import Granter
from boostmon.app.ports import Asked, Basis, Cause, History, LaterChange, RecordedChange
from boostmon.domain.eligibility import GuildView, ensure_allowed, ensure_asker_may_time, ensure_grantable
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RequestId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.selection import choose, find
from boostmon.domain.timers import TimeIsUp, Timer
from boostmon.domain.transitions import end, went_on
from boostmon.domain.undoing import restored

SETTLES = timedelta(minutes=1)
"""So long after the end of a timer, whether its member has the role is not certain: it is being taken, or just was."""


class NothingToUndo(BoostMonError):
    """The ledger has no change of that request."""


class UndoneAlready(BoostMonError):
    """`by` took the change back at `at`."""

    def __init__(self, by: UserId, at: datetime) -> None:
        super().__init__(f"undone already by {by}")
        self.by = by
        self.at = at


class ChangedSince(BoostMonError):
    """The timer was changed since, last by `later`; to take the earlier change back would undo that one, too."""

    def __init__(self, key: TimerKey, later: LaterChange) -> None:
        super().__init__(f"{key} was changed by {later.actor} since")
        self.key = key
        self.later = later


class OverByNow(BoostMonError):
    """The timer as it was before the change would be over by now."""

    def __init__(self, timer: Timer) -> None:
        super().__init__(f"{timer.key} would be over by now")
        self.timer = timer


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and what came of it."""

    change: RecordedChange
    changed: Changed


@dataclass(frozen=True, slots=True)
class UndoChange:
    """Makes the timer again what it was before a change.

    One that the change had started ends, and the sweep takes its role; one that is gone, or whose time is up, goes on
    with the end that it had, and its role is given.
    """

    committer: Committer
    granter: Granter
    history: History

    def __call__(self, request: RequestId, *, asked: Asked, view: GuildView, had_role: bool = False) -> Undone:
        """Takes back what `request` changed.

        `had_role` says that the member had the role before the change started its timer: then they keep it, unless they
        had it of a timer that was just ending.

        Raises:
            NothingToUndo, UndoneAlready, ChangedSince, OverByNow: it cannot be taken back (any more).
            BoostMonError: the asker may not, the timer that it started is gone or over, the role will not do, Discord
                refused it, or the database does not answer. In every case nothing has changed.
        """
        ensure_allowed(view.asker)
        change = self._change(view, request)
        key = change.key

        def plan(basis: Basis) -> Plan:
            # Once more, after the timer was read: what this does not show makes the commit lose its race.
            self._change(view, request)
            ensure_asker_may_time(view, key.role)
            if change.before is None:
                return _end_started(change, basis, asked.at, had_role=had_role)
            return self._restore(key, change.before, basis, asked.at, view)

        done = self.committer.change(Target(key.guild, key.user, key.role), Action.UNDO, plan, asked=asked)
        return Undone(change, Changed.by(Action.UNDO, done, asked, notes=self._effect(done, asked)))

    def _change(self, view: GuildView, request: RequestId) -> RecordedChange:
        change = self.history.change_of(view.id, request)
        if change is None:
            raise NothingToUndo
        if change.later is not None:
            if change.later.action is Action.UNDO:
                raise UndoneAlready(change.later.actor, change.later.at)
            raise ChangedSince(change.key, change.later)
        return change

    def _restore(self, key: TimerKey, before: Timer, basis: Basis, at: datetime, view: GuildView) -> Plan:
        current = find(basis.timers, key.role)
        before = went_on(before, now=at, policy=basis.policy)
        if before.is_over(at):
            raise OverByNow(before)
        again = restored(before, current, now=at, policy=basis.policy)
        if _needs_role(current, at):
            ensure_grantable(view, key.role)
            again = self.granter.marked(again)
        return Plan(key, current, again, basis.policy)

    def _effect(self, done: Plan, asked: Asked) -> tuple[Note, ...]:
        if done.after is None:
            return self.granter.leave(done, Cause.UNDONE_WITHOUT_ROLE, asked=asked)
        if done.after.is_over(asked.at):
            return (Note.ENDS_NOW,)
        if _needs_role(done.before, asked.at):
            # The sweep may have taken the role, or be taking it at this very moment: give it, whichever comes last.
            return self.granter.grant(done, Cause.RESTORED, asked=asked)
        return ()


def _may_have_lost_role(change: RecordedChange) -> bool:
    """Whether the role was had for an earlier timer, whose sweep was taking it while the change arrived."""
    return change.ended_at is not None and change.at - change.ended_at < SETTLES


def _end_started(change: RecordedChange, basis: Basis, at: datetime, *, had_role: bool) -> Plan:
    key = change.key
    started = choose(basis.timers, key.user, key.role)
    if started.is_over(at):
        raise TimeIsUp(started)
    keeps_role = had_role and not _may_have_lost_role(change)
    return Plan(key, started, None if keeps_role else end(started, now=at), basis.policy)


def _needs_role(current: Timer | None, at: datetime) -> bool:
    return current is None or current.is_over(at)

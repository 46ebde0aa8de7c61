"""Taking a change back: the timer becomes what it was, as long as nobody else has had a say in it since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.app.changing.changes import Changed, Committer, Note, Plan
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.taking import GRACE, TakeRole
from boostmon.app.ports import Asked, Basis, Cause, History, LaterChange, RecordedChange
from boostmon.domain.common_end import by_date, ensure_by_date
from boostmon.domain.eligibility import GuildView, ensure_allowed, ensure_asker_may_time, ensure_grantable
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RequestId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.selection import choose, find
from boostmon.domain.timers import ZERO, Ending, TimeIsUp, Timer, Waiting, lapsed
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


class BegunSince(BoostMonError):
    """The timer as it was before the change had not begun, and has begun since."""

    def __init__(self, key: TimerKey) -> None:
        super().__init__(f"{key} has begun since")
        self.key = key


class OverByNow(BoostMonError):
    """The timer as it was before the change would be over by now."""

    def __init__(self, timer: Timer) -> None:
        super().__init__(f"{timer.key} would be over by now")
        self.timer = timer


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and what came of it; `also` is what came of the other timers that the same act changed."""

    change: RecordedChange
    changed: Changed
    also: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoChange:
    """Makes timers again what they were before a change.

    One that the change had started ends, and its role is taken; one that is gone, or whose time is up, goes on with the
    end that it had, and its role is given. Where an act changed several timers, all of them are taken back or none.
    """

    committer: Committer
    granter: Granter
    take_role: TakeRole
    history: History

    def __call__(self, request: RequestId, *, asked: Asked, view: GuildView, had_role: bool = False) -> Undone:
        """Takes back what `request` changed.

        `had_role` says that the member had the role before the change started its timer: then they keep it, unless they
        had it of a timer that was just ending.

        Raises:
            NothingToUndo, UndoneAlready, ChangedSince, BegunSince, OverByNow: it cannot be taken back (any more).
            BoostMonError: the asker may not, the timer that it started is gone or over, the role will not do, Discord
                refused it, or the database does not answer. In every case nothing has changed.
        """
        ensure_allowed(view.asker)
        changes = self._changes(view, request)

        def plan(bases: Mapping[UserId, Basis]) -> Sequence[Plan]:
            # Once more, after the timers were read: what this does not show makes the commit lose its race.
            self._changes(view, request)
            return [
                self._taken_back(
                    change, bases[change.key.user], asked.at, view, had_role=had_role, is_one=len(changes) == 1
                )
                for change in changes
            ]

        users = list(dict.fromkeys(change.key.user for change in changes))
        done = self.committer.change_together(view.id, users, Action.UNDO, plan, asked=asked)
        # First those that get their role again: if Discord refuses it, everything is put back.
        in_order = sorted(zip(changes, done, strict=True), key=lambda pair: not _gets_role(pair[1], asked.at))
        first, *others = [self._effect(plan, done, asked) for _, plan in in_order]
        return Undone(in_order[0][0], first, tuple(others))

    def _changes(self, view: GuildView, request: RequestId) -> Sequence[RecordedChange]:
        changes = self.history.changes_of(view.id, request)
        if not changes:
            raise NothingToUndo
        for change in changes:
            if change.later is not None:
                if change.later.action is Action.UNDO:
                    raise UndoneAlready(change.later.actor, change.later.at)
                raise ChangedSince(change.key, change.later)
        return changes

    def _taken_back(
        self, change: RecordedChange, basis: Basis, at: datetime, view: GuildView, *, had_role: bool, is_one: bool
    ) -> Plan:
        ensure_asker_may_time(view, change.key.role)
        if change.before is not None:
            return self._restore(change, change.before, basis, at, view)
        # Of several, this one is left alone by the sweep until the others have their roles: it might be put back.
        return _end_started(change, basis, at, had_role=had_role, first_attempt=ZERO if is_one else 2 * GRACE)

    def _restore(self, change: RecordedChange, before: Timer, basis: Basis, at: datetime, view: GuildView) -> Plan:
        key = change.key
        current = find(basis.timers, key.role)
        if isinstance(before.state, Waiting) and not _still_waits(change, current):
            raise BegunSince(key)
        before = lapsed(went_on(before, now=at, policy=basis.policy), now=at)
        if not before.goes_on(at):
            raise OverByNow(before)
        again = by_date(restored(before, current, now=at, policy=basis.policy), now=at, policy=basis.policy)
        ensure_by_date(again, now=at, policy=basis.policy)
        if _needs_role(current, at):
            ensure_grantable(view, key.role)
            again = self.granter.marked(again)
        return Plan(key, current, again, basis.policy)

    def _effect(self, done: Plan, along: Sequence[Plan], asked: Asked) -> Changed:
        notes: tuple[Note, ...] = ()
        if done.after is None:
            notes = self.granter.leave(done, Cause.UNDONE_WITHOUT_ROLE, asked=asked)
        elif _gets_role(done, asked.at):
            # The sweep may have taken the role, or be taking it at this very moment: give it, whichever comes last.
            others = [one for one in along if one is not done]
            notes = self.granter.grant(done, Cause.RESTORED, asked=asked, along=others)
        elif not done.after.goes_on(asked.at):
            notes = (Note.ENDS_NOW,)
            if len(along) > 1:
                taken = self.take_role(done, done.after, Cause.UNDONE, asked=asked)
                done, notes = taken.done, taken.notes
        return Changed.by(Action.UNDO, done, asked, notes=notes)


def _still_waits(change: RecordedChange, current: Timer | None) -> bool:
    """Whether nobody has had the role of a timer that had not begun before the change, which may have taken it away."""
    if current is None or isinstance(current.state, Ending):
        return change.action in {Action.CLEAR, Action.MOVE}
    return isinstance(current.state, Waiting)


def _may_have_lost_role(change: RecordedChange) -> bool:
    """Whether the role was had for an earlier timer, whose sweep was taking it while the change arrived."""
    return change.ended_at is not None and change.at - change.ended_at < SETTLES


def _end_started(
    change: RecordedChange, basis: Basis, at: datetime, *, had_role: bool, first_attempt: timedelta
) -> Plan:
    key = change.key
    started = choose(basis.timers, key.user, key.role)
    if not started.goes_on(at):
        raise TimeIsUp(started)
    if started.is_untouched or (had_role and not _may_have_lost_role(change)):
        return Plan(key, started, None, basis.policy)
    return Plan(key, started, end(started, now=at, first_attempt=first_attempt), basis.policy)


def _needs_role(current: Timer | None, at: datetime) -> bool:
    return current is None or not current.goes_on(at)


def _gets_role(done: Plan, at: datetime) -> bool:
    return done.after is not None and done.after.wants_role(at) and _needs_role(done.before, at)

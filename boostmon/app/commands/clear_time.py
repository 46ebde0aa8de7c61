"""Ending a timer by hand: the row says so first, then Discord takes the role, then the row goes."""

from dataclasses import dataclass
from datetime import datetime

from boostmon.app.changing.changes import Changed, Committer, Plan, Target
from boostmon.app.changing.confirming import ensure_confirmed
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.taking import GRACE, TakeRole
from boostmon.app.changing.targets import chosen
from boostmon.app.ports import Asked, Basis, Cause
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Obstacle, Timer
from boostmon.domain.transitions import end


@dataclass(frozen=True, slots=True)
class Cleared:
    """What the command did, and why Discord has not taken the role yet, where it has not."""

    changed: Changed
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class ClearTime:
    """Ends the timer and takes the role, or leaves it with the member for good."""

    committer: Committer
    granter: Granter
    take_role: TakeRole

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
        taken = self.take_role(done, ending, Cause.CLEARED, asked=asked)
        return Cleared(Changed.by(Action.CLEAR, taken.done, asked, notes=taken.notes), taken.obstacle)


def _ended(timer: Timer, at: datetime, confirmed: int | None) -> Timer | None:
    """As it ends; None where nobody can have its role yet, so that nothing is to be taken."""
    if timer.is_untouched:
        ensure_confirmed(timer, timer, None, now=at, confirmed=confirmed)
        return None
    ending = end(timer, now=at, first_attempt=GRACE)
    ensure_confirmed(timer, ending, None, now=at, confirmed=confirmed)
    return ending

"""What remains to a member goes to another: one act, of which both timers or neither show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from boostmon.app.changing.changes import Changed, Committer, Note, Plan, Target
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.once import OnceEach
from boostmon.app.changing.taking import GRACE, TakeRole
from boostmon.app.changing.targets import chosen
from boostmon.app.ports import Asked, Basis, Cause
from boostmon.domain.eligibility import GuildView, ensure_allowed, ensure_grantable, ensure_not_the_bot
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.limits import ensure_within_limits
from boostmon.domain.moving import received
from boostmon.domain.selection import find
from boostmon.domain.timers import Obstacle
from boostmon.domain.transitions import end


class MovedToItself(BoostMonError):
    """Giver and receiver are the same member."""

    def __init__(self, user: UserId) -> None:
        super().__init__(f"the time of user {user} is theirs already")
        self.user = user


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of both timers, and why Discord has not taken the giver's role yet, where it has not."""

    giver: Changed
    receiver: Changed
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class MoveTime:
    """Ends the giver's timer and starts or lengthens the receiver's, in one transaction; then the roles follow.

    The receiver's is given first. Until Discord has answered, the sweep leaves the giver's alone, so that both timers
    can be put back if it refuses.
    """

    committer: Committer
    granter: Granter
    take_role: TakeRole
    once: OnceEach

    def __call__(
        self,
        target: Target,
        to: UserId,
        *,
        asked: Asked,
        view: GuildView,
        held: Collection[RoleId] | None = None,
    ) -> Moved:
        """Moves all that remains of the target's timer. `held` are the roles that the receiver has; None: nobody knows.

        Raises:
            MovedToItself: to whom it belongs already.
            RoleNotListed, LongerThanAllowed, EndsForAll, HadBefore: the guild allows the receiver no such timer.
            BoostMonError: no timer is meant, nothing remains, the role will not do, Discord refused it, or the database
                does not answer. In every case both timers are as they were.
        """
        ensure_allowed(view.asker)
        ensure_not_the_bot(view, to)
        if to == target.user:
            raise MovedToItself(to)

        def plan(bases: Mapping[UserId, Basis]) -> tuple[Plan, Plan]:
            timer, policy = chosen(bases[target.user].timers, target, view), bases[to].policy
            ensure_grantable(view, timer.key.role)
            key = TimerKey(view.id, to, timer.key.role)
            before = find(bases[to].timers, key.role)
            after = received(timer, key, before, now=asked.at, policy=policy)
            ensure_within_limits(after, now=asked.at, policy=policy)
            self.once.ensure_first(key, before, policy, now=asked.at)
            ending = None if timer.is_untouched else end(timer, now=asked.at, first_attempt=2 * GRACE)
            return Plan(timer.key, timer, ending, policy), Plan(key, before, self.granter.marked(after), policy)

        users = (target.user, to)
        giver, receiver = self.committer.change_together(view.id, users, Action.MOVE, plan, asked=asked)
        notes = self.granter.give(receiver, Cause.MOVED_HERE, asked=asked, along=[giver])
        if receiver.before is None and receiver.key.role in (held or ()):
            notes = (Note.HAD_ROLE, *notes)
        return self._taken(giver, Changed.by(Action.MOVE, receiver, asked, notes=notes), asked)

    def _taken(self, giver: Plan, receiver: Changed, asked: Asked) -> Moved:
        if giver.after is None:  # it had not begun; or a repeated request, whose first try came so far
            return Moved(Changed.by(Action.MOVE, giver, asked), receiver)
        taken = self.take_role(giver, giver.after, Cause.MOVED_AWAY, asked=asked)
        return Moved(Changed.by(Action.MOVE, taken.done, asked, notes=taken.notes), receiver, taken.obstacle)

"""Letting a paused countdown go on."""

from collections.abc import Collection
from dataclasses import dataclass

from boostmon.app.changing.changes import Changed, Committer, Plan, Target
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.targets import chosen
from boostmon.app.ports import Asked, Basis
from boostmon.domain.eligibility import GuildView, ensure_allowed, ensure_grantable
from boostmon.domain.ids import RoleId
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import resume


@dataclass(frozen=True, slots=True)
class ResumeTime:
    """The timer runs again, with what remained. A member who has lost the role is given it back."""

    committer: Committer
    granter: Granter

    def __call__(
        self, target: Target, *, asked: Asked, view: GuildView, held: Collection[RoleId] | None = None
    ) -> Changed:
        """What was changed. `held` are the roles that the member has; None: nobody knows, or they are no member.

        Raises:
            BoostMonError: the asker may not, no timer is meant, it is not paused, a missing role cannot be given, or
                the database does not answer; nothing changed.
        """
        ensure_allowed(view.asker)

        def is_missed(timer: Timer | None) -> bool:
            return timer is not None and held is not None and timer.misses_role(held, asked.at)

        def plan(basis: Basis) -> Plan:
            before = chosen(basis.timers, target, view)
            after = resume(before, now=asked.at, policy=basis.policy)
            if is_missed(before):
                ensure_grantable(view, before.key.role)
                after = self.granter.marked(after)
            return Plan(before.key, before, after, basis.policy)

        done = self.committer.change(target, Action.RESUME, plan, asked=asked)
        notes = self.granter.give_back(done, asked=asked) if is_missed(done.before) else ()
        return Changed.by(Action.RESUME, done, asked, notes=notes)

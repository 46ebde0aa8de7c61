"""Letting a paused countdown go on."""

from dataclasses import dataclass

from boostmon.app.changing.changes import Changed, Committer, Plan, Target
from boostmon.app.changing.targets import chosen
from boostmon.app.ports import Asked, Basis
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ledger import Action
from boostmon.domain.transitions import resume


@dataclass(frozen=True, slots=True)
class ResumeTime:
    """The timer runs again, with what remained."""

    committer: Committer

    def __call__(self, target: Target, *, asked: Asked, view: GuildView) -> Changed:
        """What was changed.

        Raises:
            BoostMonError: the asker may not, no timer is meant, it is not paused, or the database does not answer;
                nothing changed.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before = chosen(basis.timers, target, view)
            return Plan(before.key, before, resume(before, now=asked.at, policy=basis.policy), basis.policy)

        return Changed.by(Action.RESUME, self.committer.change(target, Action.RESUME, plan, asked=asked), asked)

"""Stopping the countdown of a timer."""

from dataclasses import dataclass

from boostmon.app.changing.changes import Changed, Committer, Plan, Target
from boostmon.app.changing.targets import chosen
from boostmon.app.ports import Asked, Basis
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ledger import Action
from boostmon.domain.transitions import pause


@dataclass(frozen=True, slots=True)
class PauseTime:
    """Freezes what remains."""

    committer: Committer

    def __call__(self, target: Target, *, asked: Asked, view: GuildView) -> Changed:
        """What was changed.

        Raises:
            BoostMonError: the asker may not, no timer is meant, it is paused or over, or the database does not answer;
                nothing changed.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before = chosen(basis.timers, target, view)
            return Plan(before.key, before, pause(before, now=asked.at), basis.policy)

        return Changed.by(Action.PAUSE, self.committer.change(target, Action.PAUSE, plan, asked=asked), asked)

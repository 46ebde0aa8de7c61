"""Stopping the countdown of a timer."""

from dataclasses import dataclass

from boostmon.app.changing.changes import Changed, Committer, Plan, Target
from boostmon.app.changing.targets import chosen
from boostmon.app.ports import Asked, Basis
from boostmon.domain.durations import Wanted, meaning
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ledger import Action
from boostmon.domain.transitions import end_after, pause


@dataclass(frozen=True, slots=True)
class PauseTime:
    """Freezes what remains, for a while or until it is resumed."""

    committer: Committer

    def __call__(self, target: Target, *, asked: Asked, view: GuildView, duration: Wanted | None = None) -> Changed:
        """What was changed. The pause ends after an amount of time, or at a moment; None: not by itself.

        Raises:
            BoostMonError: the asker may not, no timer is meant, it is paused just so or over, the moment is not ahead,
                or the database does not answer; nothing changed.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before, policy = chosen(basis.timers, target, view), basis.policy
            until = None
            if duration is not None:
                when = meaning(duration, now=asked.at, calendar=policy.calendar)
                until = end_after(when, now=asked.at, policy=policy).at
            return Plan(before.key, before, pause(before, now=asked.at, until=until), policy)

        return Changed.by(Action.PAUSE, self.committer.change(target, Action.PAUSE, plan, asked=asked), asked)

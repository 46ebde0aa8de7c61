"""Stopping the countdown of a timer."""

from dataclasses import dataclass

from boostmon.app.changing.changes import Changed, Committer, Plan, Target
from boostmon.app.changing.targets import chosen
from boostmon.app.ports import Asked, Basis
from boostmon.domain.common_end import ensure_by_date, latest_resumption
from boostmon.domain.durations import Wanted, moment_of
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ledger import Action
from boostmon.domain.transitions import pause


@dataclass(frozen=True, slots=True)
class PauseTime:
    """Freezes what remains, for a while or until it is resumed."""

    committer: Committer

    def __call__(self, target: Target, *, asked: Asked, view: GuildView, duration: Wanted | None = None) -> Changed:
        """What was changed. The pause ends after an amount of time, or at a moment; None: not by itself.

        Where all timers of the role end on a date, the pause ends in time for what remains.

        Raises:
            EndsForAll: what remains would not be used up by that date.
            BoostMonError: the asker may not, no timer is meant, it is paused just so or over, the moment is not ahead,
                or the database does not answer; nothing changed.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before, policy = chosen(basis.timers, target, view), basis.policy
            until = latest_resumption(before, now=asked.at, policy=policy)
            if duration is not None:
                until = moment_of(duration, now=asked.at, calendar=policy.calendar)
            after = pause(before, now=asked.at, until=until)
            ensure_by_date(after, now=asked.at, policy=policy)
            return Plan(before.key, before, after, policy)

        return Changed.by(Action.PAUSE, self.committer.change(target, Action.PAUSE, plan, asked=asked), asked)

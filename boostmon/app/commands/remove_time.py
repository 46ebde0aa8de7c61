"""Taking time away from a timer."""

from dataclasses import dataclass

from boostmon.app.changing.changes import Changed, Committer, Note, Plan, Target
from boostmon.app.changing.confirming import ensure_confirmed
from boostmon.app.changing.targets import chosen
from boostmon.app.ports import Asked, Basis
from boostmon.domain.durations import Wanted, meaning
from boostmon.domain.eligibility import GuildView, ensure_allowed
from boostmon.domain.ledger import Action
from boostmon.domain.transitions import reduce


@dataclass(frozen=True, slots=True)
class RemoveTime:
    """Less time; at zero or below the timer ends now, and the sweep takes the role at once."""

    committer: Committer

    def __call__(
        self, target: Target, amount: Wanted, *, asked: Asked, view: GuildView, confirmed: int | None = None
    ) -> Changed:
        """A moment means that the timer ends then, never that the time until then is taken.

        `confirmed` is the version of the timer that somebody was shown and agreed to have shortened.

        Raises:
            NotConfirmed, OtherThanShown: it takes much away, which was not agreed to; nothing changed.
            BoostMonError: the asker may not, no timer is meant, its time is up, `reduce` cannot make it end at that
                moment, or the database does not answer; nothing changed.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before, policy = chosen(basis.timers, target, view), basis.policy
            when = meaning(amount, now=asked.at, calendar=policy.calendar)
            after = reduce(before, when, now=asked.at, policy=policy)
            ensure_confirmed(before, after, when, now=asked.at, confirmed=confirmed)
            return Plan(before.key, before, after, policy, amount=when)

        done = self.committer.change(target, Action.REMOVE, plan, asked=asked)
        has_ended = done.after is not None and done.after.is_over(asked.at)
        notes = (Note.ENDS_NOW,) if has_ended else ()
        return Changed.by(Action.REMOVE, done, asked, notes=notes)

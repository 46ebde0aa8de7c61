"""Giving a timer more time; where there is none yet, starting it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from boostmon.app.changing.changes import Changed, Committer, Note, Plan, Target
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.once import OnceEach
from boostmon.app.changing.targets import meant
from boostmon.app.ports import Asked, Basis, Cause
from boostmon.domain.absence import with_member_back
from boostmon.domain.durations import Wanted, When, meaning
from boostmon.domain.eligibility import GuildView, ensure_allowed, ensure_grantable, ensure_not_the_bot
from boostmon.domain.ids import RoleId, TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.limits import ensure_within_limits
from boostmon.domain.selection import NoTimer
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import extend, start


@dataclass(frozen=True, slots=True)
class AddTime:
    """More time; with a role and no timer yet, starts one. A timer whose time is up is revived.

    A member who has lost the role is given it back; a timer that waited for them goes on.
    """

    committer: Committer
    granter: Granter
    once: OnceEach

    def __call__(
        self,
        target: Target,
        amount: Wanted,
        *,
        asked: Asked,
        view: GuildView,
        held: Collection[RoleId] | None = None,
    ) -> Changed:
        """A moment means that the timer ends then, never that the time until then is added.

        `held` are the roles that the member has; None: nobody knows.

        Raises:
            RoleNotListed, LongerThanAllowed, EndsForAll, HadBefore: the guild allows no such timer.
            BoostMonError: as `SetTime`; or `extend` cannot make the timer end at that moment.
        """
        ensure_allowed(view.asker)
        ensure_not_the_bot(view, target.user)

        def plan(basis: Basis) -> Plan:
            before = meant(basis.timers, target, view)
            when = meaning(amount, now=asked.at, calendar=basis.policy.calendar)
            if before is None:
                return self._start(target, when, asked, view, basis)
            return self._extend(before, when, asked, view, held, basis)

        done = self.committer.change(target, Action.ADD, plan, asked=asked)
        notes = self._give(done, asked, held)
        return Changed.by(Action.ADD, done, asked, notes=notes)

    def _start(self, target: Target, amount: When, asked: Asked, view: GuildView, basis: Basis) -> Plan:
        if target.role is None:
            raise NoTimer(target.user, None)
        ensure_grantable(view, target.role)
        key = TimerKey(target.guild, target.user, target.role)
        after = start(key, amount, now=asked.at, policy=basis.policy)
        ensure_within_limits(after, now=asked.at, policy=basis.policy, given=amount)
        self.once.ensure_first(key, None, basis.policy, now=asked.at)
        return Plan(key, None, self.granter.marked(after), basis.policy, amount=amount)

    def _extend(
        self,
        before: Timer,
        amount: When,
        asked: Asked,
        view: GuildView,
        held: Collection[RoleId] | None,
        basis: Basis,
    ) -> Plan:
        there = before if held is None else with_member_back(before, now=asked.at, policy=basis.policy)
        after = extend(there, amount, now=asked.at, policy=basis.policy)
        had = before.remaining(asked.at)
        ensure_within_limits(after, now=asked.at, policy=basis.policy, given=amount, before=had)
        if not before.goes_on(asked.at) or _is_missed(before, held, asked):
            ensure_grantable(view, before.key.role)
            after = self.granter.marked(after)
        return Plan(before.key, before, after, basis.policy, amount=amount)

    def _give(self, done: Plan, asked: Asked, held: Collection[RoleId] | None) -> tuple[Note, ...]:
        if done.before is None:
            notes = self.granter.grant(done, Cause.STARTED, asked=asked)
            return (Note.HAD_ROLE, *notes) if done.key.role in (held or ()) else notes
        if not done.before.goes_on(asked.at):
            # The sweep may be taking the role at this very moment: give it, whichever comes last.
            notes = self.granter.grant(done, Cause.REVIVED, asked=asked)
            return (Note.REVIVED, *notes)
        notes = self.granter.give_back(done, asked=asked) if _is_missed(done.before, held, asked) else ()
        is_renewed = done.before.is_over(asked.at) and not isinstance(done.amount, datetime)
        return (Note.RENEWED, *notes) if is_renewed else notes


def _is_missed(timer: Timer, held: Collection[RoleId] | None, asked: Asked) -> bool:
    return held is not None and timer.misses_role(held, asked.at)

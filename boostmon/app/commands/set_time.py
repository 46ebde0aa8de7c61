"""Starting a timer; where there is one, what the guild decided on for that."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from boostmon.app.changing.changes import Changed, Committer, Note, Plan, Target
from boostmon.app.changing.confirming import ensure_confirmed
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.once import OnceEach
from boostmon.app.ports import Asked, Basis, Cause
from boostmon.domain.channels import ChannelFacts, ensure_usable
from boostmon.domain.defaults import set_by_default
from boostmon.domain.durations import Wanted, When, meaning, moment_of
from boostmon.domain.eligibility import GuildView, ensure_grantable, ensure_not_the_bot
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.limits import ensure_within_limits
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.selection import find
from boostmon.domain.stacking import Stacked, kept, set_again
from boostmon.domain.timers import Timer

_NOTES = {Stacking.EXTEND: (Note.ADDED_UP,), Stacking.KEEP_LONGER: (Note.LASTS_LONGER,)}


@dataclass(frozen=True, slots=True)
class SetTime:
    """Starts the timer, or makes of the one there is what the guild decided, and gives the role."""

    committer: Committer
    granter: Granter
    once: OnceEach

    def __call__(
        self,
        key: TimerKey,
        duration: Wanted | None,
        *,
        asked: Asked,
        view: GuildView,
        channel: ChannelFacts | None = None,
        had_role: bool = False,
        confirmed: int | None = None,
        starts: Wanted | None = None,
    ) -> Changed:
        """The timer ends after an amount of time, or at a moment; None: after the amount that the guild decided on.

        It begins, and the role is given, in the time `starts`, or at that moment; None: now.

        `had_role`: the member has the role already.
        `confirmed` is the version of the timer that somebody was shown and agreed to have replaced.

        Raises:
            NotConfirmed, OtherThanShown: it takes much away from the timer there is, which was not agreed to.
            TimerThere: there is one, and the guild takes no second.
            BegunAlready, NothingWouldRemain: it cannot begin then.
            NoDuration: none is given, and the guild has no default.
            RoleNotListed, LongerThanAllowed, EndsForAll, HadBefore: the guild allows no such timer.
            BoostMonError: the role, the channel or the duration will not do, Discord refused the role, or the
                database does not answer; in every case the timer is as it was.
        """
        ensure_grantable(view, key.role)
        ensure_not_the_bot(view, key.user)
        ensure_usable(channel)
        plan = partial(self._plan, key, duration, channel, asked, confirmed, starts)
        done = self.committer.change(Target(key.guild, key.user, key.role), Action.SET, plan, asked=asked)
        notes = self.granter.give(done, Cause.SET, asked=asked)
        if had_role and done.before is None:
            notes = (Note.HAD_ROLE, *notes)
        return Changed.by(Action.SET, done, asked, notes=notes)

    def _plan(
        self,
        key: TimerKey,
        duration: Wanted | None,
        channel: ChannelFacts | None,
        asked: Asked,
        confirmed: int | None,
        starts: Wanted | None,
        basis: Basis,
    ) -> Plan:
        before = find(basis.timers, key.role)
        starts_at = None if starts is None else moment_of(starts, now=asked.at, calendar=basis.policy.calendar)
        (after, rule), when = self._set(key, duration, channel, asked.at, basis.policy, before, starts_at)
        if rule is not Stacking.KEEP_LONGER:
            had = kept(before, rule, asked.at)
            ensure_within_limits(after, now=asked.at, policy=basis.policy, given=when, before=had)
        self.once.ensure_first(key, before, basis.policy, now=asked.at)
        ensure_confirmed(before, after, when, now=asked.at, confirmed=confirmed)
        notes = () if rule is None else _NOTES.get(rule, ())
        return Plan(key, before, self.granter.marked(after), basis.policy, notes, when)

    def _set(
        self,
        key: TimerKey,
        duration: Wanted | None,
        channel: ChannelFacts | None,
        now: datetime,
        policy: Policy,
        before: Timer | None,
        starts_at: datetime | None,
    ) -> tuple[Stacked, When]:
        told_in = None if channel is None else channel.id
        if duration is None:
            return set_by_default(key, now=now, policy=policy, before=before, channel=told_in, starts_at=starts_at)
        when = meaning(duration, now=now, calendar=policy.calendar)
        return set_again(key, when, now=now, policy=policy, before=before, channel=told_in, starts_at=starts_at), when

"""The commands that start, lengthen, shorten, pause and resume timers.

Each commits the timer and its ledger entry in one transaction, and only then asks anything of Discord.
`asked.at` is the only reading of the clock.
"""

from dataclasses import dataclass, replace

from boostmon.app.changing.changes import Changed, Committer, Note, Plan, Target
from boostmon.app.changing.confirming import ensure_confirmed
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.targets import chosen, meant
from boostmon.app.ports import Asked, Basis
from boostmon.domain.channels import ChannelFacts, ensure_usable
from boostmon.domain.durations import When, time_until
from boostmon.domain.eligibility import GuildView, ensure_allowed, ensure_grantable, ensure_not_the_bot
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.selection import NoTimer, find
from boostmon.domain.timers import extend, pause, reduce, resume, start
from boostmon.domain.ways import member_ways


@dataclass(frozen=True, slots=True)
class SetTime:
    """Starts the timer, or replaces it, and gives the role."""

    committer: Committer
    granter: Granter

    def __call__(
        self,
        key: TimerKey,
        duration: When,
        *,
        asked: Asked,
        view: GuildView,
        channel: ChannelFacts | None = None,
        had_role: bool = False,
        confirmed: int | None = None,
    ) -> Changed:
        """Runs the command: the timer ends after a length of time, or at a moment.

        `confirmed` is the version of the timer that somebody was shown and agreed to have replaced.

        Raises:
            NotConfirmed, OtherThanShown: it takes much away from the timer there is, which was not agreed to.
            BoostMonError: the role, the channel or the duration will not do, Discord refused the role, or the
                database does not answer; in every case the timer is as it was.
        """
        ensure_grantable(view, key.role)
        ensure_not_the_bot(view, key.user)
        ensure_usable(channel)

        def plan(basis: Basis) -> Plan:
            before, policy = find(basis.timers, key.role), basis.policy
            after = start(
                key,
                time_until(duration, asked.at),
                now=asked.at,
                policy=policy,
                channel=None if channel is None else channel.id,
                replaces=before,
            )
            ensure_confirmed(before, after, now=asked.at, confirmed=confirmed)
            return Plan(key, before, self.granter.marked(after), policy)

        target = Target(key.guild, key.user, key.role)
        done = self.committer.change(target, Action.SET, plan, asked=asked)
        notes = self.granter.grant(done, asked=asked, audit=f"Timer set by {asked.by}")
        if had_role and done.before is None:
            notes = (Note.HAD_ROLE, *notes)
        return _changed(Action.SET, done, asked, amount=duration, notes=notes)


@dataclass(frozen=True, slots=True)
class AddTime:
    """More time; with a role and no timer yet, starts one. A timer whose time is up is revived."""

    committer: Committer
    granter: Granter

    def __call__(
        self, target: Target, amount: When, *, asked: Asked, view: GuildView, had_role: bool = False
    ) -> Changed:
        """Runs the command. A moment means that the timer ends then, never that the time until then is added.

        `had_role` says whether the member has `target.role` already.

        Raises:
            BoostMonError: as `SetTime`; or `extend` cannot make the timer end at that moment.
        """
        ensure_allowed(view.asker)
        ensure_not_the_bot(view, target.user)

        def plan(basis: Basis) -> Plan:
            before, policy = meant(basis.timers, target, view), basis.policy
            if before is not None:
                after = extend(before, amount, now=asked.at, policy=policy)
                if before.is_over(asked.at):
                    ensure_grantable(view, before.key.role)
                    after = self.granter.marked(after)
                return Plan(before.key, before, after, policy)
            if target.role is None:
                raise NoTimer(target.user, None)
            ensure_grantable(view, target.role)
            key = TimerKey(target.guild, target.user, target.role)
            after = start(key, time_until(amount, asked.at), now=asked.at, policy=policy)
            return Plan(key, None, self.granter.marked(after), policy)

        done = self.committer.change(target, Action.ADD, plan, asked=asked)
        return _changed(Action.ADD, done, asked, amount=amount, notes=self._give(done, asked, had_role=had_role))

    def _give(self, done: Plan, asked: Asked, *, had_role: bool) -> tuple[Note, ...]:
        if done.before is None:
            notes = self.granter.grant(done, asked=asked, audit=f"Timer started by {asked.by}")
            return (Note.HAD_ROLE, *notes) if had_role else notes
        if done.before.is_over(asked.at):
            # The sweep may be taking the role at this very moment: give it, whichever comes last.
            notes = self.granter.grant(done, asked=asked, audit=f"Timer revived by {asked.by}")
            return (Note.REVIVED, *notes)
        return ()


@dataclass(frozen=True, slots=True)
class RemoveTime:
    """Less time; at zero or below the timer ends now, and the sweep takes the role at once."""

    committer: Committer

    def __call__(
        self, target: Target, amount: When, *, asked: Asked, view: GuildView, confirmed: int | None = None
    ) -> Changed:
        """Runs the command. A moment means that the timer ends then, never that the time until then is taken.

        `confirmed` is the version of the timer that somebody was shown and agreed to have shortened.

        Raises:
            NotConfirmed, OtherThanShown: it takes much away, which was not agreed to; nothing changed.
            BoostMonError: the asker may not, no timer is meant, its time is up, `reduce` cannot make it end at that
                moment, or the database does not answer; nothing changed.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before, policy = chosen(basis.timers, target, view), basis.policy
            after = reduce(before, amount, now=asked.at, policy=policy)
            ensure_confirmed(before, after, now=asked.at, confirmed=confirmed)
            return Plan(before.key, before, after, policy)

        done = self.committer.change(target, Action.REMOVE, plan, asked=asked)
        ended = done.after is not None and done.after.is_over(asked.at)
        notes = (Note.ENDS_NOW,) if ended else ()
        return _changed(Action.REMOVE, done, asked, amount=amount, notes=notes)


@dataclass(frozen=True, slots=True)
class PauseTime:
    """Freezes what remains."""

    committer: Committer

    def __call__(self, target: Target, *, asked: Asked, view: GuildView) -> Changed:
        """Runs the command.

        Raises:
            BoostMonError: the asker may not, no timer is meant, it is paused or over, or the database does not answer.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before = chosen(basis.timers, target, view)
            return Plan(before.key, before, pause(before, now=asked.at), basis.policy)

        return _changed(Action.PAUSE, self.committer.change(target, Action.PAUSE, plan, asked=asked), asked)


@dataclass(frozen=True, slots=True)
class ResumeTime:
    """Goes on from what remained."""

    committer: Committer

    def __call__(self, target: Target, *, asked: Asked, view: GuildView) -> Changed:
        """Runs the command.

        Raises:
            BoostMonError: the asker may not, no timer is meant, it is not paused, or the database does not answer.
        """
        ensure_allowed(view.asker)

        def plan(basis: Basis) -> Plan:
            before, policy = chosen(basis.timers, target, view), basis.policy
            return Plan(before.key, before, resume(before, now=asked.at, policy=policy), policy)

        return _changed(Action.RESUME, self.committer.change(target, Action.RESUME, plan, asked=asked), asked)


def _changed(
    action: Action,
    done: Plan,
    asked: Asked,
    *,
    amount: When | None = None,
    notes: tuple[Note, ...] = (),
) -> Changed:
    # Whether Discord has answered yet is between the timer and the sweep.
    after = None if done.after is None else replace(done.after, grant_open_until=None)
    changed = Changed(action, done.key, done.before, after, asked.at, amount, asked.reason)
    ways = () if after is None else member_ways(after.channel, done.policy)
    return replace(changed, notes=notes, ways=ways)

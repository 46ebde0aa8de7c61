"""What a guild decides about its timers: shown and changed."""

import threading
from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from boostmon.app.ports import Alarm, Asked, GuildPolicies, PolicyChange
from boostmon.domain.channels import ChannelFacts, ensure_usable
from boostmon.domain.durations import Amount, Months, usual_length
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.languages import Language
from boostmon.domain.limits import LongerThanAllowed
from boostmon.domain.policy import Policy, Rejoin, Stacking, TakenByHand
from boostmon.domain.policy_values import checked_longest, checked_pause_days, checked_roles, checked_time_zone
from boostmon.domain.ruling import ensure_no_rule_needs_default, ensure_rules_may_start
from boostmon.domain.thresholds import checked_thresholds


class LazyPolicies:
    """What the guilds of a batch decided, read in one round trip when the first of it is asked for."""

    def __init__(self, policies: GuildPolicies, guilds: Collection[GuildId]) -> None:
        self._policies = policies
        self._guilds = guilds
        self._read: Mapping[GuildId, Policy] | None = None
        self._lock = threading.Lock()

    def __getitem__(self, guild: GuildId) -> Policy:
        with self._lock:
            if self._read is None:
                self._read = self._policies.of(self._guilds)
            return self._read[guild]


@dataclass(frozen=True, slots=True)
class ShowPolicy:
    """Tells what a guild decided."""

    policies: GuildPolicies

    def __call__(self, guild: GuildId) -> Policy:
        """The guild's policy.

        Raises:
            StorageUnavailable: the repository did not answer.
        """
        return self.policies.get(guild)


@dataclass(frozen=True, slots=True)
class RolesWanted:
    """A change of a list of roles. Those that the guild does not have (any more) go from it by the way."""

    there: Container[RoleId]
    add: RoleId | None = None
    remove: RoleId | None = None

    def of(self, listed: frozenset[RoleId]) -> frozenset[RoleId]:
        """The list after the change.

        Raises:
            InvalidPolicy: it would be too long.
        """
        kept = {role for role in listed if role in self.there}
        added = set() if self.add is None else {self.add}
        return checked_roles((kept - {self.remove}) | added)


@dataclass(frozen=True, slots=True)
class ChangePolicy:
    """Changes one thing at a time; what was not named stays as it is. Timers that run follow at once."""

    policies: GuildPolicies
    alarm: Alarm

    def thresholds(self, guild: GuildId, wanted: tuple[timedelta, ...], *, asked: Asked) -> PolicyChange:
        """Sets how long before the end members are warned; none at all with an empty tuple.

        Raises:
            InvalidThresholds: a server may not have these; nothing changed.
            StorageUnavailable: the repository did not answer.
        """
        thresholds = checked_thresholds(wanted)
        return self._change(guild, lambda policy: replace(policy, thresholds=thresholds), asked)

    def warning_channel(self, guild: GuildId, channel: ChannelFacts | None, *, asked: Asked) -> PolicyChange:
        """Sets where timers without a channel of their own are announced; None: nowhere.

        Raises:
            ChannelUnusable: the bot cannot write there; nothing changed.
            StorageUnavailable: the repository did not answer.
        """
        ensure_usable(channel)
        chosen = None if channel is None else channel.id
        return self._change(guild, lambda policy: replace(policy, warning_channel=chosen), asked)

    def log_channel(self, guild: GuildId, channel: ChannelFacts | None, *, asked: Asked) -> PolicyChange:
        """Sets where those who run the guild read of what is in the way; None: nowhere. Raises as above."""
        ensure_usable(channel)
        chosen = None if channel is None else channel.id
        return self._change(guild, lambda policy: replace(policy, log_channel=chosen), asked)

    def dms(self, guild: GuildId, *, allowed: bool, asked: Asked) -> PolicyChange:
        """Sets whether members may be written to directly. Raises StorageUnavailable."""
        return self._change(guild, lambda policy: replace(policy, dms=allowed), asked)

    def language(self, guild: GuildId, language: Language | None, *, asked: Asked) -> PolicyChange:
        """Sets the language of what everybody reads; None: that of the guild in Discord. Raises StorageUnavailable."""
        return self._change(guild, lambda policy: replace(policy, language=language), asked)

    def stacking(self, guild: GuildId, rule: Stacking, *, asked: Asked) -> PolicyChange:
        """Sets what a second `/settime` does to the timer there is. Raises StorageUnavailable."""
        return self._change(guild, lambda policy: replace(policy, stacking=rule), asked)

    def time_zone(self, guild: GuildId, name: str | None, *, asked: Asked) -> PolicyChange:
        """Sets the zone of typed moments and of months; None: the operator's. Timers that run end when they would have.

        Raises:
            InvalidPolicy: there is no such zone; nothing changed.
            StorageUnavailable: the repository did not answer.
        """
        zone = None if name is None else checked_time_zone(name)
        return self._change(guild, lambda policy: replace(policy, time_zone=zone), asked)

    def months(self, guild: GuildId, kind: Months, *, asked: Asked) -> PolicyChange:
        """Sets what a month is, for what is typed from now on. Raises StorageUnavailable."""
        return self._change(guild, lambda policy: replace(policy, months=kind), asked)

    def taken_by_hand(self, guild: GuildId, then: TakenByHand, *, asked: Asked) -> PolicyChange:
        """Sets what follows when somebody takes a timed role by hand. Raises StorageUnavailable."""
        return self._change(guild, lambda policy: replace(policy, taken_by_hand=then), asked)

    def rejoin(self, guild: GuildId, then: Rejoin, *, asked: Asked) -> PolicyChange:
        """Sets what becomes of the timers of members who leave, from now on. Raises StorageUnavailable."""
        return self._change(guild, lambda policy: replace(policy, rejoin=then), asked)

    def self_pause(self, guild: GuildId, days: int, *, asked: Asked) -> PolicyChange:
        """Sets for how many days of a year members may pause each of their timers; 0: never. Pauses that last go on.

        Raises:
            InvalidPolicy: there are not so many; nothing changed.
            StorageUnavailable: the repository did not answer.
        """
        checked = checked_pause_days(days)
        return self._change(guild, lambda policy: replace(policy, self_pause_days=checked), asked)

    def longest(self, guild: GuildId, limit: timedelta | None, *, asked: Asked) -> PolicyChange:
        """Sets how long a timer may run; None: as long as any. Timers that run for longer go on.

        Raises:
            InvalidPolicy: no server may have that limit; nothing changed.
            InvalidRule: timers that start by themselves are longer; nothing changed.
            StorageUnavailable: the repository did not answer.
        """
        longest = None if limit is None else checked_longest(limit)

        def alter(policy: Policy) -> Policy:
            wanted = replace(policy, longest=longest)
            ensure_rules_may_start(wanted)
            return wanted

        return self._change(guild, alter, asked)

    def default_duration(self, guild: GuildId, amount: Amount | None, *, asked: Asked) -> PolicyChange:
        """Sets how long a timer runs of which nobody says how long; None: somebody has to say.

        Raises:
            LongerThanAllowed: no timer may run for so long in this guild; nothing changed.
            InvalidRule: timers that start by themselves are that long, or may not be; nothing changed.
            StorageUnavailable: the repository did not answer.
        """

        def alter(policy: Policy) -> Policy:
            if amount is None:
                ensure_no_rule_needs_default(policy)
            if amount is not None and policy.longest is not None and usual_length(amount) > policy.longest:
                raise LongerThanAllowed(usual_length(amount), policy.longest)
            wanted = replace(policy, default_duration=amount)
            ensure_rules_may_start(wanted)
            return wanted

        return self._change(guild, alter, asked)

    def timeable(self, guild: GuildId, wanted: RolesWanted | None, *, asked: Asked) -> PolicyChange:
        """Changes the list of the roles that may be timed; None: there is no list, and all of them may.

        Without a list so far, one begins. Raises as above.
        """

        def alter(policy: Policy) -> Policy:
            listed = None if wanted is None else wanted.of(policy.timeable or frozenset())
            return replace(policy, timeable=listed)

        return self._change(guild, alter, asked)

    def managers(self, guild: GuildId, wanted: RolesWanted, *, asked: Asked) -> PolicyChange:
        """Changes the list of the roles whose holders may use the commands that time roles. Raises as above."""
        return self._change(guild, lambda policy: replace(policy, managers=wanted.of(policy.managers)), asked)

    def _change(self, guild: GuildId, alter: Callable[[Policy], Policy], asked: Asked) -> PolicyChange:
        change = self.policies.change(guild, alter, asked=asked)
        if change.replanned:
            self.alarm.ring()
        return change

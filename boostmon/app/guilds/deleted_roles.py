"""Ending the timers of roles that were deleted, and their rules, whether the bot was there to see it or not."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from boostmon.app.ports import Alarm, Asked, Clock, GuildPolicies, Hearing, RoleCensus, TimerRepository
from boostmon.domain.details import RoleNamed
from boostmon.domain.ids import NOBODY, GuildId, RoleId
from boostmon.domain.naming_roles import named_roles, rule_without_manager, unfollowed, without_role
from boostmon.domain.policy import Policy

_log = logging.getLogger(__name__)

AT_ONCE = 500
"""Timers that are ended by one statement."""


@dataclass(frozen=True, slots=True)
class EndDeletedRoles:
    """Lets timers end whose role does not exist any more. The sweep then hears from Discord that there is none to take.

    Until then it asks Discord to take the role, so a role that is there must never be thought to be gone.
    """

    timers: TimerRepository
    policies: GuildPolicies
    hearing: Hearing
    census: RoleCensus
    alarm: Alarm
    clock: Clock

    def deleted(self, guild: GuildId, role: RoleId, name: str | None = None) -> int:
        """Discord says that the role, of that name, was deleted; returns how many timers end now.

        Raises:
            StorageUnavailable: the repository did not answer. Some may have ended; to be repeated.
        """
        ended, named = 0, None if name is None else RoleNamed(name)
        while batch := self.timers.end_of_role(guild, role, self.clock.now(), AT_ONCE, named=named):
            ended += batch
        if ended:
            _log.info("timers of a deleted role end", extra={"guild": guild, "role": role, "timers": ended})
            self.alarm.ring()
        self._forget(guild, role)
        return ended

    def _forget(self, guild: GuildId, role: RoleId) -> None:
        """Nothing is decided any more for a role that does not exist; the history tells that nobody did that."""
        policy, asked = self.policies.get(guild), Asked(NOBODY, self.clock.now(), None)
        if role in policy.rules:
            self.policies.change_rule(guild, role, _no_rule, asked=asked)
            _log.info("the rule of a deleted role goes", extra={"guild": guild, "role": role})
        for ruled in [of for of, rule in policy.rules.items() if role in rule.managers and of != role]:
            self.policies.change_rule(
                guild, ruled, partial(rule_without_manager, ruled=ruled, manager=role), asked=asked
            )
        for ruled in [of for of, rule in policy.rules.items() if rule.follows == role and of != role]:
            self.policies.change_rule(guild, ruled, partial(unfollowed, ruled=ruled, role=role), asked=asked)
        if without_role(policy, role) != policy:
            self.policies.change(guild, lambda now: without_role(now, role), asked=asked)
        self.hearing.gone(guild, role)

    def catch_up(self, guild: GuildId, known: Collection[RoleId]) -> int:
        """Looks for roles that were deleted while nobody was told; `known` are those that the bot knows of.

        What the bot knows may be old or incomplete, and only makes the question to Discord needless. That is put after
        the timers were read: a timer is only ever set on a role that exists, so one that Discord does not have then was
        deleted, and no later one gets its id.

        Raises:
            StorageUnavailable, DiscordUnreachable: no answer; to be repeated.
        """
        unknown = {*self.timers.timed_roles(guild), *named_roles(self.policies.get(guild))} - set(known)
        if not unknown:
            return 0
        return sum(self.deleted(guild, role) for role in sorted(self.census.gone(guild, unknown)))


def _no_rule(_policy: Policy) -> None:
    return None

"""What a guild decides for single roles: changed and removed."""

from collections.abc import Callable
from dataclasses import dataclass

from boostmon.app.ports import Alarm, Asked, GuildPolicies, RuleChange
from boostmon.domain.durations import Calendar
from boostmon.domain.eligibility import GuildView
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.rule_rights import ensure_asker_may_rule, ensure_rulable
from boostmon.domain.rules import RoleRule
from boostmon.domain.ruling import checked_rule
from boostmon.domain.zones import UTC_NAME


class NoRule(BoostMonError):
    """The guild has no rule for the role."""

    def __init__(self, role: RoleId) -> None:
        super().__init__(f"no rule for {role}")
        self.role = role


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """Changes the rule of one role. Its timers follow at once; `starting` hears of one that starts timers.

    `time_zone` is that of guilds that have none of their own.
    """

    policies: GuildPolicies
    alarm: Alarm
    starting: Callable[[GuildId, RoleId], None]
    time_zone: str = UTC_NAME

    def set(
        self, view: GuildView, role: RoleId, alter: Callable[[RoleRule, Calendar], RoleRule], *, asked: Asked
    ) -> RuleChange:
        """Makes the role's rule what `alter` makes of it, or of one that decides nothing yet, by the guild's calendar.

        Raises:
            InvalidRule, InvalidPolicy, InvalidThresholds: no guild may have such a rule; nothing changed.
            BoostMonError: the asker may not, the role or the one that follows cannot be timed, or the repository does
                not answer.
        """
        ensure_rulable(view, role)

        def ruled(policy: Policy) -> RoleRule | None:
            calendar = policy.in_zone(self.time_zone).calendar
            before = policy.rules.get(role) or RoleRule(role)
            rule = alter(before, calendar)
            if rule.follows is not None and rule.follows != before.follows:
                ensure_rulable(view, rule.follows)
            return checked_rule(rule, policy)

        return self._change(view, role, ruled, asked)

    def remove(self, view: GuildView, role: RoleId, *, asked: Asked) -> RuleChange:
        """Takes the rule away; the role may be gone already.

        Raises:
            NoRule: there is none.
            BoostMonError: the asker may not, or the repository does not answer.
        """
        ensure_asker_may_rule(view, role)

        def none(policy: Policy) -> None:
            if role not in policy.rules:
                raise NoRule(role)

        return self._change(view, role, none, asked)

    def _change(
        self, view: GuildView, role: RoleId, alter: Callable[[Policy], RoleRule | None], asked: Asked
    ) -> RuleChange:
        change = self.policies.change_rule(view.id, role, alter, asked=asked)
        if change.replanned or change.moved:
            self.alarm.ring()
        if change.after is not None and change.after.starts:
            self.starting(view.id, role)
        return change

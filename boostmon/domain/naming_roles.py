"""Which roles a guild's decisions name, and what is left of these when a role is deleted. Pure."""

from dataclasses import replace

from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule


def named_roles(policy: Policy) -> frozenset[RoleId]:
    """Those that have rules, that follow by one, that managers hold, and that alone may be timed; not one that
    `without_role` leaves."""
    timeable = policy.timeable or frozenset()
    managers = policy.managers.union(*(rule.managers for rule in policy.rules.values()))
    following = {rule.follows for rule in policy.rules.values() if rule.follows is not None}
    return managers | following | policy.rules.keys() | (timeable if len(timeable) > 1 else frozenset())


def without_role(policy: Policy, role: RoleId) -> Policy:
    """The guild's own decisions without the role; its rule is another matter.

    The last of the roles that may be timed stays, deleted or not: without it, any role might be.
    """
    timeable = policy.timeable and policy.timeable - {role}
    return replace(policy, managers=policy.managers - {role}, timeable=timeable or policy.timeable)


def rule_without_manager(policy: Policy, ruled: RoleId, manager: RoleId) -> RoleRule | None:
    """The rule of a role without one of its managers; None: there is none, or it decides nothing then."""
    rule = policy.rules.get(ruled)
    if rule is None:
        return None
    left = replace(rule, managers=rule.managers - {manager})
    return None if left.is_empty else left


def unfollowed(policy: Policy, ruled: RoleId, role: RoleId) -> RoleRule | None:
    """The rule of `ruled` without the role that follows, if it is that one; None: it decides nothing else."""
    rule = policy.rules.get(ruled)
    if rule is not None and rule.follows == role:
        rule = replace(rule, follows=None)
    return None if rule is None or rule.is_empty else rule

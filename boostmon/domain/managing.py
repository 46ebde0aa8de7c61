"""Who times roles by leave of the guild alone, and whose timers those who may time roles see."""

from dataclasses import replace

from boostmon.domain.eligibility import AskerMayNot, GuildView, Standing
from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.policy import Policy


def with_managers(view: GuildView, policy: Policy) -> GuildView:
    """The same view where holders of the roles that the guild named may time roles.

    Whoever is named for single roles alone may time these alone, also where an override under Integrations lets them
    use the commands, as Discord shows these to them only so.
    """
    asker = view.asker
    is_manager = not policy.managers.isdisjoint(asker.held)
    manages = frozenset[RoleId]()
    if not is_manager and not asker.manages_roles:
        manages = frozenset(of for of, rule in policy.rules.items() if not rule.managers.isdisjoint(asker.held))
    return replace(view, asker=replace(asker, is_manager=is_manager, manages=manages))


def may_see_others(asker: Standing) -> bool:
    """Whether the asker may see what time others have left: with Manage Roles in the guild, or as one of its managers;
    not by an override. Managers of single roles see that of these, see `may_see`."""
    return asker.manages_roles or asker.is_manager


def may_see(asker: Standing, role: RoleId) -> bool:
    """Whether the asker may see what time others have left with the role."""
    return may_see_others(asker) or role in asker.manages


def ensure_may_see(asker: Standing, user: UserId, *, by: UserId) -> None:
    """Checks that somebody may see timers of `user`: everyone may see their own, and `may_see` says which of others.

    Raises:
        AskerMayNot: they are another's, and the asker may not see any of those.
    """
    if user != by and not may_see_others(asker) and not asker.manages:
        raise AskerMayNot

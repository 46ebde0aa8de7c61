"""Who may decide for a role: whoever may manage the server, and stands above the role by Discord's order."""

from dataclasses import replace

from boostmon.domain.eligibility import GuildView, ensure_allowed, ensure_asker_may_time, ensure_grantable
from boostmon.domain.ids import RoleId
from boostmon.domain.permissions import Permission


def ensure_rulable(view: GuildView, role: RoleId) -> None:
    """Checks that the role can be timed at all, and that the asker may decide for it.

    Raises:
        CommandNotAllowed, RoleGone, RoleNotTimeable, BotMayNotManageRoles: the first that applies, most telling first.
    """
    ensure_allowed(view.asker, Permission.MANAGE_SERVER)
    ensure_grantable(_as_manager_of_roles(view), role)


def ensure_asker_may_rule(view: GuildView, role: RoleId) -> None:
    """Checks that the asker may decide for the role; one that is gone stands below everyone.

    Raises:
        CommandNotAllowed: they may not manage the server.
        RoleNotTimeable: it stands at or above their highest.
    """
    ensure_allowed(view.asker, Permission.MANAGE_SERVER)
    ensure_asker_may_time(_as_manager_of_roles(view), role)


def _as_manager_of_roles(view: GuildView) -> GuildView:
    """Who decides for all timers of the server needs no further permission to decide for those of a role."""
    asker = view.asker
    return replace(view, asker=replace(asker, permissions=asker.permissions | Permission.MANAGE_ROLES))

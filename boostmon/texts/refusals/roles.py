"""Roles and members that will not do."""

from boostmon.app.commands.errors import (
    AmbiguousRole,
    UnknownRole,
)
from boostmon.domain.eligibility import (
    BotMayNotManageRoles,
    MemberGone,
    ObstructedRole,
    RoleGone,
    RoleNotTimeable,
    TimerOnBot,
)
from boostmon.domain.lacks import Lack
from boostmon.texts import stamps
from boostmon.texts.permissions import permission_names
from boostmon.texts.quoting import escaped
from boostmon.texts.refusals.problems import Problem, explain, listed
from boostmon.texts.similar import similar

_OBSTRUCTED: dict[ObstructedRole, str] = {
    ObstructedRole.EVERYONE: "Everybody has the role {role}, and nobody can be given or lose it. Choose another one.",
    ObstructedRole.PREMIUM: (
        "Discord itself gives {role} to those who boost the server, and takes it back; no bot can. Choose another one."
    ),
    ObstructedRole.MANAGED: (
        "{role} belongs to an app or an integration, and only that can give or take it. Choose another one."
    ),
    ObstructedRole.ABOVE_BOT: (
        "{role} stands at or above my own highest role, so Discord does not let me give or take it. "
        "In Server Settings → Roles, drag {own} above it; then try again."
    ),
    ObstructedRole.ABOVE_ASKER: (
        "{role} stands at or above your own highest role. Somebody with a higher role has to do this."
    ),
    ObstructedRole.BEYOND_ASKER: (
        "{role} has permissions that you do not have: {beyond}. This server allows you the command under Integrations, "
        "but you lack **Manage Roles**, and without it you can time only roles that may do no more than you. "
        "Somebody with **Manage Roles** has to do this."
    ),
}


_UNCONFIRMED = (
    "\nThat is what I remember: Discord did not tell me in time how the roles stand now. If somebody has just moved "
    "them, try again in a minute."
)


@explain.register
def role_not_timeable(error: RoleNotTimeable, lack: Lack | None = None) -> Problem:
    """Names the bot's own role where `lack`, what the bot lacks for the role, is known."""
    # @everyone is written out: as a mention it would be shown as @@everyone.
    role = "@everyone" if error.problem is ObstructedRole.EVERYONE else stamps.role(error.role.id)
    own = "my role" if lack is None or lack.own_role is None else stamps.role(lack.own_role)
    text = _OBSTRUCTED[error.problem].format(role=role, own=own, beyond=permission_names(error.beyond))
    return Problem("That role cannot be timed", f"{text}{_UNCONFIRMED if error.is_unconfirmed else ''}")


@explain.register
def _role_gone(error: RoleGone) -> Problem:
    return Problem(
        "That role does not exist",
        f"This server has no role with the id {error.role} (any more). Choose another one; "
        "a timer that is still on it can be ended with `/cleartime`.",
    )


@explain.register
def _unknown_role(error: UnknownRole) -> Problem:
    near = ", ".join(f"“{escaped(name)}”" for name in similar(error.written, error.names))
    hint = f" Did you mean {near}?" if near else ""
    return Problem(
        "There is no such role",
        f"No role here is called “{escaped(error.written)}”.{hint}\n"
        "Pick one from the list that opens while you type, or mention it.",
    )


@explain.register
def _ambiguous_role(error: AmbiguousRole) -> Problem:
    lines = [f"- {stamps.role(role.id)}, id {role.id}" for role in error.roles]
    return Problem(
        "Which role?",
        f"{len(error.roles)} roles here are called “{escaped(error.written)}”:\n{listed(lines)}\n"
        "Pick one from the list that opens while you type, or give its id.",
    )


@explain.register
def _member_gone(error: MemberGone) -> Problem:
    return Problem(
        "Not a member of this server",
        f"{stamps.user(error.user)} is not (or no longer) here, so there is nobody to give a role to. "
        "A timer that they left behind can be ended with `/cleartime`.",
    )


@explain.register
def _bot_may_not(_error: BotMayNotManageRoles) -> Problem:
    return Problem(
        "I may not manage roles",
        "I lack the permission **Manage Roles**. In Server Settings → Roles → my role, switch it on; then try again.",
    )


@explain.register
def _timer_on_bot(_error: TimerOnBot) -> Problem:
    return Problem(
        "I cannot have a timer",
        "I hand out roles for a time and take none myself. Choose another member.",
    )

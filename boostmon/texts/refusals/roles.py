"""Roles and members that will not do."""

from boostmon.app.commands.errors import AmbiguousRole, UnknownRole
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
from boostmon.texts.words import Words, msgid

_OBSTRUCTED: dict[ObstructedRole, str] = {
    ObstructedRole.EVERYONE: msgid(
        "Everybody has the role {role}, and nobody can be given or lose it. Choose another one."
    ),
    ObstructedRole.PREMIUM: msgid(
        "Discord itself gives {role} to those who boost the server, and takes it back; no bot can. Choose another one."
    ),
    ObstructedRole.MANAGED: msgid(
        "{role} belongs to an app or an integration, and only that can give or take it. Choose another one."
    ),
    ObstructedRole.ABOVE_BOT: msgid(
        "{role} stands at or above my own highest role, so Discord does not let me give or take it. In Server Settings "
        "→ Roles, drag {own} above it; then try again."
    ),
    ObstructedRole.ABOVE_ASKER: msgid(
        "{role} stands at or above your own highest role. Somebody with a higher role has to do this."
    ),
    ObstructedRole.NOT_ASKERS: msgid(
        "You can time only the roles that you are a manager of, and {role} is none of them. Whoever manages the server "
        "can name one of your roles with `/timerrule managers`."
    ),
    ObstructedRole.BEYOND_ASKER: msgid(
        "{role} has permissions that you do not have: {beyond}. This server lets you use the command, but "
        "you lack **Manage Roles**, and without it you can time only roles that may do no more than you. Somebody "
        "with **Manage Roles** has to do this."
    ),
}


@explain.register
def role_not_timeable(error: RoleNotTimeable, words: Words, lack: Lack | None = None) -> Problem:
    """Names the bot's own role where `lack`, what the bot lacks for the role, is known."""
    # @everyone is written out: as a mention it would be shown as @@everyone.
    role = "@everyone" if error.problem is ObstructedRole.EVERYONE else stamps.role(error.role.id)
    own = words("my role") if lack is None or lack.own_role is None else stamps.role(lack.own_role)
    beyond = permission_names(error.beyond, words)
    text = words(_OBSTRUCTED[error.problem], role=role, own=own, beyond=beyond)
    unconfirmed = words(
        "That is what I remember: Discord did not tell me in time how the roles stand now. If somebody has just moved "
        "them, try again in a minute."
    )
    return Problem(words("That role cannot be timed"), f"{text}\n{unconfirmed}" if error.is_unconfirmed else text)


@explain.register
def _role_gone(error: RoleGone, words: Words) -> Problem:
    return Problem(
        words("That role does not exist"),
        words(
            "This server has no role with the id {id}, or no longer. Choose another one; a timer that is still on it "
            "can be ended with `/cleartime`.",
            id=str(error.role),
        ),
    )


@explain.register
def _unknown_role(error: UnknownRole, words: Words) -> Problem:
    title, written = words("There is no such role"), escaped(error.written)
    how = words("Pick one from the list that opens while you type, or mention it.")
    near = [words("“{text}”", text=escaped(name)) for name in similar(error.written, error.names)]
    if not near:
        return Problem(title, f"{words('No role here is called “{name}”.', name=written)}\n{how}")
    hint = words("No role here is called “{name}”. Did you mean {names}?", name=written, names=words.either(near))
    return Problem(title, f"{hint}\n{how}")


@explain.register
def _ambiguous_role(error: AmbiguousRole, words: Words) -> Problem:
    number = words.plural(
        "{n} role here is called “{name}”:",
        "{n} roles here are called “{name}”:",
        len(error.roles),
        name=escaped(error.written),
    )
    lines = [f"- {words('{role}, id {id}', role=stamps.role(role.id), id=str(role.id))}" for role in error.roles]
    how = words("Pick one from the list that opens while you type, or give its id.")
    return Problem(words("Which role?"), f"{number}\n{listed(lines, words)}\n{how}")


@explain.register
def _member_gone(error: MemberGone, words: Words) -> Problem:
    return Problem(
        words("Not a member of this server"),
        words(
            "{user} is not (or no longer) here, so there is nobody to give a role to. A timer that they left behind "
            "can be ended with `/cleartime`.",
            user=stamps.user(error.user),
        ),
    )


@explain.register
def _bot_may_not(_error: BotMayNotManageRoles, words: Words) -> Problem:
    return Problem(
        words("I may not manage roles"),
        words(
            "I lack the permission **Manage Roles**. In Server Settings → Roles → my role, switch it on; then try "
            "again."
        ),
    )


@explain.register
def _timer_on_bot(_error: TimerOnBot, words: Words) -> Problem:
    return Problem(
        words("I cannot have a timer"),
        words("I hand out temporary roles and take none myself. Choose another member."),
    )

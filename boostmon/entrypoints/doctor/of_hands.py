"""Whether the bot hears of what people and other bots do to roles, and what they do that it cannot mend."""

from collections.abc import Iterator, Sequence

from boostmon.adapters.discord.checkup import Server
from boostmon.adapters.postgres.examination import ByHand
from boostmon.domain.ids import RoleId
from boostmon.domain.permissions import Permission
from boostmon.entrypoints.doctor.finding import Finding


def findings_by_hand(name: str, server: Server, roles: Sequence[ByHand], *, has_timers: bool) -> Iterator[Finding]:
    """Of the server called `name`, where these roles may be given and taken by hand."""
    starting = [one.role for one in roles if one.starts]
    if (starting or has_timers) and not server.bot.may(Permission.VIEW_AUDIT_LOG):
        yield _deaf(name, server, starting)
    for one in roles:
        if one.fought:
            waits = "1 timer waits" if one.fought == 1 else f"{one.fought} timers wait"
            yield Finding(
                f"{name}: {_named(server, one.role)} is taken again each time that the bot gives it back, so {waits}",
                "the log channel and the server's audit log say who takes it; once they leave it alone, /resumetime "
                "lets the timers go on",
            )
        if one.unexplained:
            members = "1 member" if one.unexplained == 1 else f"{one.unexplained} members"
            yield Finding(
                f"{name}: {members} got {_named(server, one.role)} unheard, without the timer that its rule starts",
                "look through the members with the role, and use /settime for those without a timer",
            )


def _deaf(name: str, server: Server, starting: Sequence[RoleId]) -> Finding:
    """Timers go on without it, and what is taken is noticed later; but what is to start does not."""
    roles = ", ".join(_named(server, role) for role in starting)
    what = f"no timer starts when somebody gives {roles}" if starting else "roles that others take are noticed late"
    return Finding(
        f"{name}: the bot lacks View Audit Log, so {what}",
        "allow it for the bot's role in Server Settings, Roles",
        hint=not starting,
    )


def _named(server: Server, role: RoleId) -> str:
    facts = server.roles.get(role)
    return f"the role {role}" if facts is None else f"@{facts.name}"

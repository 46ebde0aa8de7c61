"""What stands in the way of a role change, and what to do about it: in the same words wherever it is told."""

from collections.abc import Sequence

from boostmon.domain.ids import RoleId
from boostmon.domain.lacks import Lack
from boostmon.domain.timers import Obstacle
from boostmon.texts import stamps
from boostmon.texts.words import Words, msgid

EITHER = msgid("Give me the permission **Manage Roles**, and in Server Settings → Roles drag my own role above it.")
"""Both that may help, where it is not known which one is needed."""

_IN_THE_WAY = {
    Obstacle.MISSING_PERMISSIONS: EITHER,
    Obstacle.GUILD_GONE: msgid("I cannot reach this server any more. Invite me again; its timers are kept."),
    Obstacle.ROLE_NOT_ASSIGNABLE: msgid(
        "Discord or another app hands that role out by itself, so nobody else can give or take it. Take it by hand if "
        "you can, end its timers with `/cleartime`, and use another role."
    ),
    Obstacle.REFUSED: msgid(
        "Discord refuses, for a reason that I do not know. Whoever runs me finds its answer in my log."
    ),
}


def in_the_way(obstacle: Obstacle, roles: Sequence[RoleId], words: Words, *, lack: Lack | None = None) -> str:
    """What is in the way of `roles`, and the remedy; `lack` is what the bot is known to lack for all of them."""
    if obstacle is not Obstacle.MISSING_PERMISSIONS or lack is None:
        return words(_IN_THE_WAY[obstacle])
    named = words.listed([stamps.role(role) for role in roles]) if len(roles) <= 2 else words("these roles")
    if lack.own_role is None:
        return words(
            "I have no role of my own in this server. In Server Settings → Roles, give me one with the permission "
            "**Manage Roles**, and drag it above {roles}.",
            roles=named,
        )
    own = stamps.role(lack.own_role)
    if not lack.place:
        return words(
            "I lack the permission **Manage Roles**: in Server Settings → Roles, switch it on for {own}.", own=own
        )
    if not lack.manage_roles:
        return words.plural(
            "My highest role, {own}, does not stand above {roles}: in Server Settings → Roles, drag {own} above it.",
            "My highest role, {own}, does not stand above {roles}: in Server Settings → Roles, drag {own} above them.",
            len(roles),
            own=own,
            roles=named,
        )
    return words.plural(
        "I lack the permission **Manage Roles**, and my highest role, {own}, does not stand above {roles}: in Server "
        "Settings → Roles, switch the permission on for {own} and drag {own} above it.",
        "I lack the permission **Manage Roles**, and my highest role, {own}, does not stand above {roles}: in Server "
        "Settings → Roles, switch the permission on for {own} and drag {own} above them.",
        len(roles),
        own=own,
        roles=named,
    )

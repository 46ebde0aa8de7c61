"""What stands in the way of a role change, and what to do about it: in the same words wherever it is told."""

from boostmon.domain.ids import RoleId
from boostmon.domain.lacks import Lack
from boostmon.domain.timers import Obstacle
from boostmon.texts import stamps

EITHER = "Give me the permission **Manage Roles**, and in Server Settings → Roles drag my own role above it."
"""Both that may help, where it is not known which one is needed."""

_IN_THE_WAY = {
    Obstacle.MISSING_PERMISSIONS: EITHER,
    Obstacle.GUILD_GONE: "I cannot reach this server any more. Invite me again; its timers are kept.",
    Obstacle.ROLE_NOT_ASSIGNABLE: (
        "Discord or another app hands that role out by itself, so nobody else can give or take it. Take it by hand if "
        "you can, end its timers with `/cleartime`, and use another role."
    ),
    Obstacle.REFUSED: "Discord refuses, for a reason that I do not know. Whoever runs me finds its answer in my log.",
}


def in_the_way(obstacle: Obstacle, *roles: RoleId, lack: Lack | None = None) -> str:
    """What is in the way of `roles`, and the remedy; `lack` is what the bot is known to lack for all of them."""
    if obstacle is not Obstacle.MISSING_PERMISSIONS or lack is None:
        return _IN_THE_WAY[obstacle]
    named = " and ".join(map(stamps.role, roles)) if len(roles) <= 2 else "the roles"
    stand, them = ("does", "it") if len(roles) == 1 else ("do", "them")
    if lack.own_role is None:
        return (
            "I have no role of my own in this server. In Server Settings → Roles, give me one with the permission "
            f"**Manage Roles**, and drag it above {named}."
        )
    own = stamps.role(lack.own_role)
    if not lack.place:
        return f"I lack the permission **Manage Roles**: in Server Settings → Roles, switch it on for {own}."
    where = f"{named} {stand} not stand below my highest role, {own}"
    if not lack.manage_roles:
        return f"{_capitalised(where)}: in Server Settings → Roles, drag {own} above {them}."
    return (
        f"I lack the permission **Manage Roles**, and {where}: in Server Settings → Roles, switch the permission on "
        f"for {own} and drag it above {named}."
    )


def _capitalised(text: str) -> str:
    return text[0].upper() + text[1:]

"""What keeps the bot from giving and taking a role, as far as the people in a guild can fix it."""

from collections.abc import Mapping
from dataclasses import dataclass

from boostmon.domain.eligibility import GuildView, RoleFacts, Standing
from boostmon.domain.ids import GuildId, RoleId


@dataclass(frozen=True, slots=True)
class Lack:
    """What the bot lacks for one role: the permission Manage Roles, a place above the role, or both.

    `own_role` is the bot's highest; None where it holds none but @everyone.
    """

    own_role: RoleId | None
    manage_roles: bool
    place: bool


def lack_for(role: RoleId, *, guild: GuildId, bot: Standing, roles: Mapping[RoleId, RoleFacts]) -> Lack | None:
    """What the bot lacks for the role, as the guild is known; None where nothing is lacking, or the role is unknown."""
    facts = roles.get(role)
    if facts is None:
        return None
    lack = Lack(_own(bot, guild), manage_roles=not bot.manages_roles, place=facts.rank >= bot.top)
    return lack if lack.manage_roles or lack.place else None


def lack_in(view: GuildView, role: RoleId) -> Lack | None:
    """What the bot lacks for the role in a guild as a command sees it."""
    return lack_for(role, guild=view.id, bot=view.bot, roles=view.roles)


def ungovernable_roles(guild: GuildId, bot: Standing, roles: Mapping[RoleId, RoleFacts]) -> frozenset[RoleId]:
    """The roles of the guild that Discord would not let the bot take from anybody, even with Manage Roles.

    A role that does not exist any more is none of them: Discord then says that there is nothing to take.
    """
    return frozenset(
        role.id
        for role in roles.values()
        if role.managed or role.premium or int(role.id) == int(guild) or role.rank >= bot.top
    )


def _own(bot: Standing, guild: GuildId) -> RoleId | None:
    _, highest = bot.top
    return None if -highest == int(guild) else RoleId(-highest)

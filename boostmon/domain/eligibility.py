"""Who may time which role, and where notices can go: Discord's rules, checked before anything is written.

A role may be granted only if the bot has Manage Roles, the role is lower than the bot's highest, and it is
not managed, not the booster role, not @everyone. A moderator may time only roles below their own highest,
owner and administrators aside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import ChannelId, GuildId, RoleId, UserId

type Rank = tuple[int, int]
"""Orders roles as Discord does: by position, and of two at one position the older (lower id) is higher."""


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What Discord says of a role."""

    id: RoleId
    name: str
    position: int
    managed: bool = False
    premium: bool = False
    """The booster role, given and taken by Discord itself."""

    @property
    def rank(self) -> Rank:
        """Where the role stands; higher compares greater."""
        return (self.position, -self.id)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a moderator or the bot may do in a guild; `top` is the rank of the highest role."""

    top: Rank
    manages_roles: bool
    is_unlimited: bool = False
    """The guild's owner or an administrator: role order does not bind a person of this standing."""


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What the bot may do in a channel; `missing` are the names of the permissions it lacks there."""

    id: ChannelId
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuildView:
    """A guild at the moment of a command: its roles, and the standing of the bot and of the asker."""

    id: GuildId
    bot: Standing
    asker: Standing
    roles: Mapping[RoleId, RoleFacts] = field(default_factory=dict)


class ObstructedRole(StrEnum):
    """Why a role cannot be timed."""

    EVERYONE = "everyone"
    PREMIUM = "premium"
    MANAGED = "managed"
    ABOVE_BOT = "above_bot"
    ABOVE_ASKER = "above_asker"


class RoleNotTimeable(BoostMonError):
    """The role cannot be given and taken by the bot, or not on behalf of this moderator."""

    def __init__(self, role: RoleFacts, problem: ObstructedRole) -> None:
        super().__init__(f"role {role.id} cannot be timed: {problem}")
        self.role = role
        self.problem = problem


class RoleGone(BoostMonError):
    """The role does not exist in the guild (any more)."""

    def __init__(self, role: RoleId) -> None:
        super().__init__(f"role {role} does not exist")
        self.role = role


class BotMayNotManageRoles(BoostMonError):
    """The bot lacks the permission Manage Roles in the guild."""


class AskerMayNot(BoostMonError):
    """The asker lacks Manage Roles, which this needs."""


class MemberGone(BoostMonError):
    """The user is not a member of the guild (any more)."""

    def __init__(self, user: UserId) -> None:
        super().__init__(f"user {user} is not a member")
        self.user = user


class ChannelUnusable(BoostMonError):
    """The bot cannot send notices to the channel."""

    def __init__(self, channel: ChannelFacts) -> None:
        super().__init__(f"channel {channel.id}: the bot lacks {', '.join(channel.missing)}")
        self.channel = channel


def ensure_grantable(view: GuildView, role: RoleId) -> None:
    """Checks that the bot can give and take the role, and that the asker may have it do so.

    Raises:
        RoleGone, RoleNotTimeable, BotMayNotManageRoles: the first that applies, most telling first.
    """
    facts = view.roles.get(role)
    if facts is None:
        raise RoleGone(role)
    if int(facts.id) == int(view.id):
        raise RoleNotTimeable(facts, ObstructedRole.EVERYONE)
    if facts.premium:
        raise RoleNotTimeable(facts, ObstructedRole.PREMIUM)
    if facts.managed:
        raise RoleNotTimeable(facts, ObstructedRole.MANAGED)
    ensure_asker_above(view, role)
    if not view.bot.manages_roles:
        raise BotMayNotManageRoles
    if facts.rank >= view.bot.top:
        raise RoleNotTimeable(facts, ObstructedRole.ABOVE_BOT)


def ungovernable_roles(guild: GuildId, bot: Standing, roles: Mapping[RoleId, RoleFacts]) -> frozenset[RoleId]:
    """The roles of the guild that Discord would not let the bot take from anybody, even with Manage Roles.

    A role that does not exist any more is none of them: Discord then says that there is nothing to take.
    """
    return frozenset(
        role.id
        for role in roles.values()
        if role.managed or role.premium or int(role.id) == int(guild) or role.rank >= bot.top
    )


def ensure_asker_above(view: GuildView, role: RoleId) -> None:
    """Checks that the role stands below the asker's highest; a role that is gone stands below everyone.

    Raises:
        RoleNotTimeable: when it does not.
    """
    facts = view.roles.get(role)
    if facts is not None and not view.asker.is_unlimited and facts.rank >= view.asker.top:
        raise RoleNotTimeable(facts, ObstructedRole.ABOVE_ASKER)


def ensure_usable(channel: ChannelFacts | None) -> None:
    """Checks that the bot can send notices to the channel, if one was named.

    Raises:
        ChannelUnusable: naming the permissions that are missing.
    """
    if channel is not None and channel.missing:
        raise ChannelUnusable(channel)

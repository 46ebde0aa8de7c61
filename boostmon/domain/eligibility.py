"""Who may time which role: Discord's rules, checked before anything is written.

A role may be granted only if the bot has Manage Roles, the role is lower than the bot's highest, and it is
not managed, not the booster role, not @everyone. On whose behalf it may be granted follows from the `Warrant` of
whoever asks: only the permissions that they have in the whole guild count, never those of one channel.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId, UserId
from boostmon.domain.permissions import Permission, contains

type Rank = tuple[int, int]
"""Orders roles as Discord does: by position, and of two at one position the older (lower id) is higher."""


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What Discord says about a role."""

    id: RoleId
    name: str
    position: int
    managed: bool = False
    premium: bool = False
    """The booster role, given and taken by Discord itself."""
    permissions: int = 0
    """What it lets its holders do in the guild, as Discord's bits."""

    @property
    def rank(self) -> Rank:
        """Where the role stands; higher compares greater."""
        return (self.position, -self.id)


class Warrant(Enum):
    """What entitles somebody to use a command that Discord offers by a permission."""

    UNLIMITED = auto()
    """They own the guild or are an administrator: the order of roles does not bind them."""
    GUILD = auto()
    """One of their roles has the permission: Discord's own order of roles decides."""
    MANAGER = auto()
    """They hold a role that the guild named for it, in its policy or in the rules of single roles. As with an override,
    that makes nobody more powerful than they are."""
    OVERRIDE = auto()
    """Neither guild nor channel gives it, yet Discord let the command through: the guild allowed it to them under
    Integrations. That is trusted for the command, but makes nobody more powerful than they are."""
    CHANNEL = auto()
    """Only an overwrite in the channel gives it. Discord then offers the command, although the permission means
    something else there."""
    NONE = auto()
    """Discord asked for no permission, as at a button, and there is none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member or the bot may do in a guild; `top` is the rank of the highest role."""

    top: Rank
    permissions: int = 0
    """Of all their roles together, as Discord's bits."""
    is_owner: bool = False
    in_channel: int | None = None
    """The permissions in the channel of a command, as Discord counted them when it let the command through; None where
    it let nothing through by them: the bot itself, or somebody at a button."""
    held: frozenset[RoleId] = frozenset()
    is_manager: bool = False
    """Whether they are known to hold a role whose holders may time roles by the guild's policy."""
    manages: frozenset[RoleId] = frozenset()
    """The roles whose rules are known to name one of theirs, where they have no right for all: they may time these
    alone."""

    @property
    def is_unlimited(self) -> bool:
        """The guild's owner or an administrator: role order does not bind a person of this standing."""
        return self.is_owner or contains(self.permissions, Permission.ADMINISTRATOR)

    @property
    def manages_roles(self) -> bool:
        """Whether they have Manage Roles in the guild as a whole."""
        return self.may(Permission.MANAGE_ROLES)

    def may(self, wanted: Permission) -> bool:
        """Whether they have the permission in the guild as a whole."""
        return self.is_owner or contains(self.permissions, wanted)

    def warrant(self, needed: Permission) -> Warrant:
        """What their use of a command rests on that Discord offers by the permission `needed`."""
        if self.is_unlimited:
            return Warrant.UNLIMITED
        if self.may(needed):
            return Warrant.GUILD
        if (self.is_manager or self.manages) and needed is Permission.MANAGE_ROLES:
            return Warrant.MANAGER
        if self.in_channel is None:
            return Warrant.NONE
        return Warrant.CHANNEL if contains(self.in_channel, needed) else Warrant.OVERRIDE


def standing_of(held: Iterable[RoleId], roles: Mapping[RoleId, RoleFacts], guild: GuildId) -> Standing:
    """The standing that follows from the roles that somebody holds, beside @everyone, which all hold.

    Roles that the guild does not have count for nothing.
    """
    held = frozenset(held)
    mine = [roles[role] for role in {*held, RoleId(int(guild))} if role in roles]
    permissions = 0
    for role in mine:
        permissions |= role.permissions
    top = max((role.rank for role in mine), default=(0, -int(guild)))
    return Standing(top, permissions, held=held)


@dataclass(frozen=True, slots=True)
class GuildView:
    """A guild at the moment of a command: its roles, and the standing of the bot and of the asker."""

    id: GuildId
    bot: Standing
    asker: Standing
    roles: Mapping[RoleId, RoleFacts] = field(default_factory=dict)
    me: UserId | None = None
    """The bot's own user; None where the guild came without it."""

    def with_roles(self, roles: Mapping[RoleId, RoleFacts]) -> "GuildView":
        """The same people among these roles."""

        def among(standing: Standing) -> Standing:
            now = standing_of(standing.held, roles, self.id)
            return replace(
                now,
                is_owner=standing.is_owner,
                in_channel=standing.in_channel,
                is_manager=standing.is_manager,
                manages=standing.manages,
            )

        return replace(self, bot=among(self.bot), asker=among(self.asker), roles=roles)


class ObstructedRole(Enum):
    """Why a role cannot be timed."""

    EVERYONE = auto()
    PREMIUM = auto()
    MANAGED = auto()
    ABOVE_BOT = auto()
    ABOVE_ASKER = auto()
    NOT_ASKERS = auto()
    """The asker is a manager of single roles, and this is none of them."""
    BEYOND_ASKER = auto()
    """It has permissions that the asker lacks, who has the command by an override under Integrations, or as a manager.
    """


BY_POSITION = frozenset({ObstructedRole.ABOVE_BOT, ObstructedRole.ABOVE_ASKER})
"""Reasons that depend on cached positions, which may be out of date."""


class RoleNotTimeable(BoostMonError):
    """The role cannot be given and taken by the bot, or not on behalf of this moderator.

    `is_unconfirmed`: the positions come from the cache, and Discord did not answer when it was asked. `beyond`: the
    permissions that the role has and the asker lacks, where that is the problem.
    """

    def __init__(
        self, role: RoleFacts, problem: ObstructedRole, *, is_unconfirmed: bool = False, beyond: int = 0
    ) -> None:
        super().__init__(f"role {role.id} cannot be timed: {problem}")
        self.role = role
        self.problem = problem
        self.is_unconfirmed = is_unconfirmed
        self.beyond = beyond


class RoleGone(BoostMonError):
    """The role does not exist in the guild (any more)."""

    def __init__(self, role: RoleId) -> None:
        super().__init__(f"role {role} does not exist")
        self.role = role


class BotMayNotManageRoles(BoostMonError):
    """The bot lacks the permission Manage Roles in the guild."""


class AskerMayNot(BoostMonError):
    """The asker lacks Manage Roles in the guild, which seeing the timers of others needs."""


class CommandNotAllowed(BoostMonError):
    """The asker lacks the permission that the command needs, in the guild as a whole.

    `in_channel_only`: an overwrite of the channel gives it to them there, which counts for nothing.
    """

    def __init__(self, needed: Permission, *, in_channel_only: bool) -> None:
        where = ", except by a channel's overwrite" if in_channel_only else ""
        super().__init__(f"the asker lacks {needed.name}{where}")
        self.needed = needed
        self.in_channel_only = in_channel_only


class MemberGone(BoostMonError):
    """The user is not a member of the guild (any more)."""

    def __init__(self, user: UserId) -> None:
        super().__init__(f"user {user} is not a member")
        self.user = user


class TimerOnBot(BoostMonError):
    """The bot itself was named as the member whose role is to be timed."""


def ensure_allowed(asker: Standing, needed: Permission = Permission.MANAGE_ROLES) -> None:
    """Checks that the asker may use a command that Discord offers by the permission `needed`.

    Raises:
        CommandNotAllowed: they have it nowhere, or by an overwrite of the channel alone.
    """
    warrant = asker.warrant(needed)
    if warrant in {Warrant.CHANNEL, Warrant.NONE}:
        raise CommandNotAllowed(needed, in_channel_only=warrant is Warrant.CHANNEL)


def ensure_grantable(view: GuildView, role: RoleId) -> None:
    """Checks that the bot can give and take the role, and that the asker may have it do so.

    Raises:
        CommandNotAllowed, RoleGone, RoleNotTimeable, BotMayNotManageRoles: the first that applies, most telling first.
    """
    ensure_allowed(view.asker)
    facts = view.roles.get(role)
    if facts is None:
        raise RoleGone(role)
    if int(facts.id) == int(view.id):
        raise RoleNotTimeable(facts, ObstructedRole.EVERYONE)
    if facts.premium:
        raise RoleNotTimeable(facts, ObstructedRole.PREMIUM)
    if facts.managed:
        raise RoleNotTimeable(facts, ObstructedRole.MANAGED)
    ensure_asker_may_time(view, role)
    if not view.bot.manages_roles:
        raise BotMayNotManageRoles
    if facts.rank >= view.bot.top:
        raise RoleNotTimeable(facts, ObstructedRole.ABOVE_BOT)


def ensure_asker_may_time(view: GuildView, role: RoleId) -> None:
    """Checks that the asker may change timers on the role; one that is gone stands below everyone.

    Raises:
        CommandNotAllowed: they may change none.
        RoleNotTimeable: it stands at or above their highest, may do what they may not, or is none that they manage.
        RoleGone: they manage single roles, and it is gone.
    """
    ensure_allowed(view.asker)
    facts = view.roles.get(role)
    if view.asker.manages and role not in view.asker.manages:
        raise RoleGone(role) if facts is None else RoleNotTimeable(facts, ObstructedRole.NOT_ASKERS)
    warrant = view.asker.warrant(Permission.MANAGE_ROLES)
    if facts is None or warrant is Warrant.UNLIMITED:
        return
    if facts.rank >= view.asker.top:
        raise RoleNotTimeable(facts, ObstructedRole.ABOVE_ASKER)
    beyond = facts.permissions & ~view.asker.permissions
    if warrant in {Warrant.OVERRIDE, Warrant.MANAGER} and beyond:
        raise RoleNotTimeable(facts, ObstructedRole.BEYOND_ASKER, beyond=beyond)


def ensure_not_the_bot(view: GuildView, user: UserId) -> None:
    """Checks that a timer is not asked for on the bot itself, whose roles are the server's to give.

    Raises:
        TimerOnBot: it is.
    """
    if user == view.me:
        raise TimerOnBot

"""The guild that lives in memory: who and what is there, found by name or id, read as plain values.

The state itself is simcord's backend. Everything here must run on the loopback server's own thread;
`LoopbackDiscord` sees to that.
"""

import re
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from simcord._clock import Clock as SimcordClock
from simcord.backend import permissions
from simcord.backend.models import Channel, Guild, Member, Role, User

from boostmon.sandbox.auditlog import Records
from boostmon.sandbox.errors import CannotDo

_MENTION = re.compile(r"<(?:@!?|@&|#)(\d+)>")

KEPT_HISTORY = 1000
ENGLISH = "en-US"

Now = Callable[[], datetime]


class _GivenClock(SimcordClock):
    """simcord's clock, told by the sandbox's: it cannot be moved from inside."""

    def __init__(self, now: Now) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        return self._now()

    def advance(self, seconds: float) -> None:
        raise NotImplementedError(f"the sandbox's clock runs by itself (asked for {seconds} s)")


class World:
    """One Discord application, its guilds, and the names by which people call things.

    `now` returns aware UTC instants and may run faster than real time; ids carry its milliseconds.
    """

    def __init__(self, now: Now, bot_name: str = "BoostMon") -> None:
        self.now = now
        self.backend = Records(clock=_GivenClock(now))
        self.backend.bot_user.name = bot_name
        self.backend.application_id = self.backend.bot_user.id
        # simcord keeps every request and event for its own tests; a sandbox runs for longer than those.
        for history in ("http_requests", "transcript"):
            setattr(self.backend, history, deque(maxlen=KEPT_HISTORY))
        self.closed_dms: set[int] = set()
        self.locales: dict[int, str] = {}
        self.role_tags: dict[int, dict[str, str | None]] = {}
        self.guild_id = 0
        #: Whether the portal lets the bot have the members intent.
        self.members_allowed = True
        #: Who is changing somebody's roles at this moment, if it is not the bot by a request.
        self.doer: int | None = None

    # ------------------------------------------------------------------ finding

    @property
    def guild(self) -> Guild:
        """The guild that commands are typed in; it stays when the bot goes."""
        return self.backend.guilds[self.guild_id]

    def has_bot(self, guild_id: int | None = None) -> bool:
        """Whether the bot is a member of a guild, or of the one that commands are typed in."""
        guild = self.backend.guilds.get(self.guild_id if guild_id is None else guild_id)
        return guild is not None and self.bot_id in guild.members

    @property
    def bot_id(self) -> int:
        """The bot's user id, which is the application's id too."""
        return int(self.backend.bot_user.id)

    @property
    def bot_role(self) -> Role:
        """The managed role that came with the bot's invitation. Raises `CannotDo` while the bot is not here."""
        name = self.backend.bot_user.name
        for role in self.guild.roles.values():
            if role.managed and role.name == name:
                return role
        raise CannotDo(f"@{name} is not in this server; `join @{name}` invites it again")

    def user(self, text: str) -> User:
        """The user called `@name`, `name`, `<@id>` or an id, member or not. Raises `CannotDo`."""
        number, name = _number(text), text.removeprefix("@").casefold()
        for user in self.backend.users.values():
            if user.id == number or user.name.casefold() == name:
                return user
        known = sorted(f"@{self.backend.users[m].name}" for m in self.guild.members)
        raise CannotDo(f"There is no user {text!r} here; members are {', '.join(known)}")

    def member(self, text: str) -> Member:
        """Like `user`, but must be in the guild. Raises `CannotDo`."""
        user = self.user(text)
        member = self.guild.members.get(user.id)
        if member is None:
            raise CannotDo(f"@{user.name} is not a member of this server")
        return member

    def role(self, text: str) -> Role:
        """The role called `@Name`, `Name`, `<@&id>` or an id. Raises `CannotDo`."""
        number, name = _number(text), text.removeprefix("@").casefold()
        for role in self.guild.roles.values():
            if role.id == number or role.name.removeprefix("@").casefold() == name:
                return role
        ordered = sorted(self.guild.roles.values(), key=lambda r: -r.position)
        known = ", ".join("@" + r.name.removeprefix("@") for r in ordered)
        raise CannotDo(f"There is no role {text!r} here; roles are {known}")

    def channel(self, text: str) -> Channel:
        """The guild channel called `#name`, `name`, `<#id>` or an id. Raises `CannotDo`."""
        number, name = _number(text), text.removeprefix("#").casefold()
        for channel_id in self.guild.channel_ids:
            channel = self.backend.channels[channel_id]
            if channel.id == number or (channel.name or "").casefold() == name:
                return channel
        known = ", ".join(f"#{self.backend.channels[c].name}" for c in self.guild.channel_ids)
        raise CannotDo(f"There is no channel {text!r} here; channels are {known}")

    def find(self, text: str) -> int:
        """The id of `@user`, `@Role` or `#channel`, users first. Raises `CannotDo`."""
        if text.startswith("#"):
            return int(self.channel(text).id)
        try:
            return int(self.user(text).id)
        except CannotDo:
            return int(self.role(text).id)

    # ------------------------------------------------------------------ naming

    def user_name(self, user_id: int) -> str:
        """`@alice`, or the bare mention when nobody has that id."""
        user = self.backend.users.get(user_id)
        return f"@{user.name}" if user else f"<@{user_id}>"

    def role_name(self, role_id: int) -> str:
        """`@VIP`, or `@deleted-role` as Discord's client shows it."""
        for guild in self.backend.guilds.values():
            if role_id in guild.roles:
                return "@" + str(guild.roles[role_id].name).removeprefix("@")
        return "@deleted-role"

    def locale(self, user_id: int) -> str:
        """The language in which somebody reads Discord."""
        return self.locales.get(user_id, ENGLISH)

    def channel_name(self, channel_id: int) -> str:
        """`#general`, `DM with @alice`, or `#deleted-channel`."""
        channel = self.backend.channels.get(channel_id)
        if channel is None:
            return "#deleted-channel"
        if channel.guild_id is None:
            return "DM with " + " ".join(self.user_name(u) for u in channel.recipient_ids)
        return f"#{channel.name}"

    # ------------------------------------------------------------------ rights

    def allowed(self, user_id: int, permission: str, channel_id: int | None = None) -> bool:
        """Whether a member holds a permission (`manage_roles`, …) in the guild or a channel of it; nobody else does."""
        if user_id not in self.guild.members:
            return False
        bits = self.backend.compute_permissions(self.guild_id, user_id, channel_id)
        return bool(bits & permissions.flag(permission))

    def bot_may(self, permission: str, guild_id: int) -> bool:
        """Whether the bot holds a permission in a guild that it is in."""
        return bool(self.backend.compute_permissions(guild_id, self.bot_id) & permissions.flag(permission))

    def after(self, seconds: float) -> datetime:
        """The instant that many seconds from now on the sandbox's clock."""
        return self.now() + timedelta(seconds=seconds)


def _number(text: str) -> int | None:
    match = _MENTION.fullmatch(text)
    digits = match[1] if match else text
    return int(digits) if digits.isdecimal() else None

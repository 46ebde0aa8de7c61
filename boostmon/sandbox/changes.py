"""What other people and Discord do to the guild while the bot is at work."""

from typing import Final

from simcord.backend import permissions
from simcord.backend.models import Overwrite, Role
from simcord.enums import AuditLogAction, OverwriteType

from boostmon.sandbox import languages, membership
from boostmon.sandbox.auditlog import BOT_ADD, Logging
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.rolechanges import RoleChanges

_LOGGING: Final = {
    "on": "Entries are written and sent again",
    "silent": "Entries are written from now on, but not sent",
    "off": "Entries are neither written nor sent from now on",
}


class Changes(RoleChanges):
    """Changes of the world, announced to the bot as Discord announces them.

    `by` names who does it: the audit log shows it. Names are looked up as in `World`; unknown ones raise
    `CannotDo`. Nothing here asks for rights: the sandbox's user is almighty. What is returned is for that user,
    where the events do not tell it.
    """

    def leave(self, user: str) -> None:
        """Let a member go of their own accord: no log tells of it."""
        member = self._world.member(user)
        if member.user_id == self._world.bot_id:
            raise CannotDo(f"A bot does not go by itself; `kick {self._world.user_name(member.user_id)}` removes it")
        if member.user_id == self._world.guild.owner_id:
            raise CannotDo("The server's owner cannot leave it")
        self._world.backend.remove_member(self._world.guild_id, member.user_id)

    def kick(self, user: str, by: str) -> None:
        """Make a member leave. Kicking the bot removes it from the guild."""
        self._throw_out(user, by, AuditLogAction.MEMBER_KICK)

    def ban(self, user: str, by: str) -> None:
        """As `kick`, and Discord writes a ban down; whoever joins again has been forgiven."""
        self._throw_out(user, by, AuditLogAction.MEMBER_BAN)

    def _throw_out(self, user: str, by: str, how: AuditLogAction) -> None:
        member = self._world.member(user)
        doer = self._world.user(by).id
        if member.user_id == self._world.guild.owner_id:
            raise CannotDo("Nobody can make the server's owner leave")
        if member.user_id == self._world.bot_id:
            membership.expel(self._world)
        else:
            self._world.backend.remove_member(self._world.guild_id, member.user_id)
        self._record(how, member.user_id, doer)

    def _record(self, action: int, target: int, doer: int) -> None:
        self._world.backend.record_audit_log(self._world.guild_id, action, target_id=target, user_id=doer)

    def join(self, name: str) -> None:
        """Let somebody join, new or returning, without roles; the bot gets a role of its own."""
        _need(name, "join @zoe")
        try:
            user = self._world.user(name)
        except CannotDo:
            user = self._world.backend.make_user(name.removeprefix("@"))
        if user.id in self._world.guild.members:
            raise CannotDo(f"@{user.name} is already here")
        if user.id == self._world.bot_id:
            membership.invite(self._world)
            return
        self._world.backend.add_member(self._world.guild_id, user.id, announce=True)

    def add_bot(self, name: str, by: str) -> str:
        """Add another bot, new or returning, which has no role of its own."""
        _need(name, "add-bot @Patron")
        doer = self._world.user(by).id
        try:
            bot = self._world.user(name)
        except CannotDo:
            bot = self._world.backend.make_user(name.removeprefix("@"), bot=True)
        if not bot.bot or bot.id == self._world.bot_id:
            raise CannotDo(f"@{bot.name} is not another bot; `join @{bot.name}` lets them in")
        if bot.id in self._world.guild.members:
            raise CannotDo(f"@{bot.name} is already here")
        self._world.backend.add_member(self._world.guild_id, bot.id, announce=True)
        self._record(BOT_ADD, bot.id, doer)
        return f"@{bot.name} is a bot here"

    def keep_audit_log(self, how: str) -> str:
        """`on`, `silent` (entries are written and not sent) or `off` (they are not even written)."""
        if how not in _LOGGING:
            raise CannotDo("Write `audit-log on`, `audit-log silent` or `audit-log off`")
        self._world.backend.logging = Logging(how)
        return _LOGGING[how]

    def create_role(self, name: str) -> None:
        """Create a role just above @everyone."""
        _need(name, "create-role @Gold")
        self._world.backend.create_role(self._world.guild_id, name.removeprefix("@"))

    def delete_role(self, role: str) -> None:
        """Delete a role; everybody who has it loses it."""
        found = self._world.role(role)
        if found.id == self._world.guild_id:
            raise CannotDo("@everyone cannot be deleted")
        if found.managed:
            raise CannotDo(f"{self._name(found)} is managed by Discord: nobody deletes it by hand")
        self._world.backend.delete_role(self._world.guild_id, found.id)

    def move_role(self, role: str, other: str, *, above: bool) -> str:
        """Put a role directly above or below another one."""
        moved, anchor = self._world.role(role), self._world.role(other)
        if moved.id in {anchor.id, self._world.guild_id}:
            raise CannotDo(f"{self._name(moved)} cannot be moved there")
        rest = [r for r in self._ordered() if r.id != moved.id]
        at = next(i for i, r in enumerate(rest) if r.id == anchor.id)
        rest.insert(at + 1 if above else at, moved)
        if rest[0].id != self._world.guild_id:
            raise CannotDo("Nothing can be below @everyone")
        positions = [{"id": str(r.id), "position": i} for i, r in enumerate(rest)]
        self._world.backend.reorder_roles(self._world.guild_id, positions)
        order = " ".join(self._name(r) for r in reversed(self._ordered()) if r.id != self._world.guild_id)
        return f"The roles are now, highest first: {order}"

    def _name(self, role: Role) -> str:
        return self._world.role_name(role.id)

    def _ordered(self) -> list[Role]:
        return sorted(self._world.guild.roles.values(), key=lambda r: (r.position, r.id))

    def set_permission(self, name: str, *, allowed: bool, role: str | None = None) -> str:
        """Allow or deny a role, by default the bot's own, a permission such as `manage-roles`. Raises `CannotDo`."""
        changed = self._world.bot_role if role is None else self._world.role(role)
        flag = _flag(name)
        value = changed.permissions | flag if allowed else changed.permissions & ~flag
        self._world.backend.edit_role(self._world.guild_id, changed.id, {"permissions": value})
        return f"{self._name(changed)} {'has' if allowed else 'does not have'} the permission {_words(name)} now"

    def set_overwrite(self, name: str, who: str, channel: str, *, allowed: bool) -> str:
        """Allow or deny a `@user` or `@Role` a permission in one channel: an overwrite. Raises `CannotDo`."""
        target, kind = self._who(who)
        found, flag = self._world.channel(channel), _flag(name)
        before = next((o for o in found.overwrites if o.target_id == target), None)
        allow, deny = (before.allow, before.deny) if before else (0, 0)
        allow, deny = (allow | flag, deny & ~flag) if allowed else (allow & ~flag, deny | flag)
        overwrite = Overwrite(target_id=target, type=kind, allow=allow, deny=deny)
        self._world.backend.set_overwrite(found.id, overwrite)
        return f"In #{found.name}, {who} is {'allowed' if allowed else 'denied'} {_words(name)} now"

    def set_command(self, command: str, who: str, *, allowed: bool) -> str:
        """Allow or deny a `@user` or `@Role` a command, as under Server Settings, Integrations. Raises `CannotDo`."""
        backend, guild_id = self._world.backend, self._world.guild_id
        found = backend.find_command(command.removeprefix("/"), guild_id)
        if found is None:
            raise CannotDo(f"There is no command {command!r}")
        target, kind = self._who(who)
        overrides = backend.get_command_permissions(guild_id, int(found["id"])) or []
        overrides = [one for one in overrides if one["id"] != str(target)]
        entry = {"id": str(target), "type": 2 if kind is OverwriteType.MEMBER else 1, "permission": allowed}
        backend.set_command_permissions(guild_id, int(found["id"]), [*overrides, entry])
        return f"{who} {'may' if allowed else 'may not'} use /{found['name']} now, under Integrations"

    def _who(self, text: str) -> tuple[int, OverwriteType]:
        try:
            return int(self._world.user(text).id), OverwriteType.MEMBER
        except CannotDo:
            return int(self._world.role(text).id), OverwriteType.ROLE

    def set_dms(self, user: str, *, closed: bool) -> str:
        """Close or open a user's direct messages for the bot."""
        user_id = self._world.user(user).id
        told = f"{self._world.user_name(user_id)} {'takes no' if closed else 'takes'} direct messages now"
        if closed:
            self._world.closed_dms.add(user_id)
        else:
            self._world.closed_dms.discard(user_id)
        return told

    def set_language(self, text: str) -> str:
        """`@bob de`, or `server pt-BR`. Raises `CannotDo`."""
        return languages.speak(self._world, text)

    def create_channel(self, name: str) -> str:
        """Create a text channel."""
        _need(name, "create-channel #news")
        made = self._world.backend.create_channel(self._world.guild_id, name.removeprefix("#"))
        return f"The channel {self._world.channel_name(made.id)} was created"

    def delete_channel(self, channel: str) -> str:
        """Delete a channel."""
        found = self._world.channel(channel)
        name = self._world.channel_name(found.id)
        self._world.backend.delete_channel(found.id)
        return f"The channel {name} was deleted"

    def say(self, user: str, channel: str, text: str) -> None:
        """Post a member's message in a channel."""
        _need(text, "say Hello everybody")
        member = self._world.member(user)
        self._world.backend.create_message(self._world.channel(channel).id, member.user_id, text)


def _words(permission: str) -> str:
    return permission.replace("-", " ").replace("_", " ").title()


def _flag(name: str) -> int:
    try:
        return int(permissions.flag(name.replace("-", "_").casefold()))
    except AttributeError:
        raise CannotDo(f"Discord has no permission called {name!r}, for example manage-roles") from None


def _need(text: str, example: str) -> None:
    if not text.strip("@# "):
        raise CannotDo(f"Write it like `{example}`")

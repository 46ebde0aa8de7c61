"""Roles that people and other bots give and take: the part of `Changes` that BoostMon learns of by the audit log."""

from typing import Final

from simcord.backend.models import Role

from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.handing import hand
from boostmon.sandbox.undoing import Undoing
from boostmon.sandbox.world import World

LARGEST_BURST: Final = 10_000


class RoleChanges:
    """`by` names who does it, a member or somebody who has left. Unknown names raise `CannotDo`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._undoing = Undoing(world)

    def give(self, user: str, role: str, by: str, *, reason: str | None = None) -> str | None:
        """Give a member a role."""
        return self._set_role(user, role, by, reason, add=True)

    def take(self, user: str, role: str, by: str, *, reason: str | None = None) -> str | None:
        """Take a role from a member."""
        return self._set_role(user, role, by, reason, add=False)

    def _set_role(self, user: str, role: str, by: str, reason: str | None, *, add: bool) -> str | None:
        member, found, doer = self._world.member(user), self._handed(role), self._world.user(by).id
        if (found.id in member.role_ids) == add:
            who, name = self._world.user_name(member.user_id), self._world.role_name(found.id)
            return f"{who} has {name} already" if add else f"{who} does not have {name}"
        given, taken = ([found.id], []) if add else ([], [found.id])
        hand(self._world, member.user_id, give=given, take=taken, by=doer, reason=reason)
        return None

    def swap(self, user: str, old: str, new: str, by: str, *, reason: str | None = None) -> None:
        """Take a role and give another in its place, at once: the audit log has one entry of both."""
        member, taken, given = self._world.member(user), self._handed(old), self._handed(new)
        who, doer = self._world.user_name(member.user_id), self._world.user(by).id
        if taken.id not in member.role_ids:
            raise CannotDo(f"{who} does not have {self._world.role_name(taken.id)}")
        if given.id in member.role_ids:
            raise CannotDo(f"{who} has {self._world.role_name(given.id)} already")
        hand(self._world, member.user_id, give=[given.id], take=[taken.id], by=doer, reason=reason)

    def burst(self, count: int, role: str, by: str, *, give: bool) -> str:
        """Give a role to many at once, or take it from many.

        Fans get it who do not have it yet; there are as many of them as that takes, members already, @fan-1 and so on.
        """
        if not 1 <= count <= LARGEST_BURST:
            raise CannotDo(f"A burst has from 1 to {LARGEST_BURST} changes")
        found, doer = self._handed(role), self._world.user(by).id
        named = self._world.role_name(found.id)
        users = self._fans_without(found.id, count) if give else self._holders(found.id)
        if len(users) < count:
            raise CannotDo(f"Only {len(users)} have {named}")
        for user in users[:count]:
            hand(self._world, user, give=[found.id] if give else [], take=[] if give else [found.id], by=doer)
        return f"{count} were given {named} at once" if give else f"{count} lost {named} at once"

    def _holders(self, role: int) -> list[int]:
        return [user for user, member in self._world.guild.members.items() if role in member.role_ids]

    def _fans_without(self, role: int, count: int) -> list[int]:
        found: list[int] = []
        number = 0
        backend, guild = self._world.backend, self._world.guild
        fans = {backend.users[user].name: member for user, member in guild.members.items()}
        while len(found) < count:
            number += 1
            fan = fans.get(f"fan-{number}") or backend.add_member(guild.id, backend.make_user(f"fan-{number}").id)
            if role not in fan.role_ids:
                found.append(fan.user_id)
        return found

    def undo(self, role: str, by: str, *, given: bool) -> str:
        """Let another bot take back a role whenever somebody gives it, or give it back whenever somebody takes it."""
        found, user = self._handed(role), self._world.user(by)
        who = self._world.user_name(user.id)
        if not user.bot or user.id == self._world.bot_id or user.id not in self._world.guild.members:
            raise CannotDo(f"{who} is not another bot that is here; `add-bot @Patron` adds one")
        self._undoing.begin(found.id, user.id, given=given)
        does, done = ("takes", "gives") if given else ("gives", "takes")
        return f"{who} {does} {self._world.role_name(found.id)} back whenever somebody else {done} it"

    def undo_nothing(self) -> str:
        """Let nobody undo anything any more."""
        self._undoing.end()
        return "Nobody undoes what others do"

    def _handed(self, role: str) -> Role:
        """A role that can be given and taken by hand."""
        found = self._world.role(role)
        if found.id == self._world.guild_id:
            raise CannotDo("Everybody has @everyone, always")
        if found.managed:
            raise CannotDo(f"{self._world.role_name(found.id)} is managed by Discord: nobody gives or takes it by hand")
        return found

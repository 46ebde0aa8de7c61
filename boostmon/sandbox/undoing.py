"""Other bots that take back a role which somebody else gave, or give back one that was taken."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from boostmon.sandbox.handing import hand
from boostmon.sandbox.world import World

#: How long such a bot takes to notice and to act, in real seconds.
REACTION_SECONDS: Final = 0.1


@dataclass(slots=True)
class _Watch:
    """A role that `bot` takes back when it is `given`, or else gives back. `holders`: whom it last saw with it."""

    bot: int
    role: int
    given: bool
    holders: set[int] = field(default_factory=set)


class Undoing:
    """What such bots watch. They act on the event loop that the world's events come on."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._watches: list[_Watch] = []
        world.backend.subscribers.append(self._on_event)

    def begin(self, role: int, bot: int, *, given: bool) -> None:
        """Let a bot undo whatever others do to a role, in one direction, from now on."""
        holders = {user for user, member in self._world.guild.members.items() if role in member.role_ids}
        self._watches.append(_Watch(bot, role, given, holders))

    def end(self) -> None:
        """Let all of them be content with what others do."""
        self._watches.clear()

    def _on_event(self, event: str, payload: Mapping[str, Any]) -> None:
        if not self._watches or payload.get("guild_id") != str(self._world.guild_id):
            return
        if event == "GUILD_MEMBER_REMOVE":
            for watch in self._watches:
                watch.holders.discard(int(payload["user"]["id"]))
        elif event == "GUILD_MEMBER_UPDATE":
            for watch in self._watches:
                self._look(watch, int(payload["user"]["id"]), str(watch.role) in payload["roles"])

    def _look(self, watch: _Watch, user: int, has: bool) -> None:  # noqa: FBT001 - what was seen
        had = user in watch.holders
        (watch.holders.add if has else watch.holders.discard)(user)
        if has != had and has == watch.given and self._world.doer != watch.bot:
            asyncio.get_running_loop().call_later(REACTION_SECONDS, self._undo, watch, user)

    def _undo(self, watch: _Watch, user: int) -> None:
        members = self._world.guild.members
        is_there = {user, watch.bot} <= members.keys() and watch.role in self._world.guild.roles
        if not is_there or not any(watch is one for one in self._watches):
            return
        given, taken = ([], [watch.role]) if watch.given else ([watch.role], [])
        hand(self._world, user, give=given, take=taken, by=watch.bot)

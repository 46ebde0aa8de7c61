"""A Discord on loopback as a process of its own, so that it takes no time of the bot's; see `benchmarks/peers/wire.py`.

`address()`  where it is, and the token
`members(count)`  adds so many members to the guild that commands are typed in
`ready(seconds)`  waits until the bot is connected and its commands are registered
`commands(typed)`, `autocompletes(typed)`  lets many type at once, each an actor and a line; answers after how many
    seconds each was acknowledged and answered, None for what never came, and what failed
"""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.peers.wire import serve
from boostmon.adapters.clock import SystemClock
from boostmon.sandbox.server import LoopbackDiscord
from boostmon.sandbox.world import World

PATIENCE = 60.0
"""Seconds that an answer is waited for."""


class Loopback:
    """The process."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self._discord = discord

    def address(self) -> Mapping[str, Any]:
        """Where the bot finds this Discord, and its token."""
        return {"url": self._discord.url, "token": self._discord.token}

    def members(self, count: int) -> Mapping[str, Any]:
        """Adds so many members."""

        def add(world: World) -> None:
            for number in range(count):
                user = world.backend.make_user(member(number))
                world.backend.add_member(world.guild_id, user.id)

        self._discord.look(add)
        return {}

    def ready(self, seconds: float) -> Mapping[str, Any]:
        """Waits until commands can be typed."""
        self._discord.wait_until_ready(seconds)
        return {}

    def commands(self, typed: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
        """Types all lines at once, and waits for the answers."""
        answers = self._discord.commands_at_once(typed, timeout=PATIENCE)
        return {
            "acknowledged": [answer.acknowledged_in for answer in answers],
            "answered": [answer.replied_in for answer in answers],
            "failed": sorted({answer.text for answer in answers if answer.failure or answer.thinking}),
            "titles": sorted({str(embed.get("title", "")) for answer in answers for embed in answer.embeds}),
        }

    def autocompletes(self, typed: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
        """Asks for all suggestions at once; they come in one piece, so they are acknowledged when they are answered."""
        came = self._discord.autocompletes_at_once(typed)
        return {"acknowledged": came, "answered": came, "failed": [], "titles": []}


def member(number: int) -> str:
    """The name of one that `members` added."""
    return f"member-{number}"


def main() -> None:
    """The process."""
    with LoopbackDiscord(SystemClock().now) as discord:
        one = Loopback(discord)
        serve(
            {
                "address": one.address,
                "members": one.members,
                "ready": one.ready,
                "commands": one.commands,
                "autocompletes": one.autocompletes,
            }
        )


if __name__ == "__main__":
    main()

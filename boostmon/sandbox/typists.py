"""Members at their clients, from any thread: what they type and press, and what Discord shows them of commands."""

import copy
from collections.abc import Sequence
from typing import Any

from boostmon.sandbox import listing
from boostmon.sandbox.answer import Answer, Choice
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.exchanges import Exchanges
from boostmon.sandbox.interactions import Interactions
from boostmon.sandbox.loopthread import LoopThread
from boostmon.sandbox.presses import Presses
from boostmon.sandbox.world import World

#: How long `command` waits for an answer by default, in real seconds.
ANSWER_SECONDS = 15.0


class Typists:
    """The part of `LoopbackDiscord` that members use."""

    _world: World
    _thread: LoopThread
    _exchanges: Exchanges
    _interactions: Interactions
    _presses: Presses

    def command(self, actor: str, line: str, channel: str = "#general", timeout: float = ANSWER_SECONDS) -> Answer:
        """Let `actor` type a slash command and wait for the answer, at most `timeout` real seconds.

        Raises `CannotDo` when Discord's client would not send it.
        """
        world = self._world

        async def run() -> Answer:
            where = world.channel(channel)
            who = world.backend.users[world.member(actor).user_id]
            return await self._interactions.run(who, line, where, timeout)

        return self._thread.run(run())

    def press(
        self,
        actor: str,
        label: str,
        channel: str = "#general",
        timeout: float = ANSWER_SECONDS,
        *,
        on: Answer | None = None,
    ) -> Answer:
        """Let `actor` press the button called `label` (or beginning so) and wait for what comes of it.

        It is looked for on the answer `on`, then on the newest message with such a button that the actor sees in
        the channel. Raises `CannotDo` when a client would not let them press it.
        """
        world = self._world

        async def run() -> Answer:
            where = world.channel(channel)
            who = world.backend.users[world.member(actor).user_id]
            first = [message.id for message in on.messages] if on is not None else []
            return await self._presses.press(who, label, where, first, timeout)

        return self._thread.run(run())

    def answer_now(self, answer: Answer) -> Answer:
        """An answer as it stands by now: with what was added, edited and deleted since."""
        return self._thread.call(lambda: self._exchanges.answer_now(answer.interaction_id)) or answer

    def commands_at_once(
        self, typed: Sequence[tuple[str, str]], channel: str = "#general", timeout: float = ANSWER_SECONDS
    ) -> list[Answer]:
        """Let many type at the same moment, each an actor and a line; the answers in their order.

        Raises `CannotDo` when Discord's client would not send one of them; none has been sent then.
        """
        world = self._world

        async def run() -> list[Answer]:
            where = world.channel(channel)
            who = [(world.backend.users[world.member(actor).user_id], line) for actor, line in typed]
            return await self._interactions.run_all(who, where, timeout)

        return self._thread.run(run())

    def autocompletes_at_once(self, typed: Sequence[tuple[str, str]], channel: str = "#general") -> list[float | None]:
        """Like `autocomplete`, for many at the same moment: after how many real seconds each came; None: too late."""
        world = self._world

        async def run() -> list[float | None]:
            where = world.channel(channel)
            who = [(world.backend.users[world.member(actor).user_id], line) for actor, line in typed]
            return await self._interactions.suggest_all(who, where)

        return self._thread.run(run())

    def autocomplete(self, actor: str, line: str, channel: str = "#general") -> list[Choice]:
        """The suggestions for the last option of a half-typed command. Raises `CannotDo`, `NoAnswer`."""
        world = self._world

        async def run() -> list[Choice]:
            where = world.channel(channel)
            who = world.backend.users[world.member(actor).user_id]
            return await self._interactions.suggest(who, line, where)

        return self._thread.run(run())

    def commands(self, actor: str, channel: str = "#general") -> list[str]:
        """The names of the slash commands that Discord shows to a member. Raises `CannotDo`."""
        return self._thread.call(lambda: [c["name"] for c in self._visible(actor, channel)])

    def options(self, actor: str, command: str, channel: str = "#general") -> list[dict[str, Any]]:
        """The options of a command as registered; none when the member does not see it."""
        found = self._thread.call(
            lambda: [c.get("options") or [] for c in self._visible(actor, channel) if c["name"] == command]
        )
        return copy.deepcopy(found[0]) if found else []

    def _visible(self, actor: str, channel: str) -> list[dict[str, Any]]:
        who = self._world.backend.users[self._world.member(actor).user_id]
        return self._interactions.visible(who, self._world.channel(channel))

    def description(self, actor: str, command: str, channel: str = "#general") -> list[str]:
        """A command and its options as a member's client describes them. Raises `CannotDo` when it shows none."""
        return self._thread.call(lambda: self._describe(actor, command, channel))

    def _describe(self, actor: str, command: str, channel: str) -> list[str]:
        found = next((one for one in self._visible(actor, channel) if one["name"] == command), None)
        if found is None:
            raise CannotDo(f"Discord shows no command /{command} to {actor}")
        return listing.command(found, self._world.locale(self._world.user(actor).id))

    def locale(self, actor: str) -> str:
        """The language of a member's client."""
        return self._thread.call(lambda: self._world.locale(self._world.user(actor).id))

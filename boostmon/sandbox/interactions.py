"""Members at work: a slash command or a half-typed one becomes an interaction, and its answers are gathered."""

import asyncio
import re
from collections.abc import Coroutine, Iterable
from typing import Any

from simcord.backend.models import Channel, User
from simcord.enums import InteractionType
from simcord.interactions import nest_options

from boostmon.sandbox import usage
from boostmon.sandbox.answer import Answer, Choice
from boostmon.sandbox.errors import CannotDo, NoAnswer
from boostmon.sandbox.exchanges import ACKNOWLEDGE_SECONDS, Exchanges, Sending
from boostmon.sandbox.options import OptionBuilder, check_required
from boostmon.sandbox.typed import TypedCommand, command_words, split_options
from boostmon.sandbox.world import World


class Interactions:
    """Turns what members type into interactions, and gathers the answers."""

    def __init__(self, world: World, exchanges: Exchanges) -> None:
        self._world = world
        self._exchanges = exchanges

    # ------------------------------------------------------------------ commands

    def visible(self, actor: User, channel: Channel) -> list[dict[str, Any]]:
        """The slash commands that Discord shows to a member in a channel; none while the bot is not there."""
        if not self._world.has_bot():
            return []
        found: list[dict[str, Any]] = self._world.backend.visible_commands(user_id=actor.id, channel_id=channel.id)
        return found

    async def run(self, actor: User, line: str, channel: Channel, timeout: float) -> Answer:  # noqa: ASYNC109 - the result of an elapsed wait is an answer too
        """Send a command and gather the answer, for at most `timeout` real seconds after it.

        Raises `CannotDo` when a client would not send it.
        """
        return await self._exchanges.answered(await self._typed(actor, line, channel), timeout)

    async def run_all(self, typed: Iterable[tuple[User, str]], channel: Channel, timeout: float) -> list[Answer]:  # noqa: ASYNC109 - as above
        """Like `run`, for many commands that all leave at once, after every one of them has been checked."""
        ready = [await self._typed(actor, line, channel) for actor, line in typed]
        return await asyncio.gather(*await _started(self._exchanges.answered(one, timeout) for one in ready))

    async def _typed(self, actor: User, line: str, channel: Channel) -> Sending:
        root, leaf, nesting, typed = self._parse(actor, line, channel)
        specs = {o["name"]: o for o in leaf.get("options") or []}
        check_required(typed.name, specs.values(), [name for name, _ in typed.options])
        builder = OptionBuilder(self._world, actor, channel, typed.name)
        options = []
        for name, _ in typed.options:
            options.append(builder.build(specs[name], await self._pick(actor, channel, typed, specs[name])))
        data = _data(root, nest_options(root, nesting, options))
        if builder.resolved:
            data["resolved"] = builder.resolved
        return Sending(InteractionType.APPLICATION_COMMAND, actor, channel, data)

    async def suggest(self, actor: User, line: str, channel: Channel) -> list[Choice]:
        """The choices offered for the last option of a half-typed command.

        Raises `CannotDo` when that option offers none, `NoAnswer` when the bot is silent.
        """
        return (await self._offered(self._half_typed(actor, line, channel)))[0]

    async def suggest_all(self, typed: Iterable[tuple[User, str]], channel: Channel) -> list[float | None]:
        """Like `suggest`, for many that are requested at once: after how many real seconds each came, if it did."""
        ready = [self._half_typed(actor, line, channel) for actor, line in typed]
        offered = await asyncio.gather(*await _started(map(self._offered, ready)), return_exceptions=True)
        return [None if isinstance(one, BaseException) else one[1] for one in offered]

    def _half_typed(self, actor: User, line: str, channel: Channel) -> Sending:
        root, leaf, nesting, typed = self._parse(actor, line, channel)
        if not typed.options:
            raise CannotDo(f"Type an option of /{typed.name} to get suggestions for it")
        specs = {o["name"]: o for o in leaf.get("options") or []}
        *filled, (focused, text) = typed.options
        if not specs[focused].get("autocomplete"):
            raise CannotDo(f"The option {focused!r} of /{typed.name} offers no suggestions")
        builder = OptionBuilder(self._world, actor, channel, typed.name)
        options = [builder.build(specs[name], value) for name, value in filled]
        options.append({"name": focused, "type": specs[focused]["type"], "value": text, "focused": True})
        data = _data(root, nest_options(root, nesting, options))
        return Sending(InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, actor, channel, data)

    async def _offered(self, typed: Sending) -> tuple[list[Choice], float]:
        exchange = self._exchanges.send(typed)
        await self._exchanges.wait(exchange, ACKNOWLEDGE_SECONDS)
        choices = exchange.record.autocomplete_choices
        if choices is None or exchange.acknowledged_in is None:
            raise NoAnswer("Loading options failed")
        return [Choice(c["name"], c["value"]) for c in choices], exchange.acknowledged_in

    def _parse(
        self, actor: User, line: str, channel: Channel
    ) -> tuple[dict[str, Any], dict[str, Any], list[str], TypedCommand]:
        words, rest = command_words(line)
        root = self._command(actor, channel, words[0])
        leaf, nesting = usage.leaf_of(root, words)
        names = [o["name"] for o in leaf.get("options") or []]
        return root, leaf, nesting, TypedCommand(words, split_options(rest, names))

    def _command(self, actor: User, channel: Channel, name: str) -> dict[str, Any]:
        visible = self.visible(actor, channel)
        if not self._world.has_bot():
            bot = self._world.backend.bot_user.name
            raise CannotDo(f"@{bot} is not in this server, so it has no commands here; `join @{bot}` invites it again")
        for command in visible:
            if command["name"] == name:
                return command
        if self._world.backend.find_command(name, self._world.guild_id) is not None:
            raise CannotDo(f"Discord does not show /{name} to @{actor.name}: a permission is missing")
        names = ", ".join(f"/{c['name']}" for c in visible) or "none so far"
        raise CannotDo(f"There is no command /{name}; commands are: {names}")

    async def _pick(self, actor: User, channel: Channel, typed: TypedCommand, spec: dict[str, Any]) -> str:
        """The text of an option. For one with suggestions, `@VIP` picks the suggestion of that name."""
        name = spec["name"]
        position = next(i for i, (given, _) in enumerate(typed.options) if given == name)
        text = typed.options[position][1]
        if not spec.get("autocomplete") or not text.startswith(("@", "#")):
            return text
        before = "".join(f" {n}:{t}" for n, t in typed.options[:position])
        try:
            choices = await self.suggest(actor, f"/{typed.name}{before} {name}:{text[1:]}", channel)
        except NoAnswer:
            return text
        wanted = self._ids_of(text)
        named = re.compile(rf"[@#]?{re.escape(text[1:])}(\W.*)?", re.IGNORECASE)
        picked = [c for c in choices if str(c.value) in wanted] or [c for c in choices if named.fullmatch(c.name)]
        return str(picked[0].value) if picked else text

    def _ids_of(self, text: str) -> set[str]:
        found = set()
        for find in (self._world.role, self._world.user, self._world.channel):
            try:
                found.add(str(find(text).id))
            except CannotDo:
                continue
        return found


async def _started[T](sending: Iterable[Coroutine[Any, Any, T]]) -> list[asyncio.Task[T]]:
    """Each has left before the next is made: a gateway, too, sends one after the other."""
    started = []
    for one in sending:
        started.append(asyncio.create_task(one))
        await asyncio.sleep(0)
    return started


def _data(root: dict[str, Any], options: list[dict[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {"id": root["id"], "name": root["name"], "type": root["type"]}
    if root.get("guild_id"):
        data["guild_id"] = root["guild_id"]
    if options:
        data["options"] = options
    return data

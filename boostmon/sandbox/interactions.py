"""Members at work: a slash command or a half-typed one becomes an interaction, and its answers are gathered.

Discord's rules for the bot hold here in real seconds, whatever the speed of the sandbox's clock: three to
acknowledge, fifteen minutes for the token.
"""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from simcord.backend.errors import SetupError
from simcord.backend.models import Channel, Interaction, User
from simcord.enums import InteractionType
from simcord.interactions import base_payload, nest_options, walk_to_subcommand

from boostmon.sandbox.answer import DID_NOT_RESPOND, Answer, Choice, PostedMessage
from boostmon.sandbox.calls import Call
from boostmon.sandbox.errors import CannotDo, NoAnswer
from boostmon.sandbox.options import OptionBuilder, check_required
from boostmon.sandbox.posts import posted
from boostmon.sandbox.typed import TypedCommand, command_words, split_options
from boostmon.sandbox.world import World

ACKNOWLEDGE_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0

_CALLBACK = re.compile(r"/interactions/(\d+)/")
_ANSWER = re.compile(r"/webhooks/\d+/([^/]+)")
_ORIGINAL = re.compile(r"/webhooks/\d+/[^/]+/messages/@original")


@dataclass(frozen=True, slots=True)
class _Typed:
    """An interaction that is ready to be sent."""

    kind: InteractionType
    actor: User
    channel: Channel
    data: dict[str, Any]


@dataclass(slots=True)
class _Exchange:
    record: Interaction
    began: float
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged_in: float | None = None
    replied_in: float | None = None
    deferred: bool = False
    late: bool = False


class Interactions:
    """Starts interactions and watches the bot's answers to them."""

    def __init__(self, world: World, online: Callable[[], bool]) -> None:
        self._world = world
        self._online = online
        # By token and by id: the first answer's path has both, the later ones' the token only.
        self._exchanges: dict[str, _Exchange] = {}

    # ------------------------------------------------------------------ commands

    def visible(self, actor: User, channel: Channel) -> list[dict[str, Any]]:
        """The slash commands that Discord shows to a member in a channel."""
        found: list[dict[str, Any]] = self._world.backend.visible_commands(user_id=actor.id, channel_id=channel.id)
        return found

    async def run(self, actor: User, line: str, channel: Channel, timeout: float) -> Answer:  # noqa: ASYNC109 - the result of an elapsed wait is an answer too
        """Send a command and gather the answer, for at most `timeout` real seconds after it.

        Raises `CannotDo` when a client would not send it.
        """
        return await self._send(await self._typed(actor, line, channel), timeout)

    async def run_all(self, typed: Iterable[tuple[User, str]], channel: Channel, timeout: float) -> list[Answer]:  # noqa: ASYNC109 - as above
        """As `run`, of many commands that all leave at once, after every one of them has been looked at."""
        ready = [await self._typed(actor, line, channel) for actor, line in typed]
        return await asyncio.gather(*await _started(self._send(one, timeout) for one in ready))

    async def _typed(self, actor: User, line: str, channel: Channel) -> _Typed:
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
        return _Typed(InteractionType.APPLICATION_COMMAND, actor, channel, data)

    async def _send(self, typed: _Typed, timeout: float) -> Answer:  # noqa: ASYNC109 - as above
        exchange = self._open(typed)
        await self._wait(exchange, timeout)
        return self._answer(exchange)

    async def suggest(self, actor: User, line: str, channel: Channel) -> list[Choice]:
        """The choices offered for the last option of a half-typed command.

        Raises `CannotDo` when that option offers none, `NoAnswer` when the bot is silent.
        """
        return (await self._offered(self._half_typed(actor, line, channel)))[0]

    async def suggest_all(self, typed: Iterable[tuple[User, str]], channel: Channel) -> list[float | None]:
        """As `suggest`, of many that are all asked for at once: after how many real seconds each came, if it did."""
        ready = [self._half_typed(actor, line, channel) for actor, line in typed]
        offered = await asyncio.gather(*await _started(map(self._offered, ready)), return_exceptions=True)
        return [None if isinstance(one, BaseException) else one[1] for one in offered]

    def _half_typed(self, actor: User, line: str, channel: Channel) -> _Typed:
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
        return _Typed(InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, actor, channel, data)

    async def _offered(self, typed: _Typed) -> tuple[list[Choice], float]:
        exchange = self._open(typed)
        await self._wait(exchange, ACKNOWLEDGE_SECONDS)
        choices = exchange.record.autocomplete_choices
        if choices is None or exchange.acknowledged_in is None:
            raise NoAnswer("Loading options failed")
        return [Choice(c["name"], c["value"]) for c in choices], exchange.acknowledged_in

    def _parse(
        self, actor: User, line: str, channel: Channel
    ) -> tuple[dict[str, Any], dict[str, Any], list[str], TypedCommand]:
        words, rest = command_words(line)
        root = self._command(actor, channel, words[0])
        try:
            leaf, nesting = walk_to_subcommand(root, list(words[1:]))
        except SetupError as unknown:
            raise CannotDo(str(unknown)) from unknown
        names = [o["name"] for o in leaf.get("options") or []]
        return root, leaf, nesting, TypedCommand(words, split_options(rest, names))

    def _command(self, actor: User, channel: Channel, name: str) -> dict[str, Any]:
        visible = self.visible(actor, channel)
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

    # ------------------------------------------------------------------ life of an interaction

    def _open(self, typed: _Typed) -> _Exchange:
        record, payload = base_payload(
            self._world.backend,
            type=typed.kind,
            channel_id=typed.channel.id,
            guild_id=typed.channel.guild_id,
            user_id=typed.actor.id,
            data=typed.data,
        )
        record.initial_response_deadline = record.expires_at = None
        exchange = _Exchange(record, time.monotonic())
        self._exchanges[record.token] = self._exchanges[str(record.id)] = exchange
        loop = asyncio.get_running_loop()
        loop.call_later(ACKNOWLEDGE_SECONDS, self._expire_unanswered, exchange)
        loop.call_later(TOKEN_SECONDS, self._expire, exchange)
        self._world.backend.emit("INTERACTION_CREATE", payload)
        return exchange

    def _expire_unanswered(self, exchange: _Exchange) -> None:
        if not exchange.record.responded:
            exchange.late = True
            self._expire(exchange)

    def _expire(self, exchange: _Exchange) -> None:
        exchange.record.expires_at = self._world.backend.now_iso()
        self._exchanges.pop(exchange.record.token, None)
        self._exchanges.pop(str(exchange.record.id), None)
        exchange.changed.set()

    def observe(self, call: Call, status: int) -> None:
        """Take notice of a call that may be an answer."""
        exchange = self._exchange_of(call)
        if exchange is None or status >= 400:
            return
        if call.method == "DELETE" and _ORIGINAL.fullmatch(call.path):
            # A deleted "thinking…" waits for nothing: what follows is a message of its own.
            exchange.record.complete_deferred()
        if exchange.acknowledged_in is None and exchange.record.responded:
            exchange.acknowledged_in = time.monotonic() - exchange.began
            exchange.deferred = exchange.record.deferred
        exchange.changed.set()

    def _exchange_of(self, call: Call) -> _Exchange | None:
        match = _CALLBACK.match(call.path) or _ANSWER.match(call.path)
        return self._exchanges.get(match[1]) if match else None

    async def _wait(self, exchange: _Exchange, seconds: float) -> None:
        """Until there is something to show, the bot missed its time, or `seconds` are over."""
        try:
            async with asyncio.timeout(seconds):
                while not self._settled(exchange):
                    exchange.changed.clear()
                    await exchange.changed.wait()
        except TimeoutError:
            return
        exchange.replied_in = time.monotonic() - exchange.began

    def _settled(self, exchange: _Exchange) -> bool:
        choices = exchange.record.autocomplete_choices
        return exchange.late or choices is not None or bool(self._messages(exchange.record))

    def _messages(self, record: Interaction) -> tuple[PostedMessage, ...]:
        stored = self._world.backend.messages.get(record.channel_id, {})
        original = [] if record.loading or record.message_id is None else [record.message_id]
        return tuple(posted(self._world, stored[i]) for i in (*original, *record.followup_ids) if i in stored)

    def _answer(self, exchange: _Exchange) -> Answer:
        record = exchange.record
        messages = self._messages(record)
        silent = not record.responded
        failure = None
        if silent:
            failure = DID_NOT_RESPOND if self._online() else f"{DID_NOT_RESPOND} (the bot is not connected)"
        return Answer(
            interaction_id=record.id,
            messages=messages,
            deferred=exchange.deferred,
            thinking=not silent and not messages,
            failure=failure,
            acknowledged_in=exchange.acknowledged_in,
            replied_in=exchange.replied_in if messages else None,
            replied_at=self._world.now(),
        )


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

"""The life of an interaction: sent to the bot, acknowledged in time or not, answered, and answered once more.

Discord's rules for the bot hold here in real seconds, whatever the speed of the sandbox's clock: three to
acknowledge, fifteen minutes for the token.
"""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simcord.backend import serializers
from simcord.backend.models import Channel, Interaction, Message, ResponseKind, User
from simcord.enums import InteractionType
from simcord.interactions import base_payload

from boostmon.sandbox.answer import DID_NOT_RESPOND, INTERACTION_FAILED, Answer, PostedMessage
from boostmon.sandbox.calls import Call
from boostmon.sandbox.posts import posted
from boostmon.sandbox.world import World

ACKNOWLEDGE_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0

_CALLBACK = re.compile(r"/interactions/(\d+)/")
_ANSWER = re.compile(r"/webhooks/\d+/([^/]+)")
_MESSAGE = re.compile(r"/webhooks/\d+/[^/]+/messages/(@original|\d+)")


@dataclass(frozen=True, slots=True)
class Sending:
    """An interaction that is ready to be sent; `message` is the one whose button was pressed."""

    kind: InteractionType
    actor: User
    channel: Channel
    data: dict[str, Any]
    message: Message | None = None


@dataclass(slots=True)
class Exchange:
    """An interaction that was sent, and what is known of its answer.

    `touched`: the pressed message was changed or deleted. `shown`: a person has seen the answer.
    """

    record: Interaction
    began: float
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged_in: float | None = None
    replied_in: float | None = None
    deferred: bool = False
    late: bool = False
    touched: bool = False
    shown: bool = False

    @property
    def is_press(self) -> bool:
        """Whether a button was pressed, as opposed to a command typed."""
        return self.record.source_message_id is not None


class Exchanges:
    """Sends interactions and watches the bot's answers to them.

    `on_more` is told of what comes after a person has seen the answer: a follow-up, or an edit.
    """

    def __init__(self, world: World, online: Callable[[], bool]) -> None:
        self._world = world
        self._online = online
        self.on_more: Callable[[PostedMessage], None] = lambda _message: None
        # By token and by id: the first answer's path has both, the later ones' the token only.
        self._open: dict[str, Exchange] = {}

    def send(self, sending: Sending) -> Exchange:
        """Send an interaction to the bot."""
        record, payload = base_payload(
            self._world.backend,
            type=sending.kind,
            channel_id=sending.channel.id,
            guild_id=sending.channel.guild_id,
            user_id=sending.actor.id,
            data=sending.data,
        )
        payload["locale"] = self._world.locale(sending.actor.id)
        if sending.channel.guild_id is not None:
            payload["guild_locale"] = self._world.backend.get_guild(sending.channel.guild_id).preferred_locale
        record.initial_response_deadline = record.expires_at = None
        if sending.message is not None:
            record.source_message_id = sending.message.id
            payload["message"] = dict(serializers.message_payload(self._world.backend, sending.message))
        exchange = Exchange(record, time.monotonic())
        self._open[record.token] = self._open[str(record.id)] = exchange
        loop = asyncio.get_running_loop()
        loop.call_later(ACKNOWLEDGE_SECONDS, self._expire_unanswered, exchange)
        loop.call_later(TOKEN_SECONDS, self._expire, exchange)
        self._world.backend.emit("INTERACTION_CREATE", payload)
        return exchange

    async def answered(self, sending: Sending, seconds: float) -> Answer:
        """Send an interaction and gather its answer, for at most `seconds` real seconds after it."""
        exchange = self.send(sending)
        await self.wait(exchange, seconds)
        return self._answer(exchange)

    def _expire_unanswered(self, exchange: Exchange) -> None:
        if not exchange.record.responded:
            exchange.late = True
            self._expire(exchange)

    def _expire(self, exchange: Exchange) -> None:
        exchange.record.expires_at = self._world.backend.now_iso()
        self._open.pop(exchange.record.token, None)
        self._open.pop(str(exchange.record.id), None)
        exchange.changed.set()

    # ------------------------------------------------------------------ watching

    def observe(self, call: Call, status: int) -> None:
        """Take notice of a call that may be an answer."""
        match = _CALLBACK.match(call.path) or _ANSWER.match(call.path)
        exchange = self._open.get(match[1]) if match else None
        if exchange is None or status >= 400:
            return
        record = exchange.record
        if _named(call) in {"@original", str(record.message_id)} and call.method in {"PATCH", "DELETE"}:
            exchange.touched = True
            if call.method == "DELETE" and not exchange.is_press:
                # A deleted "thinking…" waits for nothing: what follows is a message of its own.
                record.complete_deferred()
        exchange.touched = exchange.touched or record.response_kind == ResponseKind.UPDATE
        if exchange.acknowledged_in is None and record.responded:
            exchange.acknowledged_in = time.monotonic() - exchange.began
            exchange.deferred = record.deferred
        if exchange.shown and call.method in {"POST", "PATCH"}:
            self._tell_more(exchange, call)
        exchange.changed.set()

    def _tell_more(self, exchange: Exchange, call: Call) -> None:
        messages = {str(m.id): m for m in self._messages(exchange)}
        named = _named(call) or next(reversed(messages), "")
        found = messages.get(str(exchange.record.message_id) if named == "@original" else named)
        if found is not None:
            self.on_more(found)

    async def wait(self, exchange: Exchange, seconds: float) -> None:
        """Until there is something to show, the bot missed its time, or `seconds` are over."""
        try:
            async with asyncio.timeout(seconds):
                while not self._settled(exchange):
                    exchange.changed.clear()
                    await exchange.changed.wait()
        except TimeoutError:
            return
        exchange.replied_in = time.monotonic() - exchange.began

    def _settled(self, exchange: Exchange) -> bool:
        record = exchange.record
        if exchange.late or record.autocomplete_choices is not None or record.modal is not None:
            return True
        return bool(self._messages(exchange)) or (exchange.is_press and exchange.touched)

    def _messages(self, exchange: Exchange) -> tuple[PostedMessage, ...]:
        record = exchange.record
        stored = self._world.backend.messages.get(record.channel_id, {})
        original = [] if record.loading or record.message_id is None else [record.message_id]
        if record.message_id == record.source_message_id and not exchange.touched:
            # The pressed message is part of the answer once it was changed.
            original = []
        return tuple(posted(self._world, stored[i]) for i in (*original, *record.followup_ids) if i in stored)

    def _answer(self, exchange: Exchange) -> Answer:
        record = exchange.record
        messages = self._messages(exchange)
        silent = not record.responded
        failure = None
        if silent:
            sentence = INTERACTION_FAILED if exchange.is_press else DID_NOT_RESPOND
            failure = sentence if self._online() else f"{sentence} (the bot is not connected)"
        exchange.shown = True
        return Answer(
            interaction_id=record.id,
            messages=messages,
            deferred=exchange.deferred,
            thinking=record.loading and not messages,
            failure=failure,
            acknowledged_in=exchange.acknowledged_in,
            replied_in=exchange.replied_in if messages else None,
            replied_at=self._world.now(),
        )

    def answer_now(self, interaction_id: int) -> Answer | None:
        """The answer as it stands by now; None once the interaction is over."""
        exchange = self._open.get(str(interaction_id))
        return None if exchange is None else self._answer(exchange)


def _named(call: Call) -> str | None:
    """The message that a call of the interaction's webhook is about, if it names one."""
    match = _MESSAGE.fullmatch(call.path)
    return match[1] if match else None

"""`Notifier` on Discord's REST API."""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, assert_never, override
from uuid import UUID

from boostmon.adapters.discord.bridge import LoopBridge, LoopNotRunning, settle_each
from boostmon.adapters.discord.budget import PATIENCE, Priority
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.faults import UNAUTHORIZED, Fault, Later, Refused, barrier_of, fault_of
from boostmon.adapters.discord.lacks import LackLookup
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.ports import Clock, Delivered, Message, Notifier, Postponed, Reply, TurnedAway
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.lacks import Lack
from boostmon.domain.notices import BlockedNotice, Notice
from boostmon.domain.outcomes import Held
from boostmon.domain.own_words import OwnWords
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Refusal, ToChannel, ToLog, ToMember
from boostmon.texts import Language, Words, notices, words_of
from boostmon.texts.notices import Names

_log = logging.getLogger(__name__)

_REQUESTS_EACH = 5
"""The most that one message can take: names, opening, sending, and once more the last two."""


class Lookup(Protocol):
    """What Discord knows of a guild; `NameLookup` is one."""

    async def names(self, key: TimerKey) -> Names:
        """What the role and its guild are called."""
        ...

    async def language(self, guild: GuildId) -> Language:
        """The language that Discord knows the guild by."""
        ...


class Composing(Protocol):
    """How notices are worded, as bodies of messages: `boostmon.texts.notices`, unless something else is to be said."""

    def channel_message(
        self, notices: Sequence[Notice], words: Words, *, now: datetime, own: OwnWords | None, guild: str | None
    ) -> dict[str, Any]:
        """The message to a channel of the guild."""
        ...

    def direct_message(
        self, notice: Notice, names: Names, words: Words, *, now: datetime, own: OwnWords | None
    ) -> dict[str, Any]:
        """The message to the member."""
        ...

    def log_message(
        self,
        notices: Sequence[Notice],
        refusals: Sequence[Refusal] | None,
        words: Words,
        *,
        now: datetime,
        lacks: Mapping[RoleId, Lack],
    ) -> dict[str, Any]:
        """The message to those who run the guild."""
        ...


class DiscordNotifier(Notifier):
    """Sends messages, at most `limit` at a time, in the language of their guild.

    A place that Discord refuses (channel deleted or closed to the bot, direct messages closed) turns a message away.
    """

    def __init__(
        self,
        rest: DiscordRest,
        bridge: LoopBridge,
        dms: DirectMessages,
        lookup: Lookup,
        clock: Clock,
        *,
        composing: Composing = notices,
        limit: int = 10,
    ) -> None:
        self._rest = rest
        self._bridge = bridge
        self._dms = dms
        self._lookup = lookup
        self._composing = composing
        self._lacks = LackLookup(rest)
        self._clock = clock
        self._limit = limit

    @override
    def deliver(self, messages: Sequence[Message]) -> Sequence[Reply]:
        rounds = -(-len(messages) // self._limit)
        timeout = rounds * _REQUESTS_EACH * (self._rest.timeout + PATIENCE[Priority.NOTICE].queue)
        return settle_each(
            self._bridge, messages, self._deliver, limit=self._limit, timeout=timeout, unsettled=Postponed
        )

    @override
    def held(self, messages: Sequence[Message]) -> Sequence[Held | None]:
        """Without a connection nothing is known, so nothing counts as held."""
        direct = [message for message in messages if message.way == ToMember()]
        members = [(message.notices[0].key.guild, message.notices[0].key.user) for message in direct]

        async def ask() -> list[Held | None]:
            return self._dms.held(members)

        try:
            known = self._bridge.call(ask, self._rest.timeout) if members else []
        except (LoopNotRunning, TimeoutError):
            return [None] * len(messages)
        waits = dict(zip((message.id for message in direct), known, strict=True))
        return [waits.get(message.id) for message in messages]

    async def _deliver(self, message: Message) -> Reply:
        match await self._fault(message):
            case None:
                return Delivered(message.way)
            case Later(error=error, after=after, is_unsent=is_unsent):
                return Postponed(error, after, is_unsent)
            case Held() as held:
                return held
            case Refused(status=status, error=error) if status == UNAUTHORIZED:
                return Postponed(f"the bot's token is refused: {error}", is_unsent=True)  # says nothing of the place
            case Refused(code=code, error=error):
                return TurnedAway(error, barrier_of(code))
            case _ as never:
                assert_never(never)

    async def _fault(self, message: Message) -> Fault | None:
        try:
            await self._send(message)
        except Exception as error:  # noqa: BLE001 - the port promises that one message's failure never costs the others
            fault = fault_of(error)
            if fault is None:
                _log.exception("unexpected failure of a notice", extra={"timer": message.notices[0].key})
                return Later(f"unexpected: {type(error).__name__}")
            return fault
        return None

    async def _send(self, message: Message) -> None:
        nonce, compose = _nonce(message.id), self._composing
        match message.way:
            case ToChannel(channel):
                guild = (await self._lookup.names(message.notices[0].key)).guild if message.own else None
                words, now = await self._words(message), self._clock.now()
                body = compose.channel_message(message.notices, words, now=now, own=message.own, guild=guild)
                await self._rest.send(channel, body, nonce)
            case ToMember():
                [notice] = message.notices
                names = await self._lookup.names(
                    notice.key
                )  # first: where it asks Discord, it learns the language, too
                words = await self._words(message)
                body = compose.direct_message(notice, names, words, now=self._clock.now(), own=message.own)
                await self._dms.send(notice.key.guild, notice.key.user, body, nonce)
            case ToLog(channel):
                lacks, words = await self._lacking(message), await self._words(message)
                refusals, now = message.refusals, self._clock.now()
                body = compose.log_message(message.notices, refusals, words, now=now, lacks=lacks)
                await self._rest.send(channel, body, nonce)
            case _ as never:
                assert_never(never)

    async def _words(self, message: Message) -> Words:
        return words_of(message.language or await self._lookup.language(message.notices[0].key.guild))

    async def _lacking(self, message: Message) -> Mapping[RoleId, Lack]:
        roles = {
            notice.key.role
            for notice in message.notices
            if isinstance(notice, BlockedNotice) and notice.obstacle is Obstacle.MISSING_PERMISSIONS
        }
        return await self._lacks.lacks(message.notices[0].key.guild, roles) if roles else {}


def _nonce(message: UUID) -> str:
    """The same for each attempt of a message, and of no other: 22 of the 25 characters that Discord takes.

    Discord's reference counts a nonce by its author, not by channel, so an id by the database's count would not do
    for two installations with one bot.
    """
    return urlsafe_b64encode(message.bytes).rstrip(b"=").decode()

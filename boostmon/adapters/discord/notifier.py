"""`Notifier` on Discord's REST API: each notice by the first of its ways that takes it."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import assert_never

from boostmon.adapters.discord.bridge import LoopBridge, settle_each
from boostmon.adapters.discord.budget import PATIENCE, Priority
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.faults import Fault, Later, NotNow, Refused, fault_of
from boostmon.adapters.discord.messages import Names, Refusal, channel_message, direct_message, log_message
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.ports import Delivered, Delivery, GivenUp, HeldBack, Posted, Postponed
from boostmon.domain.ids import TimerKey
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way

_log = logging.getLogger(__name__)

UNAUTHORIZED = 401
_REQUESTS_EACH = 8
"""The most that one notice can take: two channels, names, opening, sending, once more the last two, the log."""


class DiscordNotifier:
    """Sends notices, at most `limit` at a time.

    A way that Discord refuses (channel deleted or closed to the bot, direct messages closed) leads to the next one;
    one whose result is unknown is tried again later, so that nobody is told twice.
    """

    def __init__(
        self,
        rest: DiscordRest,
        bridge: LoopBridge,
        dms: DirectMessages,
        names: Callable[[TimerKey], Awaitable[Names]],
        *,
        limit: int = 10,
    ) -> None:
        self._rest = rest
        self._bridge = bridge
        self._dms = dms
        self._names = names
        self._limit = limit

    def deliver(self, posted: Sequence[Posted]) -> Sequence[Delivery]:
        """As the port says."""
        rounds = -(-len(posted) // self._limit)
        timeout = rounds * _REQUESTS_EACH * (self._rest.timeout + PATIENCE[Priority.NOTICE].queue)
        return settle_each(self._bridge, posted, self._deliver, limit=self._limit, timeout=timeout, unsettled=Postponed)

    async def _deliver(self, posted: Posted) -> Delivery:
        refusals: list[Refusal] = []
        for way in posted.ways:
            where = _named(way)
            match await _fault(posted, partial(self._send, posted, way, tuple(refusals))):
                case None:
                    return Delivered(where)
                case Later(error=error, after=after):
                    return Postponed(f"{where}: {error}", after)
                case NotNow(error=error, after=after):
                    return HeldBack(f"{where}: {error}", after)
                case Refused(status=status, error=error) if status == UNAUTHORIZED:
                    return Postponed(f"the bot's token is refused: {error}")  # says nothing of the member
                case Refused(error=error):
                    refusals.append(Refusal(way, error))
                case _ as never:
                    assert_never(never)
        tried = "; ".join(f"{_named(refusal.way)}: {refusal.error}" for refusal in refusals)
        return GivenUp(tried or "the server left no way to tell it")

    async def _send(self, posted: Posted, way: Way, refusals: Sequence[Refusal]) -> None:
        notice, nonce = posted.notice, _nonce(posted, way)
        match way:
            case ToChannel(channel):
                await self._rest.send(channel, channel_message(notice), nonce)
            case ToMember():
                await self._dms.send(notice.key.user, direct_message(notice, await self._names(notice.key)), nonce)
            case ToLog(channel):
                await self._rest.send(channel, log_message(notice, refusals), nonce)
            case _ as never:
                assert_never(never)


def _named(way: Way) -> str:
    """A way as the ledger writes it."""
    match way:
        case ToChannel(channel):
            return f"channel {channel}"
        case ToMember():
            return "the member"
        case ToLog(channel):
            return f"the log channel {channel}"
        case _ as never:
            assert_never(never)


def _nonce(posted: Posted, way: Way) -> str:
    """The same for each attempt of a notice by one way, at most 25 characters of Discord's.

    Discord's reference counts a nonce by its author, not by channel: without the way, a direct message after an
    attempt in a channel might be taken for the same one.
    """
    match way:
        case ToMember():
            return f"d{posted.id}"
        case ToLog():
            return f"l{posted.id}"
        case ToChannel():
            first = posted.ways.index(way) == 0
            return f"c{posted.id}" if first else f"s{posted.id}"
        case _ as never:
            assert_never(never)


async def _fault(posted: Posted, send: Callable[[], Awaitable[None]]) -> Fault | None:
    try:
        await send()
    except Exception as error:  # noqa: BLE001 - the port promises that one notice's failure never costs the others
        fault = fault_of(error)
        if fault is None:
            _log.exception("unexpected failure of a notice", extra={"timer": posted.notice.key})
            return Later(f"unexpected: {type(error).__name__}")
        return fault
    return None

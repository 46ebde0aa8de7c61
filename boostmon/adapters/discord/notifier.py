"""`Notifier` on Discord's REST API: to the notice's channel, else to the member."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import assert_never

from boostmon.adapters.discord.bridge import LoopBridge, settle_each
from boostmon.adapters.discord.budget import PATIENCE, Priority
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.faults import Fault, Later, NotNow, Refused, fault_of
from boostmon.adapters.discord.messages import Names, channel_message, direct_message
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.ports import Delivered, Delivery, GivenUp, HeldBack, Posted, Postponed
from boostmon.domain.ids import ChannelId, TimerKey

_log = logging.getLogger(__name__)

UNAUTHORIZED = 401
_REQUESTS_EACH = 6
"""The most that one notice can take: channel, names, opening, sending, and once more the last two."""


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
        refusals: list[str] = []
        for where, send in self._ways(posted):
            match await _fault(posted, send):
                case None:
                    return Delivered(where)
                case Later(error=error, after=after):
                    return Postponed(f"{where}: {error}", after)
                case NotNow(error=error, after=after):
                    return HeldBack(f"{where}: {error}", after)
                case Refused(status=status, error=error) if status == UNAUTHORIZED:
                    return Postponed(f"the bot's token is refused: {error}")  # says nothing of the member
                case Refused(error=error):
                    refusals.append(f"{where}: {error}")
                case _ as never:
                    assert_never(never)
        return GivenUp("; ".join(refusals))

    def _ways(self, posted: Posted) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        channel = posted.notice.channel
        if channel is not None:
            yield f"channel {channel}", partial(self._post, posted, channel)
        yield "the member", partial(self._write, posted)

    async def _post(self, posted: Posted, channel: ChannelId) -> None:
        await self._rest.send(channel, channel_message(posted.notice), _nonce(posted, "channel"))

    async def _write(self, posted: Posted) -> None:
        key = posted.notice.key
        message = direct_message(posted.notice, await self._names(key))
        await self._dms.send(key.user, message, _nonce(posted, "dm"))


def _nonce(posted: Posted, way: str) -> str:
    """The same for each attempt of a notice by one way, at most 25 characters of Discord's.

    Discord's reference counts a nonce by its author, not by channel: without the way, a direct message after an
    attempt in a channel might be taken for the same one.
    """
    return f"{way[0]}{posted.id}"


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

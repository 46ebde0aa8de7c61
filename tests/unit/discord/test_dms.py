"""Direct messages without a Discord behind them."""

import asyncio
from types import SimpleNamespace
from typing import Any

import nextcord
import pytest

from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.faults import CLOSED_DMS, OPENING_DMS_TOO_FAST, Faulty, Refused
from boostmon.domain.ids import ChannelId, GuildId, UserId
from boostmon.domain.outcomes import Held

HERE = GuildId(1)
PACE = 0.05


class Hasty:
    """Calls the first opening too fast."""

    def __init__(self) -> None:
        self.opened: list[UserId] = []

    async def open_dm(self, user: UserId) -> ChannelId:
        self.opened.append(user)
        if len(self.opened) == 1:
            response: Any = SimpleNamespace(status=403, reason="Forbidden", headers={})
            raise nextcord.Forbidden(response, {"code": OPENING_DMS_TOO_FAST, "message": "Too fast"})
        return ChannelId(int(user))

    async def send(self, channel: ChannelId, message: dict[str, Any], nonce: str) -> None:
        """Takes it."""


def test_who_waits_for_a_turn_when_discord_calls_it_too_fast_opens_nothing() -> None:
    async def test() -> None:
        rest = Hasty()
        stand_in: Any = rest
        dms = DirectMessages(stand_in, pace=PACE)
        first, second = await asyncio.gather(
            *(dms.send(HERE, UserId(user), {}, "once") for user in (1, 2)), return_exceptions=True
        )
        assert isinstance(first, nextcord.Forbidden)
        assert isinstance(second, Faulty)
        assert isinstance(second.fault, Held)
        assert rest.opened == [1]

    asyncio.run(test())


class Closed:
    """Refuses every message, always for the same reason."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.refused = 0

    async def open_dm(self, user: UserId) -> ChannelId:
        return ChannelId(int(user))

    async def send(self, channel: ChannelId, message: dict[str, Any], nonce: str) -> None:
        del channel, message, nonce
        self.refused += 1
        response: Any = SimpleNamespace(status=403, reason="Forbidden", headers={})
        raise nextcord.Forbidden(response, {"code": self.code, "message": "No"})


@pytest.mark.parametrize("code", sorted(CLOSED_DMS))
def test_who_cannot_be_written_to_is_remembered_with_the_reason_that_discord_gave(code: int) -> None:
    async def test() -> None:
        rest = Closed(code)
        stand_in: Any = rest
        dms = DirectMessages(stand_in, pace=0.0)
        with pytest.raises(nextcord.Forbidden):
            await dms.send(HERE, UserId(1), {}, "once")
        with pytest.raises(Faulty) as known:
            await dms.send(HERE, UserId(1), {}, "twice")
        fault = known.value.fault
        assert isinstance(fault, Refused)
        assert (fault.status, fault.code) == (403, code)
        assert rest.refused == 1

    asyncio.run(test())

"""Direct messages without a Discord behind them."""

import asyncio
from types import SimpleNamespace
from typing import Any

import nextcord

from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.faults import OPENING_DMS_TOO_FAST, Faulty
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

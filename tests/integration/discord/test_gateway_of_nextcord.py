"""What nextcord's own connecting and closing do, and why BoostMon does both itself.

When one of these fails after an update of nextcord, the way round in `adapters/discord/gateway.py` may go.
"""

import asyncio

import pytest

from boostmon.adapters.discord.gateway import close_client
from boostmon.app.errors import DiscordUnreachable
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.discord.holding import SECONDS, held, left_to_nextcord, run


def looked_up(discord: LoopbackDiscord) -> int:
    return sum(request.path.startswith("/gateway") for request in discord.requests)


def test_first_connection_that_fails_kills_it(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.refuse_gateway(refuse=True)
        async with left_to_nextcord(discord) as (_, connecting):
            with pytest.raises(AttributeError):
                await asyncio.wait_for(connecting, SECONDS)

    run(test)


def test_dead_resume_address_is_asked_again_and_again(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with left_to_nextcord(discord):
            await asyncio.to_thread(discord.wait_until, lambda: discord.online, SECONDS)
            discord.refuse_resume_address(refuse=True)
            asked = looked_up(discord)
            await asyncio.to_thread(discord.drop_gateway, 4000)
            await asyncio.to_thread(discord.wait_until, lambda: discord.refused_sockets >= 3, SECONDS)
            # The gateway itself is there all the while, but nobody asks for it.
            assert looked_up(discord) == asked
            assert (discord.logins, discord.resumes, discord.online) == (1, 0, False)

    run(test)


def test_event_that_breaks_it_ends_it(discord: LoopbackDiscord) -> None:
    def choke(event: object) -> None:
        raise KeyError(event)

    async def test() -> None:
        async with left_to_nextcord(discord) as (client, connecting):
            await asyncio.to_thread(discord.wait_until, lambda: discord.online, SECONDS)
            client._connection.parsers["GUILD_ROLE_CREATE"] = choke
            await asyncio.to_thread(discord.change, lambda guild: guild.create_role("@New"))
            with pytest.raises(KeyError):
                await asyncio.wait_for(connecting, SECONDS)

    run(test)


def test_limit_of_sessions_is_not_asked_for(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.allow_sessions(left=0, reset_after=7200.0)
        async with left_to_nextcord(discord) as (_, connecting):
            with pytest.raises(Exception, match="4004"):  # which is what Discord says of a token that it has reset
                await asyncio.wait_for(connecting, SECONDS)

    run(test)


def test_connecting_returns_while_the_closing_is_at_work(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with left_to_nextcord(discord) as (client, connecting):
            await asyncio.to_thread(discord.wait_until, lambda: discord.online, SECONDS)
            discord.mute_gateway(mute=True)
            closing = asyncio.create_task(client.close())
            await asyncio.wait_for(connecting, SECONDS)
            assert not closing.done()
            discord.mute_gateway(mute=False)
            await asyncio.wait_for(closing, SECONDS)

    run(test)


def test_ours_returns_when_all_is_closed(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            bot.holding.cancel()
            await asyncio.gather(bot.holding, return_exceptions=True)
            websocket = bot.client.ws
            was_open = not websocket.socket.closed
            assert was_open  # what commands at work still have to say may be said
            await close_client(bot.client, SECONDS)
            assert websocket.socket.closed
            assert bot.client.is_closed()
            await asyncio.to_thread(discord.wait_until, lambda: not discord.online, SECONDS)

    run(test)


def test_ours_cuts_off_a_gateway_that_does_not_answer(
    discord: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            websocket = bot.client.ws
            discord.mute_gateway(mute=True)
            async with asyncio.timeout(SECONDS):
                await close_client(bot.client, 0.2)
            assert websocket.socket.closed
            with pytest.raises(DiscordUnreachable, match="was closed"):
                await bot.ended()
            discord.mute_gateway(mute=False)

    run(test)
    assert "Discord did not close the connection in time" in caplog.messages

"""Staying connected, whatever the gateway does. What nextcord does by itself is in `test_gateway_of_nextcord`."""

import asyncio
import logging
import threading
from itertools import pairwise
from typing import Any

import pytest
from nextcord.gateway import KeepAliveHandler

from boostmon.adapters.discord.gateway import GatewayConnection
from boostmon.app.errors import DiscordUnreachable, TokenRefused
from boostmon.sandbox.faults import Refusal, Throttle
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.discord.holding import FakeTime, held, new_client, run

GATEWAY = "/gateway/bot"


def looked_up(discord: LoopbackDiscord) -> int:
    return sum(request.path == GATEWAY for request in discord.requests)


def heartbeats() -> int:
    """How many websockets are still kept alive. A thread that was told to stop is waited for; another would go on."""
    alive = [thread for thread in threading.enumerate() if isinstance(thread, KeepAliveHandler)]
    for thread in alive:
        if thread._stop_ev.is_set():
            thread.join(30.0)
    return sum(thread.is_alive() for thread in alive)


def test_first_connection_that_fails_is_tried_again(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.refuse_gateway(refuse=True)
        async with held(discord) as bot:
            bot.time.awake.clear()
            await bot.until(lambda: bot.time.waits, "the first wait")
            assert not bot.gateway.ready
            assert not bot.client.is_closed()  # requests by REST go on
            discord.refuse_gateway(refuse=False)
            bot.time.awake.set()
            await bot.until_ready()
            assert bot.time.waits == [2.0]

    run(test)


@pytest.mark.parametrize("status", [403, 500, 502, 503])
def test_address_that_cannot_be_looked_up_is_asked_for_again(discord: LoopbackDiscord, status: int) -> None:
    async def test() -> None:
        discord.fail(Refusal(status), "GET", GATEWAY, times=2)
        async with held(discord) as bot:
            await bot.until_ready()
            assert bot.time.waits == [2.0, 4.0]

    run(test)


def test_wait_that_discord_asks_for_is_kept(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.fail(Throttle(retry_after=77.0), "GET", GATEWAY)
        async with held(discord) as bot:
            bot.time.awake.clear()
            await bot.until(lambda: bot.time.waits, "the wait")
            assert bot.time.waits == [77.0]

    run(test)


@pytest.mark.parametrize("code", [None, 4000, 4008, 1000])
def test_lost_connection_is_resumed_at_once_where_it_had_lasted(discord: LoopbackDiscord, code: int | None) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            bot.time.now += 5
            await bot.drop(code)
            await bot.until_ready(resumes=1)
            assert bot.time.waits == []

    run(test)


def test_resuming_again_and_again_is_spaced_but_not_slowed_down(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            for resumes in range(1, 5):
                await bot.drop()
                await bot.until_ready(resumes=resumes)
            assert bot.time.waits == [2.0, 2.0, 2.0, 2.0]

    run(test)


def test_resume_address_is_used_each_time(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            for resumes in (1, 2, 3):
                bot.time.now += 3600
                discord.ask_to_reconnect()
                await bot.until_ready(resumes=resumes)
            assert looked_up(discord) == 1

    run(test)


def test_dead_resume_address_costs_neither_the_session_nor_much_time(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            discord.refuse_resume_address(refuse=True)
            bot.time.now += 3600
            await bot.drop()
            await bot.until_ready(resumes=1)
            assert bot.time.waits == [2.0]
            assert discord.refused_sockets == 1

    run(test)


def test_session_that_is_gone_is_replaced(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            bot.time.now += 3600
            await bot.drop(forget_sessions=True)
            await bot.until_ready(logins=2)
            assert bot.time.waits == [2.0]

    run(test)


@pytest.mark.parametrize("code", [4007, 4009])
def test_close_code_that_ends_the_session_is_believed(discord: LoopbackDiscord, code: int) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            await bot.drop(code)
            await bot.until_ready(logins=2)

    run(test)


def test_session_is_given_up_where_nothing_is_ready_for_too_long(
    discord: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        async with held(discord, patience=60.0) as bot:
            await bot.until_ready()
            discord.refuse_gateway(refuse=True)
            bot.time.now += 3600
            before = looked_up(discord)
            await bot.drop()
            await bot.until(lambda: sum(bot.time.waits) > 100, "the waits")
            bot.time.awake.clear()
            # At the address for resuming, then at the general one; the session lasts no longer than the timeout.
            kept = [2.0, 4.0, 8.0, 16.0, 30.0]
            assert bot.time.waits[: len(kept)] == kept
            assert looked_up(discord) > before
            discord.refuse_gateway(refuse=False)
            bot.time.awake.set()
            await bot.until_ready(logins=2)

    with caplog.at_level(logging.WARNING):
        run(test)
    assert "not ready for too long; asking for a new session" in caplog.messages


def test_gateway_that_says_nothing_is_hung_up_on(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord, give_up=1e9) as bot:
            await bot.until_ready()
            bot.gateway._timeout = 0.3  # from here on only: a busy machine may need longer to be ready
            bot.time.now += 3600
            discord.mute_gateway(mute=True)
            await bot.drop(None)
            await bot.until(lambda: len(bot.time.waits) >= 3, "the attempts")
            assert not bot.gateway.ready
            bot.gateway._timeout = 60.0
            discord.mute_gateway(mute=False)
            # The attempt that is under way may still be cut off after it has identified.
            await bot.until(lambda: bot.gateway.ready and discord.online and discord.logins >= 2, "a new session")
            assert heartbeats() == 1  # and no socket of an attempt that failed is still kept alive

    run(test)


def test_connection_that_falls_silent_is_lost(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord, heartbeat_timeout=2.0) as bot:
            bot.time.awake.clear()
            await bot.until_ready()
            discord.mute_gateway(mute=True)
            await bot.until(lambda: bot.time.waits, "the loss")
            assert not bot.gateway.ready
            discord.mute_gateway(mute=False)

    run(test)


def test_identifying_is_paced_and_slows_down_where_sessions_end_at_once(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            identified: list[float] = []
            for logins in range(1, 6):
                await bot.until_ready(logins=logins)
                identified.append(bot.time.now)
                await bot.drop(4009)
            await bot.until_ready(logins=6)
            gaps = [later - earlier for earlier, later in pairwise(identified)]
            assert gaps == [5.0, 5.0, 8.0, 16.0]

    run(test)


def test_a_good_session_ends_the_growing_of_the_waits(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            for logins, lasted in enumerate([119, 119, 119, 120, 119], start=1):
                await bot.until_ready(logins=logins)
                bot.time.now += lasted
                await bot.drop(4009)
            await bot.until_ready(logins=6)
            assert bot.time.waits == [2.0, 4.0, 8.0, 2.0, 4.0]

    run(test)


def test_gives_up_after_a_long_time(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.refuse_gateway(refuse=True)
        async with held(discord, give_up=600.0) as bot:
            began = bot.time.now
            with pytest.raises(DiscordUnreachable, match=r"503.* \(tried for 606 s\)"):
                await bot.ended()
            assert bot.time.waits == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0, 120.0, 120.0, 120.0]
            assert bot.time.now - began == 606.0
            assert discord.logins == 0
            assert not bot.client.is_closed()

    run(test)


def test_discords_limit_of_sessions_is_waited_for(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.allow_sessions(left=0, reset_after=7200.0)
        async with held(discord, give_up=600.0) as bot:
            bot.time.awake.clear()
            await bot.until(lambda: bot.time.waits, "the wait")
            assert bot.time.waits == [7200.0]
            discord.allow_sessions(left=1, reset_after=86_400.0)
            # The wait itself is no reason to give up.
            discord.fail(Refusal(503), "GET", GATEWAY)
            bot.time.awake.set()
            await bot.until_ready()
            assert bot.time.waits == [7200.0, 2.0]

    run(test)


def test_limit_of_sessions_without_an_end_is_asked_for_once_a_minute(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.allow_sessions(left=0, reset_after=0.0)
        async with held(discord) as bot:
            await bot.until(lambda: len(bot.time.waits) >= 2, "the waits")
            assert set(bot.time.waits) == {60.0}

    run(test)


def test_resuming_needs_no_new_session(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            discord.allow_sessions(left=0, reset_after=7200.0)
            discord.refuse_resume_address(refuse=True)  # so that the general address is asked for
            await bot.drop()
            await bot.until_ready(resumes=1)
            assert 7200.0 not in bot.time.waits

    run(test)


def test_token_that_is_not_accepted_any_more_ends_it(discord: LoopbackDiscord) -> None:
    async def by_the_gateway() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            await bot.drop(4004)
            with pytest.raises(TokenRefused):
                await bot.ended()

    async def by_rest() -> None:
        discord.fail(Refusal(401, 0, "401: Unauthorized"), "GET", GATEWAY)
        async with held(discord) as bot:
            with pytest.raises(TokenRefused):
                await bot.ended()
            assert bot.time.waits == []

    run(by_the_gateway)
    run(by_rest)


@pytest.mark.parametrize(
    ("code", "why"),
    [(4010, "shard"), (4011, "too many servers"), (4012, "version"), (4013, "intent"), (4014, "developer portal")],
)
def test_what_waiting_will_not_mend_ends_it(discord: LoopbackDiscord, code: int, why: str) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            await bot.drop(code)
            with pytest.raises(DiscordUnreachable, match=why):
                await bot.ended()
            assert heartbeats() == 0

    run(test)


def test_event_that_breaks_the_client_costs_one_session(
    discord: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    def choke(event: Any) -> None:
        raise KeyError(event["role"]["name"])

    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            bot.client._connection.parsers["GUILD_ROLE_CREATE"] = choke
            await asyncio.to_thread(discord.change, lambda guild: guild.create_role("@New"))
            await bot.until_ready(logins=2)
            assert "New" in {role.name for role in bot.client.guilds[0].roles}

    with caplog.at_level(logging.ERROR):
        run(test)
    assert "the connection to the gateway broke unexpectedly" in caplog.messages


def test_stop_in_the_middle_of_an_attempt_leaves_nothing(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.mute_gateway(mute=True)
        async with held(discord) as bot:
            await bot.until(lambda: bot.gateway._opened, "the socket")
            [opened] = bot.gateway._opened
            bot.holding.cancel()
            await asyncio.gather(bot.holding, return_exceptions=True)
            assert opened.socket.closed
        assert heartbeats() == 0
        discord.mute_gateway(mute=False)

    run(test)


def test_closing_the_client_ends_it(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with held(discord) as bot:
            await bot.until_ready()
            await bot.client.close()
            with pytest.raises(DiscordUnreachable, match="was closed"):
                await bot.ended()

    run(test)


def test_client_that_is_closed_between_two_attempts_is_not_opened_again(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.refuse_gateway(refuse=True)
        async with held(discord) as bot:
            bot.time.awake.clear()
            await bot.until(lambda: bot.time.waits, "the first wait")
            asked = looked_up(discord)
            await bot.client.close()
            bot.time.awake.set()
            with pytest.raises(DiscordUnreachable, match="was closed"):
                await bot.ended()
            assert looked_up(discord) == asked

    run(test)


def test_client_that_was_not_made_patient_is_a_mistake(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        with pytest.raises(TypeError, match="make_patient"):
            GatewayConnection(new_client(), FakeTime().outage())

    del discord
    run(test)

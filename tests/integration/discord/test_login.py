"""Logging in while Discord cannot be reached, or does not want the bot."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nextcord
import pytest

from boostmon.adapters.discord.client import log_in, use_api
from boostmon.adapters.discord.http import make_patient
from boostmon.adapters.discord.session import RestSession
from boostmon.app.errors import DiscordUnreachable, TokenRefused
from boostmon.sandbox.faults import Latency, Refusal
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.discord.holding import FakeTime, new_client, run

ME = ("GET", "/users/@me")


@asynccontextmanager
async def a_client() -> AsyncIterator[nextcord.Client]:
    client = new_client()
    make_patient(client)
    try:
        yield client
    finally:
        await client.close()
        await asyncio.sleep(0.01)  # closed transports say goodbye to their sockets a turn of the loop later


def test_login_is_tried_until_discord_answers(discord: LoopbackDiscord, caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        discord.fail(Refusal(403, 0, "not now"), *ME, times=3)
        async with a_client() as client:
            passing = FakeTime()
            await log_in(client, discord.token, passing.outage())
            assert client.user is not None
            assert passing.waits == [2.0, 4.0, 8.0]

    with caplog.at_level(logging.WARNING):
        run(test)
    assert caplog.messages.count("no login to Discord") == 3
    assert discord.token not in caplog.text


def test_attempt_without_an_answer_is_cut_off(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.fail(Latency(30.0), *ME)
        async with a_client() as client:
            passing = FakeTime()
            await log_in(client, discord.token, passing.outage(), attempt_timeout=0.2)
            assert passing.waits[0] == 2.0  # on a very busy machine, the next attempt may be cut off as well

    run(test)


def test_login_is_given_up_after_a_long_time(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.fail(Refusal(403, 0, "not now"), *ME, times=None)
        async with a_client() as client:
            with pytest.raises(DiscordUnreachable, match=r"not now \(tried for 606 s\)"):
                await log_in(client, discord.token, FakeTime().outage(600.0))

    run(test)


def test_what_waiting_will_not_mend_is_said_at_once(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        async with a_client() as client:
            passing = FakeTime()
            with pytest.raises(TokenRefused):
                await log_in(client, "wrong", passing.outage())
            use_api(discord.url.replace("/api/v10", "/elsewhere/api/v10"))
            with pytest.raises(DiscordUnreachable, match="there is no Discord API at"):
                await log_in(client, discord.token, passing.outage())
            assert passing.waits == []

    run(test)


def test_session_for_rest_waits_for_discord_too(discord: LoopbackDiscord) -> None:
    discord.fail(Latency(30.0), *ME)
    session = RestSession()
    began = time.monotonic()
    session.start(discord.token, timeout=0.2, give_up=60.0)
    assert session.client() is not None
    assert time.monotonic() - began > 1.0  # the first wait, however short chance made it
    session.stop()

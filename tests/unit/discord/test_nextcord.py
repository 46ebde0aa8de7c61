"""What nextcord does by itself that BoostMon keeps clear of; no way round is needed where none of it is used."""

import asyncio

import nextcord
import pytest
from nextcord.ext import tasks  # noqa: TID251 - to show why it is banned


def test_a_loop_of_its_tasks_stops_for_good_at_an_exception(capsys: pytest.CaptureFixture[str]) -> None:
    rounds = 0

    @tasks.loop(seconds=0)
    async def sweep() -> None:
        nonlocal rounds
        rounds += 1
        raise ZeroDivisionError

    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            await sweep.start()
        assert not sweep.is_running()

    asyncio.run(run())
    assert rounds == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_its_event_decorator_replaces_the_registration_of_commands() -> None:
    async def run() -> None:
        client = nextcord.Client(intents=nextcord.Intents.none())

        async def on_connect() -> None:
            """Nothing."""

        client.event(on_connect)
        assert client.on_connect is on_connect

    asyncio.run(run())

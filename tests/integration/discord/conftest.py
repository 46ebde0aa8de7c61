"""A Discord on loopback, and a bot that is logged in to it by REST only."""

from collections.abc import Iterator

import pytest
from nextcord.http import Route

from boostmon.adapters.clock import SystemClock
from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.client import use_api
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.session import RestSession
from boostmon.sandbox.server import LoopbackDiscord


@pytest.fixture(autouse=True)
def base_put_back() -> Iterator[None]:
    before = Route.BASE
    yield
    Route.BASE = before


@pytest.fixture
def discord() -> Iterator[LoopbackDiscord]:
    with LoopbackDiscord(SystemClock().now) as loopback:
        use_api(loopback.url)
        yield loopback


@pytest.fixture
def session(discord: LoopbackDiscord) -> Iterator[RestSession]:
    session = RestSession()
    session.start(discord.token)
    yield session
    session.stop()


@pytest.fixture
def bridge(session: RestSession) -> LoopBridge:
    return LoopBridge(session.loop)


@pytest.fixture
def rest(session: RestSession) -> DiscordRest:
    return DiscordRest(session.client)

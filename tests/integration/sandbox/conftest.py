"""A loopback Discord, and a bot in a process of its own that is logged in to it."""

import asyncio
import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from nextcord.http import Route

from boostmon.sandbox.bot import SubprocessBot
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.sandbox import throwaway_bot
from tests.support.patience import PATIENCE

BEGINNING = datetime(2026, 6, 1, 12, tzinfo=UTC)
COMMANDS = len(throwaway_bot.COMMANDS)
ROOT = Path(__file__).parents[3]


def running_clock(speed: float = 1.0) -> Callable[[], datetime]:
    """A clock that starts at `BEGINNING` and runs `speed` times as fast as real time."""
    began = time.monotonic()
    return lambda: BEGINNING + timedelta(seconds=(time.monotonic() - began) * speed)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: Any


def rest(discord: LoopbackDiscord, method: str, path: str, body: Any = None, token: str | None = "") -> Reply:
    """One bare HTTP request, with the bot's token unless another (or None) is given."""
    parts = urlsplit(discord.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {} if token is None else {"Authorization": f"Bot {token or discord.token}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        payload = None if body is None else json.dumps(body)
        connection.request(method, parts.path + path, payload, headers)
        response = connection.getresponse()
        raw = response.read()
        shown = {name.casefold(): value for name, value in response.getheaders()}
        is_json = shown.get("content-type") == "application/json"
        return Reply(response.status, shown, json.loads(raw) if is_json else raw.decode())
    finally:
        connection.close()


def bot_in_a_process(discord: LoopbackDiscord, token: str | None = None) -> SubprocessBot:
    environment = {**os.environ, "SANDBOX_URL": discord.url, "SANDBOX_TOKEN": token or discord.token}
    environment["PYTHONPATH"] = str(ROOT)
    return SubprocessBot([sys.executable, "-m", "tests.integration.sandbox.throwaway_bot"], environment)


@pytest.fixture
def discord() -> Iterator[LoopbackDiscord]:
    with LoopbackDiscord(running_clock()) as running:
        yield running


class ThreadBot:
    """The throw-away bot on a thread of this process: it starts faster than a process."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        Route.BASE = discord.url
        self._token = discord.token
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="throwaway-bot")
        self._thread.start()

    def stop(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(60)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        bot = throwaway_bot.build()
        running = asyncio.create_task(bot.start(self._token))
        await self._stopped.wait()
        await bot.close()
        await running
        # Closed transports say goodbye to their sockets one turn later.
        await asyncio.sleep(0)


@pytest.fixture
def bot(discord: LoopbackDiscord) -> Iterator[ThreadBot]:
    before = Route.BASE
    running = ThreadBot(discord)
    try:
        discord.wait_until(lambda: len(discord.commands("@owner")) == COMMANDS, PATIENCE, "the registration")
        yield running
    finally:
        running.stop()
        Route.BASE = before


@pytest.fixture
def bot_process(discord: LoopbackDiscord) -> Iterator[SubprocessBot]:
    process = bot_in_a_process(discord)
    process.start()
    try:
        discord.wait_until(lambda: len(discord.commands("@owner")) == COMMANDS, PATIENCE, "the registration")
        yield process
    finally:
        process.stop()


class ThreadProcess:
    """The throw-away bot on a thread, as a `BotProcess`."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self._discord = discord
        self._running: ThreadBot | None = None
        self.output = ("on a thread",)

    def start(self) -> None:
        self._running = ThreadBot(self._discord)

    def stop(self) -> int | None:
        if self._running is None:
            return None
        self._running.stop()
        self._running = None
        return 0

    def kill(self) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        return self._running is not None


@pytest.fixture
def quick_bot(discord: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> ThreadProcess:
    monkeypatch.setattr(Route, "BASE", discord.url)
    return ThreadProcess(discord)

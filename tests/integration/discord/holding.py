"""A client whose connection to the gateway is held, in a time that passes only while it waits."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import nextcord

from boostmon.adapters.discord.client import log_in
from boostmon.adapters.discord.gateway import GatewayConnection, close_client
from boostmon.adapters.discord.http import make_patient
from boostmon.adapters.discord.outage import Outage
from boostmon.sandbox.server import LoopbackDiscord

SECONDS = 60.0
"""Of real time, for anything to happen."""


@dataclass
class FakeTime:
    """A clock in seconds that moves by what is slept; `waits` are the lengths of the sleeps, in their order."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.awake.set()

    def clock(self) -> float:
        """The seconds now."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Moves the clock, at once unless `awake` is cleared."""
        self.waits.append(seconds)
        await self.awake.wait()
        self.now += seconds
        await asyncio.sleep(0)

    def outage(self, give_up: float = 600.0) -> Outage:
        """An outage in this time, without chance."""
        return Outage(give_up, clock=self.clock, sleep=self.sleep, jitter=lambda: 0.0)


@dataclass
class Held:
    """The client, and the task that holds its connection."""

    discord: LoopbackDiscord
    client: nextcord.Client
    gateway: GatewayConnection
    time: FakeTime
    holding: asyncio.Task[Any]

    async def until(self, happened: Callable[[], object], what: str) -> None:
        """Waits for something to happen; raises what ended the connection instead."""
        waiting = asyncio.create_task(asyncio.to_thread(self.discord.wait_until, happened, SECONDS, what))
        await asyncio.wait({waiting, self.holding}, return_when=asyncio.FIRST_COMPLETED)
        if self.holding.done() and not waiting.done():
            self.holding.result()
        await waiting

    async def until_ready(self, logins: int = 1, resumes: int = 0) -> None:
        """Waits until the client is connected, and has identified and resumed so often in all."""
        discord = self.discord
        await self.until(
            lambda: self.gateway.ready and discord.online and (discord.logins, discord.resumes) == (logins, resumes),
            f"{logins} logins and {resumes} resumes",
        )

    async def drop(self, code: int | None = 4000, *, forget_sessions: bool = False) -> None:
        """Closes the connection from Discord's side."""
        await asyncio.to_thread(self.discord.drop_gateway, code, forget_sessions=forget_sessions)

    async def ended(self) -> None:
        """Waits for the end of the connection, and raises what ended it."""
        async with asyncio.timeout(SECONDS):
            await self.holding


def new_client(**more: Any) -> nextcord.Client:
    """A client as BoostMon's, without commands."""
    return nextcord.Client(
        intents=nextcord.Intents(guilds=True),
        guild_ready_timeout=0.01,
        rollout_associate_known=False,
        rollout_delete_unknown=False,
        rollout_register_new=False,
        rollout_update_known=False,
        **more,
    )


@asynccontextmanager
async def held(
    discord: LoopbackDiscord, *, give_up: float = 600.0, patience: float = 60.0, **more: Any
) -> AsyncIterator[Held]:
    """A client that is logged in and being connected; closed in the end."""
    client, time = new_client(**more), FakeTime()
    make_patient(client)
    await log_in(client, discord.token)
    gateway = GatewayConnection(client, time.outage(give_up), timeout=patience)
    holding = asyncio.create_task(gateway.hold())
    try:
        yield Held(discord, client, gateway, time, holding)
    finally:
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
        await close_client(client, 1.0)
        await asyncio.sleep(0.01)  # closed transports say goodbye to their sockets a turn of the loop later


@asynccontextmanager
async def left_to_nextcord(discord: LoopbackDiscord) -> AsyncIterator[tuple[nextcord.Client, asyncio.Task[None]]]:
    """A client that is logged in and being connected by nextcord itself; closed in the end."""
    client = new_client()
    await log_in(client, discord.token)
    connecting = asyncio.create_task(client.connect())
    try:
        yield client, connecting
    finally:
        connecting.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await connecting
        await close_client(client, 1.0)
        await asyncio.sleep(0.01)  # as above


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs a test on an event loop of its own."""
    asyncio.run(test())

"""The real bot on a Discord on loopback, over repositories in memory: what the tests of this folder play on."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import nextcord

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.http import make_patient
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.changes import Committer
from boostmon.app.clearing import ClearTime
from boostmon.app.commands import AddTime, PauseTime, RemoveTime, ResumeTime, SetTime
from boostmon.app.granting import Granter
from boostmon.app.ports import RoleGateway, TimerRepository
from boostmon.app.timeleft import TimeLeft
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Timer
from boostmon.entrypoints.bot import BotClient, UseCases, build_bot
from boostmon.sandbox.answer import Answer
from boostmon.sandbox.server import LoopbackDiscord
from tests.support.timers import NOW

LOGIN_SECONDS = 20.0
STOP_SECONDS = 10.0


class SilentAlarm:
    """Nobody sweeps here."""

    def ring(self) -> None:
        """See `Alarm.ring`."""


def use_cases(timers: TimerRepository, roles: RoleGateway) -> UseCases:
    """The use cases over these ports."""
    alarm, policy = SilentAlarm(), Policy()
    committer = Committer(timers, alarm)
    granter = Granter(roles, committer)
    return UseCases(
        set_time=SetTime(committer, granter, policy),
        add_time=AddTime(committer, granter, policy),
        remove_time=RemoveTime(committer, policy),
        pause_time=PauseTime(committer),
        resume_time=ResumeTime(committer, policy),
        clear_time=ClearTime(committer, timers, roles, alarm, policy),
        time_left=TimeLeft(timers),
    )


@dataclass
class RunningBot:
    """The bot on an event loop in a thread of its own."""

    bot: BotClient
    loop: asyncio.AbstractEventLoop
    stopping: asyncio.Event

    def run[T](self, coroutine: Coroutine[Any, Any, T], seconds: float = STOP_SECONDS) -> T:
        """Awaits something on the bot's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(seconds)


@contextmanager
def running_bot(discord: LoopbackDiscord, timers: TimerRepository, clock: ManualClock) -> Iterator[RunningBot]:
    """The bot, logged in and with its commands registered; closed at the end."""
    started: Future[RunningBot] = Future()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        rest = DiscordRest(lambda: started.result().bot)
        roles = DiscordRoleGateway(rest, LoopBridge(lambda: loop))
        bot = build_bot(use_cases(timers, roles), timers, clock, UTC, guild_ready_timeout=0.05, registration_wait=0.05)
        make_patient(bot)
        running = RunningBot(bot, loop, asyncio.Event())
        started.set_result(running)
        serving = asyncio.create_task(bot.start(discord.token))
        await asyncio.wait({serving, asyncio.create_task(running.stopping.wait())}, return_when=asyncio.FIRST_COMPLETED)
        # nextcord's start() returns while close() is still at work: it is awaited here.
        await bot.close()
        await serving

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="bot")
    thread.start()
    running = started.result(STOP_SECONDS)
    try:
        discord.wait_until_ready(LOGIN_SECONDS, "timeleft")
        yield running
    finally:
        running.loop.call_soon_threadsafe(running.stopping.set)
        thread.join(STOP_SECONDS)
    assert not thread.is_alive()


@dataclass
class Stage:
    """One test's Discord, bot, clock and tables."""

    discord: LoopbackDiscord
    clock: ManualClock
    store: MemoryStore
    timers: InMemoryTimers
    running: RunningBot
    told: list[Answer] = field(default_factory=list)

    def type(self, line: str, by: str = "@mod") -> Answer:
        """Lets a member type a command, and waits for the answer."""
        return self.discord.command(by, line)

    def key(self, member: str, role: str) -> TimerKey:
        """The key of a timer, by the names in the guild."""
        guild = self.discord.look(lambda world: world.guild_id)
        return TimerKey(GuildId(guild), UserId(self.discord.id_of(member)), RoleId(self.discord.id_of(role)))

    def timer(self, member: str, role: str) -> Timer | None:
        """The stored timer."""
        return self.timers.get(self.key(member, role))

    def channel(self, name: str) -> ChannelId:
        """The id of a channel."""
        return ChannelId(self.discord.id_of(name))


@contextmanager
def stage() -> Iterator[Stage]:
    """Everything, started; and stopped in the end."""
    clock, store = ManualClock(NOW), MemoryStore()
    timers = InMemoryTimers(store)
    base = nextcord.http.Route.BASE
    with LoopbackDiscord(clock.now) as discord:
        nextcord.http.Route.BASE = discord.url
        try:
            with running_bot(discord, timers, clock) as running:
                yield Stage(discord, clock, store, timers, running)
        finally:
            nextcord.http.Route.BASE = base

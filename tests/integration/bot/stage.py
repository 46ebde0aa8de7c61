"""The real bot on a Discord on loopback, over repositories in memory: what the tests of this folder play on."""

import asyncio
import threading
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import nextcord

from boostmon.adapters.discord.audit_pages import DiscordAuditLog
from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.client import log_in
from boostmon.adapters.discord.gateway import GatewayConnection, close_client
from boostmon.adapters.discord.guilds import DiscordGuilds
from boostmon.adapters.discord.holders import DiscordRoleHolders
from boostmon.adapters.discord.http import make_patient
from boostmon.adapters.discord.names import NameLookup
from boostmon.adapters.discord.outage import Outage
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.memory.audit_log import InMemoryAuditLog
from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.counting import InMemoryRoleHolders, InMemoryRoleTallies
from boostmon.adapters.memory.guilds import InMemoryGuilds
from boostmon.adapters.memory.hearing import InMemoryHearing
from boostmon.adapters.memory.history import InMemoryHistory
from boostmon.adapters.memory.ledger import InMemoryLedger
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import (
    AuditLog,
    Basis,
    Change,
    Clock,
    GuildDirectory,
    GuildPolicies,
    Hearing,
    History,
    LedgerReader,
    Member,
    RoleCensus,
    RoleGateway,
    RoleHolders,
    RoleTallies,
    TimerRepository,
)
from boostmon.app.use_cases import Ports, UseCases, put_together
from boostmon.domain.details import RoleNamed
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Timer
from boostmon.entrypoints.bot import BotClient, build_bot
from boostmon.entrypoints.bot.client import COUNT_SECONDS
from boostmon.entrypoints.bot.commands.table import COMMANDS as TABLE
from boostmon.sandbox.answer import Answer
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.server import LoopbackDiscord
from boostmon.sandbox.world import World
from tests.support.patience import PATIENCE
from tests.support.timers import NOW, change, running

DANGER = 4
"""Discord's number for a red button."""
STOP_SECONDS = 60.0
COMMANDS = {one.name for one in TABLE}
FOR_ALL_MEMBERS = {one.name for one in TABLE if one.permissions is None}


class SilentAlarm:
    """Nobody sweeps here."""

    def ring(self) -> None:
        """Wakes nobody."""


def use_cases(
    timers: TimerRepository,
    roles: RoleGateway,
    census: RoleCensus,
    policies: GuildPolicies,
    history: History,
    clock: Clock,
    guilds: GuildDirectory | None = None,
    hearing: Hearing | None = None,
    audit_log: AuditLog | None = None,
    tallies: RoleTallies | None = None,
    holders: RoleHolders | None = None,
    ledger: LedgerReader | None = None,
) -> UseCases:
    """The use cases over these ports."""
    return put_together(
        Ports(
            timers=timers,
            history=history,
            ledger=ledger or InMemoryLedger(MemoryStore()),
            hearing=hearing or InMemoryHearing(MemoryStore()),
            audit_log=audit_log or InMemoryAuditLog(),
            tallies=tallies or InMemoryRoleTallies(MemoryStore()),
            holders=holders or InMemoryRoleHolders(InMemoryRoleGateway()),
            policies=policies,
            shown_policies=policies,
            roles=roles,
            own_roles=roles,
            census=census,
            guilds=guilds or InMemoryGuilds(),
            sweep_alarm=SilentAlarm(),
            delivery_alarm=SilentAlarm(),
            clock=clock,
        )
    )


@dataclass
class RunningBot:
    """The bot on an event loop in a thread of its own."""

    bot: BotClient
    loop: asyncio.AbstractEventLoop
    stopping: asyncio.Event
    thread: threading.Thread

    def stop(self) -> None:
        """Ends it; a second time does nothing."""
        with suppress(RuntimeError):  # the loop is closed
            self.loop.call_soon_threadsafe(self.stopping.set)
        self.thread.join(STOP_SECONDS)

    def run[T](self, coroutine: Coroutine[Any, Any, T], seconds: float = STOP_SECONDS) -> T:
        """Awaits something on the bot's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(seconds)


@contextmanager
def running_bot(
    discord: LoopbackDiscord,
    store: MemoryStore,
    timers: TimerRepository,
    clock: ManualClock,
    *,
    members_intent: bool = False,
    count_every: float = COUNT_SECONDS,
) -> Iterator[RunningBot]:
    """The bot, logged in and with its commands registered; closed at the end."""
    started: Future[RunningBot] = Future()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        rest, bridge = DiscordRest(lambda: started.result().bot, for_command=True), LoopBridge(lambda: loop)
        names = NameLookup(lambda: started.result().bot, rest)
        roles = DiscordRoleGateway(rest, bridge, names.known_language)
        policies, history, ledger = InMemoryPolicies(store), InMemoryHistory(store), InMemoryLedger(store)
        hearing, guilds = InMemoryHearing(store), DiscordGuilds(rest, bridge)
        log = DiscordAuditLog(rest, bridge)
        tallies, holders = InMemoryRoleTallies(store), DiscordRoleHolders(rest, bridge)
        cases = use_cases(
            timers, roles, roles, policies, history, clock, guilds, hearing, log, tallies, holders, ledger
        )
        bot = build_bot(
            cases,
            clock,
            guild_ready_timeout=0.05,
            registration_wait=0.05,
            members_intent=members_intent,
            quiet=0.05,
            count_every=count_every,
        )
        make_patient(bot)
        stopping = asyncio.Event()
        started.set_result(RunningBot(bot, loop, stopping, threading.current_thread()))
        await log_in(bot, discord.token)
        holding = asyncio.create_task(GatewayConnection(bot, Outage(60.0), identify_pace=0.0).hold())
        await asyncio.wait({holding, asyncio.create_task(stopping.wait())}, return_when=asyncio.FIRST_COMPLETED)
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
        await close_client(bot, 1.0)

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="bot")
    thread.start()
    made = started.result(STOP_SECONDS)
    try:
        discord.wait_until(lambda: set(discord.commands("@owner")) >= COMMANDS, PATIENCE, "the registration")
        yield made
    finally:
        made.stop()
    assert not thread.is_alive()


class ShakyTimers(InMemoryTimers):
    """Timers in memory whose database can fail, or keep its callers waiting."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        self.trips = 0
        """Calls that would each be a round trip to a database."""
        self.read_failure: Exception | None = None
        self.write_failure: Exception | None = None
        self.let_go = threading.Event()
        self.let_go.set()
        self.waiting = threading.Event()
        self.looks = 0
        """How often blocked timers were looked at."""
        self.look_failures: list[Exception] = []
        """What the next looks fail with."""
        self.role_failure: Exception | None = None
        """What every ending of a deleted role's timers fails with."""
        self.role_looks = 0
        """How often the timed roles were looked at."""

    def of_member(self, guild: GuildId, user: UserId) -> Sequence[Timer]:
        self._be_held_up()
        return super().of_member(guild, user)

    def basis(self, guild: GuildId, user: UserId) -> Basis:
        self.trips += 1
        self._be_held_up()
        return super().basis(guild, user)

    def bases(self, members: Collection[Member]) -> Mapping[Member, Basis]:
        self.trips += 1
        self._be_held_up()
        with self._store.lock:
            return {member: super(ShakyTimers, self).basis(*member) for member in members}

    def _be_held_up(self) -> None:
        self.waiting.set()
        if not self.let_go.wait(STOP_SECONDS):
            raise StorageUnavailable("held up for too long")
        if self.read_failure is not None:
            raise self.read_failure

    def commit(self, change: Change) -> Timer | None:
        self.trips += 1
        if self.write_failure is not None:
            raise self.write_failure
        return super().commit(change)

    def timed_roles(self, guild: GuildId) -> Collection[RoleId]:
        self.role_looks += 1
        return super().timed_roles(guild)

    def end_of_role(
        self, guild: GuildId, role: RoleId, now: datetime, limit: int, *, named: RoleNamed | None = None
    ) -> int:
        if self.role_failure is not None:
            raise self.role_failure
        return super().end_of_role(guild, role, now, limit, named=named)

    def unblock(self, guild: GuildId, now: datetime, *, except_roles: Collection[RoleId] = ()) -> int:
        self.looks += 1
        if self.look_failures:
            raise self.look_failures.pop(0)
        return super().unblock(guild, now, except_roles=except_roles)


@dataclass
class BotStage:
    """One test's Discord, bot, clock and tables."""

    discord: LoopbackDiscord
    clock: ManualClock
    store: MemoryStore
    timers: ShakyTimers
    running: RunningBot

    @property
    def policy(self) -> Policy:
        """What the guild decided."""
        return InMemoryPolicies(self.store).get(GuildId(self.discord.look(lambda world: world.guild_id)))

    def type(self, line: str, by: str = "@mod") -> Answer:
        """Lets a member type a command, and waits for the answer."""
        return self.discord.command(by, line)

    def insist(self, line: str, by: str = "@mod") -> Answer:
        """As `type`; and where the bot asks first, confirms it. What came of that, where everybody sees it."""
        answer = self.type(line, by)
        dangerous = [button for button in answer.buttons if button.style == DANGER]
        if not dangerous:
            return answer
        pressed = self.discord.press(by, dangerous[0].label, on=answer)

        def public() -> Answer | None:
            now = self.discord.answer_now(pressed)
            return None if now.hidden else now

        found = self.discord.wait_until(public, STOP_SECONDS, "an answer for everybody")
        assert found is not None
        return found

    def suggestions(self, line: str, by: str = "@mod") -> dict[str, str]:
        """What is suggested for the last option of a half-typed command: what is shown, and what would be sent."""
        return {choice.name: str(choice.value) for choice in self.discord.autocomplete(by, line)}

    def key(self, member: str, role: str) -> TimerKey:
        """The key of a timer, by the names in the guild."""
        guild = self.discord.look(lambda world: world.guild_id)
        return TimerKey(GuildId(guild), UserId(self.discord.id_of(member)), RoleId(self.discord.id_of(role)))

    def timer(self, member: str, role: str) -> Timer | None:
        """The stored timer."""
        return self.timers.get(self.key(member, role))

    def given(self, member: str, role: str, duration: timedelta) -> Timer:
        """A timer that is there before the test begins, with the role."""
        timer = running(duration, at=self.clock.now(), of=self.key(member, role))
        stored = self.timers.commit(change(None, timer))
        assert stored is not None
        self.discord.change(lambda world: world.give(member, role, by="@owner"))
        return stored

    def take_unheard(self, member: str, role: str) -> None:
        """Takes a role of which the audit log says nothing."""

        def take(world: Changes) -> None:
            world.keep_audit_log("off")
            world.take(member, role, by="@owner")
            world.keep_audit_log("on")

        self.discord.change(take)

    def mention(self, name: str) -> str:
        """How Discord writes a mention of `@member`, `@Role` or `#channel`."""
        mark = "#" if name.startswith("#") else "@&" if name.removeprefix("@")[0].isupper() else "@"
        return f"<{mark}{self.discord.id_of(name)}>"


@contextmanager
def stage(
    seed: Callable[[World], object] = lambda _: None,
    *,
    members_intent: bool = False,
    count_every: float = COUNT_SECONDS,
) -> Iterator[BotStage]:
    """Everything, started; and stopped in the end. `seed` adds to the world before the bot sees it.

    With `members_intent` Discord tells the bot of members.
    """
    clock, store = ManualClock(NOW), MemoryStore()
    timers = ShakyTimers(store)
    base = nextcord.http.Route.BASE
    with LoopbackDiscord(clock.now) as discord:
        nextcord.http.Route.BASE = discord.url
        discord.look(seed)
        try:
            with running_bot(
                discord, store, timers, clock, members_intent=members_intent, count_every=count_every
            ) as bot:
                yield BotStage(discord, clock, store, timers, bot)
        finally:
            timers.let_go.set()
            nextcord.http.Route.BASE = base

"""The adapters on a client with a gateway connection, as `boostmon run` has one."""

import asyncio
import threading
from collections.abc import Iterator

import nextcord
import pytest

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.client import log_in
from boostmon.adapters.discord.connection import Connection
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.http import make_patient
from boostmon.adapters.discord.names import NameLookup
from boostmon.adapters.discord.notifier import DiscordNotifier
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.memory.clock import ManualClock
from boostmon.app.ports import Delivered
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.outcomes import Done, Retry
from boostmon.domain.ways import ToMember
from boostmon.sandbox.server import LoopbackDiscord
from boostmon.texts.notices import Names
from tests.contracts.notifier import BEFORE_NOON, message, warning
from tests.support.timers import BY_MODERATOR, TIME_UP
from tests.support.words import english


class ConnectedBot:
    """A client that lives on a thread, from login to close."""

    def __init__(self, token: str) -> None:
        self.connection = Connection()
        self._token = token
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name="connected-bot")

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60)

    def stop(self) -> None:
        loop, stop = self.connection.loop(), self._stop
        if loop is not None and stop is not None and self._thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        self._thread.join()

    async def _live(self) -> None:
        loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        client = nextcord.Client(intents=nextcord.Intents(guilds=True), guild_ready_timeout=0.1)
        make_patient(client)
        self.connection.attach(lambda: client, lambda: loop)
        await log_in(client, self._token)
        gateway = asyncio.create_task(client.connect())
        await client.wait_until_ready()
        self._ready.set()
        await self._stop.wait()
        await client.close()
        await gateway


@pytest.fixture
def bot(discord: LoopbackDiscord) -> Iterator[ConnectedBot]:
    bot = ConnectedBot(discord.token)
    bot.start()
    yield bot
    bot.stop()


@pytest.fixture
def key(discord: LoopbackDiscord) -> TimerKey:
    guild, user, role = discord.look(lambda w: (w.guild_id, w.user("alice").id, w.role("@VIP").id))
    return TimerKey(GuildId(guild), UserId(user), RoleId(role))


def test_roles_and_notices(bot: ConnectedBot, discord: LoopbackDiscord, key: TimerKey) -> None:
    rest, bridge = DiscordRest(bot.connection.client), LoopBridge(bot.connection.loop)
    roles = DiscordRoleGateway(rest, bridge, english)
    assert roles.grant(key, BY_MODERATOR) == Done()
    assert discord.member_roles("@alice") >= {"@VIP"}
    assert list(roles.remove([key], TIME_UP)) == [Done()]
    names = NameLookup(bot.connection.client, rest)
    notifier = DiscordNotifier(rest, bridge, DirectMessages(rest), names, ManualClock(BEFORE_NOON))
    assert list(notifier.deliver([message(ToMember(), warning(key))])) == [Delivered(ToMember())]
    assert "**VIP** in **Boost Town**" in discord.dms("@alice")[0].text
    # The names come from the client's cache.
    assert [one.path for one in discord.requests if one.method == "GET" and one.path.startswith("/guilds/")] == []


def test_names_of_a_role_that_is_gone(bot: ConnectedBot, key: TimerKey) -> None:
    lookup = NameLookup(bot.connection.client, DiscordRest(bot.connection.client))
    gone = TimerKey(key.guild, key.user, RoleId(1))
    names = LoopBridge(bot.connection.loop).call(lambda: lookup.names(gone), 30)
    assert names == Names(role=None, guild="Boost Town")


def test_after_the_end_nothing_hangs(bot: ConnectedBot, key: TimerKey) -> None:
    roles = DiscordRoleGateway(DiscordRest(bot.connection.client), LoopBridge(bot.connection.loop), english)
    bot.stop()
    assert isinstance(roles.grant(key, BY_MODERATOR), Retry)


def test_connection_before_anybody_logged_in(key: TimerKey) -> None:
    connection = Connection()
    assert connection.client() is None
    rest = DiscordRest(connection.client)
    assert isinstance(DiscordRoleGateway(rest, LoopBridge(connection.loop), english).grant(key, BY_MODERATOR), Retry)
    names = asyncio.run(NameLookup(connection.client, rest).names(key))
    assert names == Names(role=None, guild=None)


def test_client_that_was_not_made_patient_is_a_mistake(discord: LoopbackDiscord, key: TimerKey) -> None:
    async def grant() -> None:
        client = nextcord.Client(intents=nextcord.Intents(guilds=True))
        await log_in(client, discord.token)
        try:
            await DiscordRest(lambda: client).give_role(key, "a reason")
        finally:
            await client.close()

    with pytest.raises(TypeError, match="make_patient"):
        asyncio.run(grant())

"""What the bot makes of Discord's events about roles and guilds; the use case behind it is played here."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from types import SimpleNamespace
from typing import Any

from boostmon.app.errors import DiscordUnreachable, StorageUnavailable
from boostmon.domain.ids import GuildId, RoleId
from boostmon.entrypoints.bot.events.deleted_roles import DeletedRolesWatch

GUILD = 1
ONE, TWO = SimpleNamespace(id=11, name="One"), SimpleNamespace(id=12, name="Two")


class Client:
    """The few things of a client that the watch uses."""

    def __init__(self) -> None:
        self.guild: Any = SimpleNamespace(id=GUILD, unavailable=False, roles=[ONE, TWO])
        self.heard: dict[str, Callable[[Any], Coroutine[Any, Any, None]]] = {}

    def add_listener(self, listener: Callable[[Any], Coroutine[Any, Any, None]], event: str) -> None:
        self.heard[event] = listener

    def get_guild(self, guild_id: int) -> Any:
        return self.guild if guild_id == GUILD else None

    async def deletes(self, role: Any) -> None:
        self.guild.roles.remove(role)
        await self.heard["on_guild_role_delete"](SimpleNamespace(id=role.id, name=role.name, guild=self.guild))


class Ended:
    """Notes what it was asked; `meanwhile` happens during the next call, and `failures` are its next ends."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.asked: list[object] = []
        self.failures: list[Exception] = []
        self.meanwhile: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._loop = loop

    def deleted(self, guild: GuildId, role: RoleId, name: str | None = None) -> int:
        return self._play((guild, role, name))

    def catch_up(self, guild: GuildId, known: Collection[RoleId]) -> int:
        return self._play((guild, sorted(known)))

    def _play(self, asked: object) -> int:
        self.asked.append(asked)
        if self.meanwhile:
            asyncio.run_coroutine_threadsafe(self.meanwhile.pop(0)(), self._loop).result(10)
        if self.failures:
            raise self.failures.pop(0)
        return 1


def play(test: Callable[[Client, Ended, DeletedRolesWatch], Coroutine[Any, Any, None]]) -> None:
    async def on_loop() -> None:
        client: Any = Client()
        ended: Any = Ended(asyncio.get_running_loop())
        await test(client, ended, DeletedRolesWatch(client, ended, quiet=0.0))

    asyncio.run(on_loop())


async def settled() -> None:
    """Waits until the watch has nothing left to do."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


def test_deleted_roles_and_a_guild_that_came_are_dealt_with_once() -> None:
    async def test(client: Client, ended: Ended, _: DeletedRolesWatch) -> None:
        await client.heard["on_guild_available"](client.guild)
        await client.deletes(ONE)
        await settled()
        assert ended.asked == [(GUILD, 11, "One"), (GUILD, [12])]

        await client.heard["on_guild_join"](client.guild)
        await settled()
        assert ended.asked[2:] == [(GUILD, [12])]

    play(test)


def test_what_fails_is_done_again_and_nothing_else() -> None:
    async def test(client: Client, ended: Ended, _: DeletedRolesWatch) -> None:
        await client.deletes(ONE)
        await client.deletes(TWO)
        await client.heard["on_guild_available"](client.guild)
        one, two, came = (GUILD, 11, "One"), (GUILD, 12, "Two"), (GUILD, list[int]())
        ended.failures = [StorageUnavailable("away"), StorageUnavailable("away")]
        await settled()
        assert ended.asked == [one, one, one, two, came]

        ended.asked.clear()
        ended.failures = [DiscordUnreachable("away")]
        await client.heard["on_guild_available"](client.guild)
        await settled()
        assert ended.asked == [came, came]

    play(test)


def test_what_happens_meanwhile_is_not_lost() -> None:
    async def test(client: Client, ended: Ended, _: DeletedRolesWatch) -> None:
        async def more() -> None:
            await client.deletes(TWO)
            await client.heard["on_guild_available"](client.guild)

        ended.meanwhile = [more]
        await client.deletes(ONE)
        await settled()
        assert ended.asked == [(GUILD, 11, "One"), (GUILD, []), (GUILD, 12, "Two")]

    play(test)


def test_a_guild_that_comes_again_while_it_is_looked_at_is_looked_at_again() -> None:
    async def test(client: Client, ended: Ended, _: DeletedRolesWatch) -> None:
        async def come_again() -> None:
            await client.heard["on_guild_available"](client.guild)

        ended.meanwhile = [come_again]
        await client.heard["on_guild_available"](client.guild)
        await settled()
        assert ended.asked == [(GUILD, [11, 12]), (GUILD, [11, 12])]

    play(test)


def test_a_guild_that_is_unavailable_or_gone_says_nothing_of_its_roles() -> None:
    async def test(client: Client, ended: Ended, _: DeletedRolesWatch) -> None:
        client.guild.unavailable = True
        await client.heard["on_guild_available"](client.guild)
        await client.heard["on_guild_available"](SimpleNamespace(id=2))
        await settled()
        assert ended.asked == []

    play(test)


def test_at_the_end_nothing_more_is_done() -> None:
    async def test(client: Client, ended: Ended, watch: DeletedRolesWatch) -> None:
        await client.deletes(ONE)
        watch.close()
        await settled()
        assert ended.asked == []

    play(test)

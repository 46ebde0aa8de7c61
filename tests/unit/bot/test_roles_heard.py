"""What the bot makes of the audit log's events; what is behind it is played here."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.app.errors import StorageUnavailable
from boostmon.app.hearing.watching import WatchedRoles
from boostmon.app.ports import Watched
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.role_events import RoleEvent
from boostmon.entrypoints.bot.events.roles import RoleWatch

EVENT = "GUILD_AUDIT_LOG_ENTRY_CREATE"
VIP, OTHER = 7, 8


class Client:
    """The few things of a client that the watch uses."""

    def __init__(self) -> None:
        self.user = SimpleNamespace(id=99)
        self.heard: dict[str, Callable[[Any], Coroutine[Any, Any, None]]] = {}
        self._connection = SimpleNamespace(parsers={EVENT: lambda _payload: None})

    def add_listener(self, listener: Callable[[Any], Coroutine[Any, Any, None]], event: str) -> None:
        self.heard[event] = listener

    def takes(self, member: int, role: int = VIP) -> None:
        changes = [{"key": "$remove", "new_value": [{"id": str(role), "name": "VIP"}]}]
        entry = {"id": str(member), "guild_id": "1", "action_type": 25, "user_id": "5", "target_id": str(member)}
        self._connection.parsers[EVENT](entry | {"changes": changes})


class Behind:
    """Which roles have timers, and who follows: `failures` are the next ends of looks and of acts."""

    def __init__(self) -> None:
        self.timed = {VIP}
        self.looks = 0
        self.look_failures: list[Exception] = []
        self.followed: list[list[int]] = []
        self.failures: list[Exception] = []

    def watched(self) -> Watched:
        self.looks += 1
        if self.look_failures:
            raise self.look_failures.pop(0)
        return Watched({GuildId(1): [RoleId(role) for role in self.timed]})

    def __call__(self, events: Sequence[RoleEvent]) -> None:
        self.followed.append([event.key.user for event in events])
        if self.failures:
            raise self.failures.pop(0)


def play(test: Callable[[Client, Behind, RoleWatch], Coroutine[Any, Any, None]]) -> None:
    async def on_loop() -> None:
        client: Any = Client()
        behind: Any = Behind()
        watch = RoleWatch(client, behind, WatchedRoles(behind), ManualClock(), quiet=0.0)
        try:
            await test(client, behind, watch)
        finally:
            watch.close()

    asyncio.run(on_loop())


async def settled() -> None:
    """Waits until the watch has nothing left to do."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


def test_roles_with_timers_are_followed_and_no_others() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        await client.heard["on_guild_available"](None)
        await settled()

        for member in range(1, 6):
            client.takes(member)
            client.takes(member, OTHER)
        await settled()

        assert behind.followed == [[1, 2, 3, 4, 5]]
        assert behind.looks == 1

    play(test)


def test_what_is_heard_before_the_first_look_waits_for_it() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        client.takes(1, OTHER)
        client.takes(2)
        await client.heard["on_guild_join"](None)
        await settled()
        assert behind.followed == [[2]]

    play(test)


def test_an_event_that_came_before_its_role_was_known_to_have_timers_is_not_lost() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        await client.heard["on_guild_available"](None)
        await settled()
        client.takes(1, OTHER)
        await settled()
        assert behind.followed == []

        behind.timed.add(OTHER)  # by another process
        await client.heard["on_guild_available"](None)
        await settled()
        assert behind.followed == [[1]]

    play(test)


def test_many_come_by_fifty() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        for member in range(1_000, 1_120):
            client.takes(member)
        await settled()
        assert list(map(len, behind.followed)) == [50, 50, 20]
        assert [one for part in behind.followed for one in part] == list(range(1_000, 1_120))

    play(test)


def test_what_fails_is_done_again_and_nothing_is_lost() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        behind.look_failures = [StorageUnavailable("away")]
        behind.failures = [StorageUnavailable("away")]
        client.takes(1)
        await client.heard["on_guild_available"](None)
        await settled()
        assert behind.followed == [[1], [1]]
        assert behind.looks == 2

    play(test)


def test_a_fault_of_our_own_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        behind.failures = [RuntimeError()]
        client.takes(1)
        await settled()
        client.takes(2)
        await settled()
        assert behind.followed == [[1], [2]]

    play(test)
    assert "following roles failed" in caplog.text


def test_at_the_end_nothing_more_is_done() -> None:
    async def test(client: Client, behind: Behind, watch: RoleWatch) -> None:
        client.takes(1)
        watch.close()
        await settled()
        assert behind.followed == []

    play(test)

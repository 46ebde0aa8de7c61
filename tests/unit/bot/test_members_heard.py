"""When what is heard of members is acted on; what is behind it is played here."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.app.errors import StorageUnavailable
from boostmon.app.hearing.watching import WatchedRoles
from boostmon.app.ports import Watched
from boostmon.domain.ids import GuildId, RoleId, UserId
from boostmon.domain.member_events import MemberEvent, MemberLeft
from boostmon.entrypoints.bot.events.members import MemberWatch
from tests.support.timers import NOW


class Behind:
    """Who follows: `failures` are the next ends of that, `again` whose events are to be repeated once."""

    def __init__(self) -> None:
        self.followed: list[list[int]] = []
        self.failures: list[Exception] = []
        self.again = set[int]()

    def __call__(self, events: Sequence[MemberEvent]) -> Sequence[MemberEvent]:
        self.followed.append([event.user for event in events])
        if self.failures:
            raise self.failures.pop(0)
        again, self.again = self.again, set()
        return [event for event in events if event.user in again]


class Client:
    def __init__(self) -> None:
        self.user = SimpleNamespace(id=99)
        parsers = {f"GUILD_MEMBER_{event}": lambda _: None for event in ("ADD", "REMOVE", "UPDATE")}
        self._connection = SimpleNamespace(parsers=parsers)

    def loses(self, user: int, guild: int = 1) -> None:
        self._connection.parsers["GUILD_MEMBER_REMOVE"]({"guild_id": str(guild), "user": {"id": str(user)}})


type Test = Callable[[Client, Behind, MemberWatch, WatchedRoles], Coroutine[Any, Any, None]]


def play(test: Test) -> None:
    """Guild 1 has a timer, guild 2 has none."""

    async def on_loop() -> None:
        client: Any = Client()
        behind = Behind()
        looks = SimpleNamespace(watched=lambda: Watched({GuildId(1): [RoleId(7)]}))
        watched = WatchedRoles(cast("Any", looks))
        watch = MemberWatch(client, behind, watched, ManualClock(), quiet=0.0)
        try:
            await test(client, behind, watch, watched)
        finally:
            watch.close()

    asyncio.run(on_loop())


async def settled() -> None:
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


def test_members_of_guilds_with_timers_are_looked_up_together_and_no_others() -> None:
    async def test(client: Client, behind: Behind, watch: MemberWatch, watched: WatchedRoles) -> None:
        watched.refresh()
        for user in range(1, 4):
            client.loses(user)
            client.loses(user, guild=2)
        watch.hear(MemberLeft(GuildId(1), UserId(4), NOW))
        await settled()
        assert behind.followed == [[1, 2, 3, 4]]

    play(test)


def test_before_it_is_known_where_there_are_timers_everybody_is_looked_up() -> None:
    async def test(client: Client, behind: Behind, _: MemberWatch, _watched: WatchedRoles) -> None:
        client.loses(1, guild=2)
        await settled()
        assert behind.followed == [[1]]

    play(test)


def test_many_come_by_two_hundred() -> None:
    async def test(client: Client, behind: Behind, _: MemberWatch, _watched: WatchedRoles) -> None:
        for user in range(1_000, 1_450):
            client.loses(user)
        await settled()
        assert list(map(len, behind.followed)) == [200, 200, 50]

    play(test)


def test_an_outage_loses_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async def test(client: Client, behind: Behind, _: MemberWatch, _watched: WatchedRoles) -> None:
        behind.failures.append(StorageUnavailable("away"))
        client.loses(1)
        await settled()
        assert behind.followed == [[1], [1]]
        assert "following members failed" in caplog.text

    play(test)


def test_a_fault_of_our_own_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    async def test(client: Client, behind: Behind, _: MemberWatch, _watched: WatchedRoles) -> None:
        behind.failures.append(ValueError("ours"))
        client.loses(1)
        await settled()
        client.loses(2)
        await settled()
        assert behind.followed == [[1], [2]]
        assert "ours" in caplog.text

    play(test)


def test_what_discord_did_not_do_is_repeated() -> None:
    async def test(client: Client, behind: Behind, _: MemberWatch, _watched: WatchedRoles) -> None:
        behind.again = {2}
        for user in (1, 2, 3):
            client.loses(user)
        await settled()
        assert behind.followed == [[1, 2, 3], [2]]

    play(test)


def test_a_closed_watch_does_nothing_more() -> None:
    async def test(client: Client, behind: Behind, watch: MemberWatch, _watched: WatchedRoles) -> None:
        client.loses(1)
        watch.close()
        await settled()
        assert behind.followed == []

    play(test)

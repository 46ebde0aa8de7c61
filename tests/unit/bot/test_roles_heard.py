"""What the bot makes of the audit log's events; what is behind it is played here."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.app.errors import AuditLogHidden, DiscordUnreachable, StorageUnavailable
from boostmon.app.hearing.catching_up import Reached
from boostmon.app.hearing.watching import WatchedRoles
from boostmon.app.ports import Watched
from boostmon.domain.ids import GuildId, RequestId, RoleId, UserId
from boostmon.domain.role_events import AuditEntry, RoleEvent, RoleTaken
from boostmon.entrypoints.bot.events.backlog import Backlog
from boostmon.entrypoints.bot.events.roles import RoleWatch
from tests.support.timers import key

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

    def get_guild(self, guild_id: int) -> object:
        return object() if guild_id in {1, 2} else None

    async def comes(self, guild: int = 1) -> None:
        await self.heard["on_guild_available"](SimpleNamespace(id=guild))

    def takes(self, member: int, role: int = VIP, guild: int = 1) -> None:
        """The entry has the member's id, so that it is easily named."""
        changes = [{"key": "$remove", "new_value": [{"id": str(role), "name": "VIP"}]}]
        entry = {"id": str(member), "guild_id": str(guild), "action_type": 25, "user_id": "5", "target_id": str(member)}
        self._connection.parsers[EVENT](entry | {"changes": changes})


class Behind:
    """Which roles have timers, who follows, and who catches up: `failures` are the next ends of each."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.watched, self.hearing, self.follow = WatchedRoles(cast("Any", Looks(self))), Cursors(), self._follow
        self.timed = {VIP}
        self.read: list[tuple[int, bool]] = []
        """Whose logs were read, and whether afresh."""
        self.read_since = self.read_until = 0
        self.read_failures: list[Exception] = []
        self.meanwhile: list[Callable[[], object]] = []
        """What happens, on the loop, during the next reading."""
        self.looks = 0
        self.look_failures: list[Exception] = []
        self.followed: list[list[int]] = []
        self.failures: list[Exception] = []
        self.again = set[int]()
        """Whose events the next act leaves to be repeated."""

    def _follow(self, events: Sequence[RoleEvent]) -> Sequence[RoleEvent]:
        self.followed.append([event.key.user for event in events])
        if self.failures:
            raise self.failures.pop(0)
        again, self.again = self.again, set()
        return [event for event in events if event.key.user in again]

    def __call__(self, guild: GuildId, *, afresh: bool = False) -> Reached:
        self.read.append((guild, afresh))
        if self.meanwhile:
            act = self.meanwhile.pop(0)

            async def on_loop() -> None:
                act()
                for _ in range(10):
                    await asyncio.sleep(0)  # so that whoever would be woken by it is

            asyncio.run_coroutine_threadsafe(on_loop(), self.loop).result(10)
        if self.read_failures:
            raise self.read_failures.pop(0)
        return Reached(RequestId(self.read_since), RequestId(self.read_until))


class Looks:
    """Which roles have timers, by the repository."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind

    def watched(self) -> Watched:
        self._behind.looks += 1
        if self._behind.look_failures:
            raise self._behind.look_failures.pop(0)
        return Watched({GuildId(1): [RoleId(role) for role in self._behind.timed]})


class Cursors:
    """What is stored of how far the logs were dealt with."""

    def __init__(self) -> None:
        self.kept: list[Mapping[GuildId, RequestId]] = []
        self.failures: list[Exception] = []

    def heard(self, until: Mapping[GuildId, RequestId]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.kept.append(until)


def play(test: Callable[[Client, Behind, RoleWatch], Coroutine[Any, Any, None]]) -> None:
    async def on_loop() -> None:
        client: Any = Client()
        behind: Any = Behind()
        watch = RoleWatch(client, behind, ManualClock(), quiet=0.0, keep=0.0)
        try:
            await test(client, behind, watch)
        finally:
            watch.close()

    asyncio.run(on_loop())


async def settled() -> None:
    """Waits until the watch has nothing left to do."""
    for _ in range(3):  # an alarm may be due that starts another task
        await asyncio.sleep(0.001)
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)


def test_roles_with_timers_are_followed_and_no_others() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        await client.comes()
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
        await client.heard["on_guild_join"](SimpleNamespace(id=1))
        await settled()
        assert behind.followed == [[2]]

    play(test)


def test_an_event_that_came_before_its_role_was_known_to_have_timers_is_not_lost() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        await client.comes()
        await settled()
        client.takes(1, OTHER)
        await settled()
        assert behind.followed == []

        behind.timed.add(OTHER)  # by another process
        await client.comes()
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
        await client.comes()
        await settled()
        assert behind.followed == [[1], [1]]
        assert behind.looks == 2

    play(test)


def test_what_discord_did_not_do_is_asked_of_it_again() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        behind.again = {2}
        for member in (1, 2, 3):
            client.takes(member)
        await settled()
        assert behind.followed == [[1, 2, 3], [2]]

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


def test_a_guild_that_came_is_caught_up_with_once_and_what_is_heard_meanwhile_waits() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        behind.read_until = 50
        behind.meanwhile = [lambda: list(map(client.takes, (49, 50, 51)))]
        await client.comes()
        await settled()
        assert behind.read == [(1, False)]
        # What was read in the log up to there is not dealt with again; what came later is, afterwards.
        assert behind.followed == [[51]]
        assert behind.hearing.kept == [{1: 51}]

        client.takes(60, OTHER)
        await settled()
        assert behind.hearing.kept == [{1: 51}, {1: 60}]
        behind.read_since = 50
        await client.comes()
        await settled()
        assert behind.read == [(1, False)] * 2

    play(test)


def test_how_far_a_log_was_dealt_with_never_passes_what_was_not() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        await client.comes()
        await settled()
        behind.failures = [StorageUnavailable("away")]
        for member in (70, 71):
            client.takes(member)
        client.takes(72, OTHER)
        await settled()
        assert behind.hearing.kept[-1] == {1: 72}
        assert {1: 71} not in behind.hearing.kept

        cursors = Backlog(cast("Any", behind), lambda *_: None, quiet=0.0)
        cursors._followed.add(GuildId(1))
        for number in (70, 71):
            cursors.heard(AuditEntry(GuildId(1), RequestId(number)))
        waiting = RoleTaken(key(70, VIP), UserId(5), RequestId(70), ManualClock().now())
        assert cursors.cursors([waiting]) == {1: 69}
        assert cursors.cursors([]) == {1: 71}
        cursors.kept({GuildId(1): RequestId(71)})
        assert cursors.cursors([]) == {}

    play(test)


def test_a_log_that_cannot_be_read_now_is_read_later_and_nothing_waits_for_it() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        behind.read_failures = [DiscordUnreachable("away")] * 2
        await client.comes()
        client.takes(1)
        await settled()
        assert behind.read == [(1, False)] * 3
        assert [1] in behind.followed

    play(test)


def test_a_log_that_is_hidden_is_read_once_it_is_heard_of() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        behind.read_failures = [AuditLogHidden()]
        await client.comes()
        await settled()
        assert behind.read == [(1, False)]
        assert behind.hearing.kept == []

        client.takes(5)
        await settled()
        assert behind.followed == [[5]]
        assert behind.read == [(1, False)] * 2

    play(test)


def test_a_fault_of_our_own_in_one_log_does_not_keep_the_others_unread(caplog: pytest.LogCaptureFixture) -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        behind.watched.add(GuildId(2), RoleId(VIP))
        behind.read_failures = [RuntimeError()]
        await client.comes()
        behind.meanwhile = [lambda: behind.watched.add(GuildId(2), RoleId(VIP))]
        await client.comes(2)
        await settled()
        assert sorted(behind.read) == [(1, False), (2, False)]

    play(test)
    assert "catching up with an audit log failed" in caplog.text


def test_the_log_of_a_guild_without_such_roles_is_not_read_until_it_has_one() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        await client.comes(2)
        client.takes(5, guild=2)
        await settled()
        assert behind.read == []

        # A command stores the first timer there, in a thread of its own.
        await asyncio.to_thread(behind.watched.add, GuildId(2), RoleId(VIP))
        await settled()
        assert behind.read == [(2, True)]

    play(test)


def test_an_event_that_waits_lets_its_guild_be_the_next() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        for guild in (2, 1):
            behind.watched.add(GuildId(guild), RoleId(VIP))
            await client.comes(guild)
        behind.meanwhile = [lambda: behind.watched.add(GuildId(2), RoleId(VIP))]
        client.takes(5)
        await settled()
        assert next(guild for guild, _ in behind.read) == 1

    play(test)


def test_where_a_log_is_begun_afresh_what_is_heard_meanwhile_is_dealt_with() -> None:
    async def test(client: Client, behind: Behind, _: RoleWatch) -> None:
        await client.comes(2)
        await settled()
        behind.read_since = behind.read_until = 51
        behind.meanwhile = [lambda: client.takes(51, guild=2)]
        await asyncio.to_thread(behind.watched.add, GuildId(2), RoleId(VIP))
        await settled()
        assert behind.read == [(2, True)]
        assert behind.followed == [[51]]

    play(test)

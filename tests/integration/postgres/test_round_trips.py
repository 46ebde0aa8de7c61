"""How many round trips to the database a command and a batch cost. One table; a smaller number is an improvement."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from psycopg.rows import TupleRow
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.notifier import InMemoryNotifier
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.sessions import Connection
from boostmon.app.changing.changes import Changed, Target
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.ports import Asked
from boostmon.app.sweeping.sweep import Sweep
from boostmon.domain.ids import RequestId, TimerKey
from boostmon.domain.rules import RoleRule
from tests.integration.bot.stage import use_cases
from tests.support.postgres import cloned_database
from tests.support.postgres_world import PostgresWorld
from tests.support.stage import VIEW
from tests.support.timers import (
    ALICE,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    asked,
    change,
    key,
    running,
    waiting,
)

COMMANDS: Mapping[str, int] = {
    "/timeleft": 2,  # the member's timers; who set them
    "/settime, a new timer": 3,  # the member's timers and the guild's policy, the change; that Discord gave the role
    "/settime, again": 3,
    "/addtime": 2,  # the member's timers and the guild's policy, the change
    "/removetime": 2,
    # What was changed, the member's timers, whether they were changed since, the change.
    "undo": 4,
    "/pausetime": 2,
    "/resumetime": 2,
    "/mypause": 3,  # the member's timers and the guild's policy, their entries in the ledger, the change
    "/myresume": 3,
    "/cleartime": 3,  # the member's timers, the change; that Discord took the role
    # The timers of both members, BEGIN, both changes, COMMIT; that Discord gave one role, that it took the other.
    "/movetime": 7,
    "undo of /movetime": 9,  # and twice what was changed
    "suggestions": 1,
    "/timersettings show": 1,
    # BEGIN, a row where there is none, what it says, the history, the change, its timers, their wake-up, COMMIT
    "/timersettings thresholds": 8,
}
BATCHES: Mapping[str, int] = {
    "a sweep where nothing is due": 1,
    # What is due next. Batches of 100, 200 and the rest, or of 100 twice, where the first was not done in time: the
    # claim, policies, the settlement. Then other looks: one when nothing is under way any more, and one for each
    # settlement that still is, of which there are three or four.
    "a sweep of 50 warnings": 5,
    "a sweep of 500 warnings": 18,
    # As above, and for each chunk, which is fifty at first, one more: whether they are still held, just before their
    # roles are taken. Chunks grow, but some of the second batch and the third may be cut before the first is done.
    "a sweep of 50 endings": 6,
    "a sweep of 500 endings": 32,
    # The claim, policies, and for each chunk of 25 the mark and the settlement.
    "a sweep of 25 beginnings": 6,
    "an outbox where nothing is due": 1,
    # What is due next, the claim, policies, the message as it is written down, what came of it; what is due next.
    "ten notices": 6,
}


class Counted(Database):
    """A database that counts what is sent to it: each statement waits for its answer once."""

    trips = 0

    def run[T](self, work: Callable[[Connection], T], *, idempotent: bool, patience: timedelta | None = None) -> T:
        def counted(connection: Connection) -> T:
            before = connection.cursor_factory
            begin = connection.transaction
            connection.cursor_factory = self._counting(before)

            def transaction(*args: Any, **kwargs: Any) -> AbstractContextManager[Any]:
                self.trips += 2  # BEGIN and COMMIT
                return begin(*args, **kwargs)

            connection.transaction = transaction  # type: ignore[assignment] # there is no hook for it
            try:
                return work(connection)
            finally:
                connection.cursor_factory = before
                del connection.transaction

        return super().run(counted, idempotent=idempotent, patience=patience)

    def _counting(self, parent: type[psycopg.Cursor[TupleRow]]) -> type[psycopg.Cursor[TupleRow]]:
        database = self

        class CountingCursor(parent):  # type: ignore[misc,valid-type] # made of what the database was given
            def execute(self, *args: Any, **options: Any) -> Any:
                database.trips += 1
                return super().execute(*args, **options)

            def executemany(self, *_args: Any, **_options: Any) -> None:
                raise AssertionError("executemany takes as many round trips as it likes")

        return CountingCursor


@pytest.fixture(scope="module")
def database(migrated_template: NoopExecutor) -> Iterator[Counted]:
    with cloned_database(migrated_template, "round_trips") as url:
        counted = Counted(url)
        counted.open()
        yield counted
        counted.close()


@pytest.fixture
def world(database: Counted) -> PostgresWorld:
    empty = PostgresWorld(database)
    empty.empty()
    return empty


@pytest.fixture
def trips(database: Counted) -> Callable[[Callable[[], object]], int]:
    def of(deed: Callable[[], object]) -> int:
        before = database.trips
        deed()
        return database.trips - before

    return of


def commands(world: PostgresWorld) -> dict[str, Callable[[], object]]:
    """In an order in which each finds what it needs."""
    roles = InMemoryRoleGateway()
    cases = use_cases(world.timers, roles, roles, world.policies, world.history, ManualClock(NOW), ledger=world.reader)
    target, requests = Target(GUILD, ALICE, KEY.role), count(1)

    shown: list[Changed] = []

    def ask() -> Asked:
        return asked(request=next(requests))

    def members() -> Asked:
        return replace(ask(), by=ALICE)

    def clear() -> None:
        after = shown[-1].after
        assert after is not None
        cases.clear_time(target, asked=ask(), view=VIEW, confirmed=after.version)

    return {
        "/settime, a new timer": lambda: cases.set_time(KEY, DAY, asked=ask(), view=VIEW),
        "/settime, again": lambda: cases.set_time(KEY, DAY, asked=ask(), view=VIEW),
        "/addtime": lambda: cases.add_time(target, HOUR, asked=ask(), view=VIEW),
        "/removetime": lambda: cases.remove_time(target, HOUR, asked=asked(request=77), view=VIEW),
        "undo": lambda: cases.undo(RequestId(77), asked=ask(), view=VIEW),
        "/movetime": lambda: cases.move_time(target, MODERATOR, asked=asked(request=88), view=VIEW),
        "undo of /movetime": lambda: cases.undo(RequestId(88), asked=ask(), view=VIEW),
        "/mypause": lambda: cases.self_pause(GUILD, asked=members()),
        "/myresume": lambda: cases.self_resume(GUILD, asked=members()),
        "/pausetime": lambda: cases.pause_time(target, asked=ask(), view=VIEW),
        "/timersettings thresholds": lambda: cases.change_policy.thresholds(GUILD, (HOUR,), asked=ask()),
        "/resumetime": lambda: shown.append(cases.resume_time(target, asked=ask(), view=VIEW)),
        "/timeleft": lambda: cases.time_left(GUILD, ALICE, by=MODERATOR, view=VIEW),
        "suggestions": lambda: cases.known_timers(ALICE, by=MODERATOR, view=VIEW),
        "/timersettings show": lambda: cases.show_policy(GUILD),
        "/cleartime": clear,
    }


def test_each_command(world: PostgresWorld, trips: Callable[[Callable[[], object]], int]) -> None:
    world.policies.change(GUILD, lambda before: replace(before, self_pause_days=30), asked=asked(request=66))
    measured = {name: trips(command) for name, command in commands(world).items()}

    assert measured == dict(COMMANDS)
    assert world.timers.get(KEY) is None


def test_whether_a_member_had_a_timer_is_asked_where_the_rule_gives_each_one(
    world: PostgresWorld, trips: Callable[[Callable[[], object]], int]
) -> None:
    rule = RoleRule(KEY.role, once=True)
    world.policies.change_rule(GUILD, KEY.role, lambda _: rule, asked=asked(request=99))

    measured = trips(commands(world)["/settime, a new timer"])

    assert measured == COMMANDS["/settime, a new timer"] + 1


def store(world: PostgresWorld, number: int, length: timedelta) -> None:
    for user in range(1, number + 1):
        world.timers.commit(change(None, running(length, of=_key(user), channel=CHANNEL)))


def _key(user: int) -> TimerKey:
    return key(user, guild=1 + user % 40)


@pytest.mark.parametrize(
    ("name", "number", "at"),
    [
        ("a sweep where nothing is due", 0, NOW),
        ("a sweep of 50 warnings", 50, NOW + 9 * DAY + 23 * HOUR),
        ("a sweep of 500 warnings", 500, NOW + 9 * DAY + 23 * HOUR),
        ("a sweep of 50 endings", 50, NOW + 10 * DAY),
        ("a sweep of 500 endings", 500, NOW + 10 * DAY),
    ],
)
def test_each_batch_of_a_sweep(
    world: PostgresWorld, trips: Callable[[Callable[[], object]], int], name: str, number: int, at: Any
) -> None:
    store(world, number, 10 * DAY)
    sweep = Sweep(world.timers, InMemoryRoleGateway(), ManualClock(at), world.policies)

    # At most: how often it looks while the last chunks are under way depends on which thread is quicker.
    assert trips(sweep) <= BATCHES[name]
    assert len(world.ledger()) >= number


def test_each_batch_of_beginnings(world: PostgresWorld, trips: Callable[[Callable[[], object]], int]) -> None:
    for user in range(1, 26):
        world.timers.commit(change(None, waiting(HOUR, of=_key(user))))
    sweep = Sweep(world.timers, InMemoryRoleGateway(), ManualClock(NOW + DAY), world.policies)

    assert trips(sweep) <= BATCHES["a sweep of 25 beginnings"]
    assert len(world.ledger()) == 50


@pytest.mark.parametrize(("name", "number"), [("an outbox where nothing is due", 0), ("ten notices", 10)])
def test_each_batch_of_notices(
    world: PostgresWorld, trips: Callable[[Callable[[], object]], int], name: str, number: int
) -> None:
    store(world, number, MINUTE)
    clock = ManualClock(NOW + MINUTE)
    Sweep(world.timers, InMemoryRoleGateway(), clock, world.policies)()
    notifier = InMemoryNotifier()
    deliver = DeliverNotices(world.outbox, notifier, clock, world.policies)

    assert {name: trips(deliver)} == {name: BATCHES[name]}
    assert world.outbox.next_due(clock.now()) is None

"""What stands in the tables for those who read them without BoostMon, and texts that PostgreSQL cannot hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.app.ports import Change, DeliverySettlement, Settlement
from boostmon.domain.details import Detail, Unsorted
from boostmon.domain.ids import RequestId, UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice, WarningNotice
from boostmon.domain.timers import Ending, Obstacle, Paused
from tests.contracts.world import store
from tests.support.postgres_world import PostgresWorld, postgres_world
from tests.support.timers import (
    ALICE,
    CHANNEL,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    SECOND,
    VIP,
    change,
    key,
    running,
)

NOON = "2026-11-07T12:00:00+00:00"


@pytest.fixture(scope="module")
def shared_world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with postgres_world(migrated_template, "stored_rows") as world:
        yield world


@pytest.fixture
def world(shared_world: PostgresWorld) -> PostgresWorld:
    shared_world.empty()
    return shared_world


def snapshots(world: PostgresWorld) -> list[tuple[object, object]]:
    return [
        (before, after) for before, after in world.rows("SELECT before, after FROM boostmon.ledger ORDER BY entry_id")
    ]


def test_the_ledger_tells_who_when_what_and_why(world: PostgresWorld) -> None:
    world.timers.commit(change(None, running(HOUR), request=77))

    assert world.rows(
        "SELECT guild_id, user_id, role_id, at, action, actor_id, reason, request_id FROM boostmon.ledger"
    ) == [(GUILD, ALICE, VIP, NOW, "set", MODERATOR, "because", 77)]


def test_the_ledger_shows_a_running_timer_before_and_after(world: PostgresWorld) -> None:
    before = store(world, running(2 * HOUR, channel=CHANNEL))
    after = world.timers.commit(change(before, replace(before, channel=None)))
    assert after is not None

    seen = {
        "state": "running",
        "ends_at": "2026-11-07T14:00:00+00:00",
        "armed": [3600.0, 600.0, 60.0],
        "attempts": 0,
        "due_at": "2026-11-07T13:00:00+00:00",
        "created_at": NOON,
        "updated_at": NOON,
    }
    first, second = snapshots(world)
    assert first == (None, seen | {"channel_id": CHANNEL, "version": before.version})
    assert second == (
        seen | {"channel_id": CHANNEL, "version": before.version},
        seen | {"version": after.version},
    )


def test_the_ledger_shows_paused_and_ending_timers(world: PostgresWorld) -> None:
    common = {"created_at": NOON, "updated_at": NOON}
    paused = replace(running(HOUR), state=Paused(timedelta(seconds=1, microseconds=5), NOW))
    story = Ending(NOW, NOW + MINUTE, attempts=2, blocked_by=Obstacle.GUILD_GONE, last_error="403")
    before = store(world, paused)
    after = world.timers.commit(change(before, replace(before, state=story)))
    assert after is not None
    world.timers.commit(change(after, None))

    (_, first), (_, second), (third, last) = snapshots(world)

    assert first == common | {
        "state": "paused",
        "remaining": 1.000005,
        "paused_at": NOON,
        "attempts": 0,
        "version": before.version,
    }
    assert second == common | {
        "state": "ending",
        "ended_at": NOON,
        "attempts": 2,
        "blocked_by": "guild_gone",
        "last_error": "403",
        "due_at": "2026-11-07T12:01:00+00:00",
        "version": after.version,
    }
    assert (third, last) == (second, None)


def test_the_ledger_shows_what_a_sweep_made_of_a_timer(world: PostgresWorld) -> None:
    store(world, running(SECOND))
    [claim] = world.timers.claim(NOW + MINUTE, 10, HOUR)
    failed = replace(claim.timer, state=Ending(NOW + SECOND, NOW + HOUR, attempts=1), updated_at=NOW + MINUTE)
    entry = LedgerEntry(KEY, NOW + MINUTE, Action.REMOVAL_FAILED, None, claim.timer, failed)
    assert world.timers.settle([Settlement(claim, failed, entry)]) == []
    left = world.timers.get(KEY)
    assert left is not None

    (_, stored_first), (before, after) = snapshots(world)

    assert before == stored_first
    assert after == {
        "state": "ending",
        "ended_at": "2026-11-07T12:00:01+00:00",
        "attempts": 1,
        "due_at": "2026-11-07T13:00:00+00:00",
        "created_at": NOON,
        "updated_at": "2026-11-07T12:01:00+00:00",
        "version": left.version,
    }


def test_notices_stand_in_the_outbox_as_they_were_owed(world: PostgresWorld) -> None:
    warning = WarningNotice(KEY, CHANNEL, threshold=10 * MINUTE, ends_at=NOW + HOUR)
    # Of two timers: the news of an end would take the warnings of its own timer out.
    for notice in (warning, EndedNotice(key(), None, ended_at=NOW + SECOND)):
        store(world, running(SECOND, of=notice.key))
        [claim] = world.timers.claim(NOW + HOUR, 10, HOUR)
        world.timers.settle([Settlement(claim, replace(claim.timer, state=Paused(HOUR, NOW)), notice=notice)])

    assert world.rows("SELECT kind, channel_id, threshold, at, due_at FROM boostmon.notices ORDER BY kind DESC") == [
        ("warning", CHANNEL, 10 * MINUTE, NOW + HOUR, NOW + 50 * MINUTE),
        ("ended", None, None, NOW + SECOND, NOW + SECOND),
    ]


UNSTORABLE = "a\0b\ud800c"
STORED = "ab?c"


def test_a_reason_that_postgres_cannot_hold_is_kept_as_far_as_it_can(world: PostgresWorld) -> None:
    timer = running(HOUR)
    entry = LedgerEntry(KEY, NOW, Action.SET, MODERATOR, None, timer, UNSTORABLE, RequestId(7))

    world.timers.commit(Change(None, timer, entry))

    assert world.rows("SELECT reason FROM boostmon.ledger") == [(STORED,)]


def test_an_error_that_postgres_cannot_hold_is_kept_as_far_as_it_can(world: PostgresWorld) -> None:
    store(world, running(SECOND))
    [claim] = world.timers.claim(NOW + HOUR, 10, HOUR)
    failed = replace(claim.timer, state=Ending(NOW, NOW, attempts=1, last_error=UNSTORABLE))
    entry = LedgerEntry(KEY, NOW, Action.REMOVAL_FAILED, None, claim.timer, failed, UNSTORABLE)

    assert world.timers.settle([Settlement(claim, failed, entry, EndedNotice(KEY, None, NOW))]) == []
    [posted] = world.outbox.claim(NOW + HOUR, 10, HOUR)
    world.outbox.settle([DeliverySettlement(posted, retry_at=NOW, error=UNSTORABLE)])

    left = world.timers.get(KEY)
    assert left is not None
    assert isinstance(left.state, Ending)
    assert left.state.last_error == STORED
    assert world.rows("SELECT last_error FROM boostmon.notices") == [(STORED,)]
    assert world.rows("SELECT after ->> 'last_error', reason FROM boostmon.ledger WHERE action = 'removal_failed'") == [
        (STORED, STORED)
    ]


@pytest.mark.parametrize(
    ("action", "actor", "read"),
    [
        (Action.ENDED, None, (None, Unsorted("Discord confirmed"))),
        (Action.PUT_BACK, MODERATOR, (None, Unsorted("Discord confirmed"))),
        (Action.SET, MODERATOR, ("Discord confirmed", None)),
    ],
)
def test_a_sentence_of_a_process_of_the_version_before_is_read_as_it_stands(
    world: PostgresWorld, action: Action, actor: UserId | None, read: tuple[str | None, Detail | None]
) -> None:
    """It goes on writing while processes of this version work on its database already."""
    written = LedgerEntry(KEY, NOW, action, actor, None, running(HOUR), "Discord confirmed")
    world.timers.commit(Change(None, running(HOUR), written))

    [found] = world.reader.of_guild(GUILD, limit=1)

    assert (found.entry.reason, found.entry.detail) == read


def test_a_detail_that_a_later_version_wrote_is_read_as_it_stands(world: PostgresWorld) -> None:
    store(world, running(HOUR))
    world.execute('UPDATE boostmon.ledger SET detail = \'{"kind": "a riddle", "for": 7}\'')

    [found] = world.reader.of_guild(GUILD, limit=1)

    assert found.entry.detail == Unsorted('{"for": 7, "kind": "a riddle"}')

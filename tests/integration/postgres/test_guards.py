"""Guards of single statements that nothing else would miss: each of these tests fails where one is taken out."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.floor import FULL_LOOK_SECONDS, Floor
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.app.errors import StorageOutcomeUnknown
from boostmon.app.ports import Claim, Posted, Postmark, Settlement
from boostmon.domain.ids import UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice
from boostmon.domain.ways import ToChannel
from tests.support.postgres import Server, cloned_database, url_of
from tests.support.postgres_world import PostgresWorld, postgres_world
from tests.support.proxy import Proxy, proxied
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, SECOND, change, key, running

LEASE = HOUR
BY_HAND = """
    INSERT INTO boostmon.timers (guild_id, user_id, role_id, state, ends_at, due_at, created_at, updated_at)
    VALUES (1, 1, 1, 'running', %(due)s, %(due)s, %(due)s, %(due)s)
"""


@pytest.fixture(scope="module")
def shared_world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with postgres_world(migrated_template, "guards") as world:
        yield world


@pytest.fixture
def world(shared_world: PostgresWorld) -> PostgresWorld:
    shared_world.empty()
    return shared_world


def test_a_row_that_was_stored_by_hand_long_overdue_is_found_within_a_while(world: PostgresWorld) -> None:
    seconds = count(0, FULL_LOOK_SECONDS / 2)
    timers = PostgresTimers(world.database, Floor(lambda: next(seconds)))
    assert timers.next_due(NOW) is None
    world.execute(BY_HAND, {"due": NOW - DAY})

    assert timers.next_due(NOW) is None, "it lies below the floor"
    assert timers.next_due(NOW) == NOW - DAY
    [claim] = timers.claim(NOW, 10, LEASE)
    assert claim.timer.key == key()


def claimed(world: PostgresWorld) -> Claim:
    world.timers.commit(change(None, running(SECOND)))
    [claim] = world.timers.claim(NOW + MINUTE, 10, LEASE)
    return claim


def test_a_row_that_was_changed_by_hand_under_a_claim_is_not_settled(world: PostgresWorld) -> None:
    """By the version that everybody raises who changes a timer, even who leaves the claim as it is."""
    claim = claimed(world)
    world.execute(
        "UPDATE boostmon.timers SET ends_at = ends_at + interval '1 day', due_at = due_at + interval '1 day', "
        "version = nextval('boostmon.timer_versions')"
    )
    entry = LedgerEntry(KEY, NOW, Action.ENDED)

    assert world.timers.still_held([claim]) == []
    assert world.timers.renew([claim], LEASE) == []
    assert world.timers.settle([Settlement(claim, None, entry, EndedNotice(KEY, None, NOW))]) == [KEY]
    assert world.timers.settle([Settlement(claim, claim.timer)]) == [KEY]

    left = world.timers.get(KEY)
    assert left is not None
    assert left.due_at == NOW + SECOND + DAY
    assert [action for action, *_ in world.ledger()] == ["set"]
    assert world.rows("SELECT count(*) FROM boostmon.notices") == [(0,)]


def posted(world: PostgresWorld, *users: int) -> list[Posted]:
    """A notice for each user, due in this order, claimed."""
    for user in users:
        world.timers.commit(change(None, running(user * SECOND, of=key(user))))
    claims = world.timers.claim(NOW + HOUR, 100, LEASE)
    world.timers.settle(
        [Settlement(one, None, notice=EndedNotice(one.timer.key, None, one.timer.due_at or NOW)) for one in claims]
    )
    return list(world.outbox.claim(NOW + HOUR, 100, LEASE))


def users_claimed_beside_a_lock(world: PostgresWorld, user: int) -> list[UserId]:
    """Whose notices are claimed while somebody holds the row of that user's."""
    with world.database.connect() as other, other.transaction():
        other.execute("SELECT FROM boostmon.notices WHERE user_id = %s FOR UPDATE", (user,))
        return [one.notice.key.user for one in world.outbox.claim(NOW + HOUR, 100, LEASE)]


def test_a_courier_passes_over_a_notice_that_somebody_is_just_taking(world: PostgresWorld) -> None:
    world.outbox.release(posted(world, 1, 2, 3))

    assert users_claimed_beside_a_lock(world, 1) == [2, 3]


def test_a_courier_does_not_wait_for_a_part_of_a_message_either(world: PostgresWorld) -> None:
    mark = Postmark(UUID(int=7), ToChannel(CHANNEL))
    both = [replace(one, postmark=mark) for one in posted(world, 1, 2)]
    assert world.outbox.mark(both) == both
    world.outbox.release(both)

    assert users_claimed_beside_a_lock(world, 2) == [1]


@pytest.fixture
def proxy_and_timers(
    postgres_server: Server, migrated_template: NoopExecutor
) -> Iterator[tuple[Proxy, PostgresTimers]]:
    with (
        cloned_database(migrated_template, "guards_proxied"),
        proxied(postgres_server) as (proxy, way),
        closing(
            Database(url_of(host=way.host, port=way.port, user=way.user, dbname="guards_proxied"), pool_min=1)
        ) as database,
    ):
        database.open()
        yield proxy, PostgresTimers(database)


def test_a_settlement_whose_result_was_lost_is_not_repeated(proxy_and_timers: tuple[Proxy, PostgresTimers]) -> None:
    """A second time the claim does not hold any more: it would be told as lost, and the role given back."""
    proxy, timers = proxy_and_timers
    timers.commit(change(None, running(SECOND)))
    [claim] = timers.claim(NOW + MINUTE, 10, timedelta(hours=1))
    proxy.cut_after(b"AS MATERIALIZED")

    with pytest.raises(StorageOutcomeUnknown):
        timers.settle([Settlement(claim, None)])

    assert proxy.cuts == 1
    assert timers.get(KEY) is None

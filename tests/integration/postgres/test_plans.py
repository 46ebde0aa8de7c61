"""What the statements read when a million timers lie in the future. Deterministic: pages and rows, no clocks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.postgres import counting, deleted_roles, hearing, history, ledger, obstacles, timers
from boostmon.adapters.postgres import outbox as notices
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.floor import LOWEST
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.app.ports import ENTRIES_READ, OBSTACLE_SETTLES, Change, Claim, DeliverySettlement, Postmark, Settlement
from boostmon.app.sweeping.sweep import Sweep
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.ids import ChannelId, GuildId, TimerKey, UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import extend
from boostmon.domain.ways import ToChannel
from tests.support.plans import Plan, executed_plan, reads_so_far
from tests.support.postgres import cloned_database
from tests.support.postgres_world import PostgresWorld
from tests.support.timers import DAY, HOUR, MINUTE, NOW, POLICY, change, key, running

FUTURE_TIMERS = 1_000_000
DUE = 100
MOST_BUFFERS = 8
"""Pages for one row: three levels of an index, the row, and what other tests left of it when they took changes back."""
TOKEN = UUID(int=7)
FIRST = NOW + DAY
"""When the first of the future timers is due; the hundred that are due come before it."""

FUTURE = f"""
    INSERT INTO boostmon.timers (guild_id, user_id, role_id, state, ends_at, due_at, created_at, updated_at)
    SELECT 1 + number %% 1000, number, 1, 'running', due_at, due_at, %(now)s, %(now)s
    FROM generate_series(0, {FUTURE_TIMERS - 1}) AS number,
        -- Spread over the table, as timers of every length are.
        LATERAL (SELECT number::bigint * 7919 %% {FUTURE_TIMERS} * interval '1 second') AS spread (wait),
        LATERAL (SELECT %(first)s::timestamptz + wait) AS due (due_at)
"""
LEDGER = """
    INSERT INTO boostmon.ledger (guild_id, user_id, role_id, at, action, request_id)
    SELECT 1 + number % 1000, number, 1, now(), 'set', number FROM generate_series(1, 50000) AS number
"""
NOTICES = """
    INSERT INTO boostmon.notices (guild_id, user_id, role_id, kind, at, due_at)
    SELECT 1 + number %% 1000, number, 1, 'ended', %(first)s, %(first)s::timestamptz + number * interval '1 second'
    FROM generate_series(1, 50000) AS number
"""


def load(world: PostgresWorld) -> None:
    """Writes the future timers, and the indexes of the migrations after them: that takes a tenth of the time."""
    [(primary_key, index)] = world.rows(
        "SELECT pg_get_constraintdef(oid), pg_get_indexdef('boostmon.timers_due'::regclass) "
        "FROM pg_constraint WHERE conname = 'timers_pkey'"
    )
    world.execute("DROP INDEX boostmon.timers_due")
    world.execute("ALTER TABLE boostmon.timers DROP CONSTRAINT timers_pkey")
    world.execute(FUTURE, {"now": NOW, "first": FIRST})
    world.execute(f"ALTER TABLE boostmon.timers ADD CONSTRAINT timers_pkey {primary_key}")
    world.execute(index)


@pytest.fixture(scope="module")
def world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    """A full database. The tests leave it as it is, or take back what they did."""
    with cloned_database(migrated_template, "plans") as url:
        # One session: the second statement of a kind is planned as the tenth, and counts are in one place.
        database = Database(url, pool_min=1, pool_max=1, statement_timeout=timedelta(minutes=2))
        database.open()
        try:
            full = PostgresWorld(database)
            load(full)
            full.execute(LEDGER)
            full.execute(NOTICES, {"first": FIRST})
            full.execute("VACUUM (ANALYZE, PARALLEL 0) boostmon.timers, boostmon.ledger, boostmon.notices")
            yield full
        finally:
            database.close()


@pytest.fixture
def due(world: PostgresWorld) -> Iterator[list[Timer]]:
    """A hundred timers and as many notices that are due, among all the others."""
    stored = [world.timers.commit(change(None, running(MINUTE / user, of=key(user, 7)))) for user in range(1, DUE + 1)]
    world.execute(
        "INSERT INTO boostmon.notices (guild_id, user_id, role_id, kind, at, due_at) "
        "SELECT guild_id, user_id, role_id, 'ended', due_at, due_at FROM boostmon.timers "
        "WHERE role_id = 7 AND guild_id = 1"
    )
    yield [timer for timer in stored if timer is not None]
    for table in ("boostmon.timers", "boostmon.notices", "boostmon.ledger"):
        world.execute(f"DELETE FROM {table} WHERE guild_id = 1 AND role_id = 7")
    # Few dead rows leave their index entries to a later vacuum; the next test is to find none at the head.
    world.execute("VACUUM (INDEX_CLEANUP ON) boostmon.timers, boostmon.notices, boostmon.ledger")


def plan(world: PostgresWorld, statement: str, **parameters: object) -> Plan:
    return executed_plan(world.database, statement, parameters)


def claiming(now: object, limit: int = 500) -> Mapping[str, object]:
    return {"now": now, "floor": LOWEST, "limit": limit, "lease": MINUTE, "token": TOKEN}


def test_asking_for_the_next_due_time_reads_the_head_of_its_index(world: PostgresWorld) -> None:
    seen = plan(world, timers.NEXT_DUE, now=NOW, floor=LOWEST)

    assert seen.buffers <= MOST_BUFFERS
    assert seen.of_index("timers_due")["Actual Rows"] == 1
    assert seen.of_index("timers_due").get("Rows Removed by Filter", 0) == 0


def test_the_answer_to_a_grant_is_noted_by_the_primary_key(world: PostgresWorld) -> None:
    seen = plan(world, timers.GRANT_ANSWERED, guild_id=8, user_id=7, role_id=0, open_until=NOW)

    assert seen.indexes == {"timers_pkey"}
    assert seen.whole_tables == set()


def test_the_timed_roles_of_a_guild_are_looked_for_in_that_guild_alone(world: PostgresWorld) -> None:
    seen = plan(world, deleted_roles.TIMED_ROLES, guild_id=8)

    assert seen.indexes == {"timers_pkey"}
    assert seen.of_index("timers_pkey")["Actual Rows"] == FUTURE_TIMERS / 1000
    assert seen.whole_tables == set()


def test_which_roles_are_watched_is_known_without_a_look_at_any_timer(world: PostgresWorld, due: list[Timer]) -> None:
    seen = plan(world, hearing.WATCHED)

    assert due
    assert seen.whole_tables <= {"timed_roles", "role_rules"}
    assert not any(index.startswith("timers") for index in seen.indexes)
    assert seen.buffers <= MOST_BUFFERS


def test_the_timers_of_a_guild_are_counted_in_that_guild_alone(world: PostgresWorld) -> None:
    for statement, more in ((counting.TALLIES, {}), (counting.DUE_ROLE, {"role_id": 1, "after": 0, "limit": 10})):
        seen = plan(world, statement, guild_id=8, now=NOW, **more)

        assert "timers_pkey" in seen.indexes
        assert seen.whole_tables <= {"role_rules", "role_counts"}
        assert seen.of_index("timers_pkey")["Actual Rows"] <= FUTURE_TIMERS / 1000


def test_the_timers_of_a_deleted_role_are_looked_for_in_their_guild_alone(world: PostgresWorld) -> None:
    seen = plan(world, deleted_roles.END_OF_ROLE, guild_id=8, role_id=1, now=NOW, limit=10, detail=None)

    assert "timers_pkey" in seen.indexes
    assert seen.whole_tables == set()
    assert max(node["Actual Rows"] for node in seen.nodes) == 10


def test_when_timers_began_is_read_in_the_history_of_their_members(world: PostgresWorld) -> None:
    keys = {"guild_id": [8, 9], "user_id": [7, 1008], "role_id": [1, 1]}
    seen = plan(world, history.BEGUN, **keys)

    assert seen.indexes == {"ledger_member"}
    assert seen.whole_tables == set()


def test_who_set_a_members_timers_is_read_from_the_end_of_the_members_history(world: PostgresWorld) -> None:
    many = """
        INSERT INTO boostmon.ledger (guild_id, user_id, role_id, at, action, actor_id)
        SELECT 8, 7, 1, now(), 'add', 9 FROM generate_series(1, 2000)
    """
    world.execute(many)
    seen = plan(world, history.STEPS_OF, guild_id=8, user_id=7)
    world.execute("DELETE FROM boostmon.ledger WHERE (guild_id, user_id) = (8, 7) AND action = 'add'")

    assert seen.indexes == {"ledger_member"}
    assert seen.of_index("ledger_member")["Actual Rows"] == ENTRIES_READ
    assert seen.whole_tables == set()


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (ledger.OF_GUILD, "ledger_pkey"),
        (ledger.OF_MEMBER, "ledger_member"),
        (ledger.OF_ROLE, "ledger_role"),
    ],
)
@pytest.mark.parametrize("before", [2**63 - 1, 40_000], ids=["newest", "later page"])
def test_a_page_of_the_ledger_reads_no_entry_that_it_does_not_show(
    world: PostgresWorld, statement: str, index: str, before: int
) -> None:
    world.execute(
        "INSERT INTO boostmon.ledger (guild_id, user_id, role_id, at, action) "
        "SELECT 8, 7, 77, now(), 'told' FROM generate_series(1, 50)"
    )
    seen = plan(world, statement, guild_id=8, user_id=7, role_id=77, before=before, limit=20)
    world.execute("DELETE FROM boostmon.ledger WHERE action = 'told'")

    assert seen.indexes == {index}
    assert seen.of_index(index)["Actual Rows"] <= 20
    assert seen.of_index(index).get("Rows Removed by Filter", 0) == 0
    assert seen.whole_tables == set()


def test_an_idle_claim_reads_the_head_of_its_index(world: PostgresWorld) -> None:
    seen = plan(world, timers.CLAIM, **claiming(NOW))

    assert seen.buffers <= MOST_BUFFERS
    assert seen.of_index("timers_due")["Actual Rows"] == 0
    assert seen.whole_tables == set()


def test_an_idle_sweep_reads_at_most_five_buffers(world: PostgresWorld) -> None:
    sweep = Sweep(world.timers, InMemoryRoleGateway(), ManualClock(NOW), world.policies)
    # Later the session goes by a generic plan, as it does in a bot that runs for days: planning, too,
    # looks at pages of the indexes.
    for _ in range(11):
        sweep()
    before = reads_so_far(world.database)

    assert sweep() == Swept(next_due=FIRST)

    read = reads_so_far(world.database) - before
    assert 0 < read.blocks <= MOST_BUFFERS
    assert read.whole_tables == 0


@pytest.mark.usefixtures("due")
def test_a_claim_scans_nothing_that_is_not_due(world: PostgresWorld) -> None:
    seen = plan(world, timers.CLAIM, **claiming(NOW + MINUTE))

    head = seen.of_index("timers_due")
    assert head["Actual Rows"] == DUE
    assert head.get("Rows Removed by Filter", 0) == 0
    assert seen.whole_tables == set()
    assert seen.indexes <= {"timers_due", "timers_pkey"}


@pytest.mark.usefixtures("due")
def test_a_claim_past_a_crowd_reads_what_is_due_and_no_more(world: PostgresWorld) -> None:
    seen = plan(world, timers.CLAIM_ELSEWHERE, **claiming(NOW + MINUTE), except_guilds=[1])

    head = seen.of_index("timers_due")
    assert head["Actual Rows"] + head.get("Rows Removed by Filter", 0) == DUE
    assert seen.whole_tables == set()


@pytest.mark.usefixtures("due")
def test_the_end_of_a_lease_is_looked_for_among_what_is_due(world: PostgresWorld) -> None:
    claims = world.timers.claim(NOW + MINUTE, DUE, MINUTE)

    seen = plan(world, timers.NEXT_DUE, now=NOW + MINUTE, floor=LOWEST)

    scans = [node for node in seen.nodes if node.get("Index Name") == "timers_due" and node["Actual Loops"]]
    # The head, the next that nobody holds behind those that somebody does, and their leases.
    assert sorted(node["Actual Rows"] for node in scans)[:2] == [1, 1]
    assert 1 < max(node["Actual Rows"] for node in scans) <= 50
    assert seen.whole_tables == set()
    world.timers.release(claims)


@pytest.mark.usefixtures("due")
def test_a_limited_claim_stops_at_its_limit(world: PostgresWorld) -> None:
    seen = plan(world, timers.CLAIM, **claiming(NOW + 365 * DAY, limit=10))

    assert seen.of_index("timers_due")["Actual Rows"] == 10
    assert seen.whole_tables == set()


def test_the_timers_of_a_member_are_found_by_the_primary_key(world: PostgresWorld) -> None:
    seen = plan(world, timers.OF_MEMBER, guild_id=8, user_id=7)

    assert seen.indexes == {"timers_pkey"}
    assert seen.of_index("timers_pkey")["Actual Rows"] == 1
    assert seen.buffers <= MOST_BUFFERS


def test_a_change_is_read_back_by_its_request_and_what_came_later_by_its_member(
    world: PostgresWorld, due: list[Timer]
) -> None:
    changed = world.timers.commit(change(due[0], extend(due[0], HOUR, now=NOW, policy=POLICY), request=2**40))
    assert changed is not None
    world.timers.commit(change(changed, extend(changed, HOUR, now=NOW, policy=POLICY)))

    seen = plan(world, history.CHANGE_OF, guild_id=due[0].key.guild, request_id=2**40)

    assert seen.indexes == {"ledger_request", "ledger_member"}
    assert seen.whole_tables == set()


def test_a_look_wades_through_no_dead_rows_that_it_has_seen_to_be_dead(world: PostgresWorld) -> None:
    """As under a session that holds an old snapshot, so that nothing dead can be removed."""
    with world.database.connect() as old:
        old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT count(*) FROM boostmon.guild_settings")
        for round_number in range(3):
            for user in range(1, DUE + 1):
                world.timers.commit(change(None, running(MINUTE / user, of=key(user, 7 + round_number))))
            claims = world.timers.claim(NOW + MINUTE, DUE, MINUTE)
            assert world.timers.settle([Settlement(claim, None) for claim in claims]) == []
        wading = plan(world, timers.NEXT_DUE, now=NOW + 5 * MINUTE, floor=LOWEST)
        fresh = PostgresTimers(world.database)
        assert fresh.next_due(NOW + 5 * MINUTE) == FIRST

        for _ in range(11):  # from then on by a generic plan
            fresh.claim(NOW + 5 * MINUTE, DUE, MINUTE)
            fresh.next_due(NOW + 5 * MINUTE)
        before = reads_so_far(world.database)
        assert fresh.next_due(NOW + 5 * MINUTE) == FIRST
        assert list(fresh.claim(NOW + 5 * MINUTE, DUE, MINUTE)) == []
        looked_at = (reads_so_far(world.database) - before).blocks

    assert wading.buffers >= 3 * DUE
    assert looked_at <= 4 * MOST_BUFFERS  # a look and a claim; the plan of a claim is made anew, which reads a few, too
    world.execute("DELETE FROM boostmon.ledger WHERE guild_id = 1")
    world.execute("VACUUM (INDEX_CLEANUP ON) boostmon.timers, boostmon.ledger")


def test_an_idle_outbox_reads_the_head_of_its_index(world: PostgresWorld) -> None:
    asked = plan(world, notices.NEXT_DUE, now=NOW)
    claimed = plan(world, notices.CLAIM, **claiming(NOW))

    assert asked.of_index("notices_due")["Actual Rows"] == 1
    assert claimed.of_index("notices_due")["Actual Rows"] == 0
    assert asked.buffers <= MOST_BUFFERS
    assert claimed.buffers <= MOST_BUFFERS
    assert claimed.whole_tables == set()


@pytest.mark.usefixtures("due")
def test_a_claim_of_notices_scans_nothing_that_is_not_due(world: PostgresWorld) -> None:
    seen = plan(world, notices.CLAIM, **claiming(NOW + MINUTE))

    assert seen.of_index("notices_due")["Actual Rows"] == DUE
    assert seen.of_index("notices_due").get("Rows Removed by Filter", 0) == 0
    assert seen.whole_tables == set()


@pytest.mark.usefixtures("due")
def test_what_belongs_to_one_message_is_found_by_its_own_index(world: PostgresWorld) -> None:
    world.execute(
        "UPDATE boostmon.notices SET message_id = '00000000-0000-0000-0000-000000000001', way = 'channel', sent_to = 9 "
        "WHERE guild_id = 1 AND role_id = 7"
    )
    world.execute("ANALYZE boostmon.notices")
    seen = plan(world, notices.CLAIM, **claiming(NOW + MINUTE, limit=1))
    world.execute(
        "UPDATE boostmon.notices SET message_id = NULL, way = NULL, sent_to = NULL WHERE message_id IS NOT NULL"
    )

    assert seen.whole_tables == set()
    assert {node["Actual Rows"] for node in seen.nodes if node["Node Type"] == "ModifyTable"} == {DUE}
    assert "notices_message" in seen.indexes


def test_no_call_ever_reads_a_table_from_end_to_end(world: PostgresWorld, due: list[Timer]) -> None:
    before = reads_so_far(world.database)
    # More often than five times: from then on a session may go by a generic plan.
    for _ in range(8):
        claims = world.timers.claim(NOW + MINUTE, DUE, HOUR)
        assert len(world.timers.still_held(claims)) == DUE
        claims = world.timers.mark(claims, NOW + HOUR)
        world.timers.release(claims[:10])
        lost = world.timers.settle([failed(claim) for claim in claims])
        assert len(lost) == 10
        posted = world.outbox.claim(NOW + MINUTE, 2 * DUE, HOUR)
        world.outbox.release(posted[:10])
        marked = [replace(one, postmark=Postmark(TOKEN, ToChannel(ChannelId(9)))) for one in posted]
        assert world.outbox.mark(marked) == marked[10:]
        world.outbox.settle([DeliverySettlement(one, retry_at=NOW) for one in posted[10:20]])
        world.outbox.settle([DeliverySettlement(one) for one in posted[20:]])
        assert world.outbox.next_due(NOW) == NOW
        read_and_commit(world, due[0].key)

    assert (reads_so_far(world.database) - before).whole_tables == 0


def failed(claim: Claim) -> Settlement:
    """With a notice, which looks for undelivered warnings of its timer."""
    entry = LedgerEntry(claim.timer.key, NOW, Action.REMOVAL_FAILED)
    return Settlement(claim, claim.timer, entry, EndedNotice(claim.timer.key, None, ended_at=NOW))


def read_and_commit(world: PostgresWorld, of: TimerKey) -> None:
    timer = world.timers.get(of)
    [same] = [one for one in world.timers.of_member(GuildId(1), UserId(1)) if one.key == of]
    assert timer == same
    committed = world.timers.commit(change(timer, extend(same, MINUTE, now=NOW, policy=POLICY)))
    gone = change(committed, None, request=None)
    assert world.timers.commit(Change(committed, None, gone.entry)) is None
    again = world.timers.commit(change(None, running(MINUTE / 2, of=of)))
    assert again is not None


def test_looking_for_blocked_endings_reads_their_own_index_alone(world: PostgresWorld) -> None:
    unblocking = partial(plan, world, timers.UNBLOCK, guild_id=8, now=NOW, except_roles=[7])
    unblocking()  # what a session reads of the catalogue for the first time would count, too
    seen = unblocking()

    assert seen.indexes <= {"timers_blocked", "timers_pkey"}
    assert seen.of_index("timers_blocked")["Actual Rows"] == 0
    assert seen.buffers <= MOST_BUFFERS
    assert seen.whole_tables == set()


def test_obstacles_that_are_gone_are_found_among_the_timers_of_their_guild(world: PostgresWorld) -> None:
    """Two roles that were told of, in two of a thousand guilds."""
    world.execute(
        "INSERT INTO boostmon.told_obstacles SELECT guild, 1, 'refused', now() - interval '1 hour' "
        "FROM unnest(ARRAY[8, 9]) AS guild"
    )
    try:
        seen = plan(world, obstacles.RESOLVE, now=NOW, settles=OBSTACLE_SETTLES)
    finally:
        world.execute("DELETE FROM boostmon.told_obstacles")

    assert seen.indexes >= {"timers_blocked", "timers_pkey"}
    assert "timers" not in seen.whole_tables
    assert seen.buffers <= 3 * 2 * FUTURE_TIMERS / 1000

"""A database that BoostMon made before it had a schema of its own: its tables are moved there, wholly or not at all."""

import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.earlier_tables import MOVED, EarlierTablesError
from boostmon.adapters.postgres.migration_files import offline_plan
from boostmon.adapters.postgres.migration_records import SchemaTooNewError, pending, read_records
from boostmon.adapters.postgres.migrator import MigrationLockedError, Migrator
from boostmon.adapters.postgres.outbox import PostgresOutbox
from boostmon.adapters.postgres.policies import PostgresPolicies
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.domain.ids import ChannelId, GuildId, UserId
from tests.support.earlier_bot import contents, leave_tables, start_again
from tests.support.earlier_tables import LAST_OF_OLD, MADE, make_tables_of_old, relations, rows_in
from tests.support.pgbouncer import pgbouncer
from tests.support.postgres import Server, url_of
from tests.support.processes import eventually, python_process
from tests.support.timers import HOUR, NOW, SECOND, change, key, running

MIGRATE = "import sys; from boostmon.adapters.postgres.migrator import Migrator; Migrator(sys.argv[1]).apply()"
OLD_PLAN = offline_plan()[:LAST_OF_OLD]
NEW_PLAN = offline_plan()[LAST_OF_OLD:]
OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"
FIRST = ("timers", "ledger", "notices")
"""What the first migration made."""


def assert_at_work(url: str) -> None:
    """What commands and sweeps do, by the repositories, beside the rows that were there."""
    with closing(Database(url)) as database:
        database.open()
        timers, outbox, policies = PostgresTimers(database), PostgresOutbox(database), PostgresPolicies(database)
        [old] = timers.of_member(GuildId(1), UserId(7))
        new = timers.commit(change(None, running(HOUR, of=key(999)), request=1234))
        assert new is not None
        assert new.version > old.version
        changed = timers.commit(change(old, running(2 * HOUR, of=old.key), request=1235))
        assert changed is not None
        assert changed.version > new.version
        assert timers.next_due(NOW) is not None
        # One of the fifty told of an end of the timer that has just been given more time.
        assert [len(outbox.claim(old.updated_at + HOUR, 100, SECOND)) for _ in range(2)] == [49, 0]
        assert policies.get(GuildId(1)).warning_channel == ChannelId(11)
    with psycopg.connect(url) as connection:
        entries = connection.execute(
            "SELECT request_id FROM boostmon.ledger WHERE entry_id > 50 AND request_id IS NOT NULL ORDER BY entry_id"
        )
        assert entries.fetchall() == [(1234,), (1235,)]


def test_every_row_is_moved_and_commands_go_on(empty_database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")
    made = relations(empty_database_url, "public")

    migrator = Migrator(empty_database_url)
    survey = migrator.survey()
    assert survey.earlier is not None
    assert set(survey.earlier.names) == {f"public.{name}" for name in (*MADE, "timer_versions")}
    assert survey.pending == NEW_PLAN
    assert rows_in(empty_database_url, "public") == before, "looking changes nothing"
    assert migrator.apply() == NEW_PLAN

    after = rows_in(empty_database_url, "boostmon")
    assert {name: len(rows) for name, rows in after.items()} == {
        **dict.fromkeys(FIRST, 50),
        "guild_settings": 2,
        "settings_ledger": 1,
        "told_obstacles": 1,
    }
    assert after == before
    assert relations(empty_database_url, "public") == {"schema_migrations", "schema_migrations_pkey"}
    assert made <= relations(empty_database_url, "boostmon"), "indexes and sequences, too"
    [told] = [message for message in caplog.messages if message.startswith("Moved ")]
    assert "public.timers" in told
    assert_at_work(empty_database_url)
    again = migrator.survey()
    assert (again.earlier, again.pending) == (None, [])
    assert migrator.apply() == []


def test_the_moved_schema_is_that_of_a_new_database(empty_database_url: str, database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    Migrator(empty_database_url).apply()

    assert definitions(empty_database_url) == definitions(database_url)


def definitions(url: str) -> Sequence[tuple[object, ...]]:
    """Every column, default, index, constraint and storage setting of the schema."""
    with psycopg.connect(url) as connection:
        return connection.execute("""
            SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
                pg_get_expr(adbin, adrelid), reloptions
            FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND NOT attisdropped AND attnum > 0
                LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
            WHERE relnamespace = 'boostmon'::regnamespace AND relkind IN ('r', 'S')
            UNION ALL
            SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid), '', NULL, NULL, NULL, NULL
            FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'boostmon'::regnamespace
            UNION ALL
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL, NULL, NULL, NULL
            FROM pg_constraint WHERE connamespace = 'boostmon'::regnamespace ORDER BY 1, 2, 3
        """).fetchall()


def test_the_first_migration_alone_whose_next_met_the_earlier_bots_table(empty_database_url: str) -> None:
    leave_tables(empty_database_url)
    theirs = contents(empty_database_url)
    make_tables_of_old(empty_database_url, upto=1)
    before = rows_in(empty_database_url, "public", FIRST)

    assert Migrator(empty_database_url).apply() == offline_plan()[1:]

    assert rows_in(empty_database_url, "boostmon", FIRST) == before
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DROP TABLE public.schema_migrations")
    assert contents(empty_database_url) == theirs
    start_again(empty_database_url)


def test_an_earlier_bot_that_began_to_use_our_table(empty_database_url: str) -> None:
    """Started on BoostMon's database, it added its column to `guild_settings`. Moved away, it can make its own."""
    make_tables_of_old(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("ALTER TABLE guild_settings ADD COLUMN queue_role_id varchar(255)")

    Migrator(empty_database_url).apply()

    assert_at_work(empty_database_url)
    leave_tables(empty_database_url)
    start_again(empty_database_url)
    assert_reads_its_settings(empty_database_url)


def test_records_with_a_column_that_somebody_added(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(
            "ALTER TABLE schema_migrations ADD COLUMN note text; UPDATE schema_migrations SET note = 'x'"
        )
        connection.execute("UPDATE schema_migrations SET applied_at = '2026-03-01 12:00:00.123456+01'")
        when = connection.execute("SELECT version, applied_at FROM schema_migrations ORDER BY version").fetchall()
    before = rows_in(empty_database_url, "public")

    assert Migrator(empty_database_url).apply() == NEW_PLAN

    assert rows_in(empty_database_url, "boostmon") == before
    assert_at_work(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        kept = "SELECT version, applied_at FROM boostmon.schema_migrations WHERE version <= %s ORDER BY version"
        assert connection.execute(kept, (LAST_OF_OLD,)).fetchall() == when


@pytest.mark.parametrize(
    "loss",
    [
        "DROP TABLE schema_migrations",
        "TRUNCATE schema_migrations",
        "DROP TABLE schema_migrations; CREATE TABLE schema_migrations (version varchar PRIMARY KEY)",
        "DROP TABLE schema_migrations, ledger, notices, guild_settings, settings_ledger, told_obstacles",
    ],
)
def test_tables_without_their_records_are_refused_and_not_forgotten(loss: str, empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(loss.encode())
    before = rows_in(empty_database_url, "public", ("timers",))

    for act in (Migrator(empty_database_url).survey, Migrator(empty_database_url).apply):
        with pytest.raises(EarlierTablesError, match=r"without their records in the schema public: restore"):
            act()

    assert rows_in(empty_database_url, "public", ("timers",)) == before
    assert relations(empty_database_url, "boostmon") == set()


def test_records_put_back_make_the_move_possible(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("ALTER TABLE schema_migrations RENAME TO away")
    with pytest.raises(EarlierTablesError, match="restore schema_migrations"):
        Migrator(empty_database_url).apply()
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("ALTER TABLE away RENAME TO schema_migrations")

    Migrator(empty_database_url).apply()

    assert rows_in(empty_database_url, "boostmon") == before


def assert_reads_its_settings(url: str) -> None:
    with closing(Database(url)) as database:
        database.open()
        assert PostgresPolicies(database).get(GuildId(1)).log_channel == ChannelId(12)


@pytest.mark.timeout(60)
def test_a_kill_in_the_middle(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")
    with closing(psycopg.connect(empty_database_url)) as holding:
        holding.execute("SELECT FROM told_obstacles")  # the last table to be locked
        with python_process(MIGRATE, empty_database_url) as victim:
            eventually(lambda: waits_for_a_table(empty_database_url))
            victim.kill()
            victim.wait()
        eventually(lambda: not waits_for_a_table(empty_database_url))
    assert rows_in(empty_database_url, "public") == before
    assert relations(empty_database_url, "boostmon") == set()

    Migrator(empty_database_url).apply()

    assert rows_in(empty_database_url, "boostmon") == before
    assert_at_work(empty_database_url)


def waits_for_a_table(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT FROM pg_locks WHERE locktype = 'relation' AND NOT granted")
        return bool(found.rowcount)


def test_what_fails_half_way_moves_nothing(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE SCHEMA boostmon CREATE TABLE told_obstacles (somebody_elses int)")

    with pytest.raises(EarlierTablesError, match=r"could not be moved.*told_obstacles"):
        Migrator(empty_database_url).apply()

    assert rows_in(empty_database_url, "public") == before
    assert relations(empty_database_url, "boostmon") == {"told_obstacles"}
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DROP TABLE boostmon.told_obstacles")
    Migrator(empty_database_url).apply()
    assert rows_in(empty_database_url, "boostmon") == before


def test_many_starts_at_once(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")

    with ThreadPoolExecutor(6) as threads:
        applied = list(threads.map(lambda _: Migrator(empty_database_url).apply(), range(6)))

    # Whoever has the lock applies the next one, so that several may share them.
    assert sorted((one for each in applied for one in each), key=lambda one: one.version) == NEW_PLAN
    assert rows_in(empty_database_url, "boostmon") == before
    assert_at_work(empty_database_url)


def test_behind_pgbouncer(postgres_server: Server, empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")
    with pgbouncer(postgres_server) as pooler:
        url = url_of(host=pooler.host, port=pooler.port, user=pooler.user, dbname="test_empty")
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: Migrator(url).apply(), range(4)))

        assert rows_in(empty_database_url, "boostmon") == before
        assert_at_work(url)
        with psycopg.connect(url, autocommit=True) as stranger:  # such as the earlier bot
            paths = {stranger.execute("SHOW search_path").fetchone() for _ in range(8)}
        assert paths == {('"$user", public',)}


def test_an_older_process_that_runs_meanwhile_gets_errors_and_loses_nothing(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    with psycopg.connect(empty_database_url, autocommit=True, prepare_threshold=0) as old:
        touch = "UPDATE timers SET updated_at = updated_at WHERE guild_id = %s"
        for _ in range(3):
            assert old.execute(touch, (1,)).rowcount == 50
        before = rows_in(empty_database_url, "public")
        Migrator(empty_database_url).apply()

        with pytest.raises(psycopg.errors.UndefinedTable):
            old.execute(touch, (1,))  # prepared before
        with pytest.raises(psycopg.errors.UndefinedTable):
            old.execute("INSERT INTO ledger (guild_id, user_id, role_id, at, action) VALUES (1, 1, 1, now(), 'set')")
    assert rows_in(empty_database_url, "boostmon") == before


def test_an_older_program_started_afterwards_refuses(empty_database_url: str) -> None:
    """Rather than make new tables in `public`, and serve without the timers that were set."""
    make_tables_of_old(empty_database_url)
    Migrator(empty_database_url).apply()

    with psycopg.connect(empty_database_url) as connection:
        records = read_records(connection, "public")
    assert records[MOVED.version] == MOVED
    # What it did then with the table that it found by its search path.
    with pytest.raises(SchemaTooNewError, match=r"9999_moved_to_schema_boostmon.*run the newer BoostMon"):
        pending(OLD_PLAN, records)


def test_the_way_back_that_the_documentation_shows(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")
    Migrator(empty_database_url, OLD_PLAN).apply()
    [way_back] = re.findall(r"```sql\n(.*?)```", OPERATIONS.read_text(encoding="utf-8"), re.DOTALL)

    with psycopg.connect(empty_database_url) as connection:
        connection.execute(way_back.encode())

    assert rows_in(empty_database_url, "public") == before
    assert relations(empty_database_url, "boostmon") == set()
    with psycopg.connect(empty_database_url) as connection:
        assert pending(OLD_PLAN, read_records(connection, "public")) == []
    Migrator(empty_database_url).apply()  # and forth again
    assert_at_work(empty_database_url)


def test_tables_in_use_are_waited_for_and_then_named(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    with closing(psycopg.connect(empty_database_url)) as dump:
        dump.execute("SELECT FROM ledger")

        with pytest.raises(MigrationLockedError, match=r"schema public.*stop every older BoostMon, let a backup"):
            Migrator(empty_database_url, lock_timeout=timedelta(milliseconds=50)).apply()

    assert Migrator(empty_database_url).apply() == NEW_PLAN


def test_records_that_do_not_fit_are_refused_before_anything_moves(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("UPDATE schema_migrations SET sha256 = repeat('0', 64) WHERE version = 3")

    for act in (Migrator(empty_database_url).survey, Migrator(empty_database_url).apply):
        with pytest.raises(Exception, match=r"0003_open_grants.sql is not the file that was applied"):
            act()

    assert "timers" in relations(empty_database_url, "public")
    assert relations(empty_database_url, "boostmon") == set()


def test_a_table_that_is_not_what_the_records_say(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("ALTER TABLE guild_settings RENAME TO kept; DROP TABLE told_obstacles")
    leave_tables(empty_database_url)

    with pytest.raises(EarlierTablesError, match=r"missing or look otherwise: guild_settings, told_obstacles"):
        Migrator(empty_database_url).apply()

    assert "timers" in relations(empty_database_url, "public")


def test_two_sets_that_older_programs_made_are_refused_before_anything_moves(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE SCHEMA odd; ALTER DATABASE test_empty SET search_path TO odd, public")
    for schema in ("odd", "public"):
        make_tables_of_old(empty_database_url, schema=schema)

    with pytest.raises(EarlierTablesError, match=r"there twice: in the schema odd, and in public"):
        Migrator(empty_database_url).apply()

    assert {"timers"} <= relations(empty_database_url, "odd") & relations(empty_database_url, "public")


def test_two_sets_of_tables_are_for_a_person_to_decide(empty_database_url: str) -> None:
    Migrator(empty_database_url).apply()
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")

    with pytest.raises(EarlierTablesError, match=r"there twice: in the schema boostmon, and in public"):
        Migrator(empty_database_url).survey()
    with pytest.raises(EarlierTablesError) as refused:
        Migrator(empty_database_url).apply()
    assert rows_in(empty_database_url, "public") == before

    remedy = str(refused.value).partition("remove its tables: ")[2]
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(remedy.encode())
    assert Migrator(empty_database_url).apply() == []

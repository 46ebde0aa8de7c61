"""BoostMon's schema in a database that is not BoostMon's alone, for users of the database who may do little there."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.earlier_tables import EarlierTablesError
from boostmon.adapters.postgres.migration_files import MigrationError, offline_plan
from boostmon.adapters.postgres.migrator import Migrator
from boostmon.adapters.postgres.policies import PostgresPolicies
from boostmon.adapters.postgres.schema import SchemaNotAllowedError
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.domain.policy import Policy
from tests.support.earlier_bot import FORMS, OTHERS, contents, leave_tables, start_again
from tests.support.earlier_tables import make_tables_of_old, relations, rows_in
from tests.support.logging_fixtures import warned_of
from tests.support.timers import DAY, GUILD, HOUR, KEY, asked, change, running

OTHER_PROGRAMS = """
    CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
    INSERT INTO schema_migrations VALUES ('20240101120000');
    CREATE TABLE timers (id serial PRIMARY KEY, label text);
    INSERT INTO timers (label) VALUES ('tea');
    CREATE TABLE notices ();
    CREATE SEQUENCE timer_versions START 7;
"""
type MakeRole = Callable[..., str]


@pytest.fixture
def role(empty_database_url: str) -> Iterator[MakeRole]:
    """Makes a user of the database, with a name that needs quotes; returns the URL for it."""
    made: list[sql.Identifier] = []

    def make(name: str = "bot-user", *rights: str) -> str:
        made.append(sql.Identifier(name))
        with psycopg.connect(empty_database_url) as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(made[-1]))
            for right in rights:
                connection.execute(sql.SQL("{} {}").format(sql.SQL(right), made[-1]))
        return empty_database_url.replace("//postgres@", f"//{name}@")

    yield make
    with psycopg.connect(empty_database_url) as connection:
        for name in made:
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE; DROP ROLE {}").format(name, name))


def run_as_administrator(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def assert_at_work(url: str) -> None:
    """A timer is set, changed and claimed, and a server decides something."""
    with closing(Database(url)) as database:
        database.open()
        timers, policies = PostgresTimers(database), PostgresPolicies(database)
        stored = timers.commit(change(None, running(HOUR)))
        assert timers.commit(change(stored, None)) is None
        policies.change(GUILD, lambda _: Policy(dms=False), asked=asked())
        assert policies.get(GUILD) == Policy(dms=False)
        stored = timers.commit(change(None, running(HOUR)))
        assert stored is not None
        [claim] = timers.claim(stored.updated_at + DAY, 10, HOUR)
        assert claim.timer.key == KEY


@pytest.mark.parametrize("form", FORMS)
def test_the_earlier_bots_tables_are_left_as_they_are(
    form: str, empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    leave_tables(empty_database_url, form)
    before = contents(empty_database_url)

    migrator = Migrator(empty_database_url)
    survey = migrator.survey()
    assert (survey.earlier, survey.pending) == (None, offline_plan())
    assert migrator.apply() == offline_plan()

    assert_at_work(empty_database_url)
    assert contents(empty_database_url) == before
    [told] = [message for message in caplog.messages if message.startswith("Found")]
    assert "tables of the earlier BoostMon" in told
    assert "left as they are" in told
    assert survey.earlier_bot is not None
    assert survey.earlier_bot.tables == ["role_timers", *sorted(OTHERS)]
    start_again(empty_database_url)
    assert_at_work_beside(empty_database_url)


def assert_at_work_beside(url: str) -> None:
    with closing(Database(url)) as database:
        database.open()
        assert PostgresPolicies(database).get(GUILD) == Policy(dms=False)


def test_its_own_tables_before_the_move_are_not_taken_for_the_earlier_bots(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)

    assert Migrator(empty_database_url).survey().earlier_bot is None


def test_other_programs_tables_of_our_names_are_left_alone(empty_database_url: str) -> None:
    run_as_administrator(empty_database_url, OTHER_PROGRAMS)
    before = contents_of_public(empty_database_url)

    Migrator(empty_database_url).apply()

    assert_at_work(empty_database_url)
    assert contents_of_public(empty_database_url) == before


def contents_of_public(url: str) -> object:
    return relations(url, "public"), rows_in(url, "public", ("schema_migrations", "timers", "notices"))


@pytest.mark.parametrize(
    "timers",
    [
        "CREATE TABLE timers (id bigint PRIMARY KEY, guild_id bigint, user_id bigint, leased_until timestamptz)",
        "CREATE TABLE timers (guild_id text, user_id text, role_id text, ends_at bigint)",
        "CREATE VIEW timers AS SELECT 1 AS leased_until",
    ],
)
def test_another_programs_timers_that_remind_of_ours_are_no_hindrance(timers: str, empty_database_url: str) -> None:
    run_as_administrator(empty_database_url, timers)

    assert Migrator(empty_database_url).apply() == offline_plan()

    assert_at_work(empty_database_url)


def test_records_like_ours_but_of_other_files_are_left_alone(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    run_as_administrator(empty_database_url, "UPDATE schema_migrations SET name = 'theirs', sha256 = repeat('1', 64)")
    before = rows_in(empty_database_url, "public")

    assert Migrator(empty_database_url).apply() == offline_plan()

    assert rows_in(empty_database_url, "public") == before


def test_a_schema_of_our_name_that_is_another_programs(empty_database_url: str) -> None:
    run_as_administrator(empty_database_url, "CREATE SCHEMA boostmon CREATE TABLE schema_migrations (version varchar)")

    with pytest.raises(MigrationError, match=r"another program's.*database of its own"):
        Migrator(empty_database_url).apply()


def test_a_user_who_may_not_create_a_schema_reads_what_to_run(empty_database_url: str, role: MakeRole) -> None:
    url = role()

    for act in (Migrator(url).survey, Migrator(url).apply):
        with pytest.raises(SchemaNotAllowedError, match='user "bot-user" may not create a schema') as refused:
            act()
        statement = str(refused.value).partition("run: ")[2]
        assert statement == 'CREATE SCHEMA boostmon AUTHORIZATION "bot-user"'
    run_as_administrator(empty_database_url, 'CREATE SCHEMA boostmon AUTHORIZATION "bot-user"')

    assert Migrator(url).apply() == offline_plan()
    assert_at_work(url)


def test_a_schema_that_a_user_may_use_and_not_fill(empty_database_url: str, role: MakeRole) -> None:
    url = role("little", "CREATE SCHEMA boostmon; GRANT USAGE ON SCHEMA boostmon TO")

    with pytest.raises(SchemaNotAllowedError, match="GRANT ALL ON SCHEMA boostmon TO little"):
        Migrator(url).apply()
    run_as_administrator(empty_database_url, "GRANT ALL ON SCHEMA boostmon TO little")

    assert Migrator(url).apply() == offline_plan()


def test_another_bots_schema(empty_database_url: str, role: MakeRole) -> None:
    Migrator(empty_database_url).apply()
    url = role("second")

    with pytest.raises(SchemaNotAllowedError, match=r"may not use the schema boostmon.*give each bot a database"):
        Migrator(url).survey()


def test_a_user_with_another_search_path_and_without_access_to_public(empty_database_url: str, role: MakeRole) -> None:
    url = role("elsewhere", "CREATE SCHEMA odd; GRANT CREATE ON DATABASE test_empty TO")
    run_as_administrator(
        empty_database_url, "REVOKE ALL ON SCHEMA public FROM PUBLIC", "ALTER ROLE elsewhere SET search_path TO odd, no"
    )

    assert Migrator(url).apply() == offline_plan()

    assert_at_work(url)
    assert relations(empty_database_url, "odd") == set()


def test_tables_of_old_where_the_users_search_path_led(empty_database_url: str, role: MakeRole) -> None:
    url = role("elsewhere", "GRANT CREATE ON DATABASE test_empty TO")
    run_as_administrator(
        empty_database_url, "CREATE SCHEMA odd AUTHORIZATION elsewhere", "ALTER ROLE elsewhere SET search_path TO odd"
    )
    make_tables_of_old(url, schema="odd")
    before = rows_in(url, "odd")

    Migrator(url).apply()

    assert rows_in(url, "boostmon") == before
    assert_at_work(url)


def test_tables_of_old_where_no_search_path_leads_are_told_of(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    run_as_administrator(empty_database_url, "CREATE SCHEMA odd", "CREATE SCHEMA others")
    make_tables_of_old(empty_database_url, schema="odd")
    make_tables_of_old(empty_database_url, schema="others")
    run_as_administrator(empty_database_url, "UPDATE others.schema_migrations SET sha256 = repeat('1', 64)")
    before = rows_in(empty_database_url, "odd")

    assert Migrator(empty_database_url).apply() == offline_plan()

    [told] = warned_of(caplog)
    assert "tables of BoostMon in the schema odd, too" in told
    assert Migrator(empty_database_url).survey().elsewhere == ["odd"]
    assert rows_in(empty_database_url, "odd") == before


def test_tables_of_old_in_the_schema_of_a_user_of_our_name_stay(empty_database_url: str, role: MakeRole) -> None:
    """Its search path led to a schema of the user's name, if there was one."""
    url = role("boostmon")
    run_as_administrator(empty_database_url, "CREATE SCHEMA AUTHORIZATION boostmon")
    make_tables_of_old(url, schema="boostmon")
    before = rows_in(url, "boostmon")

    assert Migrator(url).survey().earlier is None
    Migrator(url).apply()

    assert rows_in(url, "boostmon") == before
    assert_at_work(url)


def test_tables_of_old_in_a_public_that_was_closed_are_not_overlooked(empty_database_url: str, role: MakeRole) -> None:
    url = role("shut_out", "GRANT CREATE ON SCHEMA public TO", "GRANT CREATE ON DATABASE test_empty TO")
    make_tables_of_old(url)
    run_as_administrator(empty_database_url, "REVOKE ALL ON SCHEMA public FROM PUBLIC, shut_out")

    with pytest.raises(EarlierTablesError, match="GRANT USAGE ON SCHEMA public TO shut_out") as refused:
        Migrator(url).apply()
    run_as_administrator(empty_database_url, str(refused.value).partition("run: ")[2])
    Migrator(url).apply()
    run_as_administrator(empty_database_url, "REVOKE ALL ON SCHEMA public FROM shut_out")

    assert Migrator(url).apply() == []
    assert_at_work(url)


def test_tables_of_old_that_belong_to_somebody_else(empty_database_url: str, role: MakeRole) -> None:
    make_tables_of_old(empty_database_url)
    before = rows_in(empty_database_url, "public")
    url = role("stranger", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO", "GRANT CREATE ON DATABASE test_empty TO")

    with pytest.raises(EarlierTablesError, match="belong to another user of the database: run boostmon migrate as"):
        Migrator(url).apply()

    assert rows_in(empty_database_url, "public") == before
    assert relations(empty_database_url, "boostmon") == set()


def test_those_who_could_use_the_tables_can_use_them_where_they_are_now(
    empty_database_url: str, role: MakeRole
) -> None:
    make_tables_of_old(empty_database_url)
    url = role(
        "sweeper",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO",
    )

    Migrator(empty_database_url).apply()

    assert Migrator(url).apply() == []
    assert_at_work(url)


def test_an_administrator_who_migrates_does_not_lock_out_the_bot(empty_database_url: str, role: MakeRole) -> None:
    url = role("bot-user", "GRANT CREATE, USAGE ON SCHEMA public TO")
    make_tables_of_old(url)

    Migrator(empty_database_url).apply()

    assert Migrator(url).apply() == []
    assert_at_work(url)
    plan = offline_plan()
    later = replace(
        plan[-1], version=len(plan) + 1, name="later", sql="CREATE TABLE more (); ALTER TABLE timers ADD x int"
    )
    assert Migrator(url, [*plan, later]).apply() == [later]


def test_tables_that_an_administrators_migration_makes_are_the_bots(empty_database_url: str, role: MakeRole) -> None:
    url = role("bot-user", "GRANT CREATE, USAGE ON SCHEMA public TO")
    make_tables_of_old(url, upto=1)

    assert Migrator(empty_database_url).apply() == offline_plan()[1:]

    assert_at_work(url)
    with psycopg.connect(empty_database_url) as connection:
        owners = "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'boostmon'::regnamespace"
        assert connection.execute(owners).fetchall() == [("bot-user",)]


def test_a_member_of_the_bots_role_who_migrates_leaves_all_to_the_bot(role: MakeRole) -> None:
    url = role("bot-user", "GRANT CREATE, USAGE ON SCHEMA public TO")
    make_tables_of_old(url)
    deploying = role("deploy", "GRANT CREATE ON DATABASE test_empty TO", 'GRANT "bot-user" TO')

    Migrator(deploying).apply()

    assert Migrator(url).apply() == []
    assert_at_work(url)
    assert Migrator(deploying).apply() == []


def test_what_was_given_to_all_is_still_there_for_all(empty_database_url: str, role: MakeRole) -> None:
    make_tables_of_old(empty_database_url)
    run_as_administrator(
        empty_database_url,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO PUBLIC",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO PUBLIC",
    )
    url = role("sweeper")

    Migrator(empty_database_url).apply()

    assert Migrator(url).apply() == []
    assert_at_work(url)


def test_a_table_of_a_later_version_is_for_all_who_use_the_timers(empty_database_url: str, role: MakeRole) -> None:
    Migrator(empty_database_url).apply()
    url = role("sweeper", "GRANT USAGE ON SCHEMA boostmon TO", "GRANT SELECT, DELETE ON boostmon.timers TO")
    plan = offline_plan()
    later = replace(plan[-1], version=len(plan) + 1, name="later", sql="CREATE TABLE more (number int)")

    Migrator(empty_database_url, [*plan, later]).apply()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT FROM boostmon.more").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO boostmon.more VALUES (1)")

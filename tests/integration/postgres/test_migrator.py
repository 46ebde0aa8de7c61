"""The migration runner on a real database: whole or not at all, once, in order, and only unedited."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from boostmon.adapters.postgres.migration_execution import MigrationFailedError
from boostmon.adapters.postgres.migration_files import Migration, offline_plan
from boostmon.adapters.postgres.migration_records import MigrationEditedError, MigrationOrderError, SchemaTooNewError
from boostmon.adapters.postgres.migrator import (
    LOCK_KEY,
    MigrationLockedError,
    Migrator,
)
from boostmon.app.errors import StorageUnavailable
from tests.support.processes import eventually, python_process

MIGRATE = "import sys; from pathlib import Path\n" + "\n".join(
    [
        "from boostmon.adapters.postgres.migration_files import offline_plan",
        "from boostmon.adapters.postgres.migrator import Migrator",
        "print(len(Migrator(sys.argv[1], offline_plan(Path(sys.argv[2]))).apply()))",
    ]
)


def migrations(*sql: str, folder: Path) -> list[Migration]:
    for number, text in enumerate(sql, start=1):
        (folder / f"{number:04}_step{number}.sql").write_text(text)
    return offline_plan(folder)


@pytest.fixture
def two(tmp_path: Path) -> list[Migration]:
    return migrations("CREATE TABLE a (id int); INSERT INTO a VALUES (1);", "ALTER TABLE a ADD b text", folder=tmp_path)


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'boostmon'")
        return {name for (name,) in rows}


def recorded(url: str) -> list[tuple[int, str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT version, name, sha256 FROM boostmon.schema_migrations WHERE applied_at <= now() ORDER BY version"
        ).fetchall()


def waiting_for_lock(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone()
        assert row
        return int(row[0])


def test_apply_runs_every_file_once_and_records_it(empty_database_url: str, two: list[Migration]) -> None:
    migrator = Migrator(empty_database_url, two)

    assert migrator.apply() == two
    assert migrator.apply() == []
    assert recorded(empty_database_url) == [(m.version, m.name, m.sha256) for m in two]
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT id, b FROM boostmon.a").fetchall() == [(1, None)]


def test_apply_goes_on_from_what_is_there(empty_database_url: str, two: list[Migration]) -> None:
    Migrator(empty_database_url, two[:1]).apply()

    assert Migrator(empty_database_url, two).apply() == two[1:]


def test_a_plan_changes_nothing(empty_database_url: str, two: list[Migration]) -> None:
    assert Migrator(empty_database_url, two).plan() == two
    assert tables(empty_database_url) == set()

    Migrator(empty_database_url, two[:1]).apply()
    assert Migrator(empty_database_url, two).plan() == two[1:]


def test_a_role_without_rights_to_create_can_be_up_to_date(empty_database_url: str, two: list[Migration]) -> None:
    Migrator(empty_database_url, two).apply()
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute(
            "GRANT USAGE ON SCHEMA boostmon TO reader; GRANT SELECT ON boostmon.schema_migrations TO reader"
        )
    try:
        assert Migrator(empty_database_url.replace("//postgres@", "//reader@"), two).apply() == []
    finally:
        with psycopg.connect(empty_database_url) as connection:
            connection.execute("DROP OWNED BY reader; DROP ROLE reader")


def test_an_edited_file_is_refused(empty_database_url: str, two: list[Migration], tmp_path: Path) -> None:
    Migrator(empty_database_url, two).apply()
    edited = migrations(two[0].sql + " ", two[1].sql, "CREATE TABLE c ()", folder=tmp_path)

    for act in (Migrator(empty_database_url, edited).plan, Migrator(empty_database_url, edited).apply):
        with pytest.raises(MigrationEditedError, match=r"0001_step1.sql is not the file"):
            act()
    assert "c" not in tables(empty_database_url)


def test_a_renamed_file_is_refused(empty_database_url: str, two: list[Migration]) -> None:
    Migrator(empty_database_url, two).apply()

    with pytest.raises(MigrationEditedError, match=r"0002_other.sql is not the file that was applied as 0002_step2"):
        Migrator(empty_database_url, [two[0], replace(two[1], name="other")]).apply()


def test_an_older_program_refuses_a_newer_schema(empty_database_url: str, two: list[Migration]) -> None:
    Migrator(empty_database_url, two).apply()

    with pytest.raises(SchemaTooNewError, match=r"0002_step2.*run the newer BoostMon"):
        Migrator(empty_database_url, two[:1]).apply()


def test_a_record_that_was_deleted_by_hand_is_refused(empty_database_url: str, two: list[Migration]) -> None:
    Migrator(empty_database_url, two).apply()
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DELETE FROM boostmon.schema_migrations WHERE version = 1")

    with pytest.raises(MigrationOrderError, match=r"0001_step1.sql is not applied although 0002 is"):
        Migrator(empty_database_url, two).apply()


def test_a_file_that_fails_leaves_nothing_and_says_where(empty_database_url: str, tmp_path: Path) -> None:
    files = migrations("CREATE TABLE a ()", "CREATE TABLE b ();\n\nSELECT nonsense;", folder=tmp_path)

    with pytest.raises(MigrationFailedError, match=r"0002_step2.sql, line 3, .*nonsense"):
        Migrator(empty_database_url, files).apply()

    assert tables(empty_database_url) == {"a", "schema_migrations"}
    assert [version for version, _, _ in recorded(empty_database_url)] == [1]


def test_a_file_that_ends_its_transaction_by_a_trick_is_reported(empty_database_url: str, tmp_path: Path) -> None:
    [migration] = migrations("CREATE TABLE a (); /* */ COMMIT; CREATE TABLE b ()", folder=tmp_path)

    with pytest.raises(MigrationFailedError, match="ended the transaction"):
        Migrator(empty_database_url, [migration]).apply()


def test_percent_signs_are_taken_as_they_are(empty_database_url: str, tmp_path: Path) -> None:
    Migrator(empty_database_url, migrations("CREATE TABLE a AS SELECT '%s 100%'::text AS t", folder=tmp_path)).apply()

    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT t FROM boostmon.a").fetchone() == ("%s 100%",)


def test_two_at_once_share_the_work(empty_database_url: str, tmp_path: Path) -> None:
    files = migrations(*(f"CREATE TABLE t{n} (); SELECT pg_sleep(0.01)" for n in range(10)), folder=tmp_path)
    together = Barrier(2)

    def migrate() -> list[Migration]:
        together.wait()
        return Migrator(empty_database_url, files).apply()

    with ThreadPoolExecutor() as threads:
        first, second = (future.result() for future in [threads.submit(migrate), threads.submit(migrate)])

    assert sorted(first + second, key=lambda m: m.version) == files
    assert len(recorded(empty_database_url)) == len(files)


def test_waiting_for_another_migrator_ends_with_a_remedy(empty_database_url: str, two: list[Migration]) -> None:
    with psycopg.connect(empty_database_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY,))

        with pytest.raises(MigrationLockedError, match="more than 50ms: let it finish"):
            Migrator(empty_database_url, two, lock_timeout=timedelta(milliseconds=50)).apply()

    assert Migrator(empty_database_url, two).apply() == two


@pytest.mark.timeout(60)
def test_kill_in_the_middle_of_a_file(empty_database_url: str, tmp_path: Path) -> None:
    """A second migrator takes over from a killed one, which leaves nothing of the file it was in."""
    gate = 77
    files = migrations(
        "CREATE TABLE a ()",
        f"CREATE TABLE b (); SELECT pg_advisory_xact_lock({gate}); CREATE TABLE c ()",
        folder=tmp_path,
    )
    with (
        closing(psycopg.connect(empty_database_url)) as gatekeeper,
        python_process(MIGRATE, empty_database_url, str(tmp_path)) as victim,
    ):
        gatekeeper.execute("SELECT pg_advisory_lock(%s)", (gate,))
        eventually(lambda: waiting_for_lock(empty_database_url) == 1)
        victim.kill()
        victim.wait()
        # PostgreSQL notices by itself that the client is gone, although its statement still waits.
        eventually(lambda: waiting_for_lock(empty_database_url) == 0)

        assert tables(empty_database_url) == {"a", "schema_migrations"}

    assert Migrator(empty_database_url, files).apply() == files[1:]
    assert tables(empty_database_url) == {"a", "b", "c", "schema_migrations"}


def test_another_process_does_the_same(empty_database_url: str, two: list[Migration], tmp_path: Path) -> None:
    with python_process(MIGRATE, empty_database_url, str(tmp_path)) as process:
        printed, _ = process.communicate()

    assert (process.returncode, printed) == (0, "2\n")
    assert Migrator(empty_database_url, two).plan() == []


def test_a_database_that_is_not_there(empty_database_url: str, two: list[Migration]) -> None:
    absent = Migrator(empty_database_url.replace("/test_empty?", "/absent?"), two)

    with pytest.raises(StorageUnavailable, match=r"'absent' at .* as user 'postgres': .*does not exist"):
        absent.plan()

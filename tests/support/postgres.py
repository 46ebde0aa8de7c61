"""A real PostgreSQL for tests: one server per pytest process, and a database of its own for each test."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pytest_postgresql.executors import NoopExecutor
from pytest_postgresql.janitor import DatabaseJanitor

from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.migration_files import Migration, MigrationFilesMissingError, offline_plan
from boostmon.adapters.postgres.migrator import Migrator


@dataclass(frozen=True, slots=True)
class Server:
    """What pytest-postgresql's noproc factory wants to know of a server that it `depends_on`."""

    host: str
    port: int
    user: str
    password: str | None = None
    options: str = ""
    maintenance_dbname: str = "postgres"
    template_dbname: str = "template1"


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """Lend a temporary folder with a short path that any account may enter.

    pytest's own `tmp_path` lies in a private folder; under root PostgreSQL runs as another account, which
    cannot get there.
    """
    folder = Path(tempfile.mkdtemp(prefix="boostmon-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def embedded_postgres(data_dir: Path) -> EmbeddedPostgres:
    """Return a server that is fast rather than safe, and that adds no account to the machine."""
    return EmbeddedPostgres(data_dir, durable=False, os_user="nobody")


@contextmanager
def running_server() -> Iterator[Server]:
    """Run a server of our own in a temporary folder; it stops whatever happens in between."""
    with reachable_folder() as folder:
        embedded = embedded_postgres(folder / "pg")
        try:
            parameters = conninfo_to_dict(embedded.start())
            yield Server(host=str(parameters["host"]), port=int(str(parameters["port"])), user=str(parameters["user"]))
        finally:
            embedded.stop()


@contextmanager
def cloned_database(template: NoopExecutor, name: str) -> Iterator[str]:
    """Copy the template's database under `name`, yield its URL, and drop it with all its sessions."""
    with DatabaseJanitor(
        user=template.user,
        host=template.host,
        port=template.port,
        password=template.password,
        dbname=name,
        template_dbname=template.template_dbname,
    ):
        yield url_of(host=template.host, port=template.port, user=template.user, dbname=name)


def own_migrations() -> list[Migration]:
    """Return what `migrations/` holds, which may be nothing yet."""
    try:
        return offline_plan()
    except MigrationFilesMissingError:
        return []


def apply_migrations(*, host: str, port: int, user: str, dbname: str, **_: object) -> None:
    """Bring a template database up to date: a loader for pytest-postgresql."""
    Migrator(url_of(host=host, port=port, user=user, dbname=dbname), own_migrations()).apply()


def url_of(*, host: str, port: int | str, user: str, dbname: str) -> str:
    """Return a URL, also for a host that is a folder of sockets."""
    return f"postgresql://{user}@/{dbname}?host={quote(host, safe='')}&port={port}"


def end_other_sessions(url: str) -> int:
    """End every session on the URL's database but this one; return how many, once they are gone."""
    with psycopg.connect(url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return ended.rowcount

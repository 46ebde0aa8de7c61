"""The run's own PostgreSQL: the one that BoostMon embeds, as safe as it is for users, in a folder that goes with it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.migrator import Migrator


@dataclass(frozen=True, slots=True)
class Template:
    """A database that several cases start from. `fill` is called once a run, with the URL of an empty one."""

    name: str
    fill: Callable[[str], None]


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that the account of a server may enter, too: root's server runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="boostmon-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class Server:
    """Databases on one server. fsync and synchronous_commit are on: everybody pays for durability."""

    url: str
    _templates: set[str] = field(default_factory=set)

    @contextmanager
    def database(self, name: str, template: Template | None = None) -> Iterator[str]:
        """A new database, as the template if one is given; dropped afterwards, with whoever is still in it."""
        if template is not None:
            self.kept_database(template)
        self._create(name, None if template is None else template.name)
        try:
            yield self.url_of(name)
        finally:
            self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def kept_database(self, template: Template) -> str:
        """The URL of the template itself, which is filled when it is first asked for and stays until the end."""
        if template.name not in self._templates:
            self._create(template.name, None)
            template.fill(self.url_of(template.name))
            self._templates.add(template.name)
        return self.url_of(template.name)

    def url_of(self, name: str) -> str:
        """The URL of a database here."""
        parts = conninfo_to_dict(self.url)
        return f"postgresql://{parts['user']}@/{name}?host={parts['host']}&port={parts['port']}"

    def ask(self, question: str) -> str:
        """The one value that the server answers."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(question.encode()).fetchone()
        return "" if row is None else str(row[0])

    def _create(self, name: str, template: str | None) -> None:
        # Files are copied as they are, which is quick for large ones and writes nothing of them into the WAL.
        words = "CREATE DATABASE {}" if template is None else "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        names = (name,) if template is None else (name, template)
        self._execute(sql.SQL(words).format(*map(sql.Identifier, names)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_server() -> Iterator[Server]:
    """Runs it until the end of the block, whatever happens in there."""
    with reachable_folder() as folder:
        embedded = EmbeddedPostgres(folder / "pg", os_user="nobody")
        try:
            yield Server(embedded.start())
        finally:
            embedded.stop()


def migrate(url: str) -> None:
    """Brings a database to BoostMon's schema."""
    Migrator(url).apply()

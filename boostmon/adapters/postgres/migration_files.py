"""The numbered SQL files of the schema: where they are, and whether they are in order."""

import hashlib
import importlib.resources
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import boostmon
from boostmon.domain.errors import BoostMonError

_FILE_NAME = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")
# `BEGIN` and `END` without a semicolon belong to PL/pgSQL and are fine.
_TRANSACTION_CONTROL = re.compile(
    r"(?:^|;)\s*(BEGIN|COMMIT|ROLLBACK|ABORT|START\s+TRANSACTION)(\s+(WORK|TRANSACTION))?\s*;",
    re.IGNORECASE | re.MULTILINE,
)


class MigrationError(BoostMonError):
    """The schema cannot be brought up to date; nothing of the offending file was applied."""


class MigrationFilesError(MigrationError):
    """The files themselves are out of order; the database was not touched."""


class MigrationFilesMissingError(MigrationFilesError):
    """The folder of the files is not there: the installation is damaged."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file, immutable once released; `sha256` is that of the text with Unix line ends."""

    version: int
    name: str
    sql: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Return the name of its file, `0001_name.sql`."""
        return f"{self.version:04}_{self.name}.sql"


def find_migrations() -> Traversable:
    """Return the folder of the files: inside the installed package, or at the top of a checkout.

    Raises:
        MigrationFilesMissingError: there is neither.
    """
    packaged = importlib.resources.files(boostmon).joinpath("_migrations")
    if packaged.is_dir():
        return packaged
    checkout = Path(boostmon.__file__).parents[1] / "migrations"
    if checkout.is_dir():
        return checkout
    raise MigrationFilesMissingError("BoostMon's migration files are missing: install BoostMon again")


def offline_plan(folder: Traversable | None = None) -> list[Migration]:
    """Return every migration in order, without a database: what an empty one would get.

    Args:
        folder: where the files are; None means BoostMon's own.

    Raises:
        MigrationFilesError: a file name, a number or a text is not as it must be.
    """
    folder = find_migrations() if folder is None else folder
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    migrations = [_read(file) for file in files]
    _require_unbroken_numbers(migrations)
    return migrations


def _read(file: Traversable) -> Migration:
    parts = _FILE_NAME.fullmatch(file.name)
    if parts is None:
        raise MigrationFilesError(
            f"{file.name} is no name for a migration: use four digits and lower-case words, like 0002_add_index.sql"
        )
    try:
        # Git may write Windows line ends into a checkout; that is no edit.
        sql = file.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise MigrationFilesError(f"{file.name} is not UTF-8 text: {error}") from error
    if control := _TRANSACTION_CONTROL.search(sql):
        statement = control.group().strip("; \n")
        raise MigrationFilesError(
            f"{file.name} holds {statement!r}: each file runs in one transaction with its record, "
            "so remove that statement"
        )
    digest = hashlib.sha256(sql.encode()).hexdigest()
    return Migration(version=int(parts["version"]), name=parts["name"], sql=sql, sha256=digest)


def _require_unbroken_numbers(migrations: Sequence[Migration]) -> None:
    versions = [migration.version for migration in migrations]
    if twice := sorted({version for version in versions if versions.count(version) > 1}):
        raise MigrationFilesError(
            f"two migration files have the same number: {_numbers(twice)}; give the unreleased one the next"
        )
    if gaps := sorted(set(range(1, max(versions, default=0) + 1)) - set(versions)):
        raise MigrationFilesError(
            f"migration files are missing: {_numbers(gaps)}; restore them as they were released, "
            "or number the later ones without a gap"
        )
    if 0 in versions:
        raise MigrationFilesError("migration numbers start at 0001")


def _numbers(versions: Iterable[int]) -> str:
    return ", ".join(f"{version:04}" for version in versions)

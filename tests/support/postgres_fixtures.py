"""Fixtures on a real PostgreSQL; a conftest imports those that its tests use."""

from collections.abc import Iterator

import pytest
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.postgres.database import Database
from tests.support.postgres import Server, apply_migrations, cloned_database, running_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The one server of this pytest process; with pytest-xdist each worker has its own."""
    with running_server() as server:
        yield server


# Each of the two keeps one template database for the session; a test gets a copy of it.
migrated_template = factories.postgresql_noproc(
    dbname="migrated", depends_on="postgres_server", load=[apply_migrations]
)
empty_template = factories.postgresql_noproc(dbname="empty", depends_on="postgres_server")


@pytest.fixture
def database_url(migrated_template: NoopExecutor) -> Iterator[str]:
    """The URL of a fresh database with the schema of `migrations/`."""
    with cloned_database(migrated_template, "test_migrated") as url:
        yield url


@pytest.fixture
def empty_database_url(empty_template: NoopExecutor) -> Iterator[str]:
    """The URL of a fresh database without anything in it."""
    with cloned_database(empty_template, "test_empty") as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open `Database` on `database_url`."""
    opened = Database(database_url)
    opened.open()
    yield opened
    opened.close()

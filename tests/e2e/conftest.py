"""Real processes of BoostMon, a real PostgreSQL, and a Discord on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from boostmon.adapters.clock import SystemClock
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start, programs
from tests.e2e.tables import Tables
from tests.support.postgres import reachable_folder
from tests.support.postgres_fixtures import (
    database_url,
    empty_database_url,
    empty_template,
    migrated_template,
    postgres_server,
)

__all__ = ["database_url", "empty_database_url", "empty_template", "migrated_template", "postgres_server"]


@pytest.fixture
def discord() -> Iterator[LoopbackDiscord]:
    """A Discord that runs by the real time."""
    with LoopbackDiscord(SystemClock().now) as started:
        yield started


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder for an embedded PostgreSQL, which does not outlive the test."""
    with reachable_folder() as folder:
        data = folder / "boostmon"
        yield data
        left = EmbeddedPostgres(data)
        if left.is_running():
            left.start()
            left.stop()


@pytest.fixture
def start(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Start]:
    """Starts `boostmon` with arguments and settings, in an empty folder."""
    if "data_dir" in request.fixturenames:
        request.getfixturevalue("data_dir")  # first: programs that use it are ended before it goes
    with programs(tmp_path) as starting:
        yield starting


@pytest.fixture
def tables(database_url: str) -> Iterator[Tables]:
    """A look into the database of `database_url`."""
    with Tables(database_url) as looking:
        yield looking


@pytest.fixture
def settings(discord: LoopbackDiscord, database_url: str) -> dict[str, str]:
    """What a `boostmon` needs to serve `discord` from `database_url`."""
    return {
        "DISCORD_TOKEN": discord.token,
        "BOOSTMON_DISCORD_API_URL": discord.url,
        "DATABASE_URL": database_url,
    }

"""A month stays 30 days for every guild that knew it so; for others it is one of the calendar."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.migration_files import offline_plan
from boostmon.adapters.postgres.migrator import Migrator
from boostmon.adapters.postgres.policies import PostgresPolicies
from boostmon.domain.durations import Months
from boostmon.domain.ids import ChannelId, GuildId
from boostmon.domain.policy import DEFAULT_POLICY, Policy
from tests.support.timers import HOUR

BEFORE = 9
DECIDED, TIMED, TIMED_ONCE, BOTH, NEW = map(GuildId, (7, 5, 3, 4, 6))
OF_OLD = Policy(months=Months.THIRTY_DAYS)


@pytest.fixture
def url(empty_database_url: str) -> str:
    """A database as it was before guilds could say what a month is, with something of four guilds."""
    Migrator(empty_database_url, offline_plan()[:BEFORE]).apply()
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(
            "INSERT INTO boostmon.guild_settings (guild_id, thresholds, log_channel, dms)"
            " VALUES (7, '{1 hour}', 8, false)"
        )
        connection.execute(
            "INSERT INTO boostmon.timers (guild_id, user_id, role_id, state, ends_at, due_at, created_at, updated_at)"
            " SELECT guild, number, 1, 'running', now(), now(), now(), now()"
            " FROM unnest(ARRAY[5, 4, 7]) AS guild, generate_series(1, 3) AS number"
        )
        connection.execute(
            "INSERT INTO boostmon.ledger (guild_id, user_id, role_id, at, action)"
            " SELECT guild, number, 1, now(), 'set' FROM unnest(ARRAY[3, 4]) AS guild, generate_series(1, 3) AS number"
        )
    Migrator(empty_database_url).apply()
    return empty_database_url


@contextmanager
def policies_of(url: str) -> Iterator[PostgresPolicies]:
    database = Database(url)
    database.open()
    try:
        yield PostgresPolicies(database)
    finally:
        database.close()


def test_a_guild_with_anything_stored_keeps_its_months_of_thirty_days(url: str) -> None:
    with policies_of(url) as policies:
        found = policies.of([DECIDED, TIMED, TIMED_ONCE, BOTH, NEW])

    decided = Policy((HOUR,), log_channel=ChannelId(8), dms=False, months=Months.THIRTY_DAYS)
    assert found == {DECIDED: decided, TIMED: OF_OLD, TIMED_ONCE: OF_OLD, BOTH: OF_OLD, NEW: DEFAULT_POLICY}


def test_an_older_process_that_still_runs_writes_rows_of_new_guilds(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO boostmon.guild_settings (guild_id, thresholds, dms, language)"
            " VALUES (6, '{1 hour}', true, NULL)"
        )

    with policies_of(url) as policies:
        assert policies.get(NEW) == Policy((HOUR,))

"""The databases of the tests are what they promise to be."""

import psycopg
import pytest

from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.migrator import Migrator
from tests.support.postgres import own_migrations


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(empty_database_url: str, turn: int) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE TABLE left_behind (turn integer)")  # fails if the other turn's is there
        connection.execute("INSERT INTO left_behind VALUES (%s)", (turn,))


def test_the_migrated_database_has_nothing_pending(database_url: str) -> None:
    assert Migrator(database_url, own_migrations()).plan() == []


def test_an_opened_database_answers(database: Database) -> None:
    name = database.run(lambda c: c.execute("SELECT current_database()").fetchone(), idempotent=True)

    assert name == ("test_migrated",)

"""Every integration test may ask for a database of its own."""

from tests.support.postgres_fixtures import (
    database,
    database_url,
    empty_database_url,
    empty_template,
    migrated_template,
    postgres_server,
)

__all__ = [
    "database",
    "database_url",
    "empty_database_url",
    "empty_template",
    "migrated_template",
    "postgres_server",
]

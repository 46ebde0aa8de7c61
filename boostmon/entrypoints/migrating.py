"""`boostmon migrate`."""

from collections.abc import Iterator
from contextlib import contextmanager

from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.migration_files import offline_plan
from boostmon.adapters.postgres.migrator import Migrator
from boostmon.adapters.postgres.schema import SCHEMA
from boostmon.entrypoints.settings import Settings


def migrate_database(settings: Settings, *, dry_run: bool) -> Iterator[str]:
    """Applies what is pending, or only says what that is; yields lines for the operator.

    Without DATABASE_URL it is the embedded database; a dry run does not set one up that is not there yet.

    Raises:
        BoostMonError: the database cannot be reached, or its schema and this program do not fit together.
    """
    if dry_run and settings.database_url is None and not EmbeddedPostgres(settings.data_dir).is_set_up():
        yield f"No DATABASE_URL, and no embedded database in {settings.data_dir} yet. A new one would get:"
        yield from (f"  {migration.file_name}" for migration in offline_plan())
        return
    with _database_url(settings) as url:
        migrator = Migrator(url)
        found = migrator.survey()
        migrations = found.pending if dry_run else migrator.apply()
        if found.earlier is not None:
            yield f"{'Would move' if dry_run else 'Moved'} into the schema {SCHEMA}:"
            yield from (f"  {name}" for name in found.earlier.names)
        if found.earlier_bot is not None and dry_run:  # else the log says so
            yield f"Found: {found.earlier_bot}."
        if not migrations:
            if found.earlier is None:
                yield "The schema is up to date."
            return
        yield "Would apply:" if dry_run else "Applied:"
        yield from (f"  {migration.file_name}" for migration in migrations)


@contextmanager
def _database_url(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    embedded = EmbeddedPostgres(settings.data_dir)
    try:
        yield embedded.start()
    finally:
        embedded.stop()

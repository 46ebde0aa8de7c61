"""What stands in the tables, read past BoostMon's own code."""

from datetime import datetime
from types import TracebackType
from typing import Any, Self

import psycopg


class Tables:
    """A connection of its own to a database; to be used as a context manager."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(query).fetchall()

    def run(self, statement: str, *parameters: object) -> None:
        """Runs a statement without a result."""
        self._connection.execute(statement, parameters or None)

    @property
    def timers(self) -> int:
        """How many timers there are."""
        return len(self.rows("SELECT FROM boostmon.timers"))

    @property
    def claimed(self) -> int:
        """How many timers and notices somebody holds."""
        return len(
            self.rows(
                "SELECT claim_token FROM boostmon.timers WHERE claim_token IS NOT NULL "
                "UNION ALL SELECT claim_token FROM boostmon.notices WHERE claim_token IS NOT NULL"
            )
        )

    @property
    def history(self) -> list[str]:
        """The actions of the ledger, oldest first."""
        return [action for (action,) in self.rows("SELECT action FROM boostmon.ledger ORDER BY entry_id")]

    def ends_at(self) -> datetime:
        """When the only timer ends."""
        [(instant,)] = self.rows("SELECT ends_at FROM boostmon.timers")
        assert isinstance(instant, datetime)
        return instant

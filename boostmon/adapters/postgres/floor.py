"""Where to start looking for due rows, so that a look does not wade through dead ones."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

LOWEST = datetime(1, 1, 1, tzinfo=UTC)
SLACK = timedelta(minutes=1)
"""A change is written at most this long after the instant it was planned from; no due time lies further back."""
FULL_LOOK_SECONDS = 15.0
"""Real seconds after which even older rows are looked for: those that came by hand, or in one long transaction."""


class Floor:
    """The instant before which a table is known to have no due row.

    While some session holds an old snapshot, a nightly dump for instance, rows that were dealt with cannot be removed,
    and their entries stay at the head of the index: each look would read them all again, 240,000 pages after 120,000
    endings. What lies before the first row of the last look need not be looked at again, but now and then.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._looked_at_all: float | None = None
        self._instant = LOWEST

    def at(self, now: datetime) -> datetime:
        """Where to look from. A clock that was set back lowers it."""
        return self._instant if self._instant <= now - SLACK else LOWEST

    def lower_now_and_then(self) -> None:
        """To be called before a look."""
        seconds = self._seconds()
        if self._looked_at_all is None or seconds - self._looked_at_all >= FULL_LOOK_SECONDS:
            self._looked_at_all = seconds
            self._instant = LOWEST

    def raise_to(self, first: datetime | None, now: datetime) -> None:
        """A look from the floor on has found this row first, be it held or not; None: no row at all."""
        highest = now - SLACK
        self._instant = highest if first is None else min(first, highest)

"""Watches the database while a process runs: sets the clock by it, and logs when it is in trouble."""

import logging
import threading
import time
from collections.abc import Callable

from boostmon.app.errors import StorageUnavailable

_log = logging.getLogger(__name__)

TICK = 5.0
"""Seconds between two looks while something is wrong."""
ROUTINE = 60.0
"""Seconds between two looks while all is well, and between two lines while it is not."""


class DatabaseWatch:
    """Examines the database once a minute, and every few seconds while it is in trouble.

    Trouble is what an examination finds, and what others met since (`troubles` gives the reasons, once each). It is
    logged when it begins, once a minute while it lasts, and when it is over: one line each time.
    """

    def __init__(
        self,
        examine: Callable[[], object],
        troubles: Callable[[], list[str]],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._examine = examine
        self._troubles = troubles
        self._seconds = seconds
        self._examined = seconds()
        self._wrong_since: float | None = None
        self._told = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="database-watch", daemon=True)

    def start(self) -> None:
        """Starts looking, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stops looking. A look that is under way ends by itself."""
        self._stopping.set()

    def tick(self) -> None:
        """One look, where one is needed."""
        now = self._seconds()
        troubles = self._troubles()
        if not troubles and self._wrong_since is None and now - self._examined < ROUTINE:
            return
        self._examined = now
        try:
            self._examine()
        except StorageUnavailable as error:
            troubles.append(error.reason)
        if troubles:
            self._wrong(now, troubles)
        elif self._wrong_since is not None:
            _log.info("the database is well again", extra={"seconds": round(now - self._wrong_since)})
            self._wrong_since = None

    def _wrong(self, now: float, troubles: list[str]) -> None:
        if self._stopping.is_set():
            return  # the connections are being closed
        if self._wrong_since is None:
            self._wrong_since = now
        elif now - self._told < ROUTINE:
            return
        self._told = now
        _log.warning(
            "the database is in trouble; commands that need it are refused, endings wait and are made up for",
            extra={"seconds": round(now - self._wrong_since), "reason": troubles[-1]},
        )

    def _run(self) -> None:
        while not self._stopping.wait(TICK):
            try:
                self.tick()
            except Exception:  # noqa: BLE001 - the next look may do better; the thread goes on
                _log.exception("the database could not be looked after")

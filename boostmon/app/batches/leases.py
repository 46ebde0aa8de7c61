"""Keeps claims beyond one lease while they are being acted on."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

from boostmon.app.errors import StorageUnavailable

_log = logging.getLogger(__name__)

BEATS_IN_A_LEASE = 3
"""So two renewals may fail before a lease runs out."""
MOST_BEATS = 30
"""Whoever makes no progress for so many, ten leases, is taken to hang: the claims are left to others."""


FIRST_BATCH = 100
"""Two seconds of Discord's 50 requests a second."""
QUICK = timedelta(seconds=1)


class BatchSize:
    """How much to claim at once: as much as can be acted on in a second or two, so that work is shared.

    What one process has claimed, another that stands idle cannot take. Warnings are written by the hundred at once,
    while a role costs a request of Discord's budget; so the size starts small, doubles while batches are quick, and
    halves when they are not.
    """

    def __init__(self, most: int, *, least: int = FIRST_BATCH) -> None:
        self._most = most
        self._least = min(least, most)
        self._lock = threading.Lock()
        self.now = self._least

    def took(self, length: timedelta) -> None:
        """Fits the size to how long a batch took. Safe for several threads."""
        with self._lock:
            grown = self.now * 2 if length <= QUICK else self.now // 2
            self.now = max(self._least, min(grown, self._most))


class Keeper[C]:
    """Renews the leases of claims from a thread of its own, which begins with the first of them, until it is left.

    Acting on a batch may take longer than its lease: Discord is slow, or limits us. Without renewal another process
    would take over what this one is acting on. A process that is killed renews nothing, so that it is taken over.
    """

    def __init__(self, renew: Callable[[Sequence[C], timedelta], object], lease: timedelta) -> None:
        self._renew = renew
        self._lease = lease
        self._kept: Sequence[C] = ()
        self._beats = 0
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="leases", daemon=True)

    def keep(self, claims: Sequence[C]) -> None:
        """Renews these from now on, and no others. To be called whenever some are done."""
        self._kept, self._beats = claims, 0
        if claims and not self._thread.is_alive():
            self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._leaving.set()
        if self._thread.is_alive():
            self._thread.join()

    def _beat(self) -> None:
        while not self._leaving.wait(self._lease.total_seconds() / BEATS_IN_A_LEASE):
            kept = self._kept
            self._beats += 1
            if not kept or self._beats > MOST_BEATS:
                continue
            try:
                self._renew(kept, self._lease)
            except StorageUnavailable as error:
                _log.warning("leases not renewed", extra={"claims": len(kept), "error": error.reason})
            except Exception:  # noqa: BLE001 - the next beat may do better, and nobody else hears of this one
                _log.exception("leases not renewed", extra={"claims": len(kept)})

"""`Outbox` in memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from boostmon.adapters.memory.store import MemoryStore, StoredNotice
from boostmon.app.ports import DeliverySettlement, Posted


class InMemoryOutbox:
    """See `Outbox`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def next_due(self, now: datetime) -> datetime | None:
        """See `Outbox.next_due`."""
        with self._store.lock:
            return self._store.next_due(((row.due_at, row.lease) for row in self._store.notices.values()), now)

    def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Posted]:
        """See `Outbox.claim`."""
        token = uuid4()
        with self._store.lock:
            rows = [row for row in self._store.notices.values() if row.due_at <= now and self._store.is_free(row.lease)]
            rows.sort(key=lambda row: (row.due_at, row.id))
            for row in rows[:limit]:
                row.lease = self._store.lease(token, lease)
            return [Posted(row.id, row.notice, row.attempts, token) for row in rows[:limit]]

    def renew(self, posted: Sequence[Posted], lease: timedelta) -> Sequence[Posted]:
        """See `Outbox.renew`."""
        held = []
        with self._store.lock:
            for one in posted:
                row = self._held(one)
                if row is not None:
                    row.lease = self._store.lease(one.token, lease)
                    held.append(one)
        return held

    def settle(self, settlements: Sequence[DeliverySettlement]) -> None:
        """See `Outbox.settle`."""
        with self._store.lock:
            for settlement in settlements:
                row = self._held(settlement.posted)
                if row is None:
                    continue
                if settlement.retry_at is None:
                    del self._store.notices[row.id]
                    if settlement.entry is not None:
                        self._store.log(settlement.entry)
                else:
                    row.due_at, row.last_error = settlement.retry_at, settlement.error
                    row.attempts += settlement.is_attempt
                    row.lease = None

    def release(self, posted: Sequence[Posted]) -> None:
        """See `Outbox.release`."""
        with self._store.lock:
            for one in posted:
                row = self._held(one)
                if row is not None:
                    row.lease = None

    def _held(self, posted: Posted) -> StoredNotice | None:
        row = self._store.notices.get(posted.id)
        return row if row is not None and row.lease is not None and row.lease.token == posted.token else None

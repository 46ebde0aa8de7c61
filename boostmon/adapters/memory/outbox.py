"""`Outbox` in memory."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import override
from uuid import uuid4

from boostmon.adapters.memory.store import MemoryStore, StoredNotice
from boostmon.app.ports import DeliverySettlement, Outbox, Posted


class InMemoryOutbox(Outbox):
    """The outbox in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def next_due(self, now: datetime) -> datetime | None:
        with self._store.lock:
            return self._store.next_due(((row.due_at, row.lease) for row in self._store.notices.values()), now)

    @override
    def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Posted]:
        token = uuid4()
        with self._store.lock:
            heads = [row for row in self._store.notices.values() if row.due_at <= now and self._is_head(row)]
            heads.sort(key=lambda row: (row.due_at, row.notice.key.guild, row.notice.channel or math.inf, row.id))
            claimed = {row.id: row for head in heads[:limit] for row in self._with_companions(head)}
            rows = sorted(claimed.values(), key=lambda row: (row.due_at, row.id))
            for row in rows:
                row.lease = self._store.lease(token, lease)
            return [Posted(row.id, row.notice, row.attempts, token, row.postmark) for row in rows]

    @override
    def mark(self, posted: Sequence[Posted]) -> Sequence[Posted]:
        held = []
        with self._store.lock:
            for one in posted:
                row = self._held(one)
                if row is not None:
                    row.postmark = one.postmark
                    held.append(one)
        return held

    @override
    def renew(self, posted: Sequence[Posted], lease: timedelta) -> Sequence[Posted]:
        held = []
        with self._store.lock:
            for one in posted:
                row = self._held(one)
                if row is not None:
                    row.lease = self._store.lease(one.token, lease)
                    held.append(one)
        return held

    @override
    def settle(self, settlements: Sequence[DeliverySettlement]) -> None:
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
                    row.postmark = None if settlement.is_unsent else row.postmark
                    row.lease = None

    @override
    def release(self, posted: Sequence[Posted]) -> None:
        with self._store.lock:
            for one in posted:
                row = self._held(one)
                if row is not None:
                    row.lease = None

    def _with_companions(self, row: StoredNotice) -> list[StoredNotice]:
        """The row and all others of its message."""
        if row.postmark is None:
            return [row]
        rows = self._store.notices.values()
        return [one for one in rows if one.postmark is not None and one.postmark.message == row.postmark.message]

    def _is_head(self, row: StoredNotice) -> bool:
        """Whether the row is free, and is the first of a message of which nobody holds a part."""
        message = self._with_companions(row)
        return row.id == min(one.id for one in message) and all(self._store.is_free(one.lease) for one in message)

    def _held(self, posted: Posted) -> StoredNotice | None:
        row = self._store.notices.get(posted.id)
        return row if row is not None and row.lease is not None and row.lease.token == posted.token else None

"""One pass over the outbox: notices leave it at their own pace, so that a slow message never delays a removal."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from boostmon.app.leases import Keeper
from boostmon.app.ports import (
    Clock,
    Delivered,
    Delivery,
    DeliverySettlement,
    GivenUp,
    GuildSettings,
    HeldBack,
    Notifier,
    Outbox,
    Posted,
    Postponed,
)
from boostmon.domain.decisions import SHORTEST_HOLD
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.policy import Policy
from boostmon.domain.ways import ways_of

_log = logging.getLogger(__name__)

SENT_AT_ONCE = 10
PATIENCE = Policy().retry


@dataclass(frozen=True, slots=True)
class DeliveryPass:
    """What a pass did; `next_due` is when the next is needed."""

    next_due: datetime | None
    delivered: int = 0
    postponed: int = 0
    given_up: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class DeliverNotices:
    """Claims notices, sends them, and writes what became of each. `stopping` as for the sweep.

    No more is claimed than is sent at once: a command that drops a warning drops it from the box, and what waits in
    here would still be sent, minutes later if the messages before it are slow.
    The lease is renewed while messages are sent.
    """

    outbox: Outbox
    notifier: Notifier
    clock: Clock
    settings: GuildSettings
    batch: int = SENT_AT_ONCE
    lease: timedelta = timedelta(seconds=60)
    stopping: Callable[[], bool] = field(default=lambda: False)

    def __call__(self) -> DeliveryPass:
        """One pass: until no notice is due, or stopping.

        Raises:
            StorageUnavailable: what was claimed comes back by itself when its lease has run out.
        """
        counts = {Delivered: 0, Postponed: 0, HeldBack: 0, GivenUp: 0}
        next_due: datetime | None = None
        while not self.stopping():
            now = self.clock.now()
            next_due = self.outbox.next_due(now)
            posted = self.outbox.claim(now, self.batch, self.lease) if next_due is not None and next_due <= now else ()
            if not posted:
                break
            with Keeper(self.outbox.renew, self.lease) as keeper:
                for start in range(0, len(posted), SENT_AT_ONCE):
                    if self.stopping():
                        self.outbox.release(posted[start:])
                        break
                    keeper.keep(posted[start:])
                    for delivery in self._send(posted[start : start + SENT_AT_ONCE]):
                        counts[type(delivery)] += 1
        return DeliveryPass(next_due, counts[Delivered], counts[Postponed], counts[GivenUp], counts[HeldBack])

    def _send(self, chunk: Sequence[Posted]) -> list[Delivery]:
        now = self.clock.now()
        fresh = [posted for posted in chunk if now < posted.notice.stale_at]
        sent = iter(self.notifier.deliver(self._addressed(fresh)) if fresh else ())
        deliveries = [next(sent) if now < posted.notice.stale_at else GivenUp("too late") for posted in chunk]
        now = self.clock.now()
        self.outbox.settle(
            [self._settlement(posted, delivery, now) for posted, delivery in zip(chunk, deliveries, strict=True)]
        )
        return deliveries

    def _addressed(self, chunk: Sequence[Posted]) -> list[Posted]:
        policies = self.settings.of({posted.notice.key.guild for posted in chunk})
        return [replace(posted, ways=ways_of(posted.notice, policies[posted.notice.key.guild])) for posted in chunk]

    def _settlement(self, posted: Posted, delivery: Delivery, now: datetime) -> DeliverySettlement:
        key = posted.notice.key
        match delivery:
            case Delivered(where=where):
                entry = LedgerEntry(key=key, at=now, action=Action.DELIVERED, reason=f"{posted.notice.kind} to {where}")
                return DeliverySettlement(posted, entry=entry)
            case Postponed(error=error, after=after):
                wait = max(PATIENCE.after(posted.attempts + 1), after)
                _log.warning("notice not delivered yet", extra={"timer": key, "error": error, "retry_in": wait})
                return DeliverySettlement(posted, retry_at=now + wait, error=error)
            case HeldBack(error=error, after=after):
                retry_at = now + max(after, SHORTEST_HOLD)
                return DeliverySettlement(posted, retry_at=retry_at, error=error, is_attempt=False)
            case GivenUp(reason=reason):
                _log.warning("notice given up", extra={"timer": key, "error": reason})
                entry = LedgerEntry(
                    key=key, at=now, action=Action.UNDELIVERED, reason=f"{posted.notice.kind}: {reason}"
                )
                return DeliverySettlement(posted, entry=entry)
            case _ as never:
                assert_never(never)

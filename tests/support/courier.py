"""A notifier at work: notices are owed, and a pass over an outbox in memory sends them by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.store import MemoryStore, StoredNotice
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.ports import Delivered, Notifier, Postponed
from boostmon.domain.details import NoticeDropped, NoticeRefused, NoticeTold
from boostmon.domain.ledger import LedgerEntry
from boostmon.domain.notices import Notice
from boostmon.domain.outcomes import Held
from boostmon.domain.policy import Policy
from tests.support.timers import POLICY


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It left the outbox, and nobody was told."""

    why: NoticeDropped | NoticeRefused


type Delivery = Delivered | Postponed | Held | GivenUp
"""What became of a notice."""


class Courier:
    """One process that delivers. What became of each notice is read from ledger and outbox."""

    def __init__(self, notifier: Notifier, now: datetime) -> None:
        self.clock = ManualClock(now)
        self.store = MemoryStore()
        self.outbox = InMemoryOutbox(self.store)
        self.courier = DeliverNotices(self.outbox, notifier, self.clock, InMemoryPolicies(self.store))
        self._numbers: list[int] = []

    def deliver(self, *notices: Notice, policy: Policy = POLICY) -> list[Delivery]:
        """What becomes of these, owed now, in a pass."""
        self._numbers = []
        for notice in notices:
            self.store.policies[notice.key.guild] = policy
            number = next(self.store.notice_ids)
            self.store.notices[number] = StoredNotice(number, notice, self.clock.now())
            self._numbers.append(number)
        return self._pass()

    def again(self) -> list[Delivery]:
        """What becomes of those of the last `deliver` that are still owed, once they are due again."""
        self._numbers = [number for number in self._numbers if number in self.store.notices]
        self.clock.advance(max(row.due_at for row in self.store.notices.values()) - self.clock.now())
        return self._pass()

    def wait(self, length: timedelta = timedelta(minutes=2)) -> None:
        """Until a channel that had a message may have the next one."""
        self.clock.advance(length)

    def _pass(self) -> list[Delivery]:
        owed = {number: self.store.notices[number].notice for number in self._numbers}
        attempts = {number: self.store.notices[number].attempts for number in self._numbers}
        before = len(self.store.ledger)
        self.courier()
        told: dict[object, list[Delivery]] = {}
        for entry in self.store.ledger[before:]:
            told.setdefault(entry.key, []).append(_over(entry))
        return [
            self._waiting(number, attempts[number]) if number in self.store.notices else told[notice.key].pop(0)
            for number, notice in owed.items()
        ]

    def _waiting(self, number: int, attempts: int) -> Delivery:
        row = self.store.notices[number]
        wait, error = row.due_at - self.clock.now(), row.last_error or ""
        return Postponed(error, wait) if row.attempts > attempts else Held(error, wait)


def _over(entry: LedgerEntry) -> Delivery:
    match entry.detail:
        case NoticeTold(way=way):
            return Delivered(way)
        case NoticeDropped() | NoticeRefused() as why:
            return GivenUp(why)
        case other:
            raise AssertionError(other)

"""Where notices wait until they are delivered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from boostmon.domain.ledger import LedgerEntry
from boostmon.domain.notices import Notice
from boostmon.domain.ways import Way


@dataclass(frozen=True, slots=True)
class Postmark:
    """The message that a notice goes in, and its way.

    It is stored before the message is sent, and stays until it is certain that the message was not sent: whoever
    tries again sends the same message, so that nobody is told twice.
    """

    message: UUID
    way: Way


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice in the outbox. `id` is unique for ever; the same notice has the same id at each attempt."""

    id: int
    notice: Notice
    attempts: int
    token: UUID
    postmark: Postmark | None = None


@dataclass(frozen=True, slots=True)
class DeliverySettlement:
    """What became of a posted notice: planned again for `retry_at`, or out of the box with a ledger entry.

    `is_attempt` False plans it again without counting an attempt; `is_unsent` takes its postmark away.
    """

    posted: Posted
    retry_at: datetime | None = None
    error: str | None = None
    entry: LedgerEntry | None = field(default=None)
    is_attempt: bool = True
    is_unsent: bool = False


class Outbox(Protocol):
    """Holds notices until they are delivered, stale, or given up."""

    def next_due(self, now: datetime) -> datetime | None:
        """When a claim next finds something, as `DueTimers.next_due`; None when there is no notice."""
        ...

    def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Posted]:
        """Claims up to `limit` notices whose next attempt has come, oldest first; as `DueTimers.claim`.

        Of those whose attempt came at the same moment, the ones for one channel come together.
        Notices of one postmark are claimed together or not at all, and all of them however many `limit` allows:
        a part of a message would be taken for the whole.
        """
        ...

    def mark(self, posted: Sequence[Posted]) -> Sequence[Posted]:
        """Stores the postmarks of those that are held, and returns these. To be called just before sending.

        What is not among them was dropped, or is somebody else's by now, and must not be sent.
        """
        ...

    def renew(self, posted: Sequence[Posted], lease: timedelta) -> Sequence[Posted]:
        """Lets the leases of those that are held begin anew, now; returns these. As `DueTimers.renew`."""
        ...

    def settle(self, settlements: Sequence[DeliverySettlement]) -> None:
        """Takes notices out with their ledger entries, or plans them again. Claims that do not hold are passed over."""
        ...

    def release(self, posted: Sequence[Posted]) -> None:
        """Gives claimed notices back untried."""
        ...

"""What is written of notices once it is known what became of them. Pure."""

from datetime import datetime
from typing import assert_never

from boostmon.app.delivering.messages import Parcel, Trip
from boostmon.app.ports import Delivered, DeliverySettlement, Postponed, Reply, TurnedAway
from boostmon.domain.backoff import PATIENCE
from boostmon.domain.decisions import SHORTEST_HOLD
from boostmon.domain.details import NoticeDropped, NoticeRefused, told
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import Notice
from boostmon.domain.outcomes import Held
from boostmon.domain.ways import Way


def given_up(trip: Trip, why: NoticeDropped | NoticeRefused, now: datetime) -> DeliverySettlement:
    """A notice that is told to nobody."""
    entry = LedgerEntry(key=trip.posted.notice.key, at=now, action=Action.UNDELIVERED, detail=why)
    return DeliverySettlement(trip.posted, entry=entry)


def settlements(parcel: Parcel, reply: Reply, now: datetime) -> list[DeliverySettlement]:
    """Of each notice in a message; of none where they are to go another way.

    What was sent before without an answer may stand there, even if this time it was not sent. Those of one message fail
    together and have the same next attempt.
    """
    posted = [trip.posted for trip in parcel.trips]
    match reply:
        case Delivered(way=way):
            return [DeliverySettlement(one, entry=_delivered(one.notice, way, now)) for one in posted]
        case Postponed(error=error, after=after):
            is_unsent = reply.is_unsent and not parcel.may_have_been_sent
            retry_at = now + max(PATIENCE.retry.after(max(one.attempts for one in posted) + 1), after)
            return [DeliverySettlement(one, retry_at=retry_at, error=error, is_unsent=is_unsent) for one in posted]
        case Held(error=error, after=after):
            is_unsent, retry_at = not parcel.may_have_been_sent, now + max(after, SHORTEST_HOLD)
            return [
                DeliverySettlement(one, retry_at=retry_at, error=error, is_attempt=False, is_unsent=is_unsent)
                for one in posted
            ]
        case TurnedAway():
            return []
        case _ as never:
            assert_never(never)


def _delivered(notice: Notice, way: Way, now: datetime) -> LedgerEntry:
    return LedgerEntry(key=notice.key, at=now, action=Action.DELIVERED, detail=told(notice, way))

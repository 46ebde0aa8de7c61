"""What is sent next, what waits, and what goes nowhere. Pure: it goes by what it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from boostmon.app.batches.pace import PATIENT_SHARE
from boostmon.app.delivering.messages import Parcel, Trip
from boostmon.domain.details import Drop, NoticeDropped, NoticeRefused, dropped, refused
from boostmon.domain.outcomes import Held
from boostmon.domain.ways import ToChannel, ToLog, ToMember

SENT_AT_ONCE = 10
"""Messages. A command may still drop a notice that is in the outbox, but not one that is being sent: so only as many
are on their way as go out in a second or so."""


type Lost = tuple[Trip, NoticeDropped | NoticeRefused]
"""A notice that is told to nobody, and why."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Messages by what becomes of them now: these are sent, those held back, and the rest goes in a later wave."""

    sending: Sequence[Parcel]
    waiting: Sequence[tuple[Parcel, Held]]
    later: Sequence[Parcel]


def plan_wave(parcels: Sequence[Parcel], held: Mapping[UUID, Held]) -> Wave:
    """Sends the next few messages that are not `held` (by their ids), all of them to one kind of place."""
    waiting = [(parcel, held[parcel.message.id]) for parcel in parcels if parcel.message.id in held]
    going = [parcel for parcel in parcels if parcel.message.id not in held]
    first = min(map(_turn, going), default=0)
    sending = [parcel for parcel in going if _turn(parcel) == first][:SENT_AT_ONCE]
    return Wave(sending, waiting, [parcel for parcel in going if parcel not in sending])


def is_to_gather(parcel: Parcel, gap: timedelta, now: datetime) -> bool:
    """Whether a message waits for more notices while its channel is to have none for the length of `gap`.

    A full one does not, nor one that may stand there already, nor one that some notice cannot wait for.
    """
    if gap <= timedelta(0) or parcel.may_have_been_sent or parcel.is_full:
        return False
    return gap <= min(notice.stale_at - now for notice in parcel.message.notices) / PATIENT_SHARE


def sort_out(trips: Sequence[Trip], now: datetime) -> tuple[list[Lost], list[Trip]]:
    """Those that are told to nobody, with the reason, and those that go on."""
    lost, going = [], []
    for trip in trips:
        why = _why_lost(trip, now)
        if why is None:
            going.append(trip)
        else:
            lost.append((trip, why))
    return lost, going


def _why_lost(trip: Trip, now: datetime) -> NoticeDropped | NoticeRefused | None:
    notice = trip.posted.notice
    if now >= notice.stale_at:
        return dropped(notice, Drop.TOO_LATE, perhaps_sent=trip.is_marked)
    if trip.ways:
        return None
    return refused(notice, trip.refusals) if trip.refusals else dropped(notice, Drop.NO_WAY)


def _turn(parcel: Parcel) -> int:
    """Channels first: they are quick, while direct messages have to be opened one by one. The log channel last, so that
    it hears of all at once who could not be told."""
    match parcel.message.way:
        case ToChannel():
            return 0
        case ToMember():
            return 1
        case ToLog():
            return 2
        case _ as never:
            assert_never(never)

"""One pass over the outbox: notices leave it at their own pace, so that a slow message never delays a removal."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, count
from typing import assert_never

from boostmon.app.batches.fairness import guilds_in_turn
from boostmon.app.batches.leases import Keeper
from boostmon.app.batches.pace import PATIENT_SHARE, ChannelPace
from boostmon.app.batches.settled_log import tell_delivered, tell_given_up
from boostmon.app.delivering.messages import Parcel, Trip, compose, set_out, without_dropped
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
    Reply,
    TurnedAway,
)
from boostmon.domain.backoff import PATIENCE
from boostmon.domain.decisions import SHORTEST_HOLD
from boostmon.domain.details import Drop, dropped, refused, told
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.ways import ToChannel, ToLog, ToMember

_log = logging.getLogger(__name__)

SENT_AT_ONCE = 10
"""Messages. What a command drops is dropped from the box; what is being sent already would still be sent, so no more
are on their way than go out in a second or so."""
MOST_CLAIMED = 500
"""Notices. Enough to find those that go together: where a claim ends, it may part some that would."""
MOST_WAVES = 10
"""After so many times `SENT_AT_ONCE`, what was not tried yet is given back: others may have become more urgent, and
another process may have time."""


@dataclass(frozen=True, slots=True)
class DeliveryPass:
    """What became of the notices of a pass; `next_due` is when the next is needed.

    `messages` are those that reached their place, each with one notice or many.
    """

    next_due: datetime | None
    delivered: int = 0
    postponed: int = 0
    given_up: int = 0
    held: int = 0
    messages: int = 0


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of a trip; `attempts` is what the next wait goes by, the same for all of one message."""

    trip: Trip
    delivery: Delivery
    attempts: int
    is_unsent: bool


@dataclass(frozen=True, slots=True)
class DeliverNotices:
    """Claims notices, sends them, and writes what became of each. `stopping` as for the sweep.

    Notices whose next way is the same channel go in one message. Each message is written down before it is sent, so
    that whoever tries again, after a crash or without an answer, sends the same one (docs/adr/0010).
    The lease is renewed while messages are sent.
    """

    outbox: Outbox
    notifier: Notifier
    clock: Clock
    settings: GuildSettings
    batch: int = MOST_CLAIMED
    lease: timedelta = timedelta(seconds=60)
    stopping: Callable[[], bool] = field(default=lambda: False)
    pace: ChannelPace = field(default_factory=ChannelPace)

    def __call__(self) -> DeliveryPass:
        """One pass: until no notice is due, or stopping.

        Raises:
            StorageUnavailable: what was claimed comes back by itself when its lease has run out.
        """
        counts: Counter[type] = Counter()
        next_due: datetime | None = None
        while not self.stopping():
            now = self.clock.now()
            next_due = self.outbox.next_due(now)
            posted = self.outbox.claim(now, self.batch, self.lease) if next_due is not None and next_due <= now else ()
            if not posted:
                break
            self._deliver(posted, counts)
        return DeliveryPass(
            next_due, counts[Delivered], counts[Postponed], counts[GivenUp], counts[HeldBack], counts[Parcel]
        )

    def _deliver(self, posted: Sequence[Posted], counts: Counter[type]) -> None:
        policies = self.settings.of({one.notice.key.guild for one in posted})
        in_turn = guilds_in_turn(posted, lambda one: one.notice.key.guild)
        trips = [set_out(one, policies[one.notice.key.guild]) for one in in_turn]
        with Keeper(self.outbox.renew, self.lease) as keeper:
            for wave in count():
                if self.stopping():
                    self.outbox.release([trip.posted for trip in trips])
                    return
                if wave >= MOST_WAVES:
                    # Not those that were refused: the outbox does not know of that, and would try the same way again.
                    self.outbox.release([trip.posted for trip in trips if not trip.refusals])
                    trips = [trip for trip in trips if trip.refusals]
                if not trips:
                    return
                keeper.keep([trip.posted for trip in trips])
                trips = self._wave(trips, counts)

    def _wave(self, trips: Sequence[Trip], counts: Counter[type]) -> list[Trip]:
        """Sends the next few messages and settles what is over; returns the trips that go on."""
        now = self.clock.now()
        lost = [fate for trip in trips if (fate := _lost(trip, now)) is not None]
        over = {fate.trip.posted.id for fate in lost}
        parcels = compose([trip for trip in trips if trip.posted.id not in over])
        gathering = [parcel for parcel in parcels if self._wait(parcel, now)]
        without_turn = self._without_turn(parcels)
        waits = {parcel.message.id for parcel in (*gathering, *(parcel for parcel, _ in without_turn))}
        going = [parcel for parcel in parcels if parcel.message.id not in waits]
        first = min(map(_turn, going), default=0)
        now_going = [parcel for parcel in going if _turn(parcel) == first][:SENT_AT_ONCE]
        sent = self._send(now_going)
        now = self.clock.now()
        fates = [
            *lost,
            *chain.from_iterable(_fates(parcel, self._held(parcel, now)) for parcel in gathering),
            *chain.from_iterable(_fates(parcel, held) for parcel, held in without_turn),
            *chain.from_iterable(_fates(parcel, reply) for parcel, reply in sent),
        ]
        self.outbox.settle([_settlement(fate, now) for fate in fates])
        tell_delivered(
            [(fate.trip.posted.notice, fate.delivery.way) for fate in fates if isinstance(fate.delivery, Delivered)]
        )
        counts.update(type(fate.delivery) for fate in fates)
        counts[Parcel] += sum(isinstance(reply, Delivered) for _, reply in sent)
        for parcel, reply in sent:
            self._keep_pace(parcel, reply, now)
        return [
            *chain.from_iterable(_turned_away(parcel, reply) for parcel, reply in sent),
            *chain.from_iterable(parcel.trips for parcel in going if parcel not in now_going),
        ]

    def _without_turn(self, parcels: Sequence[Parcel]) -> list[tuple[Parcel, HeldBack]]:
        """The direct messages that would be held back, as is known without trying them one by one."""
        direct = [parcel for parcel in parcels if isinstance(parcel.message.way, ToMember)]
        known = self.notifier.held([parcel.message for parcel in direct]) if direct else ()
        return [(parcel, held) for parcel, held in zip(direct, known, strict=True) if held is not None]

    def _send(self, parcels: Sequence[Parcel]) -> list[tuple[Parcel, Reply]]:
        if not parcels:
            return []
        held = self.outbox.mark([posted for parcel in parcels for posted in parcel.marked])
        kept = frozenset(posted.id for posted in held)
        left = [one for parcel in parcels if (one := without_dropped(parcel, kept)) is not None]
        replies = self.notifier.deliver([parcel.message for parcel in left]) if left else ()
        return list(zip(left, replies, strict=True))

    def _wait(self, parcel: Parcel, now: datetime) -> timedelta:
        """How long a message waits for more notices; a full one does not, nor one that some notice cannot wait for."""
        way = parcel.message.way
        if isinstance(way, ToMember) or parcel.may_have_been_sent or parcel.is_full:
            return timedelta(0)
        wait = self.pace.wait(way.channel, now)
        patience = min(notice.stale_at - now for notice in parcel.message.notices) / PATIENT_SHARE
        return wait if wait <= patience else timedelta(0)

    def _held(self, parcel: Parcel, now: datetime) -> HeldBack:
        """Until its channel's next message goes, and to the moment, so that all who go in that are claimed together."""
        way = parcel.message.way
        wait = timedelta(0) if isinstance(way, ToMember) else self.pace.wait(way.channel, now)
        return HeldBack("the channel has had a message just now", wait)

    def _keep_pace(self, parcel: Parcel, reply: Reply, now: datetime) -> None:
        way = parcel.message.way
        may_stand = isinstance(reply, Delivered) or (isinstance(reply, Postponed) and not reply.is_unsent)
        if not isinstance(way, ToMember) and may_stand:
            self.pace.sent(way.channel, now)


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


def _lost(trip: Trip, now: datetime) -> _Fate | None:
    """The fate of a trip that goes nowhere; None when it goes on."""
    notice = trip.posted.notice
    if now >= notice.stale_at:
        late = dropped(notice, Drop.TOO_LATE, perhaps_sent=trip.is_marked)
        return _Fate(trip, GivenUp(late), trip.posted.attempts, is_unsent=False)
    if not trip.ways:
        why = refused(notice, trip.refusals) if trip.refusals else dropped(notice, Drop.NO_WAY)
        return _Fate(trip, GivenUp(why), trip.posted.attempts, is_unsent=True)
    return None


def _fates(parcel: Parcel, reply: Reply) -> list[_Fate]:
    """What became of those in a message; nothing yet, where they are to go another way."""
    if isinstance(reply, TurnedAway):
        return []
    # What was sent before without an answer may stand there, even if this time it was not sent.
    was_not_sent = isinstance(reply, HeldBack) or (isinstance(reply, Postponed) and reply.is_unsent)
    is_unsent = was_not_sent and not parcel.may_have_been_sent
    attempts = max(trip.posted.attempts for trip in parcel.trips)
    if isinstance(reply, Postponed):
        extra = {"timer": parcel.message.notices[0].key, "notices": len(parcel.trips)}
        _log.warning("message not delivered yet", extra=extra | {"where": parcel.message.way, "error": reply.error})
    return [_Fate(trip, reply, attempts, is_unsent) for trip in parcel.trips]


def _turned_away(parcel: Parcel, reply: Reply) -> list[Trip]:
    if not isinstance(reply, TurnedAway):
        return []
    # To people it is told in words: this is the place where whoever runs the bot finds what Discord said.
    extra = {"timer": parcel.message.notices[0].key, "where": parcel.message.way, "error": reply.error}
    _log.info("a message was turned away", extra=extra)
    return [trip.turned_away(reply) for trip in parcel.trips]


def _settlement(fate: _Fate, now: datetime) -> DeliverySettlement:
    posted, notice = fate.trip.posted, fate.trip.posted.notice
    match fate.delivery:
        case Delivered(way=way):
            entry = LedgerEntry(key=notice.key, at=now, action=Action.DELIVERED, detail=told(notice, way))
            return DeliverySettlement(posted, entry=entry)
        case Postponed(error=error, after=after):
            retry_at = now + max(PATIENCE.retry.after(fate.attempts + 1), after)
            return DeliverySettlement(posted, retry_at=retry_at, error=error, is_unsent=fate.is_unsent)
        case HeldBack(error=error, after=after):
            retry_at = now + max(after, SHORTEST_HOLD)
            return DeliverySettlement(
                posted, retry_at=retry_at, error=error, is_attempt=False, is_unsent=fate.is_unsent
            )
        case GivenUp(why=why):
            tell_given_up(notice, why)
            entry = LedgerEntry(key=notice.key, at=now, action=Action.UNDELIVERED, detail=why)
            return DeliverySettlement(posted, entry=entry)
        case _ as never:
            assert_never(never)

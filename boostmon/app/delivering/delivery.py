"""One pass over the outbox: notices leave it at their own pace, so that a slow message never delays a removal."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import assert_never
from uuid import UUID

from boostmon.app.batches.fairness import guilds_in_turn
from boostmon.app.batches.leases import Keeper
from boostmon.app.batches.pace import ChannelPace
from boostmon.app.batches.settled_log import tell_delivered, tell_given_up
from boostmon.app.delivering.messages import Parcel, Trip, compose, set_out, without_dropped
from boostmon.app.delivering.settling import given_up, settlements
from boostmon.app.delivering.waves import Lost, is_to_gather, plan_wave, sort_out
from boostmon.app.ports import (
    Clock,
    Delivered,
    GuildPolicies,
    Notifier,
    Outbox,
    Posted,
    Postponed,
    Reply,
    TurnedAway,
)
from boostmon.domain.outcomes import Held
from boostmon.domain.ways import ToMember

_log = logging.getLogger(__name__)

MOST_CLAIMED = 500
"""Notices. A claim may end between some that would go in one message: few claims part few of them."""
MOST_WAVES = 10
"""After so many times `SENT_AT_ONCE`, what was not tried yet is given back: others may have become more urgent, and
another process may have time."""


@dataclass(frozen=True, slots=True)
class DeliveryPass:
    """What became of the notices of a pass, or of a part of it; `next_due` is when the next is needed.

    `messages` are those that reached their place, each with one notice or many.
    """

    next_due: datetime | None = None
    delivered: int = 0
    postponed: int = 0
    given_up: int = 0
    held: int = 0
    messages: int = 0

    def __add__(self, other: "DeliveryPass") -> "DeliveryPass":
        """What became of both; what the later part says of the next pass counts."""
        return DeliveryPass(
            other.next_due,
            self.delivered + other.delivered,
            self.postponed + other.postponed,
            self.given_up + other.given_up,
            self.held + other.held,
            self.messages + other.messages,
        )


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
    policies: GuildPolicies
    batch: int = MOST_CLAIMED
    lease: timedelta = timedelta(seconds=30)
    stopping: Callable[[], bool] = field(default=lambda: False)
    pace: ChannelPace = field(default_factory=ChannelPace)

    def __call__(self) -> DeliveryPass:
        """One pass: until no notice is due, or stopping.

        Raises:
            StorageUnavailable: what was claimed comes back by itself when its lease has run out.
        """
        done, next_due = DeliveryPass(), None
        while not self.stopping():
            now = self.clock.now()
            next_due = self.outbox.next_due(now)
            posted = self.outbox.claim(now, self.batch, self.lease) if next_due is not None and next_due <= now else ()
            if not posted:
                break
            done += self._deliver(posted)
        return done + DeliveryPass(next_due)

    def _deliver(self, posted: Sequence[Posted]) -> DeliveryPass:
        policies = self.policies.of({one.notice.key.guild for one in posted})
        in_turn = guilds_in_turn(posted, lambda one: one.notice.key.guild)
        trips = [set_out(one, policies[one.notice.key.guild]) for one in in_turn]
        done = DeliveryPass()
        with Keeper(self.outbox.renew, self.lease) as keeper:
            for wave in count():
                if self.stopping():
                    self.outbox.release([trip.posted for trip in trips])
                    break
                if wave >= MOST_WAVES:
                    # Not those that were refused: the outbox does not know of that, and would try the same way again.
                    self.outbox.release([trip.posted for trip in trips if not trip.refusals])
                    trips = [trip for trip in trips if trip.refusals]
                if not trips:
                    break
                keeper.keep([trip.posted for trip in trips])
                trips, became = self._send_wave(trips)
                done += became
        return done

    def _send_wave(self, trips: Sequence[Trip]) -> tuple[list[Trip], DeliveryPass]:
        """Sends the next few messages and settles what is over; returns those that go on, and what became of others."""
        now = self.clock.now()
        lost, going = sort_out(trips, now)
        parcels = compose(going)
        wave = plan_wave(parcels, self._held_back(parcels, now))
        put_off = [one for parcel, held in wave.waiting for one in settlements(parcel, held, now)]
        sent = self._send(wave.sending)
        now = self.clock.now()
        over = [given_up(trip, why, now) for trip, why in lost]
        settled = [one for parcel, reply in sent for one in settlements(parcel, reply, now)]
        self.outbox.settle([*over, *put_off, *settled])
        _tell(lost, sent)
        for parcel, reply in sent:
            self._keep_pace(parcel, reply, now)
        turned_away = ((parcel, reply) for parcel, reply in sent if isinstance(reply, TurnedAway))
        going_on = [
            *(trip.turned_away(reply) for parcel, reply in turned_away for trip in parcel.trips),
            *(trip for parcel in wave.later for trip in parcel.trips),
        ]
        became = [_counted(parcel, reply) for parcel, reply in (*wave.waiting, *sent)]
        return going_on, sum(became, DeliveryPass(given_up=len(lost)))

    def _held_back(self, parcels: Sequence[Parcel], now: datetime) -> dict[UUID, Held]:
        """The messages that wait, by their ids: for more notices, or since the notifier knows of a limit.

        A channel's message waits until its next one may go, to the moment, so that all that go in it are claimed
        together.
        """
        held: dict[UUID, Held] = {}
        direct = []
        for parcel in parcels:
            message = parcel.message
            if isinstance(message.way, ToMember):
                direct.append(message)
            elif is_to_gather(parcel, gap := self.pace.wait(message.way.channel, now), now):
                held[message.id] = Held("the channel has had a message just now", gap)
        known = self.notifier.held(direct) if direct else ()
        return held | {message.id: one for message, one in zip(direct, known, strict=True) if one is not None}

    def _send(self, parcels: Sequence[Parcel]) -> list[tuple[Parcel, Reply]]:
        """Sends them without what was dropped in the meantime."""
        if not parcels:
            return []
        held = self.outbox.mark([posted for parcel in parcels for posted in parcel.marked])
        kept = frozenset(posted.id for posted in held)
        left = [one for parcel in parcels if (one := without_dropped(parcel, kept)) is not None]
        replies = self.notifier.deliver([parcel.message for parcel in left]) if left else ()
        return list(zip(left, replies, strict=True))

    def _keep_pace(self, parcel: Parcel, reply: Reply, now: datetime) -> None:
        way = parcel.message.way
        may_stand = isinstance(reply, Delivered) or (isinstance(reply, Postponed) and not reply.is_unsent)
        if not isinstance(way, ToMember) and may_stand:
            self.pace.sent(way.channel, now)


def _counted(parcel: Parcel, reply: Reply) -> DeliveryPass:
    """What became of a message and of the notices in it."""
    notices = len(parcel.trips)
    match reply:
        case Delivered():
            return DeliveryPass(delivered=notices, messages=1)
        case Postponed():
            return DeliveryPass(postponed=notices)
        case Held():
            return DeliveryPass(held=notices)
        case TurnedAway():
            return DeliveryPass()
        case _ as never:
            assert_never(never)


def _tell(lost: Sequence[Lost], sent: Sequence[tuple[Parcel, Reply]]) -> None:
    """Logs them. To people a refusal is told in words: here whoever runs the bot finds what Discord said."""
    for trip, why in lost:
        tell_given_up(trip.posted.notice, why)
    arrived = [(parcel.message, reply.way) for parcel, reply in sent if isinstance(reply, Delivered)]
    tell_delivered([(notice, way) for message, way in arrived for notice in message.notices])
    for parcel, reply in sent:
        extra = {"timer": parcel.message.notices[0].key, "where": parcel.message.way}
        match reply:
            case Postponed(error=error):
                _log.warning("message not delivered yet", extra=extra | {"notices": len(parcel.trips), "error": error})
            case TurnedAway(error=error):
                _log.info("a message was turned away", extra=extra | {"error": error})

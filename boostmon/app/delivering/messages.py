"""Which notices go in one message: those whose next way is the same channel. Pure, but for the ids of new messages."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import assert_never
from uuid import uuid4

from boostmon.app.ports import Message, Posted, Postmark, TurnedAway
from boostmon.domain.languages import Language
from boostmon.domain.notices import EndedNotice, GraceNotice, Notice, WarningNotice
from boostmon.domain.own_words import OwnWords
from boostmon.domain.policy import Policy
from boostmon.domain.ways import Refusal, ToChannel, ToLog, ToMember, Way, ways_of

MOST_TOGETHER = 50
"""Notices in one message to a channel. Discord's limits on a message leave room for a line and a mention of each."""
MOST_IN_LOG = 20
"""Notices in one message to the log channel, which also says what was tried and what to do."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A notice on its way out: the ways that are left, the next one first, and those that refused it.

    `language` is the guild's, where it decided for one; `own` what it says of the role in its own words.

    One that is `marked` when it sets out may have been sent already, in the message that its postmark names.
    """

    posted: Posted
    ways: tuple[Way, ...]
    refusals: tuple[Refusal, ...] = ()
    language: Language | None = None
    own: OwnWords | None = None

    @property
    def is_marked(self) -> bool:
        """Whether it belongs to a message already."""
        return self.posted.postmark is not None

    def turned_away(self, reply: TurnedAway) -> "Trip":
        """The trip without its next way, which refused it."""
        way, *rest = self.ways
        refused = Refusal(way, reply.error, reply.barrier)
        return replace(
            self, posted=replace(self.posted, postmark=None), ways=tuple(rest), refusals=(*self.refusals, refused)
        )


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that is about to be sent, and the trips in it. `may_have_been_sent`: by somebody, at some time."""

    message: Message
    trips: tuple[Trip, ...]
    may_have_been_sent: bool

    @property
    def marked(self) -> list[Posted]:
        """What is to be stored before it is sent."""
        postmark = Postmark(self.message.id, self.message.way)
        return [replace(trip.posted, postmark=postmark) for trip in self.trips]

    @property
    def is_full(self) -> bool:
        """Whether nothing more would go in."""
        return len(self.trips) >= _most(self.message.way)


def set_out(posted: Posted, policy: Policy) -> Trip:
    """The start of a trip. A way that the notice may have gone already comes first, whatever the server says now."""
    ways = ways_of(posted.notice, policy)
    if posted.postmark is not None:
        went = posted.postmark.way
        ways = (went, *(way for way in ways if way != went))
    return Trip(posted, ways, language=policy.language, own=_own_words(posted.notice, policy))


def _own_words(notice: Notice, policy: Policy) -> OwnWords | None:
    rule = policy.rules.get(notice.key.role) if isinstance(notice, WarningNotice | GraceNotice | EndedNotice) else None
    return None if rule is None else rule.own_words


def compose(trips: Sequence[Trip]) -> list[Parcel]:
    """The messages in which the trips go on, each by its next way; in the order of the first trip of each.

    What belongs to a message already stays in that one, with nothing added: Discord would take any other content
    under the same id for the message that it has.
    """
    together: dict[Hashable, list[Trip]] = {}
    for trip in trips:
        together.setdefault(_place(trip), []).append(trip)
    parcels: list[Parcel] = []
    for group in together.values():
        first = group[0]
        most = len(group) if first.is_marked else _most(first.ways[0])
        parcels.extend(_parcel(part) for part in batched(group, most))
    return parcels


def without_dropped(parcel: Parcel, kept: frozenset[int]) -> Parcel | None:
    """The message with only the notices whose ids are in `kept`; None when none is left."""
    trips = tuple(trip for trip in parcel.trips if trip.posted.id in kept)
    if not trips:
        return None
    notices = tuple(trip.posted.notice for trip in trips)
    return replace(parcel, trips=trips, message=replace(parcel.message, notices=notices))


def _place(trip: Trip) -> Hashable:
    if trip.posted.postmark is not None:
        return trip.posted.postmark.message
    way = trip.ways[0]
    match way:
        case ToMember():
            return trip.posted.id
        case ToChannel():
            return trip.posted.notice.key.guild, way, trip.own
        case ToLog():
            return trip.posted.notice.key.guild, way
        case _ as never:
            assert_never(never)


def _parcel(trips: tuple[Trip, ...]) -> Parcel:
    first = trips[0]
    notices = tuple(trip.posted.notice for trip in trips)
    refusals = tuple(dict.fromkeys(refusal for trip in trips for refusal in trip.refusals))
    if first.posted.postmark is not None:
        # What was tried before the message was first sent is forgotten.
        message = Message(first.posted.postmark.message, first.ways[0], notices, None, first.language, first.own)
        return Parcel(message, trips, may_have_been_sent=True)
    message = Message(uuid4(), first.ways[0], notices, refusals, first.language, first.own)
    return Parcel(message, trips, may_have_been_sent=False)


def _most(way: Way) -> int:
    match way:
        case ToMember():
            return 1
        case ToChannel():
            return MOST_TOGETHER
        case ToLog():
            return MOST_IN_LOG
        case _ as never:
            assert_never(never)

"""Which messages go next, which wait, and what is told to nobody: from values alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from boostmon.app.delivering.messages import MOST_TOGETHER, Parcel, Trip, compose, set_out
from boostmon.app.delivering.waves import SENT_AT_ONCE, is_to_gather, plan_wave, sort_out
from boostmon.app.ports import Message, Posted, Postmark
from boostmon.domain.details import Drop, dropped, refused
from boostmon.domain.ids import ChannelId
from boostmon.domain.languages import Language
from boostmon.domain.notices import EndedNotice
from boostmon.domain.outcomes import Held
from boostmon.domain.own_words import OwnWords
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.ways import Refusal, ToChannel, ToLog, ToMember, Way
from tests.support.timers import CHANNEL, DAY, HOUR, NOW, SECOND, key

IN_CHANNEL, IN_LOG = ToChannel(CHANNEL), ToLog(ChannelId(7))
HELD = Held("a limit", 5 * SECOND)
NO_TIME = timedelta(0)


def trip(*ways: Way, user: int = 1) -> Trip:
    notice = EndedNotice(key(user), CHANNEL, ended_at=NOW)
    return Trip(Posted(user, notice, attempts=0, token=UUID(int=0)), ways)


def parcel(way: Way, users: Sequence[int] = (1,), *, may_have_been_sent: bool = False) -> Parcel:
    trips = tuple(trip(way, user=user) for user in users)
    message = Message(uuid4(), way, tuple(one.posted.notice for one in trips))
    return Parcel(message, trips, may_have_been_sent)


def test_nothing_is_planned_of_nothing() -> None:
    wave = plan_wave([], {})

    assert (wave.sending, wave.waiting, wave.later) == ([], [], [])


def test_channels_go_first_then_members_and_the_log_last() -> None:
    log, member, channel = parcel(IN_LOG), parcel(ToMember()), parcel(IN_CHANNEL)

    first = plan_wave([log, member, channel], {})
    second = plan_wave(first.later, {})
    third = plan_wave(second.later, {})

    assert [first.sending, second.sending, third.sending] == [[channel], [member], [log]]
    assert third.later == []


def test_a_few_go_at_once_in_their_order() -> None:
    parcels = [parcel(ToMember()) for _ in range(SENT_AT_ONCE + 2)]

    wave = plan_wave(parcels, {})

    assert (wave.sending, wave.later) == (parcels[:SENT_AT_ONCE], parcels[SENT_AT_ONCE:])


def test_what_is_held_back_waits_and_lets_others_go() -> None:
    held, member = parcel(IN_CHANNEL), parcel(ToMember())

    wave = plan_wave([held, member], {held.message.id: HELD})

    assert (wave.sending, wave.waiting, wave.later) == ([member], [(held, HELD)], [])


@pytest.mark.parametrize(
    ("gap", "waits"), [(NO_TIME, False), (5 * SECOND, True), (DAY / 4, True), (DAY / 4 + SECOND, False)]
)
def test_a_message_waits_for_others_for_a_quarter_of_what_its_notices_last(gap: timedelta, *, waits: bool) -> None:
    assert is_to_gather(parcel(IN_CHANNEL), gap, NOW) is waits


def test_the_notice_that_can_wait_least_decides() -> None:
    assert is_to_gather(parcel(IN_CHANNEL, [1, 2]), HOUR, NOW)
    assert not is_to_gather(parcel(IN_CHANNEL, [1, 2]), HOUR, NOW + DAY - HOUR)
    fresh = parcel(IN_CHANNEL, [1, 2])
    older = EndedNotice(key(1), CHANNEL, ended_at=NOW - DAY + 2 * HOUR)
    mixed = replace(fresh, message=replace(fresh.message, notices=(older, *fresh.message.notices)))
    assert not is_to_gather(mixed, HOUR, NOW)


def test_a_full_message_and_one_that_may_stand_already_wait_for_nobody() -> None:
    assert not is_to_gather(parcel(IN_CHANNEL, range(1, MOST_TOGETHER + 1)), 5 * SECOND, NOW)
    assert not is_to_gather(parcel(IN_CHANNEL, may_have_been_sent=True), 5 * SECOND, NOW)


def test_what_goes_nowhere_is_sorted_out_with_its_reason() -> None:
    going, without = trip(IN_CHANNEL), trip()
    refusals = (Refusal(IN_CHANNEL, "403"),)
    turned_away = replace(without, refusals=refusals)

    lost, left = sort_out([going, without, turned_away], NOW)

    assert left == [going]
    notice = without.posted.notice
    assert lost == [(without, dropped(notice, Drop.NO_WAY)), (turned_away, refused(notice, refusals))]


def test_what_is_too_late_says_whether_it_may_have_been_sent() -> None:
    late = trip(IN_CHANNEL)
    marked = replace(late, posted=replace(late.posted, postmark=Postmark(UUID(int=1), IN_CHANNEL)))

    lost, left = sort_out([late, marked], NOW + DAY)

    assert left == []
    notice = late.posted.notice
    assert lost == [
        (late, dropped(notice, Drop.TOO_LATE)),
        (marked, dropped(notice, Drop.TOO_LATE, perhaps_sent=True)),
    ]


def test_messages_come_in_the_order_of_their_first_notices() -> None:
    trips = [trip(ToMember(), user=1), trip(IN_CHANNEL, user=2), trip(ToMember(), user=3), trip(IN_CHANNEL, user=4)]

    parcels = compose(trips)

    assert [[one.posted.id for one in made.trips] for made in parcels] == [[1], [2, 4], [3]]


def test_nothing_more_goes_in_a_direct_message() -> None:
    assert parcel(ToMember()).is_full
    assert not parcel(IN_CHANNEL).is_full


def test_a_message_is_in_the_language_that_the_guild_decided_for() -> None:
    posted = trip().posted

    in_german, undecided = (set_out(posted, Policy(language=language)) for language in (Language.DE, None))

    assert [made.message.language for made in compose([in_german])] == [Language.DE]
    assert [made.message.language for made in compose([undecided])] == [None]


def test_what_a_server_says_in_its_own_words_goes_in_a_message_of_its_own() -> None:
    own = RoleRule(key().role, ending="Bye", link="https://example.com")
    ruled = Policy(warning_channel=CHANNEL, log_channel=IN_LOG.channel, rules={own.role: own})
    trips = [set_out(trip(user=user).posted, policy) for user, policy in enumerate((ruled, Policy(), ruled), 1)]

    parcels = compose(trips)

    assert [[one.posted.id for one in made.trips] for made in parcels] == [[1, 3], [2]]
    assert [made.message.own for made in parcels] == [OwnWords(ending="Bye", link="https://example.com"), None]
    to_log = [replace(one, ways=(IN_LOG,)) for one in trips]
    assert len(compose(to_log)) == 1

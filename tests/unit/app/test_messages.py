"""Many notices in one message: which go together, and how each reaches its place once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from boostmon.app.delivering.delivery import MOST_WAVES
from boostmon.app.delivering.messages import MOST_TOGETHER
from boostmon.app.delivering.waves import SENT_AT_ONCE
from boostmon.domain.details import Drop, NoticeDropped, NoticeRefused, NoticeTold
from boostmon.domain.ids import ChannelId, GuildId, TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.notices import Notice, NoticeKind
from boostmon.domain.policy import Policy
from boostmon.domain.timers import (
    Obstacle,
)
from boostmon.domain.transitions import (
    extend,
)
from boostmon.domain.ways import (
    Barrier,
    Refusal,
    ToChannel,
    ToLog,
    ToMember,
)
from tests.support.stage import (
    Point,
    Stage,
)
from tests.support.timers import CHANNEL, DAY, HOUR, MINUTE, NOW, POLICY, SECOND, key, running

LOG = ChannelId(7)
OTHER = ChannelId(8)


def end_timers(
    stage: Stage, users: Sequence[int], channel: ChannelId | None = CHANNEL, guild: int = 1
) -> Sequence[TimerKey]:
    """As many timers end now."""
    keys = [key(user, guild=guild) for user in users]
    for of in keys:
        stage.put(running(SECOND, at=stage.clock.now() - SECOND, of=of, channel=channel))
    assert stage.sweep().ended == len(keys)
    return keys


def warn(stage: Stage, *users: int) -> None:
    """As many timers cross their 10-minute threshold now."""
    for user in users:
        stage.put(running(HOUR, at=stage.clock.now() - 50 * MINUTE, of=key(user), channel=CHANNEL))
    assert stage.sweep().warned == len(users)


def users(messages: Sequence[Sequence[Notice]]) -> list[list[int]]:
    return [[notice.key.user for notice in message] for message in messages]


def test_what_goes_to_one_channel_is_one_message_whatever_its_kind(stage: Stage) -> None:
    warn(stage, 1, 2)
    end_timers(stage, [3])

    done = stage.deliver()

    assert (done.delivered, done.messages) == (3, 1)
    assert [sorted(message) for message in users(stage.notifier.messages)] == [[1, 2, 3]]
    delivered = [entry for entry in stage.ledger if entry.action is Action.DELIVERED]
    assert {entry.key for entry in delivered} == {key(1), key(2), key(3)}
    assert {entry.detail for entry in delivered} == {
        NoticeTold(NoticeKind.WARNING, ToChannel(CHANNEL), 10 * MINUTE),
        NoticeTold(NoticeKind.ENDED, ToChannel(CHANNEL)),
    }


def test_guilds_channels_and_members_are_kept_apart(stage: Stage) -> None:
    end_timers(stage, [1, 2])
    end_timers(stage, [3], OTHER)
    end_timers(stage, [4], guild=2)
    end_timers(stage, [5, 6], None)

    assert stage.deliver().messages == 5

    assert sorted(users(stage.notifier.messages)) == [[1, 2], [3], [4], [5], [6]]


def test_a_message_tells_up_to_fifty(stage: Stage) -> None:
    end_timers(stage, range(1, 102))

    assert stage.deliver().messages == 3

    assert [len(message) for message in stage.notifier.messages] == [50, 50, 1]


def test_a_full_message_does_not_wait_for_more(stage: Stage) -> None:
    end_timers(stage, [1])
    stage.deliver()
    end_timers(stage, range(2, MOST_TOGETHER + 3))

    done = stage.deliver()

    assert (done.delivered, done.held) == (MOST_TOGETHER, 1)


def test_each_that_a_channel_refused_goes_its_own_way_and_the_log_hears_of_twenty_at_once(stage: Stage) -> None:
    number = 20 + 1
    stage.store.policies[GuildId(1)] = Policy(log_channel=LOG)
    keys = end_timers(stage, range(1, number + 2))
    stage.notifier.close_channel(CHANNEL)
    for of in keys[:number]:
        stage.notifier.close_inbox(of.user)

    done = stage.deliver()

    assert (done.delivered, done.held) == (number + 1, 0)
    assert [told.notice.key for told in stage.notifier.told if told.way == ToMember()] == [keys[-1]]
    in_log = [told for told in stage.notifier.told if told.way == ToLog(LOG)]
    refusals = (
        Refusal(ToChannel(CHANNEL), "closed", Barrier.CHANNEL_FORBIDDEN),
        Refusal(ToMember(), "closed", Barrier.DMS_CLOSED),
    )
    assert {told.refusals for told in in_log} == {refusals}
    assert sorted(len(message) for message in stage.notifier.messages) == [1, 1, 20]


def test_obstacles_go_to_the_log_channel_together(stage: Stage) -> None:
    stage.store.policies[GuildId(1)] = Policy(log_channel=LOG)
    for role in (1, 2):
        stage.put(running(SECOND, at=NOW - MINUTE, of=key(1, role=role)))
    stage.roles.obstruct(GuildId(1), Obstacle.MISSING_PERMISSIONS)
    stage.sweep()

    assert (stage.deliver().delivered, len(stage.notifier.messages)) == (2, 1)


def test_a_message_without_an_answer_is_sent_again_as_it_was_whoever_comes_in_or_leaves(stage: Stage) -> None:
    warn(stage, 1, 2, 3)
    stage.notifier.lose_next_answer()
    assert stage.deliver().postponed == 3
    warn(stage, 4)
    stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY), key(1))
    stage.clock.advance(MINUTE)

    done = stage.deliver()

    assert (done.delivered, done.messages) == (3, 2)
    # The first message stands as it was; the second was never in it.
    assert users(stage.notifier.messages) == [[1, 2, 3], [4]]


def test_a_message_that_failed_is_sent_again_with_the_same_notices(stage: Stage) -> None:
    end_timers(stage, [1, 2])
    stage.notifier.fail_next("503")
    stage.deliver()
    end_timers(stage, [3])
    stage.clock.advance(MINUTE)

    stage.deliver()

    assert sorted(users(stage.notifier.messages)) == [[1, 2], [3]]


def test_what_a_limit_held_back_was_not_sent_and_takes_others_in(stage: Stage) -> None:
    end_timers(stage, [1, 2])
    stage.notifier.hold_next("used up", SECOND)
    assert stage.deliver().held == 2
    end_timers(stage, [3])
    stage.clock.advance(SECOND)

    assert stage.deliver().messages == 1

    assert [sorted(message) for message in users(stage.notifier.messages)] == [[1, 2, 3]]


def test_what_never_reached_discord_takes_others_in(stage: Stage) -> None:
    end_timers(stage, [1, 2])
    stage.notifier.fail_next("no route", is_unsent=True)
    assert stage.deliver().postponed == 2
    end_timers(stage, [3])
    stage.clock.advance(MINUTE)

    assert stage.deliver().messages == 1

    assert [sorted(message) for message in users(stage.notifier.messages)] == [[1, 2, 3]]


def test_what_goes_stale_after_it_may_have_been_sent_is_not_called_unsent(stage: Stage) -> None:
    warn(stage, 1)
    stage.notifier.lose_next_answer()
    stage.deliver()
    stage.clock.advance(10 * MINUTE)

    assert stage.deliver().given_up == 1

    assert stage.ledger[-1].detail == NoticeDropped(NoticeKind.WARNING, Drop.TOO_LATE, 10 * MINUTE, perhaps_sent=True)


def test_a_limit_does_not_let_others_into_what_may_have_been_sent_before(stage: Stage) -> None:
    end_timers(stage, [1, 2])
    stage.notifier.lose_next_answer()
    stage.deliver()
    stage.clock.advance(MINUTE)
    stage.notifier.hold_next("used up", SECOND)
    assert stage.deliver().held == 2
    end_timers(stage, [3])
    stage.clock.advance(MINUTE)

    assert stage.deliver().delivered == 3

    assert users(stage.notifier.messages) == [[1, 2], [3]]


def test_what_may_have_been_sent_goes_the_same_way_again_whatever_the_server_says_now(stage: Stage) -> None:
    end_timers(stage, [1], None)
    stage.notifier.lose_next_answer()
    stage.deliver()
    stage.store.policies[GuildId(1)] = Policy(warning_channel=OTHER)
    stage.clock.advance(MINUTE)

    assert stage.deliver().delivered == 1

    assert [told.way for told in stage.notifier.told] == [ToMember()]
    assert stage.ledger[-1].detail == NoticeTold(NoticeKind.ENDED, ToMember())


def test_a_way_that_refuses_the_second_attempt_leads_to_the_next_one(stage: Stage) -> None:
    end_timers(stage, [1, 2])
    stage.notifier.fail_next("503")
    stage.deliver()
    stage.notifier.close_channel(CHANNEL)
    stage.clock.advance(MINUTE)

    assert stage.deliver().delivered == 2

    assert [told.way for told in stage.notifier.told] == [ToMember(), ToMember()]
    assert users(stage.notifier.messages) == [[1], [2]]


def test_a_way_that_refuses_the_second_attempt_is_not_tried_a_third_time(stage: Stage) -> None:
    end_timers(stage, [1], None)
    stage.notifier.fail_next("503")
    stage.deliver()
    stage.notifier.close_inbox(key(1).user)
    stage.clock.advance(MINUTE)

    assert stage.deliver().given_up == 1

    refusals = (Refusal(ToMember(), "closed", Barrier.DMS_CLOSED),)
    assert stage.ledger[-1].detail == NoticeRefused(NoticeKind.ENDED, refusals)


def test_messages_that_failed_together_are_sent_again_each_by_itself(stage: Stage) -> None:
    end_timers(stage, [1])
    end_timers(stage, [2], OTHER)
    for _ in range(2):
        stage.notifier.fail_next("503")
    assert stage.deliver().postponed == 2
    stage.clock.advance(MINUTE)

    assert stage.deliver().messages == 2

    assert {(told.notice.key.user, told.way) for told in stage.notifier.told} == {
        (1, ToChannel(CHANNEL)),
        (2, ToChannel(OTHER)),
    }


def test_what_may_have_been_sent_stays_so_when_another_attempt_never_reaches_discord(stage: Stage) -> None:
    end_timers(stage, [1, 2])
    stage.notifier.lose_next_answer()
    stage.deliver()
    stage.clock.advance(MINUTE)
    stage.notifier.fail_next("no route", is_unsent=True)
    assert stage.deliver().postponed == 2
    end_timers(stage, [3])
    stage.clock.advance(MINUTE)

    assert stage.deliver().delivered == 3

    assert users(stage.notifier.messages) == [[1, 2], [3]]


def test_a_message_is_as_patient_as_the_notice_in_it_that_failed_most_often(stage: Stage) -> None:
    end_timers(stage, [1])
    stage.notifier.fail_next("no route", is_unsent=True)
    stage.deliver()
    stage.clock.advance(SECOND)
    end_timers(stage, [2])
    stage.notifier.fail_next("no route", is_unsent=True)

    done = stage.deliver()

    assert (done.postponed, done.next_due) == (2, stage.clock.now() + 2 * SECOND)


def test_a_channel_whose_message_may_stand_is_left_in_peace_and_one_that_got_none_is_not(stage: Stage) -> None:
    end_timers(stage, [1])
    stage.notifier.lose_next_answer()
    assert stage.deliver().postponed == 1
    end_timers(stage, [2], OTHER)
    stage.notifier.fail_next("no route", is_unsent=True)
    assert stage.deliver().postponed == 1

    end_timers(stage, [3])
    end_timers(stage, [4], OTHER)
    done = stage.deliver()

    assert (done.delivered, done.held) == (1, 1)
    assert users(stage.notifier.messages) == [[1], [4]]
    assert [row.last_error for row in stage.store.notices.values() if row.notice.key == key(3)] == [
        "the channel has had a message just now"
    ]


def test_what_waits_for_a_channel_costs_no_marking(stage: Stage) -> None:
    end_timers(stage, [1])
    stage.deliver()
    end_timers(stage, [2])
    marked: list[None] = []
    stage.interruptions.each_time(Point.NOTICES_MARKED, lambda: marked.append(None))

    assert stage.deliver().held == 1

    assert marked == []


def test_the_first_message_goes_at_once_and_the_next_ones_gather_ever_longer(stage: Stage) -> None:
    waits = []
    for user in range(1, 7):
        end_timers(stage, [user])
        done = stage.deliver()
        waits.append(timedelta(0) if done.next_due is None else done.next_due - stage.clock.now())
        stage.clock.advance(waits[-1])
        stage.deliver()

    assert waits == [0 * SECOND, 5 * SECOND, 10 * SECOND, 20 * SECOND, 20 * SECOND, 20 * SECOND]
    assert len(stage.notifier.messages) == 6


def test_all_that_wait_for_a_channels_next_message_are_due_at_the_same_moment(stage: Stage) -> None:
    end_timers(stage, [1])
    stage.deliver()
    for user in (2, 3):
        end_timers(stage, [user])
        end_timers(stage, [user], channel=ChannelId(100 + user), guild=2)
        # The message to the other channel takes its time.
        stage.interruptions.plan(Point.BEFORE_DELIVER, partial(stage.clock.advance, SECOND))
        stage.deliver()

    assert [row.due_at for row in stage.store.notices.values()] == [NOW + 5 * SECOND] * 2


def test_a_channel_that_was_quiet_gets_its_next_message_at_once(stage: Stage) -> None:
    for user in (1, 2):
        end_timers(stage, [user])
        assert stage.deliver().delivered == 1
        stage.clock.advance(MINUTE)


def test_a_warning_does_not_become_stale_by_waiting_for_others(stage: Stage) -> None:
    end_timers(stage, [1])
    stage.deliver()
    stage.put(running(HOUR, at=stage.clock.now() - HOUR + 19 * SECOND, of=key(2), channel=CHANNEL))
    stage.sweep()

    assert stage.deliver().delivered == 1


def test_what_a_command_drops_before_its_message_is_sent_is_not_in_it(stage: Stage) -> None:
    warn(stage, 1, 2)
    stage.interruptions.plan(
        Point.NOTICES_CLAIMED,
        lambda: stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY), key(1)),
    )

    assert stage.deliver().delivered == 1

    assert users(stage.notifier.messages) == [[2]]


def test_a_message_of_which_nothing_is_left_is_not_sent(stage: Stage) -> None:
    warn(stage, 1)
    stage.interruptions.plan(
        Point.NOTICES_CLAIMED,
        lambda: stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY), key(1)),
    )

    assert stage.deliver().delivered == 0

    assert stage.messenger.batches == []


def test_channels_do_not_wait_for_direct_messages(stage: Stage) -> None:
    end_timers(stage, range(1, 2 * SENT_AT_ONCE), None)
    end_timers(stage, [100])

    stage.deliver()

    assert stage.notifier.told[0].way == ToChannel(CHANNEL)


def test_what_was_not_tried_after_some_waves_is_given_back_for_what_is_more_urgent(stage: Stage) -> None:
    end_timers(stage, range(1, MOST_WAVES * SENT_AT_ONCE + 2), None)
    stage.interruptions.plan(Point.BEFORE_DELIVER, lambda: end_timers(stage, [1000]))

    assert stage.deliver().delivered == MOST_WAVES * SENT_AT_ONCE + 2

    # The one in a channel came in last and overtook the last direct message.
    assert [told.notice.key.user for told in stage.notifier.told][-2:] == [1000, MOST_WAVES * SENT_AT_ONCE + 1]


def test_all_that_were_refused_come_to_their_next_way_however_many_they_are(stage: Stage) -> None:
    stage.store.policies[GuildId(1)] = Policy(log_channel=LOG)
    number = 2 * MOST_WAVES * SENT_AT_ONCE
    for of in end_timers(stage, range(1, number + 1), None):
        stage.notifier.close_inbox(of.user)

    while (done := stage.deliver()).next_due is not None:
        stage.clock.advance(done.next_due - stage.clock.now())

    assert {told.way for told in stage.notifier.told} == {ToLog(LOG)}
    assert len(stage.notifier.told) == number


@pytest.mark.parametrize("place", [Point.NOTICES_MARKED, Point.BEFORE_DELIVER])
def test_notices_that_were_marked_are_not_parted_by_a_small_batch(stage: Stage, place: Point) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    end_timers(stage, range(1, 8))
    stage.interruptions.plan(place, die)
    with pytest.raises(Killed):
        stage.deliver()
    stage.let_leases_run_out()

    replace(stage.deliver, batch=3)()

    assert [len(message) for message in stage.notifier.messages] == [7]

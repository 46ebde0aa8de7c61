"""What every `Notifier` does, whatever stands behind it: alone, and at work in the delivery of notices."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import uuid4

import pytest

from boostmon.app.ports import Delivered, Message, Notifier, Postponed, TurnedAway
from boostmon.domain.details import Drop, NoticeDropped, NoticeRefused
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, NoticeKind, WarningNotice
from boostmon.domain.outcomes import Held
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way
from tests.support.courier import Courier, GivenUp

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BEFORE_NOON = NOON - timedelta(minutes=10)


class NoticeWorld(Protocol):
    """A notifier, and the channels and inboxes behind it."""

    @property
    def notifier(self) -> Notifier: ...
    @property
    def courier(self) -> Courier:
        """Who delivers by the notifier."""
        ...

    @property
    def channel(self) -> ChannelId:
        """A channel that the bot may write in."""
        ...

    def key(self, member: str) -> TimerKey:
        """Members: alice, bob, carol."""
        ...

    def in_channel(self) -> int:
        """How many messages stand in the channel."""
        ...

    def in_inbox(self, member: str) -> int:
        """How many direct messages a member has."""
        ...

    def close_inbox(self, member: str) -> None: ...
    def close_channel(self) -> None: ...
    def delete_channel(self) -> None: ...
    def break_next_request(self) -> None: ...
    def throttle_next_request(self, wait: timedelta) -> None: ...
    def lose_next_answer(self) -> None: ...
    @property
    def log_channel(self) -> ChannelId:
        """Another channel that the bot may write in, also when `close_channel` was called."""
        ...

    def in_log(self) -> Sequence[str]:
        """What stands in the log channel, as far as its words are known."""
        ...


def warning(key: TimerKey, channel: ChannelId | None = None) -> WarningNotice:
    return WarningNotice(key, channel, threshold=timedelta(minutes=10), ends_at=NOON)


def message(way: Way, *notices: Notice) -> Message:
    """A message that was never sent."""
    return Message(uuid4(), way, notices)


class NotifierContract:
    """To be run on each notifier, with a fixture `world`."""

    @pytest.mark.parametrize("kind", ["warning", "ended"])
    def test_to_the_channel(self, world: NoticeWorld, kind: str) -> None:
        key = world.key("alice")
        notice = warning(key, world.channel) if kind == "warning" else EndedNotice(key, world.channel, NOON)
        assert world.courier.deliver(notice) == [Delivered(ToChannel(world.channel))]
        assert (world.in_channel(), world.in_inbox("alice")) == (1, 0)

    def test_to_the_member_without_a_channel(self, world: NoticeWorld) -> None:
        assert world.courier.deliver(warning(world.key("alice"))) == [Delivered(ToMember())]
        assert (world.in_channel(), world.in_inbox("alice"), world.in_inbox("bob")) == (0, 1, 0)

    def test_nothing_to_deliver(self, world: NoticeWorld) -> None:
        assert list(world.notifier.deliver([])) == []
        assert world.courier.deliver() == []

    def test_deliveries_come_in_the_order_of_the_notices(self, world: NoticeWorld) -> None:
        world.close_inbox("bob")
        notices = [
            warning(world.key("alice"), world.channel),
            warning(world.key("bob")),
            warning(world.key("carol")),
        ]
        to_channel, given_up, to_member = world.courier.deliver(*notices)
        assert to_channel == Delivered(ToChannel(world.channel))
        assert isinstance(given_up, GivenUp)
        assert to_member == Delivered(ToMember())

    def test_closed_inbox_without_a_channel_is_given_up(self, world: NoticeWorld) -> None:
        world.close_inbox("alice")
        (delivery,) = world.courier.deliver(warning(world.key("alice")))
        assert isinstance(delivery, GivenUp)
        assert isinstance(delivery.why, NoticeRefused)
        assert [one.way for one in delivery.why.refusals] == [ToMember()]
        assert world.in_inbox("alice") == 0

    @pytest.mark.parametrize("how", ["close_channel", "delete_channel"])
    def test_unusable_channel_leads_to_the_member(self, world: NoticeWorld, how: str) -> None:
        notice = warning(world.key("alice"), world.channel)
        if how == "close_channel":
            world.close_channel()
        else:
            world.delete_channel()
        assert world.courier.deliver(notice) == [Delivered(ToMember())]
        assert world.in_inbox("alice") == 1

    def test_no_way_left_is_given_up(self, world: NoticeWorld) -> None:
        notice = warning(world.key("alice"), world.channel)
        world.close_channel()
        world.close_inbox("alice")
        (delivery,) = world.courier.deliver(notice)
        assert isinstance(delivery, GivenUp)

    @pytest.mark.parametrize("to_channel", [True, False])
    def test_lost_answer_is_postponed_and_not_told_twice(self, world: NoticeWorld, to_channel: bool) -> None:
        notice = warning(world.key("alice"), world.channel if to_channel else None)
        world.lose_next_answer()
        (first,) = world.courier.deliver(notice)
        assert isinstance(first, Postponed)
        (second,) = world.courier.again()
        assert isinstance(second, Delivered)
        assert world.in_channel() + world.in_inbox("alice") == 1

    def test_two_notices_with_the_same_words_are_two(self, world: NoticeWorld) -> None:
        notice = warning(world.key("alice"), world.channel)
        world.courier.deliver(notice)
        world.courier.wait()
        world.courier.deliver(notice)
        assert world.in_channel() == 2

    def test_many_for_one_channel_are_one_message(self, world: NoticeWorld) -> None:
        warnings = [warning(world.key(member), world.channel) for member in ("alice", "bob")]
        end = EndedNotice(world.key("carol"), world.channel, NOON)
        assert world.courier.deliver(*warnings, end) == [Delivered(ToChannel(world.channel))] * 3
        assert world.in_channel() == 1

    def test_a_lost_answer_about_many_is_not_told_twice(self, world: NoticeWorld) -> None:
        notices = [warning(world.key(member), world.channel) for member in ("alice", "bob", "carol")]
        world.lose_next_answer()
        assert {type(one) for one in world.courier.deliver(*notices)} == {Postponed}
        assert [type(one) for one in world.courier.again()] == [Delivered] * 3
        assert world.in_channel() == 1

    def test_a_channel_that_refuses_many_leads_each_to_its_own_next_way(self, world: NoticeWorld) -> None:
        notices = [warning(world.key(member), world.channel) for member in ("alice", "bob", "carol")]
        world.delete_channel()
        world.close_inbox("bob")
        policy = Policy(log_channel=world.log_channel)
        assert world.courier.deliver(*notices, policy=policy) == [
            Delivered(ToMember()),
            Delivered(ToLog(world.log_channel)),
            Delivered(ToMember()),
        ]
        assert (world.in_inbox("alice"), world.in_inbox("carol"), len(world.in_log())) == (1, 1, 1)

    def test_the_same_message_again_is_not_sent_again(self, world: NoticeWorld) -> None:
        once = message(ToChannel(world.channel), warning(world.key("alice"), world.channel))
        direct = message(ToMember(), warning(world.key("alice")))
        for _ in range(2):
            replies = world.notifier.deliver([once, direct])
            assert list(replies) == [Delivered(ToChannel(world.channel)), Delivered(ToMember())]
        assert (world.in_channel(), world.in_inbox("alice")) == (1, 1)

    def test_a_place_that_takes_nothing_turns_the_message_away(self, world: NoticeWorld) -> None:
        world.delete_channel()
        world.close_inbox("alice")
        notice = warning(world.key("alice"), world.channel)
        replies = world.notifier.deliver(
            [
                message(ToChannel(world.channel), notice),
                message(ToMember(), notice),
                message(ToLog(world.log_channel), notice),
            ]
        )
        assert [type(reply) for reply in replies] == [TurnedAway, TurnedAway, Delivered]

    @pytest.mark.parametrize("to_channel", [True, False])
    def test_failure_is_postponed(self, world: NoticeWorld, to_channel: bool) -> None:
        notice = warning(world.key("alice"), world.channel if to_channel else None)
        world.break_next_request()
        (first,) = world.courier.deliver(notice)
        assert isinstance(first, Postponed)
        assert first.error
        assert world.in_channel() + world.in_inbox("alice") == 0
        (second,) = world.courier.again()
        assert isinstance(second, Delivered)

    def test_the_guilds_channel_comes_before_the_member(self, world: NoticeWorld) -> None:
        notice, policy = warning(world.key("alice")), Policy(warning_channel=world.channel)
        assert world.courier.deliver(notice, policy=policy) == [Delivered(ToChannel(world.channel))]
        assert (world.in_channel(), world.in_inbox("alice")) == (1, 0)

    def test_the_guilds_channel_comes_after_a_timers_own_that_is_gone(self, world: NoticeWorld) -> None:
        world.delete_channel()
        notice, policy = warning(world.key("alice"), world.channel), Policy(warning_channel=world.log_channel)
        assert world.courier.deliver(notice, policy=policy) == [Delivered(ToChannel(world.log_channel))]
        assert (len(world.in_log()), world.in_inbox("alice")) == (1, 0)

    def test_without_direct_messages_the_member_is_left_in_peace(self, world: NoticeWorld) -> None:
        (delivery,) = world.courier.deliver(warning(world.key("alice")), policy=Policy(dms=False))
        assert delivery == GivenUp(NoticeDropped(NoticeKind.WARNING, Drop.NO_WAY, timedelta(minutes=10)))
        assert world.in_inbox("alice") == 0

    @pytest.mark.parametrize("kind", ["warning", "ended"])
    def test_the_log_channel_hears_of_whom_nobody_could_tell(self, world: NoticeWorld, kind: str) -> None:
        key = world.key("alice")
        notice = warning(key, world.channel) if kind == "warning" else EndedNotice(key, world.channel, NOON)
        world.delete_channel()
        world.close_inbox("alice")
        policy = Policy(log_channel=world.log_channel)
        assert world.courier.deliver(notice, policy=policy) == [Delivered(ToLog(world.log_channel))]
        [words] = world.in_log()
        assert str(key.user) in words
        assert str(world.channel) in words

    def test_the_log_channel_does_not_hear_of_whom_somebody_told(self, world: NoticeWorld) -> None:
        policy = Policy(log_channel=world.log_channel)
        world.courier.deliver(warning(world.key("alice")), policy=policy)
        assert (len(world.in_log()), world.in_inbox("alice")) == (0, 1)

    def test_an_obstacle_goes_to_the_log_channel_alone(self, world: NoticeWorld) -> None:
        notice = BlockedNotice(world.key("alice"), Obstacle.MISSING_PERMISSIONS, NOON)
        policy = Policy(warning_channel=world.channel, log_channel=world.log_channel)
        assert world.courier.deliver(notice, policy=policy) == [Delivered(ToLog(world.log_channel))]
        assert (len(world.in_log()), world.in_channel(), world.in_inbox("alice")) == (1, 0, 0)

    def test_a_lost_answer_of_the_log_channel_is_not_told_twice(self, world: NoticeWorld) -> None:
        notice = BlockedNotice(world.key("alice"), Obstacle.REFUSED, NOON)
        policy = Policy(log_channel=world.log_channel)
        world.lose_next_answer()
        (first,) = world.courier.deliver(notice, policy=policy)
        assert isinstance(first, Postponed)
        (second,) = world.courier.again()
        assert isinstance(second, Delivered)
        assert len(world.in_log()) == 1

    def test_rate_limit_holds_back_and_says_for_how_long(self, world: NoticeWorld) -> None:
        world.throttle_next_request(timedelta(seconds=20))
        (delivery,) = world.courier.deliver(warning(world.key("alice"), world.channel))
        assert isinstance(delivery, Held)
        assert delivery.after == timedelta(seconds=20)

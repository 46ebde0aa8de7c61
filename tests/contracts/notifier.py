"""What every `Notifier` does, whatever stands behind it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol
from uuid import UUID

import pytest

from boostmon.app.ports import Delivered, GivenUp, HeldBack, Notifier, Posted, Postponed
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, WarningNotice
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import ways_of
from tests.support.timers import POLICY

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_ids = count(1)


class NoticeWorld(Protocol):
    """A notifier, and the channels and inboxes behind it."""

    @property
    def notifier(self) -> Notifier: ...
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


def post(notice: Notice, policy: Policy = POLICY) -> Posted:
    """The notice on the ways that `policy` leaves it."""
    return Posted(next(_ids), notice, attempts=0, token=UUID(int=1), ways=ways_of(notice, policy))


class NotifierContract:
    """To be run on each notifier, with a fixture `world`."""

    @pytest.mark.parametrize("kind", ["warning", "ended"])
    def test_to_the_channel(self, world: NoticeWorld, kind: str) -> None:
        key = world.key("alice")
        notice = warning(key, world.channel) if kind == "warning" else EndedNotice(key, world.channel, NOON)
        assert list(world.notifier.deliver([post(notice)])) == [Delivered(f"channel {world.channel}")]
        assert (world.in_channel(), world.in_inbox("alice")) == (1, 0)

    def test_to_the_member_without_a_channel(self, world: NoticeWorld) -> None:
        assert list(world.notifier.deliver([post(warning(world.key("alice")))])) == [Delivered("the member")]
        assert (world.in_channel(), world.in_inbox("alice"), world.in_inbox("bob")) == (0, 1, 0)

    def test_nothing_to_deliver(self, world: NoticeWorld) -> None:
        assert list(world.notifier.deliver([])) == []

    def test_deliveries_come_in_the_order_of_the_notices(self, world: NoticeWorld) -> None:
        world.close_inbox("bob")
        notices = [
            warning(world.key("alice"), world.channel),
            warning(world.key("bob")),
            warning(world.key("carol")),
        ]
        to_channel, given_up, to_member = world.notifier.deliver([post(notice) for notice in notices])
        assert to_channel == Delivered(f"channel {world.channel}")
        assert isinstance(given_up, GivenUp)
        assert to_member == Delivered("the member")

    def test_closed_inbox_without_a_channel_is_given_up(self, world: NoticeWorld) -> None:
        world.close_inbox("alice")
        (delivery,) = world.notifier.deliver([post(warning(world.key("alice")))])
        assert isinstance(delivery, GivenUp)
        assert delivery.reason
        assert world.in_inbox("alice") == 0

    @pytest.mark.parametrize("how", ["close_channel", "delete_channel"])
    def test_unusable_channel_leads_to_the_member(self, world: NoticeWorld, how: str) -> None:
        notice = warning(world.key("alice"), world.channel)
        if how == "close_channel":
            world.close_channel()
        else:
            world.delete_channel()
        assert list(world.notifier.deliver([post(notice)])) == [Delivered("the member")]
        assert world.in_inbox("alice") == 1

    def test_no_way_left_is_given_up(self, world: NoticeWorld) -> None:
        notice = warning(world.key("alice"), world.channel)
        world.close_channel()
        world.close_inbox("alice")
        (delivery,) = world.notifier.deliver([post(notice)])
        assert isinstance(delivery, GivenUp)

    @pytest.mark.parametrize("to_channel", [True, False])
    def test_lost_answer_is_postponed_and_not_told_twice(self, world: NoticeWorld, to_channel: bool) -> None:
        posted = post(warning(world.key("alice"), world.channel if to_channel else None))
        world.lose_next_answer()
        (first,) = world.notifier.deliver([posted])
        assert isinstance(first, Postponed)
        (second,) = world.notifier.deliver([posted])
        assert isinstance(second, Delivered)
        assert world.in_channel() + world.in_inbox("alice") == 1

    def test_two_notices_with_the_same_words_are_two(self, world: NoticeWorld) -> None:
        notice = warning(world.key("alice"), world.channel)
        world.notifier.deliver([post(notice), post(notice)])
        assert world.in_channel() == 2

    @pytest.mark.parametrize("to_channel", [True, False])
    def test_failure_is_postponed(self, world: NoticeWorld, to_channel: bool) -> None:
        posted = post(warning(world.key("alice"), world.channel if to_channel else None))
        world.break_next_request()
        (first,) = world.notifier.deliver([posted])
        assert isinstance(first, Postponed)
        assert first.error
        assert world.in_channel() + world.in_inbox("alice") == 0
        (second,) = world.notifier.deliver([posted])
        assert isinstance(second, Delivered)

    def test_the_guilds_channel_comes_before_the_member(self, world: NoticeWorld) -> None:
        posted = post(warning(world.key("alice")), Policy(warning_channel=world.channel))
        assert list(world.notifier.deliver([posted])) == [Delivered(f"channel {world.channel}")]
        assert (world.in_channel(), world.in_inbox("alice")) == (1, 0)

    def test_the_guilds_channel_comes_after_a_timers_own_that_is_gone(self, world: NoticeWorld) -> None:
        world.delete_channel()
        posted = post(warning(world.key("alice"), world.channel), Policy(warning_channel=world.log_channel))
        assert list(world.notifier.deliver([posted])) == [Delivered(f"channel {world.log_channel}")]
        assert (len(world.in_log()), world.in_inbox("alice")) == (1, 0)

    def test_without_direct_messages_the_member_is_left_in_peace(self, world: NoticeWorld) -> None:
        (delivery,) = world.notifier.deliver([post(warning(world.key("alice")), Policy(dms=False))])
        assert isinstance(delivery, GivenUp)
        assert delivery.reason
        assert world.in_inbox("alice") == 0

    @pytest.mark.parametrize("kind", ["warning", "ended"])
    def test_the_log_channel_hears_of_whom_nobody_could_tell(self, world: NoticeWorld, kind: str) -> None:
        key = world.key("alice")
        notice = warning(key, world.channel) if kind == "warning" else EndedNotice(key, world.channel, NOON)
        world.delete_channel()
        world.close_inbox("alice")
        policy = Policy(log_channel=world.log_channel)
        assert list(world.notifier.deliver([post(notice, policy)])) == [
            Delivered(f"the log channel {world.log_channel}")
        ]
        [words] = world.in_log()
        assert str(key.user) in words
        assert str(world.channel) in words

    def test_the_log_channel_does_not_hear_of_whom_somebody_told(self, world: NoticeWorld) -> None:
        policy = Policy(log_channel=world.log_channel)
        world.notifier.deliver([post(warning(world.key("alice")), policy)])
        assert (len(world.in_log()), world.in_inbox("alice")) == (0, 1)

    def test_an_obstacle_goes_to_the_log_channel_alone(self, world: NoticeWorld) -> None:
        notice = BlockedNotice(world.key("alice"), Obstacle.MISSING_PERMISSIONS, NOON)
        policy = Policy(warning_channel=world.channel, log_channel=world.log_channel)
        assert list(world.notifier.deliver([post(notice, policy)])) == [
            Delivered(f"the log channel {world.log_channel}")
        ]
        assert (len(world.in_log()), world.in_channel(), world.in_inbox("alice")) == (1, 0, 0)

    def test_a_lost_answer_of_the_log_channel_is_not_told_twice(self, world: NoticeWorld) -> None:
        notice = BlockedNotice(world.key("alice"), Obstacle.REFUSED, NOON)
        posted = post(notice, Policy(log_channel=world.log_channel))
        world.lose_next_answer()
        (first,) = world.notifier.deliver([posted])
        assert isinstance(first, Postponed)
        (second,) = world.notifier.deliver([posted])
        assert isinstance(second, Delivered)
        assert len(world.in_log()) == 1

    def test_rate_limit_holds_back_and_says_for_how_long(self, world: NoticeWorld) -> None:
        world.throttle_next_request(timedelta(seconds=20))
        (delivery,) = world.notifier.deliver([post(warning(world.key("alice"), world.channel))])
        assert isinstance(delivery, HeldBack)
        assert delivery.after == timedelta(seconds=20)

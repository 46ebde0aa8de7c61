"""What every `Notifier` does, whatever stands behind it."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol
from uuid import UUID

import pytest

from boostmon.app.ports import Delivered, GivenUp, HeldBack, Notifier, Posted, Postponed
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.notices import EndedNotice, Notice, WarningNotice

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


def warning(key: TimerKey, channel: ChannelId | None = None) -> WarningNotice:
    return WarningNotice(key, channel, threshold=timedelta(minutes=10), ends_at=NOON)


def post(notice: Notice) -> Posted:
    return Posted(id=next(_ids), notice=notice, attempts=0, token=UUID(int=1))


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

    def test_rate_limit_holds_back_and_says_for_how_long(self, world: NoticeWorld) -> None:
        world.throttle_next_request(timedelta(seconds=20))
        (delivery,) = world.notifier.deliver([post(warning(world.key("alice"), world.channel))])
        assert isinstance(delivery, HeldBack)
        assert delivery.after == timedelta(seconds=20)

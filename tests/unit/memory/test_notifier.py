"""The notifier in memory keeps the contract of the port."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from boostmon.adapters.memory.notifier import InMemoryNotifier, Told
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ways import ToChannel, ToLog, ToMember
from tests.contracts.notifier import BEFORE_NOON, NotifierContract, message, warning
from tests.support.courier import Courier

MEMBERS = ("alice", "bob", "carol")


class MemoryNoticeWorld:
    """The world of the contract."""

    channel = ChannelId(31)

    def __init__(self) -> None:
        self.notifier = InMemoryNotifier()
        self.courier = Courier(self.notifier, BEFORE_NOON)

    def key(self, member: str) -> TimerKey:
        return TimerKey(GuildId(1), UserId(11 + MEMBERS.index(member)), RoleId(21))

    def in_channel(self) -> int:
        return len({told.message for told in self.notifier.told if told.way == ToChannel(self.channel)})

    log_channel = ChannelId(32)

    def in_log(self) -> Sequence[str]:
        told = [one for one in self.notifier.told if one.way in {ToLog(self.log_channel), ToChannel(self.log_channel)}]
        return [f"{one.notice} {one.refusals}" for one in told]

    def in_inbox(self, member: str) -> int:
        return len(self.notifier.in_inbox(self.key(member).user))

    def close_inbox(self, member: str) -> None:
        self.notifier.close_inbox(self.key(member).user)

    def close_channel(self) -> None:
        self.notifier.close_channel(self.channel)

    delete_channel = close_channel

    def break_next_request(self) -> None:
        self.notifier.fail_next()

    def throttle_next_request(self, wait: timedelta) -> None:
        self.notifier.hold_next("too many", wait)

    def lose_next_answer(self) -> None:
        self.notifier.lose_next_answer()


class TestInMemoryNotifier(NotifierContract):
    @pytest.fixture
    def world(self) -> MemoryNoticeWorld:
        return MemoryNoticeWorld()


def test_what_was_told_can_be_read() -> None:
    world = MemoryNoticeWorld()
    alice, bob = warning(world.key("alice"), world.channel), warning(world.key("bob"), world.channel)
    carol = warning(world.key("carol"))
    public, private = message(ToChannel(world.channel), alice, bob), message(ToMember(), carol)
    world.notifier.deliver([public, private])
    assert world.notifier.told == (
        Told(public.id, alice, ToChannel(world.channel)),
        Told(public.id, bob, ToChannel(world.channel)),
        Told(private.id, carol, ToMember()),
    )
    assert world.notifier.messages == ([alice, bob], [carol])

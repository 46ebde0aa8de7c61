"""`Notifier` in memory: channels and inboxes that can be read."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from boostmon.app.ports import Delivered, Delivery, GivenUp, HeldBack, Posted, Postponed
from boostmon.domain.ids import ChannelId, UserId
from boostmon.domain.notices import Notice
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way

KEPT_MESSAGES = 10_000
"""A long staging run does not grow beyond these."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that arrived, by which way, and why not by a better one."""

    id: int
    notice: Notice
    way: Way
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fault:
    delivery: Postponed | HeldBack
    is_done: bool


class InMemoryNotifier:
    """Every channel and inbox is open, until it is said otherwise. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: deque[Told] = deque(maxlen=KEPT_MESSAGES)
        self._closed_inboxes: set[UserId] = set()
        self._closed_channels: set[ChannelId] = set()
        self._faults: deque[_Fault] = deque()

    def deliver(self, posted: Sequence[Posted]) -> Sequence[Delivery]:
        """As the port says; the same id is told once, for as long as the message is kept."""
        with self._lock:
            return [self._deliver(one) for one in posted]

    def _deliver(self, posted: Posted) -> Delivery:
        refusals: list[str] = []
        for way in posted.ways:
            if self._is_closed(way, posted.notice.key.user):
                refusals.append(f"{_named(way)} is closed")
                continue
            fault = self._faults.popleft() if self._faults else None
            if (fault is None or fault.is_done) and all(told.id != posted.id for told in self._told):
                self._told.append(Told(posted.id, posted.notice, way, tuple(refusals)))
            return Delivered(_named(way)) if fault is None else fault.delivery
        return GivenUp("; ".join(refusals) or "the server left no way to tell it")

    def _is_closed(self, way: Way, user: UserId) -> bool:
        match way:
            case ToMember():
                return user in self._closed_inboxes
            case ToChannel(channel) | ToLog(channel):
                return channel in self._closed_channels
            case _ as never:
                assert_never(never)

    # What tests and staging see and do.

    @property
    def told(self) -> Sequence[Told]:
        """The newest messages, oldest first."""
        with self._lock:
            return tuple(self._told)

    def in_channel(self, channel: ChannelId) -> Sequence[Notice]:
        """What stands in a channel, for the member or for those who run the guild."""
        return [told.notice for told in self.told if told.way in {ToChannel(channel), ToLog(channel)}]

    def in_inbox(self, user: UserId) -> Sequence[Notice]:
        """What a member was told directly."""
        return [told.notice for told in self.told if told.way == ToMember() and told.notice.key.user == user]

    def close_inbox(self, user: UserId) -> None:
        """The member takes no direct messages from now on."""
        with self._lock:
            self._closed_inboxes.add(user)

    def close_channel(self, channel: ChannelId) -> None:
        """The channel is deleted, or closed to the bot."""
        with self._lock:
            self._closed_channels.add(channel)

    def fail_next(self, error: str = "unavailable", after: timedelta = timedelta(0)) -> None:
        """The next message that could be sent is not sent. Several queue up."""
        with self._lock:
            self._faults.append(_Fault(Postponed(error, after), is_done=False))

    def hold_next(self, error: str, after: timedelta) -> None:
        """The next message that could be sent is held back by a limit. Several queue up."""
        with self._lock:
            self._faults.append(_Fault(HeldBack(error, after), is_done=False))

    def lose_next_answer(self, error: str = "no answer in time") -> None:
        """The next message that could be sent is sent, but that is not known. Several queue up."""
        with self._lock:
            self._faults.append(_Fault(Postponed(error), is_done=True))


def _named(way: Way) -> str:
    match way:
        case ToChannel(channel):
            return f"channel {channel}"
        case ToMember():
            return "the member"
        case ToLog(channel):
            return f"the log channel {channel}"
        case _ as never:
            assert_never(never)

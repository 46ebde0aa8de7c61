"""`Notifier` in memory: channels and inboxes that can be read."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never, override
from uuid import UUID

from boostmon.app.ports import Delivered, Message, Notifier, Postponed, Reply, TurnedAway
from boostmon.domain.ids import ChannelId, TimerKey, UserId
from boostmon.domain.notices import Notice
from boostmon.domain.outcomes import Held
from boostmon.domain.ways import Barrier, Refusal, ToChannel, ToLog, ToMember, Way

KEPT_MESSAGES = 10_000
"""A long staging run does not grow beyond these."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that arrived, in which message, by which way, and what was tried before."""

    message: UUID
    notice: Notice
    way: Way
    refusals: tuple[Refusal, ...] | None = ()


@dataclass(frozen=True, slots=True)
class _Fault:
    delivery: Postponed | Held
    is_done: bool


class InMemoryNotifier(Notifier):
    """Every channel and inbox is open, unless a test says otherwise. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: deque[Told] = deque(maxlen=KEPT_MESSAGES)
        self._closed_inboxes: set[UserId] = set()
        self._closed_channels: set[ChannelId] = set()
        self._faults: deque[_Fault] = deque()
        self._waits: dict[TimerKey, Held] = {}

    @override
    def deliver(self, messages: Sequence[Message]) -> Sequence[Reply]:
        """Counts messages with one id as the same, for as long as they are kept."""
        with self._lock:
            return [self._deliver(message) for message in messages]

    @override
    def held(self, messages: Sequence[Message]) -> Sequence[Held | None]:
        """What `let_wait` was told."""
        with self._lock:
            return [self._held(message) for message in messages]

    def _deliver(self, message: Message) -> Reply:
        if self._is_closed(message.way, message.notices[0].key.user):
            is_direct = isinstance(message.way, ToMember)
            return TurnedAway("closed", Barrier.DMS_CLOSED if is_direct else Barrier.CHANNEL_FORBIDDEN)
        fault = self._faults.popleft() if self._faults else None
        if (fault is None or fault.is_done) and all(told.message != message.id for told in self._told):
            self._told.extend(Told(message.id, notice, message.way, message.refusals) for notice in message.notices)
        return Delivered(message.way) if fault is None else fault.delivery

    def _is_closed(self, way: Way, user: UserId) -> bool:
        match way:
            case ToMember():
                return user in self._closed_inboxes
            case ToChannel(channel) | ToLog(channel):
                return channel in self._closed_channels
            case _ as never:
                assert_never(never)

    def _held(self, message: Message) -> Held | None:
        return self._waits.get(message.notices[0].key) if message.way == ToMember() else None

    # What tests and staging see and do.

    @property
    def told(self) -> Sequence[Told]:
        """What was told last, the oldest of it first."""
        with self._lock:
            return tuple(self._told)

    @property
    def messages(self) -> Sequence[Sequence[Notice]]:
        """The notices of each message, oldest first."""
        messages: dict[UUID, list[Notice]] = {}
        for told in self.told:
            messages.setdefault(told.message, []).append(told.notice)
        return tuple(messages.values())

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

    def fail_next(
        self, error: str = "unavailable", after: timedelta = timedelta(0), *, is_unsent: bool = False
    ) -> None:
        """The next message that could be sent is not sent; that is known if it `is_unsent`. Several queue up."""
        with self._lock:
            self._faults.append(_Fault(Postponed(error, after, is_unsent), is_done=False))

    def hold_next(self, error: str, after: timedelta) -> None:
        """The next message that could be sent is held back by a limit. Several queue up."""
        with self._lock:
            self._faults.append(_Fault(Held(error, after), is_done=False))

    def let_wait(self, key: TimerKey, error: str, after: timedelta) -> None:
        """Until `let_go`, a direct message about this timer would have to wait, as is known beforehand."""
        with self._lock:
            self._waits[key] = Held(error, after)

    def let_go(self, key: TimerKey) -> None:
        """A direct message about this timer need not wait any more."""
        with self._lock:
            self._waits.pop(key, None)

    def lose_next_answer(self, error: str = "no answer in time") -> None:
        """The next message that could be sent is sent, but that is not known. Several queue up."""
        with self._lock:
            self._faults.append(_Fault(Postponed(error), is_done=True))

"""How soon a channel gets its next message, which then carries everything that came in the meantime."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.domain.ids import ChannelId

SHORTEST_GAP = timedelta(seconds=5)
LONGEST_GAP = timedelta(seconds=20)
PATIENT_SHARE = 4
"""A notice waits for others for at most a quarter of the time in which it is worth telling."""
MOST_REMEMBERED = 10_000
"""Channels; those beyond it get their next message at once."""


@dataclass(frozen=True, slots=True)
class _Gap:
    length: timedelta
    until: datetime


class ChannelPace:
    """Keeps messages to one channel apart, so that a flood of notices is few messages. Safe for several threads.

    The first message goes at once, and each further one that soon follows waits twice as long as the one before it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gaps: dict[ChannelId, _Gap] = {}

    def wait(self, channel: ChannelId, now: datetime) -> timedelta:
        """How long the channel's next message is to wait from `now` on; zero when it may go."""
        with self._lock:
            gap = self._gaps.get(channel)
        return timedelta(0) if gap is None else max(gap.until - now, timedelta(0))

    def sent(self, channel: ChannelId, now: datetime) -> None:
        """Notes that a message went to the channel, so that its next one waits."""
        with self._lock:
            last = self._gaps.pop(channel, None)
            is_busy = last is not None and now < last.until + last.length
            length = min(last.length * 2, LONGEST_GAP) if last is not None and is_busy else SHORTEST_GAP
            self._gaps[channel] = _Gap(length, now + length)
            if len(self._gaps) > MOST_REMEMBERED:
                del self._gaps[next(iter(self._gaps))]

"""What a guild decided about its timers, and the patience that holds for all of them."""

from dataclasses import dataclass
from datetime import timedelta

from boostmon.domain.ids import ChannelId

DEFAULT_THRESHOLDS = (timedelta(minutes=60), timedelta(minutes=10), timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first` up to `cap`."""

    first: timedelta
    cap: timedelta

    def after(self, attempts: int) -> timedelta:
        """The wait after the given number of failed attempts (at least one)."""
        doublings = min(max(attempts, 1) - 1, 32)
        return min(self.first * (1 << doublings), self.cap)


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds (how long before the end a warning is due), where notices go, and the patience with removals.

    `warning_channel` takes the notices of timers without a channel of their own, `log_channel` what the people who
    run the guild should know; `dms` says whether members may be written to directly. `thresholds` may be empty.

    A failure that may pass by itself is tried again from 1 s up to 5 min apart. One that needs a human
    (rights, role order) from 1 min up to 1 h: Discord bans an address for a while after
    10,000 answers of 401, 403 or 429 in ten minutes, so a refusal is never repeated in a tight loop.
    """

    thresholds: tuple[timedelta, ...] = DEFAULT_THRESHOLDS
    warning_channel: ChannelId | None = None
    log_channel: ChannelId | None = None
    dms: bool = True
    retry: Backoff = Backoff(first=timedelta(seconds=1), cap=timedelta(minutes=5))
    blocked: Backoff = Backoff(first=timedelta(minutes=1), cap=timedelta(hours=1))


DEFAULT_POLICY = Policy()
"""The policy of a guild that never changed anything."""

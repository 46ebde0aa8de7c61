"""What a guild decided about its timers."""

from dataclasses import dataclass
from datetime import timedelta

from boostmon.domain.ids import ChannelId
from boostmon.domain.languages import Language

DEFAULT_THRESHOLDS = (timedelta(minutes=60), timedelta(minutes=10), timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds (how long before the end a warning is due), where notices go, and in which language.

    `warning_channel` takes the notices of timers without a channel of their own, `log_channel` what the people who
    run the guild should know; `dms` says whether members may be written to directly. `thresholds` may be empty.
    `language` is that of what everybody reads; None: that of the guild's locale in Discord.
    """

    thresholds: tuple[timedelta, ...] = DEFAULT_THRESHOLDS
    warning_channel: ChannelId | None = None
    log_channel: ChannelId | None = None
    dms: bool = True
    language: Language | None = None


DEFAULT_POLICY = Policy()
"""The policy of a guild that never changed anything."""

"""The timer of which nobody says how long it is to run."""

from datetime import datetime
from typing import NamedTuple

from boostmon.domain.common_end import EndsForAll
from boostmon.domain.durations import End, When
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import ChannelId, RoleId, TimerKey
from boostmon.domain.policy import Policy
from boostmon.domain.stacking import Stacked, set_again
from boostmon.domain.timers import Timer


class NoDuration(BoostMonError):
    """Nobody said how long, and the guild has no default."""


class SetByDefault(NamedTuple):
    """What `/settime` leaves, and what stood in the place of a duration."""

    stacked: Stacked
    when: When


def default_for(role: RoleId, policy: Policy, now: datetime) -> When:
    """How long timers of the role run where nobody says how long.

    Where all of them end on a date, that is until then; or less, where the rule has a duration or the guild a limit.

    Raises:
        NoDuration: the guild has not decided that.
        EndsForAll: the date has passed.
    """
    ruled, date = policy.for_role(role), policy.ends_on(role)
    if date is None:
        if ruled.default_duration is None:
            raise NoDuration
        return ruled.default_duration
    if date <= now:
        raise EndsForAll(role, date, is_over=True)
    lengths = (policy.rules[role].duration, ruled.longest)
    ends = [(policy.calendar.after(End(now), length).at, length) for length in lengths if length is not None]
    earliest, length = min(ends, default=(date, None), key=lambda end: end[0])
    return date if length is None or earliest >= date else length


def set_by_default(
    key: TimerKey,
    *,
    now: datetime,
    policy: Policy,
    before: Timer | None,
    channel: ChannelId | None = None,
    starts_at: datetime | None = None,
) -> SetByDefault:
    """The timer that `/settime` leaves without a duration; see `set_again`. Nothing is added beyond the date of all.

    Raises:
        NoDuration, EndsForAll: as `default_for`.
        TimerThere, TooMuchTime: as `set_again`.
    """
    when, date = default_for(key.role, policy, starts_at or now), policy.ends_on(key.role)
    stacked = set_again(key, when, now=now, policy=policy, before=before, channel=channel, starts_at=starts_at)
    if date is not None and (stacked.timer.ends_at or now + stacked.timer.remaining(now)) > date:
        stacked = set_again(key, date, now=now, policy=policy, before=before, channel=channel, starts_at=starts_at)
        return SetByDefault(stacked, date)
    return SetByDefault(stacked, when)

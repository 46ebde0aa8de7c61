"""What a second `/settime` makes of the timer there is, by what the guild decided."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from boostmon.domain.beginning import start_later
from boostmon.domain.durations import When
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.timers import ZERO, BegunAlready, Timer, TimerThere, Waiting
from boostmon.domain.transitions import end_after, extend, start


class Stacked(NamedTuple):
    """The timer after `/settime`. `by` says which rule made it of the timer there was; None: there was none to keep.

    By KEEP_LONGER it was kept: where the new time is the longer one, the old timer is replaced.
    """

    timer: Timer
    by: Stacking | None


def set_again(
    key: TimerKey,
    when: When,
    *,
    now: datetime,
    policy: Policy,
    before: Timer | None,
    channel: ChannelId | None = None,
    starts_at: datetime | None = None,
) -> Stacked:
    """The timer that `/settime` leaves, where `before` is what there was. It begins at `starts_at` (None: now).

    Only time that is left is kept: a timer whose time is up is replaced, whatever the guild decided. A moment cannot be
    added to anything: where time is added up, of two ends the later one counts. A paused timer that is kept stays
    paused.

    Only a timer that has not begun can begin later. Set again without a start it begins now, unless it is kept as
    it is: then their lengths are compared, or added up.

    Raises:
        BegunAlready: there is one that cannot begin later any more.
        NothingWouldRemain: as `start_later`.
        TimerThere: the guild takes no second timer while there is one.
        TooMuchTime, InvalidDuration: as `start` and `extend`.
    """
    if starts_at is not None or (before is not None and isinstance(before.state, Waiting)):
        return _set_later(key, when, starts_at, now=now, policy=policy, before=before, channel=channel)
    if before is None or before.is_over(now):
        return Stacked(_afresh(key, when, now, policy, before, channel), None)
    match policy.stacking:
        case Stacking.REFUSE:
            raise TimerThere(before)
        case Stacking.EXTEND if not isinstance(when, datetime):
            return Stacked(_told_in(channel, extend(before, when, now=now, policy=policy)), Stacking.EXTEND)
        case Stacking.EXTEND | Stacking.KEEP_LONGER if _length(when, now, policy) <= before.remaining(now):
            return Stacked(_told_in(channel, before.in_state(before.state, at=now)), Stacking.KEEP_LONGER)
        case _:
            return Stacked(_afresh(key, when, now, policy, before, channel), Stacking.REPLACE)


def _set_later(
    key: TimerKey,
    when: When,
    starts_at: datetime | None,
    *,
    now: datetime,
    policy: Policy,
    before: Timer | None,
    channel: ChannelId | None,
) -> Stacked:
    """Where the timer begins later, or the one there is has not begun."""
    if before is not None and not isinstance(before.state, Waiting):
        raise BegunAlready(before)
    if starts_at is None:
        after = _afresh(key, when, now, policy, before, channel)
    else:
        after = start_later(key, when, starts_at, now=now, policy=policy, channel=channel, replaces=before)
    if before is None:
        return Stacked(after, None)
    match policy.stacking:
        case Stacking.REFUSE:
            raise TimerThere(before)
        case Stacking.EXTEND if not isinstance(when, datetime):
            longer = extend(after, before.remaining(now), now=now, policy=policy)
            return Stacked(_told_in(channel or before.channel, longer), Stacking.EXTEND)
        case Stacking.EXTEND | Stacking.KEEP_LONGER if after.remaining(now) <= before.remaining(now):
            return Stacked(_told_in(channel, before.in_state(before.state, at=now)), Stacking.KEEP_LONGER)
        case _:
            return Stacked(after, Stacking.REPLACE)


def kept(before: Timer | None, by: Stacking | None, now: datetime) -> timedelta:
    """What is left of the timer there was, where the new time was added to it."""
    return before.remaining(now) if before is not None and by is Stacking.EXTEND else ZERO


def _afresh(
    key: TimerKey, when: When, now: datetime, policy: Policy, before: Timer | None, channel: ChannelId | None
) -> Timer:
    return start(key, when, now=now, policy=policy, channel=channel, replaces=before)


def _length(when: When, now: datetime, policy: Policy) -> timedelta:
    return end_after(when, now=now, policy=policy).at - now


def _told_in(channel: ChannelId | None, timer: Timer) -> Timer:
    """The timer goes on, and so does its channel, unless another was named."""
    return timer if channel is None else replace(timer, channel=channel)

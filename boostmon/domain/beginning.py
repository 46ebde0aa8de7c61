"""Timers that begin later: planned, and begun. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from boostmon.domain.durations import End, When
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.policy import Policy
from boostmon.domain.timers import NothingWouldRemain, Running, Timer, Waiting
from boostmon.domain.transitions import armed_thresholds, check_length, end_after, fresh

PUNCTUAL = timedelta(minutes=1)
"""Whose role is given so soon after the planned start has it on time, and the planned end stands: a sweep needs a
moment. Of less than an hour, a sixtieth."""


def start_later(
    key: TimerKey,
    duration: When,
    starts_at: datetime,
    *,
    now: datetime,
    policy: Policy,
    channel: ChannelId | None = None,
    replaces: Timer | None = None,
) -> Timer:
    """As `start`, of a timer that begins at `starts_at`, from when an amount of time counts.

    Raises:
        TooMuchTime, InvalidDuration: as `start`.
        NothingWouldRemain: it would end before it begins.
    """
    check_length(End(starts_at), now, policy)
    until = end_after(duration, now=now if isinstance(duration, datetime) else starts_at, policy=policy)
    state = Waiting(starts_at, until.at, starts_at, until.anchor)
    timer = fresh(key, state, now, channel, replaces)
    if until.at <= starts_at:
        raise NothingWouldRemain(timer)
    check_length(until, starts_at, policy)
    return timer


def begun(timer: Timer, *, now: datetime, policy: Policy) -> Timer:
    """A timer that was to begin later, running from `now` on; in any other state it is left as it is, and
    so is one whose role is given for good.

    Where that is the time that was planned, or hardly later, it ends as planned. Otherwise it runs for as long, so that
    nobody loses time because the role could not be given.
    """
    state = timer.state
    if not isinstance(state, Waiting) or state.ends_at is None:
        return timer
    is_on_time = timedelta() <= now - state.starts_at <= min(PUNCTUAL, state.length / 60)
    until = End(state.ends_at, state.anchor) if is_on_time else End(now + state.length)
    mark = timer.grant_open_until if timer.is_grant_open(now) else None
    armed, grace = armed_thresholds(timer.key, until.at - now, policy), policy.grace(timer.key.role)
    running = Running(until.at, armed, until.anchor, grace)
    return replace(timer.in_state(running, at=now), grant_open_until=mark)

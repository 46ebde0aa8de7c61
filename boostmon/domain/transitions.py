"""What commands make of a timer.

Every transition is a pure function of the timer and `now`. Instants are aware UTC datetimes.
A threshold is armed by a transition exactly when more time than it remains afterwards, so that a
five-minute timer warns once, and resuming with thirty minutes left does not repeat the
sixty-minute warning.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from boostmon.domain.durations import MAX_DURATION, When, time_until
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.policy import Policy
from boostmon.domain.timers import (
    ZERO,
    AlreadyPaused,
    Ending,
    EndsLater,
    EndsSooner,
    NotPaused,
    Paused,
    PausedHasNoEnd,
    Running,
    TimeIsUp,
    Timer,
    TooMuchTime,
)


def start(
    key: TimerKey,
    duration: timedelta,
    *,
    now: datetime,
    policy: Policy,
    channel: ChannelId | None = None,
    replaces: Timer | None = None,
) -> Timer:
    """A timer that runs for `duration` from `now`; in the place of `replaces`, where there is one.

    Nothing of what that one was set to goes over, its channel neither.

    Raises:
        TooMuchTime: when `duration` is beyond the longest allowed.
    """
    fresh = Timer(key=key, state=_running(key, duration, now, policy), channel=channel, created_at=now, updated_at=now)
    if replaces is None:
        return fresh
    return replace(fresh, created_at=replaces.created_at, version=replaces.version)


def extend(timer: Timer, amount: When, *, now: datetime, policy: Policy) -> Timer:
    """Adds a length to what remains, or makes the timer end at a moment that is later than its end.

    A paused timer stays paused; one whose time is up is revived.

    Raises:
        TooMuchTime: when more than the longest allowed would remain.
        EndsLater: when it ends at that moment or later.
        PausedHasNoEnd: when a moment is wanted of a paused timer.
        InvalidDuration: when the moment is not ahead.
    """
    if isinstance(amount, datetime):
        return _extend_until(timer, amount, now=now, policy=policy)
    remaining = timer.remaining(now) + amount
    if isinstance(timer.state, Paused):
        _check_length(remaining)
        return timer.in_state(replace(timer.state, remaining=remaining), at=now)
    return timer.in_state(_running(timer.key, remaining, now, policy), at=now)


def _extend_until(timer: Timer, moment: datetime, *, now: datetime, policy: Policy) -> Timer:
    match timer.state:
        case Paused():
            raise PausedHasNoEnd(timer, moment)
        case Running(ends_at) if ends_at >= moment:
            raise EndsLater(timer, moment)
        case _:
            return timer.in_state(_running(timer.key, time_until(moment, now), now, policy), at=now)


def reduce(timer: Timer, amount: When, *, now: datetime, policy: Policy) -> Timer:
    """Takes a length from what remains, or makes the timer end at a moment that is sooner than its end.

    With nothing left the timer ends now.

    Raises:
        TimeIsUp: when nothing remains to be reduced.
        EndsSooner: when it ends at that moment or sooner.
        PausedHasNoEnd: when a moment is wanted of a paused timer.
        InvalidDuration: when the moment is not ahead.
    """
    if timer.is_over(now):
        raise TimeIsUp(timer)
    if isinstance(amount, datetime):
        return _reduce_until(timer, amount, now=now, policy=policy)
    remaining = timer.remaining(now) - amount
    if remaining <= ZERO:
        return end(timer, now=now)
    if isinstance(timer.state, Paused):
        return timer.in_state(replace(timer.state, remaining=remaining), at=now)
    return timer.in_state(_running(timer.key, remaining, now, policy), at=now)


def _reduce_until(timer: Timer, moment: datetime, *, now: datetime, policy: Policy) -> Timer:
    match timer.state:
        case Running(ends_at) if ends_at > moment:
            return timer.in_state(_running(timer.key, time_until(moment, now), now, policy), at=now)
        case Running():
            raise EndsSooner(timer, moment)
        case _:
            raise PausedHasNoEnd(timer, moment)


def pause(timer: Timer, *, now: datetime, until: datetime | None = None) -> Timer:
    """Freezes what remains, to the microsecond, up to a moment or with no end.

    A pause that lasts already gets that end in the place of its own.

    Raises:
        AlreadyPaused: when it is paused just so.
        TimeIsUp: when nothing remains to be frozen.
        TooMuchTime: when the pause would be longer than a timer may be.
    """
    state = timer.state
    if until is not None:
        _check_length(until - now)
    if isinstance(state, Paused):
        if state.until == until:
            raise AlreadyPaused(timer)
        return timer.in_state(replace(state, until=until), at=now)
    if timer.is_over(now):
        raise TimeIsUp(timer)
    return timer.in_state(Paused(remaining=timer.remaining(now), since=now, until=until), at=now)


def resume(timer: Timer, *, now: datetime, policy: Policy) -> Timer:
    """Goes on from what remained.

    Raises:
        NotPaused: when it is running or has ended.
    """
    if not isinstance(timer.state, Paused):
        raise NotPaused(timer)
    return timer.in_state(_running(timer.key, timer.state.remaining, now, policy), at=now)


def went_on(timer: Timer, *, now: datetime, policy: Policy) -> Timer:
    """The timer as it is `now`, where that is after the end of its pause: running since then, whoever looks late."""
    state = timer.state
    if not isinstance(state, Paused) or state.until is None or state.until > now:
        return timer
    return timer.in_state(Running(state.until + state.remaining, _armed(timer.key, state.remaining, policy)))


def end(timer: Timer, *, now: datetime, first_attempt: timedelta = ZERO) -> Timer:
    """Ends the timer now; the sweep first tries the removal `first_attempt` from now.

    A timer that is ending already keeps its history of attempts.
    """
    state = timer.state
    attempt_at = now + first_attempt
    if isinstance(state, Ending):
        return timer.in_state(replace(state, next_attempt_at=attempt_at), at=now)
    since = min(state.ends_at, now) if isinstance(state, Running) else now
    return timer.in_state(Ending(since=since, next_attempt_at=attempt_at), at=now)


def replan(timer: Timer, policy: Policy, now: datetime) -> Timer:
    """The timer under thresholds that were changed while it ran; in any other state it is left as it is.

    Armed are the wanted thresholds that are still ahead, as a transition at `now` would arm them, and those that
    were armed before: one that was crossed a moment ago, and that no sweep has seen yet, is warned of all the same.
    """
    state = timer.state
    if not isinstance(state, Running) or state.ends_at <= now:
        return timer
    left = state.ends_at - now
    wanted = set(policy.for_role(timer.key.role).thresholds)
    armed = sorted((t for t in wanted if left > t or t in state.armed), reverse=True)
    return timer.in_state(replace(state, armed=tuple(armed)), at=now)


def _running(key: TimerKey, duration: timedelta, now: datetime, policy: Policy) -> Running:
    _check_length(duration)
    return Running(ends_at=now + duration, armed=_armed(key, duration, policy))


def _armed(key: TimerKey, left: timedelta, policy: Policy) -> tuple[timedelta, ...]:
    wanted = set(policy.for_role(key.role).thresholds)
    return tuple(sorted((threshold for threshold in wanted if left > threshold), reverse=True))


def _check_length(duration: timedelta) -> None:
    if duration > MAX_DURATION:
        raise TooMuchTime(duration, MAX_DURATION)

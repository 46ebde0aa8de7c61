"""What commands make of a timer.

Every transition is a pure function of the timer and `now`. Instants are aware UTC datetimes.
A threshold is armed by a transition exactly when more time than it remains afterwards, so that a
five-minute timer warns once, and resuming with thirty minutes left does not repeat the
sixty-minute warning. Months are counted by the calendar of the policy.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from boostmon.domain.durations import (
    MAX_DURATION,
    MOST_MONTHS,
    Amount,
    End,
    Months,
    Span,
    When,
    time_until,
)
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.domain.policy import DEFAULT_POLICY, Policy
from boostmon.domain.timers import (
    ZERO,
    AlreadyPaused,
    Ending,
    EndsLater,
    EndsSooner,
    Grace,
    LastsForGood,
    NotBegun,
    NothingWouldRemain,
    NotPaused,
    Paused,
    PausedHasNoEnd,
    Running,
    State,
    StillOver,
    TimeIsUp,
    Timer,
    TooMuchTime,
    Waiting,
    lapsed,
)


def start(
    key: TimerKey,
    duration: When,
    *,
    now: datetime,
    policy: Policy,
    channel: ChannelId | None = None,
    replaces: Timer | None = None,
) -> Timer:
    """A timer that runs for `duration` from `now`, or until that moment; in the place of `replaces`, if there is one.

    Nothing of what that one was set to goes over, its channel neither.

    Raises:
        TooMuchTime: when `duration` is beyond the longest allowed.
        InvalidDuration: when the moment is not ahead.
    """
    state = running_until(key, end_after(duration, now=now, policy=policy), now=now, policy=policy)
    return fresh(key, state, now, channel, replaces)


def fresh(key: TimerKey, state: State, now: datetime, channel: ChannelId | None, replaces: Timer | None) -> Timer:
    """A timer in that state, in the place of `replaces`, if there is one."""
    made = Timer(key=key, state=state, channel=channel, created_at=now, updated_at=now)
    if replaces is None:
        return made
    return replace(made, created_at=replaces.created_at, version=replaces.version)


def extend(timer: Timer, amount: When, *, now: datetime, policy: Policy) -> Timer:
    """Adds an amount to what remains, or makes the timer end at a moment that is later than its end.

    Months are counted from its end; that of a paused timer is what it would be if it were resumed now, unless the pause
    has an end. A paused timer stays paused; one whose time is up is revived, and counts from when it was up as long as
    the member has the role by grace.

    Raises:
        TooMuchTime: when more than the longest allowed would remain.
        EndsLater: when it ends at that moment or later.
        PausedHasNoEnd, LastsForGood: when a moment is wanted of a paused timer; when the role is to be given for good.
        StillOver: when that is over already, counted from when time was up.
        InvalidDuration: when the moment is not ahead.
    """
    timer = lapsed(timer, now=now)
    runs_at = _goes_on_at(timer, now)
    if isinstance(amount, datetime):
        return _extend_until(timer, amount, now=now, policy=policy)
    until = policy.calendar.after(_end_of(timer, runs_at), amount)
    if until.at <= now:
        raise StillOver(timer, until.at)
    if isinstance(timer.state, Paused):
        check_length(until, runs_at, policy)
        return timer.in_state(replace(timer.state, remaining=until.at - runs_at), at=now)
    if isinstance(timer.state, Waiting):
        check_length(until, runs_at, policy)
        return timer.in_state(replace(timer.state, ends_at=until.at, anchor=until.anchor), at=now)
    return timer.in_state(running_until(timer.key, until, now=now, policy=policy), at=now)


def _extend_until(timer: Timer, moment: datetime, *, now: datetime, policy: Policy) -> Timer:
    match timer.state:
        case Paused():
            raise PausedHasNoEnd(timer, moment)
        case Running(ends_at) | Waiting(ends_at=datetime() as ends_at) if ends_at >= moment:
            raise EndsLater(timer, moment)
        case Waiting() as state:
            check_length(End(moment), state.starts_at, policy)
            return timer.in_state(replace(state, ends_at=moment, anchor=None), at=now)
        case _:
            return timer.in_state(
                running_until(timer.key, end_after(moment, now=now, policy=policy), now=now, policy=policy), at=now
            )


def reduce(timer: Timer, amount: When, *, now: datetime, policy: Policy) -> Timer:
    """Takes an amount from what remains, or makes the timer end at a moment that is sooner than its end.

    Months are counted as by `extend`. With nothing left the timer ends now.

    Raises:
        TimeIsUp: when nothing remains to be reduced.
        EndsSooner: when it ends at that moment or sooner.
        PausedHasNoEnd: when a moment is wanted of a paused timer.
        NothingWouldRemain, LastsForGood: of a timer that has not begun.
        InvalidDuration: when the moment is not ahead.
    """
    runs_at = _goes_on_at(timer, now)
    if timer.is_over(now):
        raise TimeIsUp(lapsed(timer, now=now))
    if isinstance(amount, datetime):
        return _reduce_until(timer, amount, now=now, policy=policy)
    until = policy.calendar.before(_end_of(timer, runs_at), amount)
    if isinstance(timer.state, Waiting):
        return _begins_for_less(timer, timer.state, until, now)
    if until.at <= runs_at:
        return end(timer, now=now)
    if isinstance(timer.state, Paused):
        return timer.in_state(replace(timer.state, remaining=until.at - runs_at), at=now)
    return timer.in_state(running_until(timer.key, until, now=now, policy=policy), at=now)


def _reduce_until(timer: Timer, moment: datetime, *, now: datetime, policy: Policy) -> Timer:
    match timer.state:
        case Running(ends_at) if ends_at > moment:
            return timer.in_state(
                running_until(timer.key, end_after(moment, now=now, policy=policy), now=now, policy=policy), at=now
            )
        case Waiting(ends_at=datetime() as ends_at) as state if ends_at > moment:
            return _begins_for_less(timer, state, End(moment), now)
        case Running() | Waiting():
            raise EndsSooner(timer, moment)
        case _:
            raise PausedHasNoEnd(timer, moment)


def _begins_for_less(timer: Timer, state: Waiting, until: End, now: datetime) -> Timer:
    if until.at <= state.starts_at:
        raise NothingWouldRemain(timer)
    return timer.in_state(replace(state, ends_at=until.at, anchor=until.anchor), at=now)


def pause(timer: Timer, *, now: datetime, until: datetime | None = None) -> Timer:
    """Freezes what remains, to the microsecond, up to a moment or with no end.

    A pause that lasts already gets that end in the place of its own, also one that waits for a member who left.

    Raises:
        AlreadyPaused: when it is paused just so.
        TimeIsUp: when nothing remains to be frozen.
        NotBegun: when it begins later.
        TooMuchTime: when the pause would be longer than a timer may be.
    """
    state = timer.state
    if isinstance(state, Waiting):
        raise NotBegun(timer)
    if until is not None:
        check_length(End(until), now, DEFAULT_POLICY)
    if isinstance(state, Paused):
        if state.until == until and not state.away:
            raise AlreadyPaused(timer)
        return timer.in_state(replace(state, until=until, away=False), at=now)
    if timer.is_over(now):
        raise TimeIsUp(lapsed(timer, now=now))
    return timer.in_state(Paused(remaining=timer.remaining(now), since=now, until=until), at=now)


def resume(timer: Timer, *, now: datetime, policy: Policy) -> Timer:
    """Goes on from what remained.

    Raises:
        NotPaused: when it is running or has ended.
        NotBegun: when it begins later.
    """
    if isinstance(timer.state, Waiting):
        raise NotBegun(timer)
    if not isinstance(timer.state, Paused):
        raise NotPaused(timer)
    return timer.in_state(running_until(timer.key, _end_of(timer, now), now=now, policy=policy), at=now)


def went_on(timer: Timer, *, now: datetime, policy: Policy) -> Timer:
    """The timer as it is `now`, where that is after the end of its pause: running since then, whoever looks late."""
    state = timer.state
    if not isinstance(state, Paused) or state.until is None or state.until > now:
        return timer
    armed, grace = armed_thresholds(timer.key, state.remaining, policy), policy.grace(timer.key.role)
    return timer.in_state(Running(state.until + state.remaining, armed, grace=grace))


def end(timer: Timer, *, now: datetime, first_attempt: timedelta = ZERO) -> Timer:
    """Ends the timer now; the sweep first tries the removal `first_attempt` from now.

    A timer that is ending already keeps its history of attempts.
    """
    state = timer.state
    attempt_at = now + first_attempt
    if isinstance(state, Ending):
        return timer.in_state(replace(state, next_attempt_at=attempt_at), at=now)
    match state:
        case Running(ends_at, grace=grace):
            over = ends_at + (grace or ZERO)
        case Grace(until=until):
            over = until
        case _:
            return timer.in_state(Ending(since=now, next_attempt_at=attempt_at), at=now)
    return timer.in_state(Ending(min(over, now), attempt_at, by_itself=over <= now), at=now)


def armed_thresholds(key: TimerKey, left: timedelta, policy: Policy) -> tuple[timedelta, ...]:
    """Those that are warned at in what is left, longest first."""
    wanted = set(policy.for_role(key.role).thresholds)
    return tuple(sorted((threshold for threshold in wanted if left > threshold), reverse=True))


def end_after(when: When, *, now: datetime, policy: Policy) -> End:
    """The end of what begins now and lasts so long, or until that moment.

    Raises:
        InvalidDuration: when the moment is not ahead.
    """
    if isinstance(when, datetime):
        return End(now + time_until(when, now))
    return policy.calendar.after(End(now), when)


def running_until(key: TimerKey, end: End, *, now: datetime, policy: Policy) -> Running:
    """Counting down to that end from `now`.

    Raises:
        TooMuchTime: when it is further away than the longest allowed.
    """
    check_length(end, now, policy)
    return Running(end.at, armed_thresholds(key, end.at - now, policy), end.anchor, policy.grace(key.role))


def _goes_on_at(timer: Timer, now: datetime) -> datetime:
    """When time runs: from the start of a timer that begins later, from the end of a pause that has one, and otherwise
    now, as if it were resumed."""
    state = timer.state
    if isinstance(state, Waiting):
        if state.ends_at is None:
            raise LastsForGood(timer)
        return state.starts_at
    return max(state.until, now) if isinstance(state, Paused) and state.until is not None else now


def _end_of(timer: Timer, at: datetime) -> End:
    """The end of a timer that runs, or goes on, at that instant; once time is up, the instant itself."""
    state = timer.state
    if isinstance(state, Grace):
        return End(state.since, state.anchor)
    if isinstance(state, Running | Waiting) and state.ends_at is not None and state.ends_at > at:
        return End(state.ends_at, state.anchor)
    return End(at + timer.remaining(at))


def check_length(end: End, now: datetime, policy: Policy) -> None:
    """Lets an end pass that is no further away than the longest allowed.

    Raises:
        TooMuchTime: it is.
    """
    wanted = end.at - now
    if wanted > MAX_DURATION and end.at > _latest(now, policy):
        raise TooMuchTime(wanted, MAX_DURATION)


def _latest(now: datetime, policy: Policy) -> datetime:
    """Ten years from now, which by the calendar has leap years."""
    longest: Amount = Span(MOST_MONTHS) if policy.months is Months.CALENDAR else MAX_DURATION
    return policy.calendar.after(End(now), longest).at

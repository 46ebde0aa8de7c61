"""What a sweep is to do with a timer, and what becomes of the timer afterwards. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from boostmon.domain.backoff import Patience
from boostmon.domain.beginning import begun
from boostmon.domain.common_end import by_date
from boostmon.domain.notices import EndedNotice, GraceNotice, WarningNotice
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Held, Outcome, Retry
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Ending, Grace, Obstacle, Paused, Running, Timer, Waiting, lapsed
from boostmon.domain.transitions import end, went_on

SHORTEST_HOLD = timedelta(milliseconds=50)
"""A limit that seems to open at once must not be retried in a tight loop."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is due before `until` (None: nothing at all, the timer is paused with no end to that)."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Advance:
    """Thresholds were crossed: `timer` continues without them, and `warning` has to be sent unless it is None."""

    timer: Timer
    warning: WarningNotice | None


@dataclass(frozen=True, slots=True)
class GoOn:
    """A pause is over: `timer` runs again, since the moment that the pause was to end at."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class Lapse:
    """Time is up, and the member keeps the role for a while: `timer` is in `Grace`, and `notice` has to be sent."""

    timer: Timer
    notice: GraceNotice


@dataclass(frozen=True, slots=True)
class Remove:
    """Time is up, and the grace, if there was one: the role of `timer`, which is `Ending`, has to be removed."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class Give:
    """`timer`, which is `Waiting`, is to begin: its role has to be given."""

    timer: Timer


type Decision = Wait | Advance | GoOn | Lapse | Remove | Give


def decide(timer: Timer, policy: Policy, now: datetime) -> Decision:
    """The warning and expiry decision.

    There is no warning before its threshold or after the end, and thresholds that were crossed together give one
    warning with the true end. Where time is up, the policy does not matter: the timer knows its own grace.
    """
    match timer.state:
        case Paused(until=until):
            return Wait(until) if until is None or until > now else GoOn(went_on(timer, now=now, policy=policy))
        case Ending(next_attempt_at=next_attempt_at):
            return Remove(timer) if next_attempt_at <= now else Wait(until=next_attempt_at)
        case Waiting(next_attempt_at=next_attempt_at):
            return _give_or_wait(timer, next_attempt_at, policy, now)
        case Grace(until=until):
            return Wait(until) if until > now else Remove(end(timer, now=now))
        case Running(ends_at=ends_at) if ends_at <= now:
            return _lapse_or_remove(timer, now)
        case Running() as state:
            return _warn_or_wait(timer, state, policy, now)
        case _ as never:
            assert_never(never)


def _give_or_wait(timer: Timer, due_at: datetime, policy: Policy, now: datetime) -> Decision:
    if due_at > now:
        return Wait(until=due_at)
    date = policy.ends_on(timer.key.role)  # by which all timers of the role are over
    return Give(timer) if date is None or date > now else Remove(end(timer, now=now))


def _lapse_or_remove(timer: Timer, now: datetime) -> Decision:
    kept = lapsed(timer, now=now)
    if not isinstance(kept.state, Grace):
        return Remove(end(timer, now=now))
    state = kept.state
    return Lapse(kept, GraceNotice(timer.key, timer.channel, state.until - state.since, state.until))


def _warn_or_wait(timer: Timer, state: Running, policy: Policy, now: datetime) -> Decision:
    left = state.ends_at - now
    crossed = [threshold for threshold in state.armed if threshold >= left]
    if not crossed:
        return Wait(until=timer.due_at)
    still_armed = tuple(threshold for threshold in state.armed if threshold < left)
    advanced = timer.in_state(Running(state.ends_at, still_armed, state.anchor, state.grace))
    thresholds = policy.for_role(timer.key.role).thresholds
    wanted = [threshold for threshold in crossed if threshold in thresholds]
    if not wanted:
        return Advance(advanced, warning=None)
    warning = WarningNotice(key=timer.key, channel=timer.channel, threshold=min(wanted), ends_at=state.ends_at)
    return Advance(advanced, warning)


@dataclass(frozen=True, slots=True)
class Ended:
    """Discord confirmed that the member does not have the role: the timer is over and `notice` has to be sent."""

    notice: EndedNotice | None


def after_removal(timer: Timer, outcome: Outcome, patience: Patience, now: datetime) -> Ended | Timer:
    """What becomes of an ending timer once its removal was tried.

    The timer is over only when Discord confirmed the removal or said that there is nothing to remove. While Discord may
    still serve a request to give the role, a confirmed removal is not the last: it is repeated after that time. In
    every other case it stays, with one more attempt counted and the next one planned; where the removal was held back
    by a limit, no attempt is counted, and the next one comes as soon as the limit allows. Where there was nothing to
    remove (member or role gone), nobody is left to be told.

    Raises:
        TypeError: when the timer is not `Ending`, a mistake of the caller.
    """
    state = timer.state
    if not isinstance(state, Ending):
        raise TypeError(f"no removal is due for {timer}")
    match outcome:
        case Done() if timer.grant_open_until is not None and timer.is_grant_open(now):
            return timer.in_state(replace(state, next_attempt_at=timer.grant_open_until), at=now)
        case Done():
            return Ended(EndedNotice(key=timer.key, channel=timer.channel, ended_at=state.since))
        case AlreadyGone():
            return Ended(notice=None)
        case Held() | Retry() | Blocked():
            return _put_off(timer, state, outcome, patience, now)
        case _ as never:
            assert_never(never)


def after_granting(
    timer: Timer, outcome: Outcome, patience: Patience, policy: Policy, now: datetime, *, mark: datetime
) -> Timer | None:
    """What becomes of a timer that was to begin once its role was asked for, a request that Discord may serve up to
    `mark`; `timer` is as it was before. None: there is no such member or role, and it never begins; or the role was
    given for good.

    It begins only when Discord confirmed the role. In every other case it waits on, as an ending does.

    Raises:
        TypeError: when the timer is not `Waiting`, a mistake of the caller.
    """
    state = timer.state
    if not isinstance(state, Waiting):
        raise TypeError(f"no role is to be given for {timer}")
    match outcome:
        case Done() if state.ends_at is None:
            return None
        case Done():
            return by_date(begun(timer, now=now, policy=policy), now=now, policy=policy)
        case AlreadyGone():
            return None
        case Retry():
            return _put_off(timer.with_grant_until(mark), state, outcome, patience, now)
        case Held() | Blocked():
            return _put_off(timer, state, outcome, patience, now)
        case _ as never:
            assert_never(never)


def _put_off(
    timer: Timer, state: Ending | Waiting, outcome: Held | Retry | Blocked, patience: Patience, now: datetime
) -> Timer:
    match outcome:
        case Held(after=after):
            held = replace(state, next_attempt_at=now + max(after, SHORTEST_HOLD))
            return timer.in_state(held, at=now)
        case Retry(error=error, after=after):
            wait = patience.retry.after(state.attempts + 1)
            return _try_later(timer, state, max(wait, after), None, error, now)
        case Blocked(obstacle=obstacle, error=error):
            wait = patience.blocked.after(state.attempts + 1)
            return _try_later(timer, state, wait, obstacle, error, now)
        case _ as never:
            assert_never(never)


def _try_later(
    timer: Timer, state: Ending | Waiting, wait: timedelta, blocked_by: Obstacle | None, error: str, now: datetime
) -> Timer:
    later = replace(
        state,
        attempts=state.attempts + 1,
        next_attempt_at=now + wait + _jitter(timer, wait),
        blocked_by=blocked_by,
        last_error=error,
    )
    return timer.in_state(later, at=now)


def _jitter(timer: Timer, wait: timedelta) -> timedelta:
    """Up to a tenth of the wait, fixed per timer: many timers that failed together come back apart."""
    share = (timer.key.user ^ timer.key.role ^ timer.key.guild) % 1009 / 1009
    return wait * (share / 10)

"""The date by which all timers of a role end, where its rule has one. It binds everybody, as limits do."""

from dataclasses import replace
from datetime import datetime

from boostmon.domain.durations import End
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Paused, Running, Timer
from boostmon.domain.transitions import running_until


class EndsForAll(BoostMonError):
    """All timers of the role end by `date`, and this one would not; `is_over`: the date has passed."""

    def __init__(self, role: RoleId, date: datetime, *, is_over: bool) -> None:
        super().__init__(f"all timers of {role} end on {date}")
        self.role = role
        self.date = date
        self.is_over = is_over


def ensure_by_date(timer: Timer, *, now: datetime, policy: Policy) -> None:
    """Checks a timer that was just given time, or was paused; one that waits counts as if it were resumed now.

    Raises:
        EndsForAll: it would not end by the date.
    """
    date = policy.ends_on(timer.key.role)
    if date is not None and not timer.is_over(now) and (timer.ends_at or now + timer.remaining(now)) > date:
        raise EndsForAll(timer.key.role, date, is_over=date <= now)


def latest_resumption(timer: Timer, *, now: datetime, policy: Policy) -> datetime | None:
    """When a pause of the timer has to end, so that what remains is still used up by the date; None: never.

    Raises:
        EndsForAll: it has to run from now on, all the time.
    """
    date = policy.ends_on(timer.key.role)
    if date is None:
        return None
    until = date - timer.remaining(now)
    if until <= now:
        raise EndsForAll(timer.key.role, date, is_over=date <= now)
    return until


def by_date(timer: Timer, *, now: datetime, policy: Policy) -> Timer:
    """The timer as the date lets it be: it ends then at the latest.

    A pause ends in time for what remains, so that nothing of it is lost; where it would have had to end before, the
    timer runs until the date. Once the date has passed, the timer is left as it is.
    """
    date, state = policy.ends_on(timer.key.role), timer.state
    if date is None or date <= now:
        return timer
    match state:
        case Running(ends_at=ends_at) if ends_at > date:
            return _running_until(date, timer, now, policy)
        case Paused(remaining=remaining, until=until) if until is None or until > date - remaining:
            if date - remaining <= now:
                return _running_until(date, timer, now, policy)
            return timer.in_state(replace(state, until=date - remaining), at=now)
        case _:
            return timer


def _running_until(date: datetime, timer: Timer, now: datetime, policy: Policy) -> Timer:
    return timer.in_state(running_until(timer.key, End(date), now=now, policy=policy), at=now)

"""A timer that waits for a member who left."""

from datetime import datetime

from boostmon.domain.policy import Policy
from boostmon.domain.timers import Paused, Timer
from boostmon.domain.transitions import resume


def wait_for_member(timer: Timer, *, now: datetime) -> Timer:
    """Freezes what remains until the member is back: that is the end of any pause that has one.

    A pause without one is left to whoever made it; so is a timer whose time is up, or that begins later.
    """
    state = timer.state
    is_up = timer.is_over(now) or not timer.wants_role(now)
    if is_up or (isinstance(state, Paused) and state.until is None):
        return timer
    since = state.since if isinstance(state, Paused) else now
    return timer.in_state(Paused(timer.remaining(now), since, away=True), at=now)


def with_member_back(timer: Timer, *, now: datetime, policy: Policy) -> Timer:
    """Goes on if it waited for the member; any other timer is left as it is."""
    is_waiting = isinstance(timer.state, Paused) and timer.state.away
    return resume(timer, now=now, policy=policy) if is_waiting else timer

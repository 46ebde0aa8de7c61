"""What remains to one member, given to another."""

from datetime import datetime

from boostmon.domain.ids import TimerKey
from boostmon.domain.policy import Policy
from boostmon.domain.timers import BegunAlready, TimeIsUp, Timer, Waiting, lapsed
from boostmon.domain.transitions import extend, start


def received(timer: Timer, to: TimerKey, there: Timer | None, *, now: datetime, policy: Policy) -> Timer:
    """The receiver's timer once all that remains of `timer` is theirs; `there` is the one that they have.

    Nothing of anybody's time is lost: what they have grows by it. Where they have none, they get the timer as it is,
    with its end, its pause and its channel.

    Raises:
        TimeIsUp: nothing remains.
        BegunAlready: the timer has not begun, and theirs is just ending.
        TooMuchTime: they would have more than is allowed.
    """
    if timer.is_over(now):
        raise TimeIsUp(lapsed(timer, now=now))
    remaining = timer.remaining(now)
    if there is not None and not there.is_over(now):
        return extend(there, remaining, now=now, policy=policy)
    state = timer.state
    if isinstance(state, Waiting):
        if there is not None:
            raise BegunAlready(there)
        state = Waiting(state.starts_at, state.ends_at, state.starts_at, state.anchor)
    # As it is: with the warnings that are still to come, and the day of the month that its months are counted from.
    return start(to, remaining, now=now, policy=policy, channel=timer.channel, replaces=there).in_state(state)

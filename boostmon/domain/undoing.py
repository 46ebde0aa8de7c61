"""A timer as it was before a change, in the place of what has become of it since."""

from dataclasses import replace
from datetime import datetime

from boostmon.domain.policy import Policy
from boostmon.domain.timers import Paused, Timer, start


def restored(before: Timer, current: Timer | None, *, now: datetime, policy: Policy) -> Timer:
    """`before` again: the same end, or the same that remains of a pause, and the same channel.

    Its thresholds are armed as by any transition. `current` is what is stored now; a request for the role that is
    still open there stays open. Not for a timer that would be over by now.
    """
    state = before.state
    if not isinstance(state, Paused):
        state = start(before.key, before.remaining(now), now=now, policy=policy).state
    return replace(
        before,
        state=state,
        updated_at=now,
        version=0 if current is None else current.version,
        grant_open_until=None if current is None else current.grant_open_until,
    )

"""Which changes take away so much time that they need a confirmation."""

from datetime import datetime, timedelta

from boostmon.domain.timers import ZERO, Timer, Waiting

LARGEST_SHARE = 2
"""Losing up to one part in so many needs no confirmation: half of what remained."""
LARGEST_LOSS = timedelta(days=7)
"""Losing more than this always needs a confirmation, however small a share of the whole it is."""
SMALLEST_LOSS = timedelta(hours=1)
"""Losing less than this never needs one: a slip of minutes costs less than a question does."""


def loss(before: Timer | None, after: Timer | None, now: datetime) -> timedelta:
    """How much less remains after the change than before it; zero where nothing is lost."""
    return max(_left(before, now) - _left(after, now), ZERO)


def asks_first(before: Timer | None, after: Timer | None, now: datetime) -> bool:
    """Whether a change takes away more than half of what remained or more than a week, and at least an hour.

    Of a timer that has not begun, nobody has anything yet.
    """
    if before is not None and isinstance(before.state, Waiting):
        return False
    lost = loss(before, after, now)
    if lost < SMALLEST_LOSS:
        return False
    return lost > LARGEST_LOSS or lost * LARGEST_SHARE > _left(before, now)


def _left(timer: Timer | None, now: datetime) -> timedelta:
    return ZERO if timer is None else timer.remaining(now)

"""What remains of a time, as a message that is on its way for a moment says it."""

from datetime import datetime, timedelta

from boostmon.texts.words import Words

_STEPS = (
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(seconds=30), timedelta(seconds=10)),
)
"""From how much time on it is rounded to what; below that, to seconds."""


def left_until(end: datetime, words: Words, now: datetime) -> str | None:
    """What remains, for people: a ten-minute warning that is two seconds on its way still says ten minutes."""
    left = end - now
    step = next((step for least, step in _STEPS if left >= least), timedelta(seconds=1))
    rounded = round(left / step) * step
    return words.duration(rounded) if rounded > timedelta(0) else None

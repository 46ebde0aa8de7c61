"""What the log says of timers that have ended and of notices that reached their place: who, and what came of it."""

import logging
from collections.abc import Sequence

from boostmon.domain.ids import TimerKey
from boostmon.domain.outcomes import Outcome

_log = logging.getLogger(__name__)

MOST_LINES = 50
"""For so many at once each has a line: Discord allows about as many requests in a second. Where more come at once, they
come so quickly that lines would cost a part of their time worth naming: they share one, and have theirs at DEBUG."""


def tell_ended(ended: Sequence[tuple[TimerKey, Outcome]]) -> None:
    """Timers that are over, each with what Discord said of the role."""
    level = _level("timers ended", len(ended))
    if _log.isEnabledFor(level):
        for key, outcome in ended:
            _log.log(level, "timer ended", extra={"timer": key, "outcome": outcome})


def tell_delivered(delivered: Sequence[tuple[TimerKey, str, str]]) -> None:
    """Notices that were told, each with its kind and where."""
    level = _level("notices delivered", len(delivered))
    if _log.isEnabledFor(level):
        for key, kind, where in delivered:
            _log.log(level, "notice delivered", extra={"timer": key, "kind": kind, "where": where})


def _level(what: str, number: int) -> int:
    """That of single lines, after one for all of them, if they are too many."""
    if number <= MOST_LINES:
        return logging.INFO
    _log.info(what, extra={"number": number})
    return logging.DEBUG

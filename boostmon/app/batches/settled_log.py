"""Log lines about timers that have ended and notices that were delivered: who, and with which result."""

import logging
from collections.abc import Sequence
from typing import assert_never

from boostmon.domain.details import NoticeDropped, NoticeRefused
from boostmon.domain.ids import TimerKey
from boostmon.domain.notices import Notice, WarningNotice
from boostmon.domain.outcomes import Outcome
from boostmon.domain.ways import Way

_log = logging.getLogger(__name__)

MOST_LINES = 50
"""Up to so many at once have a line each: about as many as Discord allows requests in a second. More of them come so
fast that their lines would take a noticeable part of the time: they share one at INFO, and have their own at DEBUG."""


def tell_ended(ended: Sequence[tuple[TimerKey, Outcome]]) -> None:
    """Timers that are over, each with what Discord said of the role."""
    level = _level("timers ended", len(ended))
    if _log.isEnabledFor(level):
        for key, outcome in ended:
            _log.log(level, "timer ended", extra={"timer": key, "outcome": outcome})


def tell_delivered(delivered: Sequence[tuple[Notice, Way]]) -> None:
    """Notices that were told, each with its way."""
    level = _level("notices delivered", len(delivered))
    if _log.isEnabledFor(level):
        for notice, way in delivered:
            _log.log(level, "notice delivered", extra=_fields_of(notice) | {"where": way})


def tell_given_up(notice: Notice, why: NoticeDropped | NoticeRefused) -> None:
    """A notice that reached nobody. Discord's own words are for whoever runs the bot, who finds them here."""
    fields = _fields_of(notice)
    match why:
        case NoticeDropped(why=drop, perhaps_sent=perhaps_sent):
            fields |= {"why": drop, "perhaps_sent": perhaps_sent}
        case NoticeRefused(refusals=refusals):
            fields |= {"why": "refused", "refusals": [{"where": one.way, "error": one.error} for one in refusals]}
        case _ as never:
            assert_never(never)
    _log.warning("notice given up", extra=fields)


def _fields_of(notice: Notice) -> dict[str, object]:
    threshold = {"threshold": notice.threshold} if isinstance(notice, WarningNotice) else {}
    return {"timer": notice.key, "kind": notice.kind} | threshold


def _level(what: str, number: int) -> int:
    """The level for a line each. Where they are too many, logs one line for all of them first."""
    if number <= MOST_LINES:
        return logging.INFO
    _log.info(what, extra={"number": number})
    return logging.DEBUG

"""What somebody who is typing a duration may be about to say."""

import re
from collections.abc import Iterator
from datetime import timedelta

from boostmon.domain.durations.parsing import parse_duration, trimmed
from boostmon.domain.durations.problems import Empty, InvalidDuration
from boostmon.domain.durations.units import Unit

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

_FOR_NOTHING_TYPED = (
    _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 90 * _DAY, 365 * _DAY,
)  # fmt: skip
_ROUND = (
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 3, 7, 14, 30, 60, 90, 180, 365, 730)),
)
_UNITS_OF_A_BARE_NUMBER = (Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK)

_LAST_COMPONENT = re.compile(r"(?P<number>[0-9.]+)[ \t\r\n]*(?P<stem>[a-z]*)\Z", re.ASCII | re.IGNORECASE)


def suggestions(text: str) -> list[timedelta]:
    """At most ten different durations for an unfinished text, the likeliest first; never raises.

    For nothing typed, usual durations; for a bare number, that many minutes, hours, days, weeks. Otherwise
    the duration as `parse_duration` understands it, then the ways to finish the last word (`1d 2`, `2 we`),
    then the next round durations above and below. Nothing for a text that cannot become a duration.
    """
    try:
        written = trimmed(text)
    except InvalidDuration as error:
        return list(_FOR_NOTHING_TYPED) if isinstance(error.problem, Empty) else []
    return list(dict.fromkeys(_candidates(written)))


def _candidates(written: str) -> Iterator[timedelta]:
    last = _LAST_COMPONENT.search(written)
    if last and last[0] == written and not last["stem"]:
        meanings = (_understood(f"{written} {unit.word}") for unit in _UNITS_OF_A_BARE_NUMBER)
        yield from (meaning for meaning in meanings if meaning)
        return
    understood = _understood(written)
    if understood:
        yield understood
    if last and (understood is None or not last.start()):  # "1h30m" is complete, "5m" may become months
        yield from _completions(written[: last.start()], last["number"], last["stem"].lower())
    if understood:
        yield from [longer for longer in _ROUND if longer > understood][:2]
        yield from [shorter for shorter in _ROUND if shorter < understood][:-3:-1]


def _completions(before: str, number: str, stem: str) -> list[timedelta]:
    """What the text means with each unit that the last word may begin.

    Those that add no more than is there already come first, the largest of them leading: people go on to
    smaller units, so that `1d 2` is rather a day and two hours than a day and two weeks.
    """
    smaller: list[timedelta] = []
    larger: list[timedelta] = []
    for unit in Unit:
        if not unit.word.startswith(stem):
            continue
        added = _understood(f"{number} {unit.word}")
        total = _understood(f"{before}{number} {unit.word}")
        if added and total:
            (smaller if added <= total - added else larger).append(total)
    return sorted(smaller, reverse=True) + sorted(larger)


def _understood(written: str) -> timedelta | None:
    try:
        return parse_duration(written)
    except InvalidDuration:
        return None

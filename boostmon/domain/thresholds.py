"""Thresholds as moderators write them, and the bounds that a server's own ones keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from boostmon.domain.durations import TextTooLong, parse_duration
from boostmon.domain.durations.problems import InvalidDuration
from boostmon.domain.errors import BoostMonError
from boostmon.domain.policy import DEFAULT_THRESHOLDS

SHORTEST_THRESHOLD = timedelta(minutes=1)
"""Below it a warning would hardly arrive before the end."""
LONGEST_THRESHOLD = timedelta(days=30)
MOST_THRESHOLDS = 5
"""Each is a message to each member."""
MOST_TEXT = 200
"""Characters of a written list."""

NO_WARNINGS = "none"
AS_AT_FIRST = "default"


@dataclass(frozen=True, slots=True)
class TooManyThresholds:
    """More than MOST_THRESHOLDS."""

    number: int


@dataclass(frozen=True, slots=True)
class ThresholdOutOfBounds:
    """Shorter than SHORTEST_THRESHOLD or longer than LONGEST_THRESHOLD."""

    threshold: timedelta


@dataclass(frozen=True, slots=True)
class ThresholdTwice:
    """The same length stands in the list twice."""

    threshold: timedelta


type ThresholdProblem = TooManyThresholds | ThresholdOutOfBounds | ThresholdTwice


class InvalidThresholds(BoostMonError):
    """A list of thresholds that no server may have."""

    def __init__(self, problem: ThresholdProblem) -> None:
        super().__init__(f"thresholds: {problem}")
        self.problem = problem


def checked_thresholds(thresholds: Iterable[timedelta]) -> tuple[timedelta, ...]:
    """The thresholds, longest first, when a server may have them.

    Raises:
        InvalidThresholds: more than 5, one under a minute or over 30 days, or one that is there twice.
    """
    ordered = sorted(thresholds, reverse=True)
    for threshold in ordered:
        if not SHORTEST_THRESHOLD <= threshold <= LONGEST_THRESHOLD:
            raise InvalidThresholds(ThresholdOutOfBounds(threshold))
        if ordered.count(threshold) > 1:
            raise InvalidThresholds(ThresholdTwice(threshold))
    if len(ordered) > MOST_THRESHOLDS:
        raise InvalidThresholds(TooManyThresholds(len(ordered)))
    return tuple(ordered)


def parse_thresholds(text: str) -> tuple[timedelta, ...]:
    """Durations with commas between them, `none`, or `default`; longest first.

    Raises:
        InvalidDuration: a part is no duration, as `parse_duration` says.
        InvalidThresholds: as `checked_thresholds` says.
    """
    written = text.strip()
    if len(written) > MOST_TEXT:
        raise InvalidDuration(written[:MOST_TEXT], TextTooLong(limit=MOST_TEXT))
    match written.casefold():
        case word if word == NO_WARNINGS:
            return ()
        case word if word == AS_AT_FIRST:
            return DEFAULT_THRESHOLDS
        case _:
            return checked_thresholds(parse_duration(part) for part in written.replace(";", ",").split(","))

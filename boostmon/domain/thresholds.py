"""Thresholds as moderators write them, and the bounds that a server's own ones keep."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from boostmon.domain.durations import DurationProblem, InvalidDuration, Kind, TextTooLong, lexicon_of, parse_duration
from boostmon.domain.errors import BoostMonError
from boostmon.domain.languages import Language
from boostmon.domain.policy import DEFAULT_THRESHOLDS

SHORTEST_THRESHOLD = timedelta(minutes=1)
"""A warning any later would hardly arrive before the end."""
LONGEST_THRESHOLD = timedelta(days=30)
MOST_THRESHOLDS = 5
"""Each one is a message to every member with a timer."""
MOST_TEXT = 200
"""Characters of a written list."""

_COMMA_IN_NUMBER = re.compile(r"(?<![\w.,])[0-9]{1,9},[0-9]{1,9}[ ]?[^\W\d]{1,20}")


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


@dataclass(frozen=True, slots=True)
class UnreadableThreshold:
    """A part of a written list that is no duration, and why."""

    part: str
    problem: DurationProblem


@dataclass(frozen=True, slots=True)
class CommaInThreshold:
    """`1,5h` may be one and a half hours, or a minute and five hours."""

    part: str


type ThresholdProblem = (
    TooManyThresholds | ThresholdOutOfBounds | ThresholdTwice | UnreadableThreshold | CommaInThreshold
)


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


def parse_thresholds(text: str, language: Language | None = None) -> tuple[timedelta, ...]:
    """Durations with commas between them, `none`, or `default`, in the words of any language; longest first.

    Raises:
        InvalidThresholds: as `checked_thresholds` says; or a part is no duration, or may be one and also two.
    """
    written = text.strip()
    if len(written) > MOST_TEXT:
        raise InvalidThresholds(UnreadableThreshold(written[:MOST_TEXT], TextTooLong(limit=MOST_TEXT)))
    if (comma := _COMMA_IN_NUMBER.search(written)) is not None:
        raise InvalidThresholds(CommaInThreshold(comma[0]))
    words = lexicon_of(language)
    if words.find(Kind.NO_WARNINGS, written):
        return ()
    if words.find(Kind.DEFAULT, written):
        return DEFAULT_THRESHOLDS
    return checked_thresholds(_parsed(part, language) for part in written.replace(";", ",").split(","))


def _parsed(part: str, language: Language | None) -> timedelta:
    try:
        return parse_duration(part, language)
    except InvalidDuration as error:
        raise InvalidThresholds(UnreadableThreshold(part.strip(), error.problem)) from None

"""What can be wrong with a written duration or moment, as values to match on.

Texts and parts come from whoever typed them: escape them before they are shown in a message.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from boostmon.domain.durations.units import Unit
from boostmon.domain.errors import BoostMonError


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing was written."""


@dataclass(frozen=True, slots=True)
class TextTooLong:
    """More characters than any sensible duration has; nothing of it was read."""

    limit: int


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """`part`, as written, is no number, unit, separator or moment at its place.

    `near` is a word that may have been meant by it.
    """

    part: str
    near: str | None = None


@dataclass(frozen=True, slots=True)
class UnknownUnit:
    """A number is followed by `unit`, as written, which names no unit; `near` is one that may have been meant."""

    unit: str
    near: str | None = None


class Doubt(Enum):
    """Between what a text leaves open."""

    MINUTES_OR_MONTHS = auto()
    """`1M`."""
    NO_UNIT = auto()
    """`1.5`: minutes, hours, a day in May?"""
    TIME_OR_LENGTH = auto()
    """`1:30`: half past one, or an hour and a half?"""
    WHICH_DAY = auto()
    """`next Friday`: the first from now on, or that of the next week?"""
    ORDER = auto()
    """`3/4/2027`: of day, month and year, or of which century the year is."""
    THOUSANDS = auto()
    """`1.000 Tage`: a thousand, or one?"""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """`part`, as written, is read differently by different people.

    `readings` are whole texts to write instead, one for each meaning. Some of them may not do for other reasons.
    """

    doubt: Doubt
    part: str
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingDay:
    """`month`, as written, perhaps with a year, stands alone."""

    month: str


@dataclass(frozen=True, slots=True)
class NoLengthAfter:
    """After `word`, as written ("in", "for"), stands not a length but `moment`, which would do without it."""

    word: str
    moment: str


@dataclass(frozen=True, slots=True)
class MissingUnit:
    """`number`, as written, has no unit, is not alone, and does not plainly go on from what is before it (`30 1h`)."""

    number: str


@dataclass(frozen=True, slots=True)
class UnitTwice:
    """The same unit is counted twice, perhaps in two spellings."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class NotPositive:
    """The duration is zero or negative."""


@dataclass(frozen=True, slots=True)
class TooShort:
    """The duration is above zero, but below `limit`."""

    limit: timedelta


@dataclass(frozen=True, slots=True)
class TooLong:
    """The duration is above `limit`."""

    limit: timedelta


@dataclass(frozen=True, slots=True)
class InThePast:
    """The moment (in UTC) is not after now."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class DayHasBegun:
    """`day`, as written, is today, without a time of day."""

    day: str


@dataclass(frozen=True, slots=True)
class NoSuchDate:
    """`written` has the shape of a moment, but no calendar or clock has it (30 February, 25:00)."""

    written: str


@dataclass(frozen=True, slots=True)
class NoSuchTime:
    """The clocks of the zone jump over this wall time; `moment` carries the wall time and that zone."""

    moment: datetime


type DurationProblem = (
    Empty
    | TextTooLong
    | NotUnderstood
    | UnknownUnit
    | Ambiguous
    | MissingDay
    | NoLengthAfter
    | MissingUnit
    | UnitTwice
    | NotPositive
    | TooShort
    | TooLong
    | InThePast
    | DayHasBegun
    | NoSuchDate
    | NoSuchTime
)


class InvalidDuration(BoostMonError):
    """A text is no duration or moment that a timer can take.

    `text` is what was written, without the space around it; of an over-long text, only its beginning.
    `problem` says what is wrong with it.
    """

    def __init__(self, text: str, problem: DurationProblem) -> None:
        super().__init__(text, problem)
        self.text = text
        self.problem = problem

    def __str__(self) -> str:
        return f"invalid duration {self.text!r}: {self.problem!r}"

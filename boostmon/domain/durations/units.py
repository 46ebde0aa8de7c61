"""The units a duration is written in."""

from enum import IntEnum, unique


@unique
class Unit(IntEnum):
    """A unit of time; its value is its length in seconds.

    A month is 30 days and a year 365 wherever a fixed length is needed. For how long a timer runs, a guild may count
    by the calendar instead: see `Span`.
    """

    SECOND = 1
    MINUTE = 60
    HOUR = 3_600
    DAY = 86_400
    WEEK = 7 * 86_400
    MONTH = 30 * 86_400
    YEAR = 365 * 86_400

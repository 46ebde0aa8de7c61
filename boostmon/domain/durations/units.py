"""The units a duration is written in. Every unit has one fixed length, so that sums are exact."""

from enum import IntEnum, unique


@unique
class Unit(IntEnum):
    """A unit of time; its value is its length in seconds.

    A month is 30 days and a year 365 days wherever a duration is written: a calendar month would make the
    same text mean different lengths on different days.
    """

    SECOND = 1
    MINUTE = 60
    HOUR = 3_600
    DAY = 86_400
    WEEK = 7 * 86_400
    MONTH = 30 * 86_400
    YEAR = 365 * 86_400

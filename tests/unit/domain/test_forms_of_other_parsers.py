"""The forms that three much used parsers of durations are tested with, and what is made of them here.

pytimeparse (Python), parse-duration and ms (JavaScript) were looked through for the forms that people type. What they
read is read here, too, and alike, but for lengths of months and years; what is refused here says why. None is guessed.
"""

from datetime import UTC, datetime, timedelta

import pytest

from boostmon.domain.durations import (
    Ambiguous,
    DurationProblem,
    MissingUnit,
    NotPositive,
    NotUnderstood,
    TextTooLong,
    TooLong,
    TooShort,
    UnitTwice,
    UnknownUnit,
    parse_when,
)
from tests.unit.domain.durations_support import of_30_days, refused

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def length(text: str) -> object:
    return parse_when(text, now=NOW, calendar=of_30_days(UTC))


def told(weeks: float = 0, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> timedelta:
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


READ = {
    # pytimeparse
    "32 min": told(minutes=32),
    "32mins": told(minutes=32),
    "1 hours": told(hours=1),
    "32hrs": told(hours=32),
    "+32m": told(minutes=32),
    "+32 m 1 s": told(minutes=32, seconds=1),
    "+ 32 m 1 s": told(minutes=32, seconds=1),
    "+5 hours, 34 minutes, 56 seconds": told(hours=5, minutes=34, seconds=56),
    "1.5m30s": told(minutes=2),
    "0.5w1s": told(days=3.5, seconds=1),
    "16h32m64s": told(hours=16, minutes=33, seconds=4),
    "1w3d2h32m": told(weeks=1, days=3, hours=2, minutes=32),
    "1 w 3 d 2 h 32 m": told(weeks=1, days=3, hours=2, minutes=32),
    "5hr34m56s": told(hours=5, minutes=34, seconds=56),
    "5 hrs, 34 mins, 56 secs": told(hours=5, minutes=34, seconds=56),
    "1.75 s": told(seconds=1.75),
    "1.24 days": told(days=1.24),
    "5.6 wk": told(weeks=5.6),
    "172 hr": told(hours=172),
    # parse-duration
    ".5hrs": told(minutes=30),
    "1wks": told(weeks=1),
    "1mth": told(days=30),
    "1mo": told(days=30),
    "1yrs": told(days=365),
    "1hr 20mins": told(hours=1, minutes=20),
    "1 hr 20 mins": told(hours=1, minutes=20),
    # ms
    "1   s": told(seconds=1),
    "3 DaYS": told(days=3),
    "3y40s": told(days=3 * 365, seconds=40),
    "3 y 40 s": told(days=3 * 365, seconds=40),
    "1 h 45 s": told(hours=1, seconds=45),
    "2h30": told(hours=2, minutes=30),
}

REFUSED: dict[str, tuple[type[DurationProblem], str]] = {
    # pytimeparse
    "4:13": (Ambiguous, "minutes and seconds there, hours and minutes or a time of day to others"),
    "4:13:02": (Ambiguous, "a time of day, too"),
    ":13": (NotUnderstood, "of what, is not said"),
    "2:04:13:02.266": (NotUnderstood, "nobody types it"),
    "2 days,  4:13:02": (NotUnderstood, "what `uptime` prints; two days from now, or at a quarter past four?"),
    "-32m": (NotPositive, "a timer has no negative length; /removetime takes time away"),
    "32 m - 1 s": (NotUnderstood, "no sums"),
    "32 m + 1 s": (NotUnderstood, "no sums"),
    "|5m": (NotUnderstood, "refused there, too"),
    # parse-duration
    "100ms": (UnknownUnit, "no timer lasts less than a second"),
    "10millisecond": (UnknownUnit, "no timer lasts less than a second"),
    ".5sec": (TooShort, "no timer lasts less than a second"),
    "+0. secs": (NotUnderstood, "a full stop with nothing after it"),
    "+1e-2seconds": (NotUnderstood, "numbers are written out"),
    "2e3s": (MissingUnit, "numbers are written out; an `e` is Portuguese for `and`"),
    "1b": (UnknownUnit, "a month there, and a byte to others"),
    "27,681 s": (NotUnderstood, "27 thousand, or 27 and a half and more: the comma is either"),
    "27_681 s": (NotUnderstood, "nobody types it"),
    "running length: 1hour:20mins": (NotUnderstood, "a length, not a text with one in it"),
    "2hr -40mins": (NotUnderstood, "no sums"),
    "-1y.2b.5days 12hours,34sec,20ms": (UnknownUnit, "nobody types it"),
    "I have 2 mangoes and 5 apples": (NotUnderstood, "refused there, too"),
    # ms
    "53 years": (TooLong, "ten years are the longest"),
    "17 msecs": (UnknownUnit, "no timer lasts less than a second"),
    "10-.5": (NotUnderstood, "refused there, too"),
    "3seconds40s": (UnitTwice, "43 seconds there; of two numbers, one is likely a slip"),
    "3h2failure": (UnknownUnit, "refused there, too"),
    "▲" * 101: (TextTooLong, "refused there, too"),
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_what_is_read(text: str, expected: timedelta) -> None:
    assert length(text) == expected


def test_a_number_alone_is_minutes_where_ms_and_parse_duration_take_milliseconds() -> None:
    assert length("100") == timedelta(minutes=100)


@pytest.mark.parametrize(("text", "problem"), [(text, problem) for text, (problem, _) in REFUSED.items()])
def test_what_is_refused(text: str, problem: type[DurationProblem]) -> None:
    assert type(refused(length, text)) is problem

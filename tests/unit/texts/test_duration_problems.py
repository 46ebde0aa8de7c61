from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given

from boostmon.domain.durations import (
    Ambiguous,
    DayHasBegun,
    Doubt,
    DurationProblem,
    Empty,
    InThePast,
    InvalidDuration,
    MissingDay,
    MissingUnit,
    NoLengthAfter,
    NoSuchDate,
    NoSuchTime,
    NotPositive,
    NotUnderstood,
    TextTooLong,
    TooLong,
    TooShort,
    Unit,
    UnitTwice,
    UnknownUnit,
    parse_when,
)
from boostmon.texts.duration_problems import in_choice, in_message
from tests.support.timers import NOW
from tests.support.words import ENGLISH
from tests.unit.domain.durations_support import PROPERTY, any_text, of_30_days

SENTENCES: list[tuple[DurationProblem, str]] = [
    (Empty(), "No duration was given."),
    (TextTooLong(limit=100), "That is too long to read: a duration has at most 100 characters."),
    (NotUnderstood("soon"), "“soon” is neither a duration nor a moment."),
    (UnknownUnit("parsecs"), "“parsecs” is not a unit of time. Units: s, m, h, d, w, mo, y."),
    (NotUnderstood("firday", near="friday"), "“firday” is neither a duration nor a moment. Did you mean “friday”?"),
    (UnknownUnit("dyas", near="days"), "“dyas” is not a unit of time. Did you mean “days”?"),
    (
        Ambiguous(Doubt.MINUTES_OR_MONTHS, "1M", ("1min", "1mo")),
        "“1M”: minutes or months? Write “1min” or “1mo”.",
    ),
    (
        Ambiguous(Doubt.NO_UNIT, "1.5", ("1.5min", "1.5h", "01.05.")),
        "“1.5” has no unit. Write “1.5min”, “1.5h” or “01.05.”.",
    ),
    (
        Ambiguous(Doubt.TIME_OR_LENGTH, "6:30", ("06:30", "6h 30min")),
        "“6:30”: a time of day, or a length? Write “06:30” or “6h 30min”.",
    ),
    (
        Ambiguous(Doubt.WHICH_DAY, "next friday", ("2026-11-27", "2026-12-04")),
        "“next friday”: on which day? Write “2026-11-27” or “2026-12-04”.",
    ),
    (
        Ambiguous(Doubt.ORDER, "12/24/2026", ("2026-12-24",)),
        "“12/24/2026” is not how I read dates. Write “2026-12-24”.",
    ),
    (
        Ambiguous(Doubt.ORDER, "3/4/2027", ("2027-04-03", "2027-03-04")),
        "“3/4/2027” can be read in more than one way. Write “2027-04-03” or “2027-03-04”.",
    ),
    (
        Ambiguous(Doubt.THOUSANDS, "1.000", ("1000 d", "1 d")),
        "“1.000” can be read in more than one way. Write “1000 d” or “1 d”.",
    ),
    (
        Ambiguous(Doubt.TIME_OR_LENGTH, "0:00", ("00:00",)),
        "“0:00” is not how I read times. Write “00:00”.",
    ),
    (DayHasBegun("today"), "“today” has begun already. Add a time of day, such as 18:00."),
    (MissingDay("December"), "“December” has no day. Write “24 December”, for example."),
    (NoLengthAfter("in", "18:00"), "“18:00” is a moment. Write it without “in”."),
    (MissingUnit("30"), "“30” needs a unit after it, as in 1h 30m."),
    (UnitTwice(Unit.HOUR), "Hours are counted twice; write each unit once."),
    (NotPositive(), "A duration must be more than zero."),
    (TooShort(limit=timedelta(seconds=1)), "That is too short: 1 second is the least."),
    (TooLong(limit=timedelta(days=3650)), "That is too long: 10 years is the most."),
    (InThePast(datetime(2020, 1, 1, tzinfo=UTC)), "That moment is in the past."),
    (NoSuchDate("2030"), "“2030” is in no calendar or on no clock."),
    (
        NoSuchTime(datetime(2030, 3, 31, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))),
        "The clocks of Europe/Berlin jump over 2030-03-31 02:30.",
    ),
]


@pytest.mark.parametrize(("problem", "sentence"), SENTENCES)
def test_what_is_wrong_is_said_in_a_sentence(problem: DurationProblem, sentence: str) -> None:
    assert in_choice(problem, ENGLISH) == sentence


def test_every_doubt_has_its_sentence() -> None:
    doubts = {problem.doubt for problem, _ in SENTENCES if isinstance(problem, Ambiguous)}
    assert doubts == set(Doubt)


def test_no_problem_is_forgotten_here() -> None:
    assert {type(problem) for problem, _ in SENTENCES} == set(get_args(DurationProblem.__value__))


def test_a_message_shows_the_past_moment_in_the_readers_zone() -> None:
    assert in_message(InThePast(datetime(2020, 1, 1, tzinfo=UTC)), ENGLISH) == (
        "<t:1577836800:F> (<t:1577836800:R>) is in the past."
    )


def test_a_message_disarms_what_was_typed() -> None:
    assert in_message(UnknownUnit("**w**"), ENGLISH).startswith(r"“\*\*w\*\*” is not")


@PROPERTY
@given(any_text)
def test_whatever_is_typed_the_sentences_fit(typed: str) -> None:
    problem = _problem_of(typed)
    assume(problem is not None)
    assert problem is not None
    assert 0 < len(in_choice(problem, ENGLISH)) <= 100
    assert 0 < len(in_message(problem, ENGLISH)) <= 1000


def _problem_of(typed: str) -> DurationProblem | None:
    try:
        parse_when(typed, now=NOW, calendar=of_30_days(UTC))
    except InvalidDuration as error:
        return error.problem
    return None

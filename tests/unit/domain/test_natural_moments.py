"""Moments as people type them: days, times of day, both, in several languages; and what is not guessed at."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import (
    Ambiguous,
    DayHasBegun,
    Doubt,
    DurationProblem,
    InThePast,
    InvalidDuration,
    MissingDay,
    NoLengthAfter,
    NoSuchDate,
    NoSuchTime,
    NotPositive,
    NotUnderstood,
    TooLong,
    UnknownUnit,
    parse_duration,
    parse_when,
)
from boostmon.domain.durations.parsing import MAX_DURATION
from boostmon.domain.durations.wall_times import WallTime
from boostmon.domain.durations.when import time_until
from boostmon.domain.languages import Language
from tests.unit.domain.durations_support import PROPERTY, any_text, of_30_days, refused

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 1, 12, tzinfo=BERLIN)
"""A Tuesday."""


def when(text: str, *, now: datetime = NOW, zone: tzinfo = BERLIN) -> str:
    """What the text means, as the clocks of the zone show it."""
    moment = parse_when(text, now=now, calendar=of_30_days(zone))
    assert isinstance(moment, datetime)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}".removesuffix(":00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:00", "2026-12-01 18:00"),
        ("18:00:30", "2026-12-01 18:00:30"),
        ("12:00", "2026-12-02 12:00"),
        ("09:15", "2026-12-02 09:15"),
        ("at 9:15", "2026-12-02 09:15"),
        ("until 9:15", "2026-12-02 09:15"),
        ("6pm", "2026-12-01 18:00"),
        ("6 PM", "2026-12-01 18:00"),
        ("6 p.m.", "2026-12-01 18:00"),
        ("6:30 pm", "2026-12-01 18:30"),
        ("9am", "2026-12-02 09:00"),
        ("1am", "2026-12-02 01:00"),
        ("12am", "2026-12-02 00:00"),
        ("12pm", "2026-12-02 12:00"),
        ("18 Uhr", "2026-12-01 18:00"),
        ("6 Uhr", "2026-12-02 06:00"),
        ("um 18.30 Uhr", "2026-12-01 18:30"),
        ("20:00Z", "2026-12-01 21:00"),
        ("6:30Z", "2026-12-02 07:30"),
        ("20:00 -05:00", "2026-12-02 02:00"),
    ],
)
def test_a_time_of_day_is_the_next_one(text: str, expected: str) -> None:
    assert when(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today 18:00", "2026-12-01 18:00"),
        ("Tomorrow", "2026-12-02 00:00"),
        ("tomorrow 18:00", "2026-12-02 18:00"),
        ("tomorrow, 6pm", "2026-12-02 18:00"),
        ("6pm tomorrow", "2026-12-02 18:00"),
        ("until tomorrow at 18:00", "2026-12-02 18:00"),
        ("Friday", "2026-12-04 00:00"),
        ("fri", "2026-12-04 00:00"),
        ("on Friday", "2026-12-04 00:00"),
        ("until Friday 18:00", "2026-12-04 18:00"),
        ("18:00 on friday", "2026-12-04 18:00"),
        ("Friday 6pm", "2026-12-04 18:00"),
        ("Monday", "2026-12-07 00:00"),
        ("Tuesday", "2026-12-08 00:00"),
        ("Tuesday 12:00", "2026-12-08 12:00"),
        ("Tuesday 9:00", "2026-12-08 09:00"),
        ("24.12.", "2026-12-24 00:00"),
        ("24.12", "2026-12-24 00:00"),
        ("01.05", "2027-05-01 00:00"),
        ("1.5.", "2027-05-01 00:00"),
        ("until 1.5", "2027-05-01 00:00"),
        ("1.5 18:00", "2027-05-01 18:00"),
        ("24.12.2026", "2026-12-24 00:00"),
        ("24. 12. 2026", "2026-12-24 00:00"),
        ("24.12.2026 18:00", "2026-12-24 18:00"),
        ("24.12. 6pm", "2026-12-24 18:00"),
        ("1.12. 18:00", "2026-12-01 18:00"),
        ("30.11.", "2027-11-30 00:00"),
        ("29.02.", "2028-02-29 00:00"),
        ("18h Friday", "2026-12-04 18:00"),
        ("day  after\ttomorrow", "2026-12-03 00:00"),
        ("18h 24 Dec", "2026-12-24 18:00"),
        ("18h 24.12.2026", "2026-12-24 18:00"),
        ("13:00 am Freitag", "2026-12-04 13:00"),
        ("24 Dec", "2026-12-24 00:00"),
        ("24Dec", "2026-12-24 00:00"),
        ("Dec 24", "2026-12-24 00:00"),
        ("dec. 24th", "2026-12-24 00:00"),
        ("24th of December", "2026-12-24 00:00"),
        ("24 December 18:00", "2026-12-24 18:00"),
        ("24 Dec 2027", "2027-12-24 00:00"),
        ("December 24, 2027 at 6:30pm", "2027-12-24 18:30"),
        ("Feb 29", "2028-02-29 00:00"),
        ("5 may", "2027-05-05 00:00"),
        ("2026-12-24 6pm", "2026-12-24 18:00"),
        ("2026-12-24, 18:00", "2026-12-24 18:00"),
        ("until 2026-12-24", "2026-12-24 00:00"),
        ("until <t:1798761600>", "2027-01-01 01:00"),
        ("in 3 days", "2026-12-04 12:00"),
        ("in 2 hours 30", "2026-12-01 14:30"),
        ("in 90", "2026-12-01 13:30"),
    ],
)
def test_days(text: str, expected: str) -> None:
    assert when(text) == expected


@pytest.mark.parametrize("text", ["for 3 days", "+3d", "+ 3 days", "für 3 Tage", "pendant 3 jours", "por 3 dias"])
def test_a_length_stays_a_length(text: str) -> None:
    assert parse_when(text, now=NOW, calendar=of_30_days(BERLIN)) == timedelta(days=3)


def test_the_hour_after_a_day_is_a_time_and_alone_a_length() -> None:
    assert when("demain 18h") == "2026-12-02 18:00"
    assert parse_when("18h", now=NOW, calendar=of_30_days(BERLIN)) == timedelta(hours=18)
    assert parse_when("1h30", now=NOW, calendar=of_30_days(BERLIN)) == timedelta(minutes=90)
    assert parse_when("18 heures", now=NOW, calendar=of_30_days(BERLIN)) == timedelta(hours=18)


def test_a_month_after_a_number_is_no_monday() -> None:
    assert parse_when("1 mon", now=NOW, calendar=of_30_days(BERLIN)) == timedelta(days=30)
    assert parse_when("for a week", now=NOW, calendar=of_30_days(BERLIN)) == timedelta(days=7)


def doubt(kind: Doubt, part: str, *readings: str) -> Ambiguous:
    return Ambiguous(kind, part, readings)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("next friday", doubt(Doubt.WHICH_DAY, "next friday", "2026-12-04", "2026-12-11")),
        (
            "nächsten Freitag 18:00",
            doubt(Doubt.WHICH_DAY, "nächsten Freitag 18:00", "2026-12-04 18:00", "2026-12-11 18:00"),
        ),
        ("next tuesday", doubt(Doubt.WHICH_DAY, "next tuesday", "2026-12-08", "2026-12-15")),
        ("Tuesday 18:00", doubt(Doubt.WHICH_DAY, "Tuesday 18:00", "2026-12-01 18:00", "2026-12-08 18:00")),
        ("6:30", doubt(Doubt.TIME_OR_LENGTH, "6:30", "06:30", "6h 30min")),
        ("1:30:05", doubt(Doubt.TIME_OR_LENGTH, "1:30:05", "01:30:05", "1h 30min 05s")),
        ("1.5", doubt(Doubt.NO_UNIT, "1.5", "1.5min", "1.5h", "01.05.")),
        ("24.1", doubt(Doubt.NO_UNIT, "24.1", "24.1min", "24.1h", "24.01.")),
        ("12.30", doubt(Doubt.NO_UNIT, "12.30", "12.30min", "12.30h", "12:30")),
        ("90.5", doubt(Doubt.NO_UNIT, "90.5", "90.5min", "90.5h")),
        ("31.02", doubt(Doubt.NO_UNIT, "31.02", "31.02min", "31.02h")),
        ("in 1M", doubt(Doubt.MINUTES_OR_MONTHS, "1M", "in 1min", "in 1mo")),
        ("12/24/2026", doubt(Doubt.ORDER, "12/24/2026", "2026-12-24")),
        ("12/24", doubt(Doubt.ORDER, "12/24", "2026-12-24")),
        ("24/12 18:00", doubt(Doubt.ORDER, "24/12", "2026-12-24 18:00")),
        ("3/4/2027", doubt(Doubt.ORDER, "3/4/2027", "2027-04-03", "2027-03-04")),
        ("3/4/27", doubt(Doubt.ORDER, "3/4/27", "2027-04-03", "2027-03-04")),
        ("31-12-2026 18:00", doubt(Doubt.ORDER, "31-12-2026", "2026-12-31 18:00")),
        ("2026/12/31", doubt(Doubt.ORDER, "2026/12/31", "2026-12-31")),
        ("24.12.26 18:00", doubt(Doubt.ORDER, "24.12.26", "24.12.2026 18:00")),
        ("13/13/2026", NoSuchDate("13/13/2026")),
        ("today", DayHasBegun("today")),
        ("1.12.", DayHasBegun("1.12.")),
        ("1 Dec", DayHasBegun("1 Dec")),
        ("today 9:00", InThePast(datetime(2026, 12, 1, 8, tzinfo=UTC))),
        ("1.12. 9:00", InThePast(datetime(2026, 12, 1, 8, tzinfo=UTC))),
        ("24:00", NoSuchDate("24:00")),
        ("13pm", NoSuchDate("13pm")),
        ("0am", NoSuchDate("0am")),
        ("Friday 18:30 am", NoSuchDate("Friday 18:30 am")),
        ("30 Feb", NoSuchDate("30 Feb")),
        ("Friday, 24 December 2026", NoSuchDate("Friday, 24 December 2026")),
        ("fri 24.12. 18:00", NoSuchDate("fri 24.12. 18:00")),
        ("32.12.2026", NoSuchDate("32.12.2026")),
        ("tomorrow 25:00", NoSuchDate("tomorrow 25:00")),
        ("20:00+24:00", NoSuchDate("20:00+24:00")),
        ("24 Dec 2099", TooLong(MAX_DURATION)),
        ("31.12.18", InThePast(datetime(2018, 12, 30, 23, tzinfo=UTC))),
        ("1/11/2026", InThePast(datetime(2026, 1, 10, 23, tzinfo=UTC))),
        ("5/12/2026", doubt(Doubt.ORDER, "5/12/2026", "2026-12-05")),
        ("0:00", doubt(Doubt.TIME_OR_LENGTH, "0:00", "00:00")),
        ("0.0", NotPositive()),
        ("tonight", NotUnderstood("tonight")),
        ("december", MissingDay("december")),
        ("January", MissingDay("January")),
        ("mayo", MissingDay("mayo")),
        ("Dezember", MissingDay("Dezember")),
        ("until Dec.", MissingDay("Dec.")),
        ("december foo", NotUnderstood("december foo")),
        ("december tomorow", NotUnderstood("tomorow", near="tomorrow")),
        ("24.12. 18.30", NotUnderstood("24.12. 18.30")),
        ("18h 24.12.", NotUnderstood("24.12.")),
        ("in 18:00", NoLengthAfter("in", "18:00")),
        ("in friday", NoLengthAfter("in", "friday")),
        ("in 24.12.", NoLengthAfter("in", "24.12.")),
        ("In  24 Dec", NoLengthAfter("In", "24 Dec")),
        ("for 18:00", NoLengthAfter("for", "18:00")),
        ("in 6:30", doubt(Doubt.TIME_OR_LENGTH, "6:30", "06:30", "6h 30min")),
        ("in friday foo", NotUnderstood("in friday foo")),
        ("in 3 dyas", UnknownUnit("dyas", near="days")),
        ("in a bit", NotUnderstood("a")),
        ("next week", NotUnderstood("next week")),
        ("Dec 2026", MissingDay("Dec 2026")),
        ("24 Dec foo", NotUnderstood("24 Dec foo")),
        ("until", NotUnderstood("until")),
        ("until 3 days", NotUnderstood("until 3 days")),
        ("tomorrow at 6", NotUnderstood("tomorrow at 6")),
        ("until 18", NotUnderstood("until 18")),
        ("for friday", NotUnderstood("for friday")),
        ("18:0", NotUnderstood("18:0")),
        ("firday 18:00", NotUnderstood("firday", near="Friday")),
        ("tomorow", NotUnderstood("tomorow", near="tomorrow")),
        ("until decembr 24", NotUnderstood("decembr", near="December")),
        ("3 dyas", UnknownUnit("dyas", near="days")),
        ("1\N{ARABIC-INDIC DIGIT EIGHT}:00", NotUnderstood("1\N{ARABIC-INDIC DIGIT EIGHT}:00")),
        ("friday\N{NO-BREAK SPACE}18:00", NotUnderstood("friday\N{NO-BREAK SPACE}18:00")),
    ],
)
def test_what_is_refused(text: str, problem: DurationProblem) -> None:
    assert refused(lambda text: parse_when(text, now=NOW, calendar=of_30_days(BERLIN)), text) == problem


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        # The night in which 02:30 does not exist, and what comes before and after it.
        (datetime(2027, 3, 27, 12, tzinfo=BERLIN), "02:30", None),
        (datetime(2027, 3, 28, 1, tzinfo=BERLIN), "02:30", None),
        (datetime(2027, 3, 28, 1, 45, tzinfo=BERLIN), "02:30", None),
        (datetime(2027, 3, 28, 4, tzinfo=BERLIN), "02:30", "2027-03-29 02:30"),
        (datetime(2027, 3, 26, 12, tzinfo=BERLIN), "Sunday 02:30", None),
        (datetime(2027, 3, 27, 12, tzinfo=BERLIN), "tomorrow", "2027-03-28 00:00"),
        # The night in which 02:30 comes twice.
        (datetime(2027, 10, 31, 1, tzinfo=BERLIN), "02:30", "2027-10-31 02:30"),
        (datetime(2027, 10, 31, 2, 45, tzinfo=BERLIN), "02:30", "2027-10-31 02:30"),
        (datetime(2027, 10, 31, 2, 45, fold=1, tzinfo=BERLIN), "02:30", "2027-11-01 02:30"),
        # A new year.
        (datetime(2026, 12, 31, 23, tzinfo=BERLIN), "tomorrow 18:00", "2027-01-01 18:00"),
        (datetime(2026, 12, 31, 23, tzinfo=BERLIN), "1 Jan", "2027-01-01 00:00"),
        # 2100 is no leap year.
        (datetime(2097, 3, 1, tzinfo=BERLIN), "29 Feb 6pm", "2104-02-29 18:00"),
    ],
)
def test_changes_of_the_clocks_and_of_the_year(now: datetime, text: str, expected: str | None) -> None:
    if expected is None:
        problem = refused(lambda text: parse_when(text, now=now, calendar=of_30_days(BERLIN)), text)
        assert isinstance(problem, NoSuchTime)
    else:
        assert when(text, now=now) == expected


def test_a_day_whose_midnight_comes_twice_starts_with_the_first() -> None:
    havana = ZoneInfo("America/Havana")
    sunday = datetime(2027, 11, 7, 0, 30, tzinfo=havana)
    assert when("7 Nov", now=sunday - timedelta(hours=1), zone=havana) == "2027-11-07 00:00"
    assert when("Sunday", now=sunday, zone=havana) == "2027-11-14 00:00"
    midnight = sunday.replace(minute=0)
    problem = refused(lambda text: parse_when(text, now=midnight, calendar=of_30_days(havana)), "today")
    assert problem == DayHasBegun("today")


@pytest.mark.parametrize(
    ("text", "part"),
    [("tomorrow", "tomorrow"), ("until 11am", "until 11am"), ("in tomorrow", "tomorrow"), ("for 11am", "11am")],
)
def test_after_the_last_day_of_the_calendar_there_is_none(text: str, part: str) -> None:
    last = datetime(9999, 12, 31, 12, tzinfo=UTC)
    assert refused(lambda text: parse_when(text, now=last, calendar=of_30_days(UTC)), text) == NoSuchDate(part)


def test_what_is_refused_after_a_word_is_refused_with_that_word() -> None:
    """The whole text is what is quoted and completed."""
    for text in ("in 30 Feb", "in next friday", "in 3 dyas"):
        with pytest.raises(InvalidDuration) as caught:
            parse_when(text, now=NOW, calendar=of_30_days(BERLIN))
        assert caught.value.text == text


def test_a_month_of_another_language_is_none() -> None:
    def problem(language: Language) -> DurationProblem:
        return refused(
            lambda text: parse_when(text, now=NOW, calendar=of_30_days(BERLIN), language=language), "until ago"
        )

    assert problem(Language.ES) == MissingDay("ago")
    assert problem(Language.EN) == NotUnderstood("until ago")


class Nowhere(tzinfo):
    """A zone that knows no offset."""

    def utcoffset(self, moment: datetime | None) -> None:
        """It knows none."""

    def dst(self, moment: datetime | None) -> None:
        """Nor any summer time."""

    def tzname(self, moment: datetime | None) -> None:
        """Nor its name."""


def test_a_zone_without_offsets_has_no_instants() -> None:
    with pytest.raises(ValueError, match="knows no offset"):
        WallTime(NOW.date(), None, Nowhere()).instants()


def test_a_moment_that_has_passed_since_is_told() -> None:
    with pytest.raises(InvalidDuration) as caught:
        time_until(NOW, NOW)
    assert caught.value.text == "2026-12-01 12:00:00+01:00"
    assert caught.value.problem == InThePast(NOW)


def test_today_is_today_in_the_zone_that_counts() -> None:
    late = datetime(2026, 12, 1, 20, tzinfo=UTC)
    assert when("tomorrow", now=late, zone=ZoneInfo("Asia/Tokyo")) == "2026-12-03 00:00"
    assert when("tomorrow 01:00 +09:00", now=late, zone=UTC) == "2026-12-02 16:00"


@PROPERTY
@given(any_text, st.sampled_from([BERLIN, UTC, ZoneInfo("Pacific/Apia"), timezone(timedelta(hours=-12))]))
def test_the_readings_of_what_is_ambiguous_are_not_ambiguous_themselves(text: str, zone: tzinfo) -> None:
    problem = problem_of(text, zone)
    if isinstance(problem, Ambiguous):
        for reading in problem.readings:
            again = problem_of(reading, zone)
            assert not (isinstance(again, Ambiguous) and again.part == problem.part)


def problem_of(text: str, zone: tzinfo) -> DurationProblem | None:
    try:
        parse_when(text, now=NOW, calendar=of_30_days(zone))
    except InvalidDuration as error:
        return error.problem
    return None


@pytest.mark.parametrize("dots", ["24.12.", "1.5.", "31.12.2026"])
def test_a_date_is_no_length(dots: str) -> None:
    assert isinstance(refused(parse_duration, dots), NotUnderstood)


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "24.12.",
        "friday ",
        "1:1:",
        "a",
        "in ",
        "until ",
        "24 dec ",
        "dec ",
        "6pm ",
        "1/",
        "1,",
        ".",
        "de ",
        "M",
        "<t:1",
    ],
)
def test_the_time_is_linear_in_the_text(piece: str) -> None:
    """A hundred characters of anything take a fraction of what a database look-up takes."""
    text = (piece * 100)[:100]
    refused(lambda text: parse_when(text, now=NOW, calendar=of_30_days(BERLIN)), text)
    began = process_time()  # of this process alone, however busy the machine is
    for _ in range(10):
        refused(lambda text: parse_when(text, now=NOW, calendar=of_30_days(BERLIN)), text)
    assert process_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "times"),
    [("10.59", ("10:59",)), ("23.59", ("23:59",)), ("0.45", ("00:45",)), ("10.60", ()), ("24.30", ()), ("25.59", ())],
)
def test_a_number_that_no_clock_shows_is_not_offered_as_a_time_of_day(text: str, times: tuple[str, ...]) -> None:
    problem = refused(lambda written: parse_when(written, now=NOW, calendar=of_30_days(BERLIN)), text)

    assert isinstance(problem, Ambiguous)
    assert problem.readings == (f"{text}min", f"{text}h", *times)


def test_a_short_time_with_a_day_or_a_preposition_beside_it_is_no_length() -> None:
    assert when("at 1:30") == when("1:30 tomorrow") == "2026-12-02 01:30"

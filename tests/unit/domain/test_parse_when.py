from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import (
    MAX_DURATION,
    MIN_DURATION,
    DayHasBegun,
    DurationProblem,
    Empty,
    InThePast,
    InvalidDuration,
    NoSuchDate,
    NoSuchTime,
    NotPositive,
    NotUnderstood,
    TextTooLong,
    TooLong,
    TooShort,
    UnknownUnit,
    parse_duration,
    parse_when,
    time_until,
)
from tests.unit.domain.durations_support import PROPERTY, any_text, of_30_days, refused

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 1, 11, tzinfo=UTC)  # noon in Berlin


def until(text: str, *, now: datetime = NOW, zone: tzinfo = BERLIN) -> timedelta:
    """How long it is until what the text says."""
    return time_until(moment(text, now=now, zone=zone), now)


def moment(text: str, *, now: datetime = NOW, zone: tzinfo = BERLIN) -> datetime:
    """The moment in UTC that the text was understood as."""
    when = parse_when(text, now=now, calendar=of_30_days(zone))
    assert isinstance(when, datetime)
    assert when.tzinfo is UTC
    return when


@pytest.mark.parametrize("text", ["90", "1d 2h", "P1DT2H", " 1.5h ", "2 weeks and 1 minute"])
def test_a_duration_means_what_it_means_alone(text: str) -> None:
    assert parse_when(text, now=NOW, calendar=of_30_days(BERLIN)) == parse_duration(text)


def test_a_moment_that_has_come_meanwhile_is_refused() -> None:
    assert time_until(NOW + timedelta(seconds=1), NOW) == timedelta(seconds=1)
    for when in (NOW, NOW - timedelta(seconds=1)):
        with pytest.raises(InvalidDuration) as caught:
            time_until(when, NOW)
        assert caught.value.problem == InThePast(when)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-31 18:00", datetime(2026, 12, 31, 17, tzinfo=UTC)),
        ("  2026-12-31   18:00 ", datetime(2026, 12, 31, 17, tzinfo=UTC)),
        ("2026-12-31T18:00", datetime(2026, 12, 31, 17, tzinfo=UTC)),
        ("2026-12-31t18:00:05", datetime(2026, 12, 31, 17, 0, 5, tzinfo=UTC)),
        ("2026-12-31 18:00:05.25", datetime(2026, 12, 31, 17, 0, 5, 250_000, tzinfo=UTC)),
        ("2026-12-31 18:00:05.000001", datetime(2026, 12, 31, 17, 0, 5, 1, tzinfo=UTC)),
        ("2026-12-31 6:05", datetime(2026, 12, 31, 5, 5, tzinfo=UTC)),
        ("2027-1-2 0:00", datetime(2027, 1, 1, 23, tzinfo=UTC)),
        ("2027-01-01", datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("2028-02-29", datetime(2028, 2, 28, 23, tzinfo=UTC)),
        ("2027-07-01 12:00", datetime(2027, 7, 1, 10, tzinfo=UTC)),
        ("2026-12-31 18:00Z", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2026-12-31 18:00 z", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2026-12-31T18:00:00.000Z", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2026-12-31T18:00+05:30", datetime(2026, 12, 31, 12, 30, tzinfo=UTC)),
        ("2026-12-31T18:00+0530", datetime(2026, 12, 31, 12, 30, tzinfo=UTC)),
        ("2026-12-31 18:00 -05", datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("2026-12-31 18:00-03:30", datetime(2026, 12, 31, 21, 30, tzinfo=UTC)),
        ("<t:1798761600>", datetime(2027, 1, 1, tzinfo=UTC)),
        ("<t:1798761600:R>", datetime(2027, 1, 1, tzinfo=UTC)),
        (" <t:1798761600:f> ", datetime(2027, 1, 1, tzinfo=UTC)),
        ("<T:1798761600:D>", datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert moment(text) == expected


def test_a_moment_is_counted_from_now_whatever_the_zone_of_now() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    for zone in (UTC, BERLIN, tokyo, timezone(timedelta(hours=-7))):
        assert until("2026-12-01 13:00", now=NOW.astimezone(zone)) == timedelta(hours=1)
        assert until("2026-12-01 21:00", now=NOW.astimezone(zone), zone=tokyo) == timedelta(hours=1)


def test_now_and_a_moment_on_both_sides_of_a_change_of_the_clocks() -> None:
    # The same zone object on both sides: subtracting wall times would miss the hour that was skipped.
    before = datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN)
    assert until("2027-03-28 03:30", now=before) == timedelta(hours=1)


def test_the_microseconds_of_now_count() -> None:
    now = NOW + timedelta(microseconds=1)
    assert until("2026-12-01 13:00", now=now) == timedelta(hours=1) - timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Empty()),
        ("2026-12-31 18:00" + "0" * 100, TextTooLong(100)),
        ("0", NotPositive()),
        ("5 parsecs", UnknownUnit("parsecs")),
        ("2026-12", NotUnderstood("2026-12")),
        ("2026-12-31 18", NotUnderstood("2026-12-31 18")),
        ("2026-12-31 18:00 PM", NoSuchDate("2026-12-31 18:00 PM")),
        ("2026-12-31 18:00 + 01:00", NotUnderstood("2026-12-31 18:00 + 01:00")),
        ("2026-12-31Z", NotUnderstood("2026-12-31Z")),
        ("2026-12-31T", NotUnderstood("2026-12-31T")),
        ("2026-12-31 18:00:00.0000001", NotUnderstood("2026-12-31 18:00:00.0000001")),
        ("2026-12-31 1d", NotUnderstood("2026-12-31 1d")),
        ("0026-12-31", NotUnderstood("0026-12-31")),
        ("12026-12-31", NotUnderstood("12026-12-31")),
        ("2026-12-3\u0661", NotUnderstood("2026-12-3\u0661")),
        ("2026-12-31\u00a018:00", NotUnderstood("2026-12-31\u00a018:00")),
        ("2026-12-31 18:00\0", NotUnderstood("2026-12-31 18:00\0")),
        ("<", NotUnderstood("<")),
        ("<t:>", NotUnderstood("<t:>")),
        ("<t:1798761600", NotUnderstood("<t:1798761600")),
        ("<t:1798761600:>", NotUnderstood("<t:1798761600:>")),
        ("<t:1798761600:RR>", NotUnderstood("<t:1798761600:RR>")),
        ("<t:17987616.5>", NotUnderstood("<t:17987616.5>")),
        ("<t:1798761600:\N{KELVIN SIGN}>", NotUnderstood("<t:1798761600:\N{KELVIN SIGN}>")),
        ("<t:1798761600> 1h", NotUnderstood("<t:1798761600> 1h")),
        ("<t:" + "9" * 14 + ">", NotUnderstood("<t:" + "9" * 14 + ">")),
        ("<t:" + "\u0661" * 5 + ">", NotUnderstood("<t:" + "\u0661" * 5 + ">")),
        ("<@80351110224678912>", NotUnderstood("<@80351110224678912>")),
        ("2027-02-29", NoSuchDate("2027-02-29")),
        ("2027-13-01", NoSuchDate("2027-13-01")),
        ("2027-00-10 10:00", NoSuchDate("2027-00-10 10:00")),
        ("2026-12-31 24:00", NoSuchDate("2026-12-31 24:00")),
        ("2026-12-31 18:60", NoSuchDate("2026-12-31 18:60")),
        ("2026-12-31 23:59:60", NoSuchDate("2026-12-31 23:59:60")),
        ("2026-12-31 18:00+24:00", NoSuchDate("2026-12-31 18:00+24:00")),
        ("2026-12-31 18:00+01:60", NoSuchDate("2026-12-31 18:00+01:60")),
        ("2026-12-01 12:00", InThePast(NOW)),
        ("2026-12-01", DayHasBegun("2026-12-01")),
        ("2026-11-30", InThePast(datetime(2026, 11, 29, 23, tzinfo=UTC))),
        ("2026-12-01 11:59:59.999999", InThePast(NOW - timedelta(microseconds=1))),
        ("1000-01-01 00:00+14:00", InThePast(datetime(999, 12, 31, 10, tzinfo=UTC))),
        ("<t:0>", InThePast(datetime(1970, 1, 1, tzinfo=UTC))),
        ("<t:-1:R>", InThePast(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC))),
        ("<t:-9999999999>", InThePast(datetime(1653, 2, 10, 6, 13, 21, tzinfo=UTC))),
        ("2026-12-01 12:00:00.999999", TooShort(MIN_DURATION)),
        ("2036-11-28 12:00:00.000001", TooLong(MAX_DURATION)),
        ("9999-12-31 23:59:59-12:00", TooLong(MAX_DURATION)),
        ("<t:1767225600000>", TooLong(MAX_DURATION)),
        ("<t:9999999999999>", TooLong(MAX_DURATION)),
    ],
)
def test_what_is_refused(text: str, problem: DurationProblem) -> None:
    assert refused(until, text) == problem


def test_bounds_are_inclusive() -> None:
    assert until("2026-12-01 12:00:01") == MIN_DURATION
    assert until("2036-11-28 12:00") == MAX_DURATION


@pytest.mark.parametrize("text", ["2027-03-28 02:00", "2027-03-28 02:30", "2027-03-28T02:59:59.999999"])
def test_a_time_that_the_clocks_jump_over(text: str) -> None:
    problem = refused(until, text)
    assert isinstance(problem, NoSuchTime)
    assert problem.moment.isoformat(" ").startswith(text.replace("T", " "))
    assert problem.moment.tzinfo is BERLIN


def test_the_edges_of_a_jump_exist() -> None:
    assert moment("2027-03-28 01:59:59") == datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC)
    assert moment("2027-03-28 03:00") == datetime(2027, 3, 28, 1, tzinfo=UTC)
    # With an offset there is no doubt what is meant.
    assert moment("2027-03-28 02:30+01:00") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_show_twice_is_the_first_still_ahead() -> None:
    first, second = (datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1))
    one_microsecond = timedelta(microseconds=1)
    assert moment("2027-10-31 02:30") == first
    assert moment("2027-10-31 02:30", now=first - timedelta(seconds=1)) == first
    assert moment("2027-10-31 02:30", now=first) == second
    assert moment("2027-10-31 02:30", now=second - timedelta(seconds=1)) == second
    assert refused(lambda text: until(text, now=first - one_microsecond), "2027-10-31 02:30") == TooShort(MIN_DURATION)
    assert refused(lambda text: until(text, now=second), "2027-10-31 02:30") == InThePast(second)


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        # Midnight is jumped over: the day starts at one.
        ("Africa/Cairo", "2027-04-30", datetime(2027, 4, 29, 22, tzinfo=UTC)),
        ("Asia/Beirut", "2027-03-28", datetime(2027, 3, 27, 22, tzinfo=UTC)),
        # Midnight comes twice: the day starts with the first.
        ("America/Havana", "2027-11-07", datetime(2027, 11, 7, 4, tzinfo=UTC)),
        ("Atlantic/Azores", "2027-10-31", datetime(2027, 10, 31, tzinfo=UTC)),
        # Offsets of halves and quarters of an hour.
        ("Australia/Lord_Howe", "2027-06-01", datetime(2027, 5, 31, 13, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", "2027-06-01", datetime(2027, 5, 31, 18, 15, tzinfo=UTC)),
    ],
)
def test_the_start_of_a_day(zone: str, day: str, start: datetime) -> None:
    assert moment(day, zone=ZoneInfo(zone)) == start


def test_a_day_whose_first_midnight_has_passed_has_begun() -> None:
    havana = ZoneInfo("America/Havana")
    start = datetime(2027, 11, 7, 4, tzinfo=UTC)
    problem = refused(lambda text: until(text, now=start + timedelta(minutes=1), zone=havana), "2027-11-07")
    assert problem == DayHasBegun("2027-11-07")


def test_a_midnight_that_does_not_exist_is_refused_when_it_is_asked_for() -> None:
    problem = refused(lambda text: until(text, zone=ZoneInfo("Africa/Cairo")), "2027-04-30 00:00")
    assert isinstance(problem, NoSuchTime)


class ZoneWithoutOffset(tzinfo):
    def utcoffset(self, _moment: datetime | None) -> None:
        return None

    dst = utcoffset

    def tzname(self, _moment: datetime | None) -> None:
        return None


def test_a_zone_without_offsets_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="offset"):
        until("2026-12-31 18:00", zone=ZoneWithoutOffset())


@PROPERTY
@given(
    st.datetimes(datetime(2026, 12, 2), datetime(2036, 11, 1)),  # noqa: DTZ001 - a wall time of any zone
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_a_moment_shown_in_the_zone_is_what_was_written(wall: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    written = wall.isoformat(sep=" ")
    if wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall:
        assert moment(written, zone=zone).astimezone(zone).replace(tzinfo=None) == wall
    else:
        assert isinstance(refused(lambda text: until(text, zone=zone), written), NoSuchTime)


@PROPERTY
@given(st.integers(min_value=int(NOW.timestamp()) + 1, max_value=int(NOW.timestamp()) + 3650 * 86_400))
def test_a_discord_stamp_is_that_second(second: int) -> None:
    assert moment(f"<t:{second}:R>") == datetime.fromtimestamp(second, tz=UTC)


@PROPERTY
@given(any_text)
def test_any_text_gives_a_duration_within_bounds_or_its_own_error(text: str) -> None:
    try:
        when = parse_when(text, now=NOW, calendar=of_30_days(BERLIN))
    except InvalidDuration:
        return
    duration = when - NOW if isinstance(when, datetime) else when
    assert isinstance(duration, timedelta)
    assert MIN_DURATION <= duration <= MAX_DURATION

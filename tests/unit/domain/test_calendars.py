from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import Amount, Calendar, End, Months, Span
from tests.unit.domain.durations_support import PROPERTY

BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
MONTH = Span(1)
YEAR = Span(12)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
calendars = st.sampled_from(ZONES).map(lambda name: Calendar(ZoneInfo(name)))
# Samoa left out a day in 2011, which is an example of its own.
instants = st.integers(0, 24 * 365 * 86_400).map(lambda second: datetime(2012, 1, 2, tzinfo=UTC) + second * SECOND)
months = st.integers(1, 120)
lengths = st.timedeltas(timedelta(), timedelta(days=400))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN.zone).astimezone(UTC)


def shown(end: End, calendar: Calendar = BERLIN) -> str:
    return end.at.astimezone(calendar.zone).isoformat(sep=" ", timespec="minutes")


def after(start: str, *amounts: Amount, calendar: Calendar = BERLIN) -> str:
    """What the clocks show in the end, counting on from each end."""
    return shown(reduce(calendar.after, amounts, End(berlin(start))), calendar)


@pytest.mark.parametrize(
    ("start", "amounts", "expected"),
    [
        ("2026-11-24 15:00", [MONTH], "2026-12-24 15:00+01:00"),
        ("2027-01-31 18:00", [MONTH], "2027-02-28 18:00+01:00"),
        ("2027-01-31 18:00", [MONTH, MONTH], "2027-03-31 18:00+02:00"),
        ("2027-01-31 18:00", [MONTH] * 3, "2027-04-30 18:00+02:00"),
        ("2027-01-31 18:00", [MONTH] * 4, "2027-05-31 18:00+02:00"),
        ("2027-01-31 18:00", [Span(2)], "2027-03-31 18:00+02:00"),
        ("2027-01-30 18:00", [MONTH, MONTH], "2027-03-30 18:00+02:00"),
        ("2027-02-28 18:00", [MONTH], "2027-03-28 18:00+02:00"),
        ("2027-12-31 18:00", [MONTH], "2028-01-31 18:00+01:00"),
        ("2027-10-31 00:30", [MONTH, MONTH], "2027-12-31 00:30+01:00"),
        # Leap years.
        ("2028-01-31 18:00", [MONTH, MONTH], "2028-03-31 18:00+02:00"),
        ("2028-01-31 18:00", [MONTH], "2028-02-29 18:00+01:00"),
        ("2028-02-29 18:00", [YEAR], "2029-02-28 18:00+01:00"),
        ("2028-02-29 18:00", [YEAR, YEAR, YEAR, YEAR], "2032-02-29 18:00+01:00"),
        ("2028-02-28 18:00", [YEAR, YEAR, YEAR, YEAR], "2032-02-28 18:00+01:00"),
        ("2096-02-29 18:00", [Span(48)], "2100-02-28 18:00+01:00"),
        # The clocks go forward on 28 March 2027, and back on 31 October.
        ("2027-02-28 02:30", [MONTH], "2027-03-28 03:00+02:00"),
        ("2027-02-28 02:00", [MONTH], "2027-03-28 03:00+02:00"),
        ("2027-02-28 01:59", [MONTH], "2027-03-28 01:59+01:00"),
        ("2027-02-28 03:00", [MONTH], "2027-03-28 03:00+02:00"),
        ("2027-04-28 02:30", [Span(12)], "2028-04-28 02:30+02:00"),
        ("2027-08-31 02:30", [Span(2)], "2027-10-31 02:30+02:00"),
        ("2027-08-31 03:00", [Span(2)], "2027-10-31 03:00+01:00"),
        ("2027-08-31 18:00", [Span(2)], "2027-10-31 18:00+01:00"),
        # A length is counted as it elapses, after the months; and from its end nothing is anchored.
        ("2027-01-31 18:00", [Span(1, timedelta(days=3))], "2027-03-03 18:00+01:00"),
        ("2027-01-31 18:00", [Span(1, timedelta(days=3)), MONTH], "2027-04-03 18:00+02:00"),
        ("2027-01-31 18:00", [timedelta(days=28), MONTH], "2027-03-28 18:00+02:00"),
        ("2027-02-27 18:00", [Span(1, timedelta(days=1))], "2027-03-28 19:00+02:00"),
        ("2027-01-31 18:00", [timedelta(days=30)], "2027-03-02 18:00+01:00"),
    ],
)
def test_ends_that_people_expect(start: str, amounts: list[Amount], expected: str) -> None:
    assert after(start, *amounts) == expected


def test_a_month_begins_in_the_zone_of_the_guild() -> None:
    """At 00:30 in Berlin it is still the day before in New York."""
    new_york = Calendar(ZoneInfo("America/New_York"))
    assert after("2027-03-01 00:30", MONTH, calendar=BERLIN) == "2027-04-01 00:30+02:00"
    assert after("2027-03-01 00:30", MONTH, MONTH, MONTH, calendar=new_york) == "2027-05-28 18:30-04:00"


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        # The 30th of December 2011 was left out; the clocks went from its start to the start of the 31st.
        ("Pacific/Apia", datetime(2011, 12, 1, 1, tzinfo=UTC), "2011-12-31 00:00+14:00"),
        ("Pacific/Apia", datetime(2011, 11, 30, 22, tzinfo=UTC), "2011-12-31 00:00+14:00"),
        # Midnight is skipped.
        ("Asia/Beirut", datetime(2026, 2, 27, 22, tzinfo=UTC), "2026-03-28 00:00+02:00"),
        ("Asia/Beirut", datetime(2026, 2, 28, 22, 30, tzinfo=UTC), "2026-04-01 00:30+03:00"),
        # By half an hour.
        ("Australia/Lord_Howe", datetime(2026, 9, 3, 15, 45, tzinfo=UTC), "2026-10-04 02:30+11:00"),
    ],
)
def test_days_and_times_that_were_left_out(zone: str, start: datetime, expected: str) -> None:
    calendar = Calendar(ZoneInfo(zone))
    assert shown(calendar.after(End(start), MONTH), calendar) == expected


def test_the_anchor_is_told_only_where_the_day_is_another() -> None:
    first = BERLIN.after(End(berlin("2027-01-31 18:00")), MONTH)
    assert first.anchor == 31
    assert BERLIN.after(first, MONTH).anchor is None
    assert BERLIN.after(first, timedelta(days=1)).anchor is None
    assert BERLIN.after(End(berlin("2028-02-29 18:00")), YEAR).anchor == 29


@pytest.mark.parametrize("anchor", [28, 27, 1])
def test_an_anchor_that_does_not_fit_the_day_is_of_no_use(anchor: int) -> None:
    """It was found in another zone, which the guild has left since."""
    stale = End(berlin("2027-03-30 18:00"), anchor)
    assert shown(BERLIN.after(stale, MONTH)) == "2027-04-30 18:00+02:00"


def test_a_month_back() -> None:
    end = End(berlin("2027-03-31 18:00"))
    february = BERLIN.before(end, MONTH)
    assert (shown(february), february.anchor) == ("2027-02-28 18:00+01:00", 31)
    assert shown(BERLIN.before(february, MONTH)) == "2027-01-31 18:00+01:00"
    mixed = Span(1, timedelta(days=3))
    assert BERLIN.before(BERLIN.after(End(berlin("2027-02-10 18:00")), mixed), mixed).at == berlin("2027-02-10 18:00")
    assert BERLIN.before(end, timedelta(days=30)) == End(end.at - timedelta(days=30))


@pytest.mark.parametrize(
    ("span", "length"),
    [
        (MONTH, timedelta(days=30)),
        (YEAR, timedelta(days=365)),
        (Span(14, timedelta(days=3)), timedelta(days=365 + 60 + 3)),
    ],
)
def test_where_a_month_is_30_days(span: Span, length: timedelta) -> None:
    fixed = Calendar(BERLIN.zone, Months.THIRTY_DAYS)
    start = End(berlin("2027-01-31 18:00"))
    assert fixed.after(start, span) == End(start.at + length)
    assert fixed.before(start, span) == End(start.at - length)
    assert span.usual_length == length


@pytest.mark.parametrize(("number", "length"), [(0, timedelta(days=1)), (-1, timedelta()), (1, -HOUR)])
def test_what_is_no_span(number: int, length: timedelta) -> None:
    with pytest.raises(ValueError, match="no span"):
        Span(number, length)


def test_beyond_the_calendar() -> None:
    with pytest.raises(OverflowError):
        BERLIN.after(End(datetime(9999, 12, 1, tzinfo=UTC)), MONTH)
    with pytest.raises(OverflowError):
        BERLIN.before(End(datetime(1, 1, 2, tzinfo=UTC)), MONTH)


@PROPERTY
@given(calendars, instants, months, months, lengths, lengths)
def test_more_is_never_less(
    calendar: Calendar, start: datetime, some: int, more: int, short: timedelta, long: timedelta
) -> None:
    begin = End(start)
    less, least = sorted((some, more)), sorted((short, long))
    ends = [calendar.after(begin, Span(number, length)).at for number in less for length in least]
    assert start < ends[0] <= ends[1]
    assert ends[0] <= ends[2] <= ends[3]


@PROPERTY
@given(calendars, instants, st.lists(st.integers(1, 20), min_size=1, max_size=5))
def test_renewals_keep_the_day_and_the_time_of_the_first_start(
    calendar: Calendar, start: datetime, renewals: list[int]
) -> None:
    """But for days that a month does not have, and for a while in which the clocks skip or repeat that time."""
    local = start.astimezone(calendar.zone)
    end = End(start)
    for number in renewals:
        end = calendar.after(end, Span(number))
    there = end.at.astimezone(calendar.zone)
    day = min(local.day, monthrange(there.year, there.month)[1])
    wanted = there.replace(day=day, hour=local.hour, minute=local.minute, second=local.second, fold=0)
    assert abs(there - wanted) <= HOUR
    assert (end.anchor or there.day) == local.day


@PROPERTY
@given(calendars, instants, months)
def test_back_and_forth(calendar: Calendar, start: datetime, number: int) -> None:
    begin = End(start)
    back = calendar.before(calendar.after(begin, Span(number)), Span(number))
    assert back.anchor is None or start.astimezone(calendar.zone).day != back.anchor
    # Where the clocks skip or repeat a time, it moves by that much.
    assert abs(back.at - start) <= HOUR


@PROPERTY
@given(calendars, instants, months)
def test_only_whole_months_are_apart_from_each_other(calendar: Calendar, start: datetime, number: int) -> None:
    end = calendar.after(End(start), Span(number)).at
    assert abs(end - start - number * timedelta(days=365.2425 / 12)) < timedelta(days=5)

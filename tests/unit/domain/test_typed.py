"""What is typed is told at once where all calendars agree, and by the guild's own where they do not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boostmon.domain.durations import (
    Calendar,
    DurationProblem,
    InvalidDuration,
    Months,
    NoSuchTime,
    NotUnderstood,
    Span,
    TooLong,
    Typed,
    UnknownUnit,
    When,
    meaning,
    parse_when,
    typed,
)
from boostmon.domain.languages import Language
from boostmon.domain.zones import zone_names
from tests.unit.domain.durations_support import PROPERTY, any_text, refused

NOW = datetime(2026, 12, 1, 11, tzinfo=UTC)
"""A Tuesday; noon in Berlin, and half past midnight of the next day in the east of the Pacific."""
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
NEW_YORK = Calendar(ZoneInfo("America/New_York"), Months.THIRTY_DAYS)


def read(text: str, calendar: Calendar) -> When:
    return meaning(typed(text, now=NOW), now=NOW, calendar=calendar)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2h", timedelta(hours=2)),
        ("30d", timedelta(days=30)),
        ("90", timedelta(minutes=90)),
        ("in 3 days", NOW + timedelta(days=3)),
        ("2026-12-31 18:00Z", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("<t:1798761600>", datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_is_the_same_everywhere_is_understood_at_once(text: str, when: When) -> None:
    assert typed(text, now=NOW) == when
    assert meaning(when, now=NOW, calendar=BERLIN) == when


@pytest.mark.parametrize(
    ("text", "berlin", "new_york"),
    [
        ("1mo", Span(1), timedelta(days=30)),
        ("1y 2d", Span(12, timedelta(days=2)), timedelta(days=367)),
        ("in 1 month", datetime(2027, 1, 1, 11, tzinfo=UTC), datetime(2026, 12, 31, 11, tzinfo=UTC)),
        ("18:00", datetime(2026, 12, 1, 17, tzinfo=UTC), datetime(2026, 12, 1, 23, tzinfo=UTC)),
        ("09:00", datetime(2026, 12, 2, 8, tzinfo=UTC), datetime(2026, 12, 1, 14, tzinfo=UTC)),
        ("2026-12-31 18:00", datetime(2026, 12, 31, 17, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("friday", datetime(2026, 12, 3, 23, tzinfo=UTC), datetime(2026, 12, 4, 5, tzinfo=UTC)),
    ],
)
def test_what_is_not_waits_for_the_calendar(text: str, berlin: When, new_york: When) -> None:
    assert typed(text, now=NOW) == Typed(text)
    assert read(text, BERLIN) == berlin
    assert read(text, NEW_YORK) == new_york


@pytest.mark.parametrize(
    ("text", "problem"), [("5 parsecs", UnknownUnit), ("soon", NotUnderstood), ("11y", TooLong), ("3651d", TooLong)]
)
def test_what_nobody_understands_is_refused_at_once(text: str, problem: type[DurationProblem]) -> None:
    assert isinstance(refused(lambda text: typed(text, now=NOW), text), problem)


def test_what_is_wrong_in_one_zone_alone_is_refused_there() -> None:
    assert isinstance(typed("2027-03-28 02:30", now=NOW), Typed)
    assert isinstance(refused(lambda text: read(text, BERLIN), "2027-03-28 02:30"), NoSuchTime)
    assert read("2027-03-28 02:30", NEW_YORK) == datetime(2027, 3, 28, 6, 30, tzinfo=UTC)


def test_the_words_of_the_asker_go_with_the_text() -> None:
    assert typed("2 j", now=NOW, language=Language.FR) == timedelta(days=2)
    waiting = typed("mo", now=NOW, language=Language.DE)
    assert meaning(waiting, now=NOW, calendar=BERLIN) == datetime(2026, 12, 6, 23, tzinfo=UTC)


@PROPERTY
@given(
    any_text | st.from_regex(r"[0-9]{1,3} ?(mo|y|d)( [0-9]{1,2}(h|d))?", fullmatch=True),
    st.sampled_from([name for name in zone_names() if "/" in name]),
    st.sampled_from(Months),
    st.datetimes(NOW.replace(tzinfo=None), (NOW + timedelta(days=800)).replace(tzinfo=None), timezones=st.just(UTC)),
)
@example("today 18:00", "Pacific/Kiritimati", Months.CALENDAR, NOW)
@example("121mo", "Etc/GMT+12", Months.THIRTY_DAYS, NOW)
def test_waiting_changes_nothing(text: str, zone: str, months: Months, now: datetime) -> None:
    calendar = Calendar(ZoneInfo(zone), months)

    def at_once() -> object:
        try:
            return parse_when(text, now=now, calendar=calendar)
        except InvalidDuration as error:
            return error.problem

    def later() -> object:
        try:
            return meaning(typed(text, now=now), now=now, calendar=calendar)
        except InvalidDuration as error:
            return error.problem

    assert later() == at_once()

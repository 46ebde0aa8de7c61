from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import (
    MAX_DURATION,
    MIN_DURATION,
    Amount,
    InvalidDuration,
    Months,
    NotPositive,
    Span,
    TooLong,
    format_amount,
    parse_amount,
    parse_duration,
    usual_length,
)
from boostmon.domain.languages import Language
from tests.unit.domain.durations_support import PROPERTY, any_text, durations_within_bounds, refused

DAY = timedelta(days=1)


def amount(text: str, language: Language | None = None) -> Amount:
    return parse_amount(text, language, months=Months.CALENDAR)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1mo", Span(1)),
        ("1 month", Span(1)),
        ("P1M", Span(1)),
        ("p1m", Span(1)),
        ("a month", Span(1)),
        ("2 months", Span(2)),
        ("1y", Span(12)),
        ("P1Y", Span(12)),
        ("1 year 6", Span(18)),
        ("1y 2mo", Span(14)),
        ("12mo", Span(12)),
        ("1mo 3d", Span(1, 3 * DAY)),
        ("3d 1mo", Span(1, 3 * DAY)),
        ("1mo 2w 3d 4h", Span(1, timedelta(days=17, hours=4))),
        ("P1Y2M3DT4H", Span(14, timedelta(days=3, hours=4))),
        ("P1Y2M3DT4H5M6S", Span(14, timedelta(days=3, hours=4, minutes=5, seconds=6))),
        # A part of a month is that part of 30 days; half a year is six months.
        ("1.5mo", Span(1, 15 * DAY)),
        ("1,5 months", Span(1, 15 * DAY)),
        ("0.5mo", 15 * DAY),
        ("1.5y", Span(18)),
        ("0.5y", Span(6)),
        ("0.1y", Span(1, 6 * DAY)),
        ("1.5y 0.5mo", Span(18, 15 * DAY)),
        ("0.5y 0.5mo", Span(6, 15 * DAY)),
        ("10y", Span(120)),
        ("120mo", Span(120)),
        # What has no months is as long as it ever was.
        ("30d", 30 * DAY),
        ("P30D", 30 * DAY),
        ("52w", 364 * DAY),
        ("90", timedelta(minutes=90)),
        ("3650d", MAX_DURATION),
        ("0mo 3d", 3 * DAY),
    ],
)
def test_months_and_years_are_of_the_calendar(text: str, expected: Amount) -> None:
    assert amount(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (Language.DE, "1 Monat", Span(1)),
        (Language.DE, "ein Monat und 3 Tage", Span(1, 3 * DAY)),
        (Language.DE, "2 Jahre", Span(24)),
        (Language.FR, "1 mois", Span(1)),
        (Language.FR, "un an", Span(12)),
        (Language.ES, "1 mes", Span(1)),
        (Language.ES, "2 años y 1 mes", Span(25)),
        (Language.PT_BR, "1 mês", Span(1)),
        (Language.PT_BR, "um ano", Span(12)),
    ],
)
def test_in_all_languages(language: Language, text: str, expected: Amount) -> None:
    assert amount(text, language) == expected
    assert amount(text) == expected


@pytest.mark.parametrize("text", ["10y 1s", "121mo", "11y", "P100Y", "119mo 31d", "1mo 3650d", f"{'9' * 80}mo"])
def test_longer_than_ten_years(text: str) -> None:
    assert refused(amount, text) == TooLong(limit=MAX_DURATION)


def test_none_and_less_than_none() -> None:
    assert refused(amount, "0mo") == NotPositive()
    assert refused(amount, "-1mo") == NotPositive()


@PROPERTY
@given(any_text, st.sampled_from([None, *Language]))
def test_where_a_month_is_30_days_nothing_is_new(text: str, language: Language | None) -> None:
    def read(parse_with: object) -> object:
        try:
            if parse_with is parse_duration:
                return parse_duration(text, language)
            return parse_amount(text, language, months=Months.THIRTY_DAYS)
        except InvalidDuration as error:
            return (error.text, error.problem)

    assert read(parse_amount) == read(parse_duration)


@PROPERTY
@given(any_text)
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    with suppress(InvalidDuration):
        assert MIN_DURATION <= usual_length(amount(text)) <= timedelta(days=3653)


def spans() -> st.SearchStrategy[Span]:
    return st.builds(Span, st.integers(1, 100), st.timedeltas(timedelta(), timedelta(days=500)))


@PROPERTY
@given(st.one_of(spans(), durations_within_bounds))
def test_what_is_written_is_read_back(written: Amount) -> None:
    assert amount(format_amount(written)) == written


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (Span(1), "1mo"),
        (Span(12), "1y"),
        (Span(14, timedelta(days=3, hours=4)), "1y 2mo 3d 4h"),
        (timedelta(days=30), "30d"),
    ],
)
def test_how_an_amount_is_written(written: Amount, text: str) -> None:
    assert format_amount(written) == text

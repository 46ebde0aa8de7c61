"""Amounts as they are stored: one form each, which reads as exactly what it was made of."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import MAX_DURATION, MIN_DURATION, Amount, Months, Span, iso_8601, parse_amount
from tests.support.timers import DAY, HOUR, MINUTE, SECOND


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (SECOND, "PT1S"),
        (MINUTE, "PT1M"),
        (72 * HOUR, "PT72H"),
        (DAY + HOUR + MINUTE + SECOND, "PT25H1M1S"),
        (5.25 * SECOND, "PT5.25S"),
        (HOUR + timedelta(microseconds=1), "PT1H0.000001S"),
        (HOUR + 10 * SECOND, "PT1H10S"),
        (MAX_DURATION, "PT87600H"),
        (Span(1), "P1M"),
        (Span(14, DAY + MINUTE), "P14MT24H1M"),
        (Span(120), "P120M"),
    ],
)
def test_the_one_form_of_an_amount(amount: Amount, text: str) -> None:
    assert iso_8601(amount) == text


@given(
    st.timedeltas(MIN_DURATION, MAX_DURATION)
    | st.builds(Span, st.integers(1, 60), st.timedeltas(timedelta(), 1000 * DAY))
)
def test_it_reads_as_what_it_was_made_of(amount: Amount) -> None:
    assert parse_amount(iso_8601(amount), months=Months.CALENDAR) == amount

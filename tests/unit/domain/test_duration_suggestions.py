from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boostmon.domain.durations import (
    MAX_DURATION,
    MIN_DURATION,
    InvalidDuration,
    Months,
    Span,
    format_amount,
    format_duration,
    parse_duration,
    suggestions,
    usual_length,
)
from tests.unit.domain.durations_support import PROPERTY, any_text, durations_within_bounds


def suggested(text: str) -> list[str]:
    return [format_amount(amount) for amount in suggestions(text, months=Months.THIRTY_DAYS)]


@pytest.mark.parametrize("text", ["", "  \t "])
def test_usual_durations_for_nothing_typed(text: str) -> None:
    assert suggested(text) == ["1h", "6h", "12h", "1d", "3d", "7d", "14d", "30d", "90d", "365d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", ["5m", "5h", "5d", "35d"]),
        (" 90 ", ["1h 30m", "3d 18h", "90d", "630d"]),
        ("1.5", ["1m 30s", "1h 30m", "1d 12h", "10d 12h"]),
        ("600", ["10h", "25d", "600d"]),  # 600 weeks are too long
        ("900000", ["625d"]),
        ("0.01", ["36s", "14m 24s", "1h 40m 48s"]),  # 0.6 s are too short
        ("0", []),
        ("9999999999", []),
    ],
)
def test_a_bare_number_in_each_usual_unit(text: str, expected: list[str]) -> None:
    assert suggested(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1d", ["1d", "2d", "3d", "12h", "6h"]),
        ("1h30m", ["1h 30m", "2h", "3h", "1h", "30m"]),
        ("P1DT2H", ["1d 2h", "2d", "3d", "1d", "12h"]),
        ("1s", ["1s", "1m", "2m"]),
        ("10y", ["3650d", "730d", "365d"]),
    ],
)
def test_an_understood_text_comes_first_then_its_round_neighbours(text: str, expected: list[str]) -> None:
    assert suggested(text) == expected


def test_round_lengths_lead_from_one_to_the_next() -> None:
    def after(length: timedelta) -> timedelta | Span:
        return suggestions(f"{length.total_seconds():.0f}s", months=Months.THIRTY_DAYS)[1]

    walk = [timedelta(seconds=1)]
    while isinstance(longer := after(walk[-1]), timedelta) and longer > walk[-1]:
        walk.append(longer)

    round_lengths = " ".join(map(format_amount, walk[1:]))
    assert round_lengths == "1m 2m 5m 10m 15m 30m 1h 2h 3h 6h 12h 1d 2d 3d 7d 14d 30d 60d 90d 180d 365d 730d"


def test_a_unit_that_may_go_on_to_be_another_offers_both() -> None:
    assert suggested("5m") == ["5m", "150d", "10m", "15m", "2m", "1m"]
    assert suggested("1h 5m") == ["1h 5m", "2h", "3h", "1h", "30m"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 we", ["14d"]),
        ("3 DA", ["3d"]),
        ("1d 2", ["1d 2h", "1d 2m", "1d 2s", "2d", "3d", "1d", "12h"]),
        ("1d and 2", ["1d 2h", "1d 2m", "1d 2s", "2d", "3d", "1d", "12h"]),
        ("1h30", ["1h 30m", "1h 30s", "2h", "3h", "1h", "30m"]),
        ("2 hours 30", ["2h 30m", "2h 30s", "3h", "6h", "2h", "1h"]),
        ("1h 60", ["2h", "1h 1m"]),
        ("1h 2 we", ["14d 1h"]),
        ("5M", ["5m", "150d"]),
        ("1d 2 ho", ["1d 2h"]),
        ("10y 1", []),
        ("1 hour 5 ho", []),
    ],
)
def test_unfinished_texts_are_finished(text: str, expected: list[str]) -> None:
    assert suggested(text) == expected


@pytest.mark.parametrize(
    "text",
    ["soon", "-5", "1h,", "5 parsecs", "1.2.3", "2026-12-31", "<t:1798761600>", "\0", "\u0661", "1" * 5_000],
)
def test_nothing_for_what_cannot_become_a_duration(text: str) -> None:
    assert suggested(text) == []


@PROPERTY
@given(any_text)
@example("1" * 100)
@example("1 " * 50)
def test_any_text_gives_a_few_different_durations_within_bounds(text: str) -> None:
    found = suggestions(text, months=Months.THIRTY_DAYS)
    assert len(found) == len(set(found)) <= 10
    assert all(MIN_DURATION <= usual_length(duration) <= MAX_DURATION for duration in found)
    try:
        understood = parse_duration(text)
    except InvalidDuration:
        return
    assert found[0] == understood


@PROPERTY
@given(durations_within_bounds, st.sampled_from(["{}", " {} "]))
def test_an_exact_duration_is_always_its_own_first_suggestion(duration: timedelta, form: str) -> None:
    assert suggestions(form.format(format_duration(duration)), months=Months.THIRTY_DAYS)[0] == duration

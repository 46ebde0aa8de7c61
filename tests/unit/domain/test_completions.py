"""What an unfinished or refused text may become, word for word and in the language of whoever types it."""

from datetime import UTC, datetime

import pytest

from boostmon.domain.durations import completions
from boostmon.domain.languages import Language
from tests.unit.domain.durations_support import of_30_days

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday."""


def completed(text: str, language: Language | None = None) -> list[str]:
    return completions(text, now=NOW, calendar=of_30_days(UTC), language=language)


def test_a_month_becomes_its_first_day_or_the_weekday_that_it_begins() -> None:
    assert completed("december") == ["1 december"]
    assert completed("mar") == ["mardi", "1 mar"]


def test_a_slip_is_put_right_where_it_stands() -> None:
    assert completed("tomorow") == ["tomorrow"]
    assert completed("2 huors") == ["2 hours"]
    assert completed("firday", Language.EN) == ["Friday"]


def test_a_day_is_offered_at_its_usual_times() -> None:
    assert completed("tomorrow") == ["tomorrow 12:00", "tomorrow 18:00", "tomorrow 23:59"]
    assert completed("today") == ["today 12:00", "today 18:00", "today 23:59"]
    assert completed("24.12") == ["24.12 12:00", "24.12 18:00", "24.12 23:59"]


def test_what_is_read_in_several_ways_becomes_one_of_them() -> None:
    assert completed("1.5")[:3] == ["1.5min", "1.5h", "01.05."]


@pytest.mark.parametrize(
    ("language", "year_or_day"), [(Language.FR, "2d"), (Language.DE, "730d"), (Language.EN, None), (None, None)]
)
def test_a_letter_is_read_as_in_the_language_of_whoever_types_it(
    language: Language | None, year_or_day: str | None
) -> None:
    assert next(iter(completed("2 j", language)), None) == year_or_day


def test_lengths_are_finished_in_the_language_of_whoever_types_them() -> None:
    assert completed("2 jou", Language.FR) == ["2d"]
    assert completed("dans 2 j", Language.FR)[0] == "dans 2d"
    assert completed("pendant 2 j", Language.FR)[0] == "pendant 2d"


def test_a_weekday_is_read_and_told_on_in_the_language_of_whoever_types_it() -> None:
    assert completed("ven", Language.FR) == ["ven 12:00", "ven 18:00", "ven 23:59"]


def test_weekdays_are_offered_in_the_order_of_the_week_whatever_their_language() -> None:
    assert completed("di", Language.FR) == ["Dienstag", "dimanche"]


def test_a_moment_where_a_length_belongs_is_offered_by_itself() -> None:
    assert completed("in tomorrow") == ["tomorrow"]


def test_a_number_that_is_none_yet_adds_nothing() -> None:
    assert completed("1h 0") == ["1h", "2h", "3h", "30m", "15m"]


def test_a_length_goes_on_to_longer_and_shorter_ones() -> None:
    assert completed("5m") == ["5m", "150d", "10m", "15m", "2m", "1m"]

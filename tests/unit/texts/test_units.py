"""Durations in words. That they are rounded well is tested here, too, where it can be read."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import parse_duration
from boostmon.texts import Language, words_of
from tests.unit.domain.durations_support import PROPERTY, durations_within_bounds

MICROSECOND = timedelta(microseconds=1)
in_words = words_of(Language.EN).duration


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(days=1, hours=2), "1 day 2 hours"),
        (timedelta(days=1, hours=2, minutes=29, seconds=59), "1 day 2 hours"),
        (timedelta(days=1, hours=2, minutes=30), "1 day 3 hours"),
        (timedelta(days=30) - timedelta(seconds=1), "30 days"),
        (timedelta(days=365) - MICROSECOND, "1 year"),
        (timedelta(days=1) - timedelta(seconds=1), "1 day"),
        (timedelta(days=30, hours=23, minutes=45), "31 days"),
        (timedelta(hours=2, minutes=29, seconds=31), "2 hours 30 minutes"),
        (timedelta(hours=1) - MICROSECOND, "1 hour"),
        (timedelta(minutes=59, seconds=29), "59 minutes"),
        (timedelta(minutes=12, seconds=30), "13 minutes"),
        (timedelta(minutes=10), "10 minutes"),
        (timedelta(minutes=9, seconds=59), "9 minutes 59 seconds"),
        (timedelta(minutes=10) - MICROSECOND, "10 minutes"),
        (timedelta(seconds=90), "1 minute 30 seconds"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(seconds=30), "30 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=2) - MICROSECOND, "2 seconds"),
        (timedelta(seconds=1) - MICROSECOND, "less than a second"),
        (MICROSECOND, "less than a second"),
        (timedelta(), "no time"),
        (-MICROSECOND, "no time"),
        (timedelta(days=1, minutes=29), "1 day"),
        (timedelta(days=30), "30 days"),
        (timedelta(days=364, hours=1), "364 days 1 hour"),
        (timedelta(days=365, hours=11), "1 year"),
        (timedelta(days=365, hours=23), "1 year 1 day"),
        (timedelta(days=400), "1 year 35 days"),
        (timedelta(days=3650), "10 years"),
    ],
)
def test_in_english(duration: timedelta, words: str) -> None:
    assert in_words(duration) == words


@pytest.mark.parametrize(
    ("units", "words"),
    [
        (1, "1 day"),
        (2, "1 day"),
        (3, "1 day 5 minutes"),
        (4, "1 day 5 minutes 7 seconds"),
        (9, "1 day 5 minutes 7 seconds"),
    ],
)
def test_it_looks_at_as_many_adjoining_units_as_asked(units: int, words: str) -> None:
    assert in_words(timedelta(days=1, minutes=5, seconds=7), units=units) == words


@pytest.mark.parametrize("units", [0, -1])
def test_it_refuses_less_than_one_unit(units: int) -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        in_words(timedelta(hours=1), units=units)


@PROPERTY
@given(durations_within_bounds, st.integers(min_value=1, max_value=5))
def test_it_is_near_and_with_five_units_exact_to_the_second(duration: timedelta, units: int) -> None:
    said = parse_duration(in_words(duration, units=units))
    assert abs(said - duration) <= duration * {1: 0.5, 2: 0.05}.get(units, 0.5)
    if units == 5:
        assert abs(duration - said) <= timedelta(seconds=0.5)


@PROPERTY
@given(durations_within_bounds, durations_within_bounds)
def test_it_never_tells_more_of_less_time(one: timedelta, other: timedelta) -> None:
    shorter, longer = sorted((one, other))
    assert parse_duration(in_words(shorter)) <= parse_duration(in_words(longer))


A_WHILE = timedelta(days=400, hours=3, minutes=1, seconds=2)


@pytest.mark.parametrize(
    ("language", "two", "all_"),
    [
        (Language.EN, "1 day 2 hours", "1 year 35 days 3 hours 1 minute 2 seconds"),
        (Language.DE, "1 Tag 2 Stunden", "1 Jahr 35 Tage 3 Stunden 1 Minute 2 Sekunden"),
        (Language.FR, "1 jour et 2 heures", "1 an, 35 jours, 3 heures, 1 minute et 2 secondes"),
        (Language.ES, "1 día y 2 horas", "1 año, 35 días, 3 horas, 1 minuto y 2 segundos"),
        (Language.PT_BR, "1 dia e 2 horas", "1 ano, 35 dias, 3 horas, 1 minuto e 2 segundos"),
    ],
)
def test_each_language_puts_the_units_together_as_it_reads_best(language: Language, two: str, all_: str) -> None:
    words = words_of(language)
    assert words.duration(timedelta(days=1, hours=2)) == two
    assert words.duration(A_WHILE, units=5) == all_


@pytest.mark.parametrize(
    ("language", "none", "hardly_any"),
    [
        (Language.DE, "keine Zeit", "weniger als eine Sekunde"),
        (Language.FR, "aucun temps", "moins d’une seconde"),
        (Language.ES, "nada de tiempo", "menos de un segundo"),
        (Language.PT_BR, "nenhum tempo", "menos de um segundo"),
    ],
)
def test_what_is_not_counted_has_words_of_its_own(language: Language, none: str, hardly_any: str) -> None:
    words = words_of(language)
    assert (words.duration(timedelta()), words.duration(MICROSECOND)) == (none, hardly_any)

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import (
    MAX_DURATION,
    MIN_DURATION,
    MissingUnit,
    NotPositive,
    NotUnderstood,
    TooLong,
    TooShort,
    Unit,
    parse_duration,
)
from boostmon.domain.durations.words import plain
from boostmon.domain.languages import Language
from tests.unit.domain.durations_support import PROPERTY, refused

SPELLINGS = {
    Unit.SECOND: "s sec secs second seconds",
    Unit.MINUTE: "m min mins minute minutes",
    Unit.HOUR: "h hr hrs hour hours",
    Unit.DAY: "d day days",
    Unit.WEEK: "w wk wks week weeks",
    Unit.MONTH: "mo mos month months",
    Unit.YEAR: "y yr yrs year years",
}
EVERY_SPELLING = [(unit, spelling) for unit, words in SPELLINGS.items() for spelling in words.split()]


@pytest.mark.parametrize(("unit", "spelling"), EVERY_SPELLING)
@pytest.mark.parametrize("form", ["{0}{1}", "{0} {1}", " {0}\t{1} "])
def test_every_spelling_of_a_unit(unit: Unit, spelling: str, form: str) -> None:
    for cased in {spelling, spelling.upper(), spelling.title()} - {"M"}:
        assert parse_duration(form.format(3, cased)) == timedelta(seconds=3 * int(unit))


@pytest.mark.parametrize(
    ("unit", "length"),
    [
        (Unit.SECOND, timedelta(seconds=1)),
        (Unit.MINUTE, timedelta(minutes=1)),
        (Unit.HOUR, timedelta(hours=1)),
        (Unit.DAY, timedelta(days=1)),
        (Unit.WEEK, timedelta(days=7)),
        (Unit.MONTH, timedelta(days=30)),
        (Unit.YEAR, timedelta(days=365)),
    ],
)
def test_length_of_each_unit(unit: Unit, length: timedelta) -> None:
    assert parse_duration(f"1 {unit.name}") == length


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90", timedelta(minutes=90)),
        ("1.5m", timedelta(seconds=90)),
        (".5 m", timedelta(seconds=30)),
        ("1,5h", timedelta(minutes=90)),
        ("2d 1,25 hours", timedelta(days=2, minutes=75)),
        ("1,0005m", timedelta(seconds=60.03)),
        ("007", timedelta(minutes=7)),
        (" \t90\r\n", timedelta(minutes=90)),
        (f"{' ' * 5_000}90{' ' * 5_000}", timedelta(minutes=90)),
        ("0." + "0" * 80 + "1h1s", timedelta(seconds=1)),
    ],
)
def test_numbers(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "1d2h30m",
        "1d 2h 30m",
        "30m2h1d",
        "2h, 30m, 1d",
        "1d,2h,30m",
        "1d , 2h ,30m",
        "1 day 2 hours 30 minutes",
        "1 day, 2 hours and 30 minutes",
        "1 day, 2 hours, and 30 minutes",
        "1 Day And 2 HOURS AND 30 Min",
        "1d and 2h and30m",
        "1.0d 2.00h 30.000m",
        "1d\n2h\t30m",
        "0y 1d 2h 30m 0s",
        "26.5h",
        "1 day 2.5 hr",
        "P1DT2H30M",
        "p1dt2h30m",
        "PT26.5H",
        "PT26,5H",
        "P0Y0M0W1DT2H30M0S",
        "PT1590M",
    ],
)
def test_ways_to_write_the_same_duration(text: str) -> None:
    assert parse_duration(text) == timedelta(days=1, hours=2, minutes=30)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("2 hours 30", timedelta(hours=2, minutes=30)),
        ("2 hours and 30", timedelta(hours=2, minutes=30)),
        ("1h30", timedelta(hours=1, minutes=30)),
        ("1h 0", timedelta(hours=1)),
        ("5m 30", timedelta(minutes=5, seconds=30)),
        ("1d 12", timedelta(days=1, hours=12)),
        ("2w 3", timedelta(days=17)),
        ("1 year 6", timedelta(days=365 + 180)),
        ("1w 1d 12", timedelta(days=8, hours=12)),
        ("1d12", timedelta(days=1, hours=12)),
        ("an hour 30", timedelta(minutes=90)),
    ],
)
def test_a_last_number_goes_on_with_the_next_smaller_unit(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("1D2H30M", timedelta(days=1, hours=2, minutes=30)),
        ("2h 30M", timedelta(hours=2, minutes=30)),
        ("2 HOURS 30 M", timedelta(hours=2, minutes=30)),
        ("1MO 1MIN", timedelta(days=30, minutes=1)),
        ("1Mo", timedelta(days=30)),
    ],
)
def test_a_capital_m_after_hours_is_minutes(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("2 Tage 3 Stunden", timedelta(days=2, hours=3)),
        ("1 Woche und 1 Tag", timedelta(days=8)),
        ("3 semaines", timedelta(days=21)),
        ("1 an et 1 mois", timedelta(days=395)),
        ("2 années", timedelta(days=730)),
        ("1 día 2 horas", timedelta(days=1, hours=2)),
        ("1 DÍA", timedelta(days=1)),
        ("2 años", timedelta(days=730)),
        ("2 anos 3 meses", timedelta(days=820)),
        ("1 mês", timedelta(days=30)),
        ("2 Std. 30 Min.", timedelta(hours=2, minutes=30)),
        ("1,5 Stunden", timedelta(minutes=90)),
        ("2 Wo. und 1 Tg.", timedelta(days=15)),
        ("eine Woche", timedelta(days=7)),
        ("1 jour et 3 heures", timedelta(days=1, hours=3)),
        ("2 sem.", timedelta(days=14)),
        ("une heure 30", timedelta(minutes=90)),
        ("30 minutos", timedelta(minutes=30)),
        ("1 día y 2 horas", timedelta(days=1, hours=2)),
        ("1 día, 2 horas y 30 min", timedelta(days=1, hours=2, minutes=30)),
        ("1año y2h", timedelta(days=365, hours=2)),
        ("2 semanas", timedelta(days=14)),
        ("um dia e 3 horas", timedelta(days=1, hours=3)),
        ("a day and an hour", timedelta(days=1, hours=1)),
        ("1 jour, une heure", timedelta(days=1, hours=1)),
    ],
)
def test_units_of_other_languages_with_their_accents_or_without(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration
    assert parse_duration(plain(text)) == duration


@pytest.mark.parametrize(
    ("language", "text", "duration"),
    [
        (Language.FR, "3 j", timedelta(days=3)),
        (Language.FR, "1 j 12", timedelta(days=1, hours=12)),
        (Language.DE, "3 J", timedelta(days=3 * 365)),
        (Language.DE, "2 T", timedelta(days=2)),
        (Language.DE, "3 Mo", timedelta(days=90)),
        (Language.ES, "1y 2h", timedelta(days=365, hours=2)),
        (Language.EN, "1 y 2 horas", timedelta(days=365, hours=2)),
        (None, "1 y 2 horas", timedelta(days=365, hours=2)),
        (Language.ES, "1 y 2 horas", None),
        (Language.ES, "3 y", timedelta(days=3 * 365)),
    ],
)
def test_the_language_of_whoever_asks_decides_what_a_word_means(
    language: Language | None, text: str, duration: timedelta | None
) -> None:
    if duration is None:
        assert refused(lambda text: parse_duration(text, language), text) == MissingUnit("1")
    else:
        assert parse_duration(text, language) == duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P1D", timedelta(days=1)),
        ("P2W", timedelta(days=14)),
        ("P1M", timedelta(days=30)),
        ("PT1M", timedelta(minutes=1)),
        ("P1MT1M", timedelta(days=30, minutes=1)),
        ("P1Y", timedelta(days=365)),
        ("PT1.5H", timedelta(minutes=90)),
        ("PT1.000001S", timedelta(seconds=1, microseconds=1)),
        ("P1Y2M3DT4H5M6S", timedelta(days=365 + 60 + 3, hours=4, minutes=5, seconds=6)),
        ("P1Y2M1W3DT4H5M6S", timedelta(days=365 + 60 + 7 + 3, hours=4, minutes=5, seconds=6)),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("P1H", None),
        ("PT1D", None),
        ("P1", None),
        ("P1D2Y", None),
        ("P1D1D", None),
        ("P 1D", None),
        ("PT.5H", None),
        ("P-1D", None),
        ("P1D 2h", None),
        ("P1W2026", None),
    ],
)
def test_iso_8601(text: str, duration: timedelta | None) -> None:
    if duration is None:
        assert refused(parse_duration, text) == NotUnderstood(text)
    else:
        assert parse_duration(text) == duration


def test_the_longest_text_that_says_all_units_fits() -> None:
    text = "9 years, 11 months, 3 weeks, 6 days, 23 hours, 59 minutes, and 59.999999 seconds"
    assert parse_duration(text) == timedelta(
        days=9 * 365 + 11 * 30 + 3 * 7 + 6, hours=23, minutes=59, seconds=59, microseconds=999_999
    )


def test_bounds_are_inclusive_and_checked_before_rounding() -> None:
    assert timedelta(seconds=1) == MIN_DURATION
    assert timedelta(days=3650) == MAX_DURATION
    assert parse_duration("1s") == MIN_DURATION
    assert parse_duration("10y") == MAX_DURATION
    assert refused(parse_duration, "0.9999999999s") == TooShort(MIN_DURATION)
    assert refused(parse_duration, "10y 0.0000000001s") == TooLong(MAX_DURATION)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [("1.0000004s", 0), ("1.0000006s", 1), ("1.000001s", 1), ("0.1s 0.015m", 0), ("1.1s", 100_000)],
)
def test_rounds_to_the_nearest_microsecond(text: str, microseconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=1, microseconds=microseconds)


@st.composite
def written_components(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A text of the grammar, built from the units up, and the seconds it says."""
    units = draw(st.lists(st.sampled_from(Unit), min_size=1, max_size=4, unique=True))
    text, seconds = "", Fraction()
    for unit in units:
        number = draw(st.decimals(min_value=0, max_value=999, places=draw(st.integers(0, 3))))
        spelling = draw(st.sampled_from(SPELLINGS[unit].split()))
        case = draw(st.sampled_from([str.lower] if spelling == "m" else [str.lower, str.upper, str.title]))
        separator = draw(st.sampled_from(["", " ", ",", ", ", " and ", ", and "])) if text else ""
        space = draw(st.sampled_from(["", " "]))
        text += f"{separator}{number:f}{space}{case(spelling)}"
        seconds += Fraction(number) * unit
    return text, seconds


@PROPERTY
@given(written_components())
def test_components_add_up_exactly(written: tuple[str, Fraction]) -> None:
    text, seconds = written
    if seconds <= 0:
        assert refused(parse_duration, text) == NotPositive()
    elif seconds < 1:
        assert refused(parse_duration, text) == TooShort(MIN_DURATION)
    elif seconds > 3650 * 86_400:
        assert refused(parse_duration, text) == TooLong(MAX_DURATION)
    else:
        assert parse_duration(text) == timedelta(microseconds=int(seconds * 1_000_000))

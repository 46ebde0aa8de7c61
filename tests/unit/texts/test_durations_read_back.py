"""What BoostMon and CLDR say of a duration, people may type: it means the same duration."""

from datetime import timedelta

import pytest
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from hypothesis import given, settings
from hypothesis import strategies as st

from boostmon.domain.durations import MAX_DURATION, MIN_DURATION, Unit, parse_duration
from boostmon.domain.languages import Language
from boostmon.texts import words_of

PROPERTY = settings(derandomize=True, deadline=None, max_examples=200)

whole_seconds = st.integers(int(MIN_DURATION.total_seconds()), int(MAX_DURATION.total_seconds()))


@pytest.mark.parametrize("language", Language)
@PROPERTY
@given(seconds=whole_seconds)
def test_our_own_words(language: Language, seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    said = words_of(language).duration(duration, units=5)
    assert parse_duration(said, language) == parse_duration(said) == duration, said


MEANS_SOMETHING_ELSE = {"1 m.", "1 m", "1 a"}
"""Short French and Spanish months and years: to everybody else, minutes; and the "to" of "3 a 5 días"."""


def said_by_cldr(language: Language, length: str, unit: Unit, number: float) -> str | None:
    """As Unicode's data write it; None where they have no word, or it means something else elsewhere."""
    name = f"duration-{unit.name.lower()}"
    said = format_unit(number, name, length=length, locale=str(language))  # type: ignore[arg-type]
    one = format_unit(1, name, length=length, locale=str(language))  # type: ignore[arg-type]
    spaced = one.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    if name in said or spaced in MEANS_SOMETHING_ELSE:
        return None
    return said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("length", ["long", "short"])
@PROPERTY
@given(st.lists(st.sampled_from(Unit), min_size=1, unique=True), st.data())
def test_words_of_cldr(language: Language, length: str, units: list[Unit], data: st.DataObject) -> None:
    parts, seconds = [], 0
    for unit in sorted(units, reverse=True):
        number = data.draw(st.integers(1, 9))
        said = said_by_cldr(language, length, unit, number)
        if said is not None:
            parts.append(said)
            seconds += number * unit
    if parts:
        listed = format_list(parts, locale=str(language))
        assert parse_duration(listed, language) == timedelta(seconds=seconds), listed


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.SECOND])
def test_decimals_as_the_language_writes_them(language: Language, unit: Unit) -> None:
    said = said_by_cldr(language, "long", unit, 1.5)
    if said is None:
        said = f"{format_decimal(1.5, locale=str(language))} {unit.name}"
    assert ("," in said) == (language is not Language.EN)
    assert parse_duration(said, language) == timedelta(seconds=1.5 * unit)


def test_every_language_has_words_of_cldr_for_most_units() -> None:
    for language in Language:
        for length in ("long", "short"):
            assert sum(said_by_cldr(language, length, unit, 2) is not None for unit in Unit) >= 4

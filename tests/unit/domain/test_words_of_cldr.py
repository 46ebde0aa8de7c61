"""Weekdays and months are read as Unicode's data spell them, which nobody here has written."""

from collections.abc import Iterator

import pytest
from babel.dates import get_day_names, get_month_names

from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.words import lexicon_of, plain
from boostmon.domain.languages import Language

MARCH_AS_WELL = {(Language.FR, "mar"), (Language.ES, "mar")}
"""Tuesdays that are read as the month."""


def names(language: Language) -> Iterator[tuple[Kind, int, str]]:
    """Each name in full and short, within a date and by itself, and its place from Monday or January on."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for place, name in get_day_names(width, context, language.value).items():
                yield Kind.WEEKDAY, place, name.rstrip(".")
            for number, name in get_month_names(width, context, language.value).items():
                yield Kind.MONTH, number - 1, name.rstrip(".")


@pytest.mark.parametrize("language", Language)
def test_weekdays_and_months_are_read_as_they_are_spelled(language: Language) -> None:
    for kind, place, name in names(language):
        found = lexicon_of(language).find(kind, plain(name))
        if kind is Kind.WEEKDAY and (language, name) in MARCH_AS_WELL:
            assert found is None
        else:
            assert found is not None, name
            assert found.place == place, name

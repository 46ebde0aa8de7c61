"""The table of words: no word has two meanings, in whichever languages."""

import itertools

import pytest

from boostmon.domain.durations import Unit, parse_duration
from boostmon.domain.durations.near import near_unit, near_word
from boostmon.domain.durations.words import HALVES, LANGUAGES, ORDINALS, Language, entries, pattern, plain, unit_spelled

EVERY = [(language, entry) for language in LANGUAGES for entry in entries(language)]


def test_no_word_has_two_meanings() -> None:
    meanings: dict[str, tuple[str, int]] = {}
    for _, (kind, place, word) in EVERY:
        assert meanings.setdefault(plain(word), (kind, place)) == (kind, place), word
    for word in (*HALVES, *ORDINALS, "t", "z", "p"):
        assert word not in meanings


def test_no_word_can_be_read_as_others_in_a_row() -> None:
    """`and` between numbers is none of a unit, and no unit begins as it does."""
    joining = {plain(word) for _, (kind, _, word) in EVERY if kind == "joining"}
    units = {plain(word) for _, (kind, _, word) in EVERY if kind == "unit"}
    assert not joining & units


@pytest.mark.parametrize("language", LANGUAGES, ids=["en", "de", "fr", "es", "pt-BR"])
def test_every_language_has_every_unit_weekday_and_month(language: Language) -> None:
    kinds = [(kind, place) for kind, place, _ in entries(language)]
    assert {place for kind, place in kinds if kind == "unit"} == {int(unit) for unit in Unit}
    assert {place for kind, place in kinds if kind == "weekday"} == set(range(7))
    assert {place for kind, place in kinds if kind == "month"} == set(range(12))
    assert {"today", "tomorrow", "until", "within", "lasting"} <= {kind for kind, _ in kinds}


@pytest.mark.parametrize(("language", "entry"), EVERY)
def test_words_are_plain_letters_but_for_their_accents(language: Language, entry: tuple[str, int, str]) -> None:
    word = plain(entry[2])
    assert word.isascii()
    assert len(word) == len(entry[2])
    assert word == plain(entry[2].upper())
    assert word.replace("'", "").replace("-", "").replace("_", "").isalpha(), language


def test_a_longer_word_comes_before_one_that_it_begins_with() -> None:
    for kind in ("unit", "weekday", "month", "at", "until"):
        words = pattern(kind)[3:-1].split("|")
        assert not any(later.startswith(earlier) for earlier, later in itertools.combinations(words, 2))


def test_what_is_in_no_language_stays_as_it_is() -> None:
    assert plain("\N{KELVIN SIGN}\N{LATIN SMALL LETTER LONG S}\u0130\u0661") == (
        "\N{KELVIN SIGN}\N{LATIN SMALL LETTER LONG S}\u0130\u0661"
    )
    assert unit_spelled("w\N{KELVIN SIGN}") is None


@pytest.mark.parametrize("unit", Unit)
def test_every_spelling_means_its_unit(unit: Unit) -> None:
    for _, (kind, place, word) in EVERY:
        if kind == "unit" and place == int(unit):
            assert unit_spelled(word) is unit
            assert parse_duration(f"2{word}") == parse_duration(f"2 {unit.word}s")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("dyas", "days"),
        ("dayss", "days"),
        ("hous", "hour"),
        ("minutse", "minutes"),
        ("hoours", "hours"),
        ("mayy", "may"),
        ("mayo", None),
        ("friday", None),
        ("parsecs", None),
        ("dy", None),
        ("d" * 21, None),
        ("", None),
    ],
)
def test_a_unit_that_may_have_been_meant(word: str, meant: str | None) -> None:
    assert near_unit(word) == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("firday", "friday"),
        ("TOMOROW", "tomorrow"),
        ("decembr", "december"),
        ("soon", None),
        ("december", None),
        ("Dezember", None),
    ],
)
def test_a_day_that_may_have_been_meant(word: str, meant: str | None) -> None:
    assert near_word(word) == meant

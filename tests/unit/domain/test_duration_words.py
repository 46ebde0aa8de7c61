"""The table of words: nobody's text has two readings, in whichever language it is asked."""

import itertools

import pytest

from boostmon.domain.durations import Unit, parse_duration
from boostmon.domain.durations.near import near_unit, near_word
from boostmon.domain.durations.vocabularies import VOCABULARIES, Entry, Kind
from boostmon.domain.durations.words import HALVES, lexicon_of, pattern, plain, usual_word
from boostmon.domain.languages import Language

READERS = (None, *Language)
EVERY = [(language, entry) for language in Language for entry in VOCABULARIES[language].entries()]

TOLD_APART_BY_THEIR_PLACE = {
    frozenset({Kind.UNIT, Kind.JOINING}): {"y"},  # "1y", "1 día y 2 horas"
    frozenset({Kind.UNIT, Kind.WEEKDAY}): {"mon", "mo", "seg"},  # "3 mon", "Mon 18:00"
    frozenset({Kind.UNIT, Kind.HOUR_MARK}): {"h", "hs", "heure", "heures", "hora", "horas"},  # "18h", "demain 18h"
    frozenset({Kind.UNIT, Kind.ON}): {"dia"},  # "3 dias", "dia 24 de dezembro"
    frozenset({Kind.UNIT, Kind.ONE}): {"an"},  # "1 an", "an hour"
    frozenset({Kind.AT, Kind.ONE}): {"a", "um"},  # "à 18:00" and "a week", "um 18:00" and "um dia"
}
"""Words of two kinds, of which one stands right after a number and the other never does, or beside a day only."""


@pytest.mark.parametrize("language", READERS)
def test_no_word_has_two_meanings_for_anybody(language: Language | None) -> None:
    """Sets of kinds that are alternatives at one place: there a word may be of one of them only."""
    kinds: dict[str, set[Kind]] = {}
    for kind in Kind:
        for word, _ in lexicon_of(language).all(kind):
            kinds.setdefault(word, set()).add(kind)
    connecting = {Kind.UNTIL, Kind.WITHIN, Kind.LASTING, Kind.AT, Kind.ON, Kind.OF}
    for word, found in kinds.items():
        if len(found) > 1 and not found <= connecting:
            assert word in TOLD_APART_BY_THEIR_PLACE.get(frozenset(found), set()), (word, found)
        assert not {Kind.UNTIL, Kind.WITHIN, Kind.LASTING} & found or len(found) == 1, word


@pytest.mark.parametrize("kind", Kind)
def test_a_shared_word_means_the_same_in_every_language(kind: Kind) -> None:
    places: dict[str, int] = {}
    for _, entry in EVERY:
        if entry.kind is kind and entry.is_shared:
            assert places.setdefault(plain(entry.word), entry.place) == entry.place, entry.word


def test_letters_with_a_meaning_of_their_own_are_no_words() -> None:
    for word in (*HALVES, "z", "p"):
        assert not any(entry.kind is not Kind.ON for _, entry in EVERY if plain(entry.word) == word)


def test_what_is_read_for_one_language_only_would_be_read_otherwise_elsewhere_or_is_short() -> None:
    for _, entry in EVERY:
        assert entry.is_shared or len(entry.word) <= 3


@pytest.mark.parametrize("language", Language)
def test_every_language_has_every_unit_weekday_and_month(language: Language) -> None:
    entries = list(VOCABULARIES[language].entries())
    places = {kind: {entry.place for entry in entries if entry.kind is kind} for kind in Kind}
    assert places[Kind.UNIT] == {int(unit) for unit in Unit}
    assert places[Kind.WEEKDAY] == set(range(7))
    assert places[Kind.MONTH] == set(range(12))
    assert places[Kind.NEAR_DAY] == {0, 1, 2}
    assert all(places[kind] for kind in (Kind.UNTIL, Kind.WITHIN, Kind.LASTING, Kind.JOINING, Kind.AT))


@pytest.mark.parametrize(("language", "entry"), EVERY)
def test_words_are_plain_letters_but_for_their_accents(language: Language, entry: Entry) -> None:
    word = plain(entry.word)
    assert word.isascii()
    assert len(word) == len(entry.word)
    assert word == plain(entry.word.upper())
    assert word.replace("'", "").replace("-", "").replace(" ", "").isalpha(), language


def test_a_longer_word_comes_before_one_that_it_begins_with() -> None:
    for kind in Kind:
        words = pattern(kind)[3:-1].split("|")
        assert not any(later.startswith(earlier) for earlier, later in itertools.combinations(words, 2))


def test_what_is_in_no_language_stays_as_it_is() -> None:
    assert plain("\N{KELVIN SIGN}\N{LATIN SMALL LETTER LONG S}\u0130\u0661") == (
        "\N{KELVIN SIGN}\N{LATIN SMALL LETTER LONG S}\u0130\u0661"
    )
    assert lexicon_of(None).unit("w\N{KELVIN SIGN}") is None


@pytest.mark.parametrize("unit", Unit)
def test_every_spelling_means_its_unit(unit: Unit) -> None:
    for language, entry in EVERY:
        if entry.kind is Kind.UNIT and entry.place == unit:
            for reader in READERS if entry.is_shared else (language,):
                assert parse_duration(f"2{entry.word}", reader) == parse_duration(f"2 {unit.name}")


def test_what_two_languages_read_otherwise_is_read_as_in_the_askers() -> None:
    assert lexicon_of(Language.FR).unit("j") is Unit.DAY
    assert lexicon_of(Language.DE).unit("J") is Unit.YEAR
    assert lexicon_of(Language.EN).unit("j") is lexicon_of(None).unit("j") is None


def test_people_are_told_the_words_of_their_language() -> None:
    assert usual_word(Kind.NO_WARNINGS, Language.DE) == "keine"
    assert usual_word(Kind.DEFAULT, Language.FR) == "défaut"


def test_what_is_familiar_is_read_and_is_of_the_askers_language_or_english() -> None:
    french = {word: entry for kind in Kind for word, entry in lexicon_of(Language.FR).familiar(kind)}
    assert {"jours", "days", "j"} <= french.keys()
    assert not {"tage", "dias", "jahr"} & french.keys()
    for language in READERS:
        reader = lexicon_of(language)
        assert all(reader.find(kind, word) for kind in Kind for word, _ in reader.familiar(kind))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("dyas", "days"),
        ("dayss", "days"),
        ("hous", "hour"),
        ("minutse", "minutes"),
        ("hoours", "hours"),
        ("mayy", "May"),
        ("Stundenn", "Stunden"),
        ("seamines", "semaines"),
        ("semaines", None),
        ("mayo", None),
        ("friday", None),
        ("parsecs", None),
        ("dy", None),
        ("d" * 21, None),
        ("", None),
    ],
)
def test_a_unit_that_may_have_been_meant(word: str, meant: str | None) -> None:
    assert near_unit(word, lexicon_of(None)) == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("firday", "Friday"),
        ("TOMOROW", "tomorrow"),
        ("decembr", "December"),
        ("mañaan", "mañana"),
        ("soon", None),
        ("december", None),
        ("Dezember", None),
    ],
)
def test_a_day_that_may_have_been_meant(word: str, meant: str | None) -> None:
    assert near_word(word, lexicon_of(None)) == meant


@pytest.mark.parametrize(
    ("language", "word", "meant"),
    [
        (Language.EN, "secound", "second"),
        (Language.FR, "secondds", "secondes"),
        (Language.EN, "minutos", None),
        (Language.ES, "minutis", "minutos"),
        (Language.DE, "minutes", None),
        (Language.DE, "minuts", "Minute"),
        (Language.EN, "minuts", "minute"),
        (Language.PT_BR, "sabada", "sábado"),
    ],
)
def test_of_two_that_may_have_been_meant_the_one_of_the_askers_language(
    language: Language, word: str, meant: str | None
) -> None:
    assert (near_unit(word, lexicon_of(language)) or near_word(word, lexicon_of(language))) == meant

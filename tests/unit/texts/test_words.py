from decimal import Decimal

import pytest

from boostmon.texts import Language, Words, msgid, words_of

ENGLISH = words_of(Language.EN)


def test_the_words_of_a_language_are_loaded_once() -> None:
    assert words_of(Language.DE) is words_of(Language.DE)
    assert words_of(Language.DE).language is Language.DE


def test_a_text_is_told_in_the_language() -> None:
    assert words_of(Language.DE)(msgid("less than a second")) == "weniger als eine Sekunde"


@pytest.mark.parametrize("language", Language)
def test_a_text_without_a_translation_stays_english(language: Language) -> None:
    words = words_of(language)
    told = [
        words(msgid_of("Nobody has translated {this}."), this="this"),
        words.context("a context", msgid_of("Nobody has translated {this}."), this="this"),
        words.plural(msgid_of("{n} thing"), msgid_of("{n} things of {whom}"), 2, whom="nobody"),
    ]
    assert told == ["Nobody has translated this.", "Nobody has translated this.", "2 things of nobody"]


def test_a_text_may_have_any_placeholder() -> None:
    assert ENGLISH(msgid_of("{self} {text} {values}"), self="1", text="2", values="3") == "1 2 3"
    assert ENGLISH.plural(msgid_of("{one}"), msgid_of("{many} {n}"), 7, one="1", many="2") == "2 7"


def test_what_fills_a_placeholder_is_not_read_as_a_text() -> None:
    assert ENGLISH(msgid_of("{name}"), name="{other} {0} %s") == "{other} {0} %s"


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        (Language.EN, "0 -5 999 1,000 1,234,567 1.5"),
        (Language.DE, "0 -5 999 1.000 1.234.567 1,5"),
        (Language.FR, "0 -5 999 1\u202f000 1\u202f234\u202f567 1,5"),
        (Language.ES, "0 -5 999 1.000 1.234.567 1,5"),
        (Language.PT_BR, "0 -5 999 1.000 1.234.567 1,5"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language: Language, numbers: str) -> None:
    words = words_of(language)
    assert " ".join([words.number(number) for number in (0, -5, 999, 1000, 1_234_567, Decimal("1.5"))]) == numbers
    assert words(msgid_of("{n}"), n=1_234_567) == numbers.split(" ")[4]


@pytest.mark.parametrize(("language", "days"), [(Language.DE, "1.000 Tage"), (Language.EN, "1,000 days")])
def test_a_plural_counts_as_the_language_does(language: Language, days: str) -> None:
    assert words_of(language).plural("{n} day", "{n} days", 1000) == days


@pytest.mark.parametrize(
    ("language", "none"), [(Language.EN, "0 days"), (Language.DE, "0 Tage"), (Language.FR, "0 jour")]
)
def test_none_of_a_thing_is_in_the_number_that_the_language_uses(language: Language, none: str) -> None:
    assert words_of(language).plural("{n} day", "{n} days", 0) == none


@pytest.mark.parametrize(
    ("words", "and_", "or_"),
    [
        (words_of(Language.EN), "and", "or"),
        (words_of(Language.DE), "und", "oder"),
        (words_of(Language.FR), "et", "ou"),
        (words_of(Language.ES), "y", "o"),
        (words_of(Language.PT_BR), "e", "ou"),
    ],
    ids=lambda value: value.language.value if isinstance(value, Words) else value,
)
def test_lists(words: Words, and_: str, or_: str) -> None:
    assert [words.listed(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", f"a {and_} b", f"a, b {and_} c"]
    assert [words.either(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", f"a {or_} b", f"a, b {or_} c"]


@pytest.mark.parametrize(
    ("last", "and_", "or_"),
    [
        ("**Insertar enlaces**", "e", "o"),
        ("«Ídolo»", "e", "o"),
        ("Historia", "e", "o"),
        ("Hielo", "y", "o"),
        ("Yate", "y", "o"),
        ("`ninguno`", "y", "o"),
        ("«Oro»", "y", "u"),
        ("Hotel", "y", "u"),
        ("8 horas", "y", "u"),
        ("80 horas", "y", "u"),
        ("11 horas", "y", "u"),
        ("110 horas", "y", "o"),
        ("18 horas", "y", "o"),
    ],
)
def test_spanish_lists_change_the_word_before_its_own_sound(last: str, and_: str, or_: str) -> None:
    words = words_of(Language.ES)
    assert words.listed(["a", "b", last]) == f"a, b {and_} {last}"
    assert words.either(["a", last]) == f"a {or_} {last}"


def test_lists_of_one_and_lists_in_other_languages_change_nothing() -> None:
    assert words_of(Language.ES).listed(["Insertar"]) == "Insertar"
    assert words_of(Language.PT_BR).listed(["a", "Inserir"]) == "a e Inserir"
    assert words_of(Language.PT_BR).either(["a", "Ouro"]) == "a ou Ouro"


def msgid_of(text: str) -> str:
    """A text that stands nowhere in the code, so that no catalogue has it."""
    return text

"""The catalogues hold what the code says, and their translations can stand where the English text stands."""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from boostmon.domain.languages import Language
from boostmon.texts.catalogues import LOCALES, path_of
from tools.messages import TRANSLATED, Key, extracted, is_translated, key_of, messages_of, read, updated

each_language = pytest.mark.parametrize("language", TRANSLATED)


@cache
def texts() -> Catalog:
    """Of the whole code, which takes a second: not where the file is only read, as each test process does."""
    return extracted()


@cache
def messages() -> dict[Key, Message]:
    return messages_of(texts())


def written(language: Language) -> str:
    return path_of(language).read_text(encoding="utf-8")


@cache
def catalogue(language: Language) -> Catalog:
    return read(language, written(language))


def translated(language: Language) -> list[Message]:
    return [message for message in messages_of(catalogue(language)).values() if is_translated(message)]


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def sources(message: Message) -> tuple[str, ...]:
    """The English text of each form: the singular for the first, the plural for the rest."""
    if isinstance(message.id, str):
        return (message.id,)
    one, many = message.id
    return (one, *[many] * (len(forms(message)) - 1))


def pairs(language: Language) -> Iterator[tuple[str, str]]:
    """Each English text beside its translation."""
    for message in translated(language):
        yield from zip(sources(message), forms(message), strict=True)


def test_each_language_has_its_catalogue_and_english_none() -> None:
    assert {path.name for path in LOCALES.iterdir()} == {f"{language}.po" for language in TRANSLATED}


@each_language
def test_a_language_has_every_text_and_no_other(language: Language) -> None:
    assert {key_of(message) for message in translated(language)} == messages().keys()
    assert messages_of(catalogue(language)).keys() == messages().keys()


@each_language
def test_a_catalogue_is_written_as_make_messages_writes_it(language: Language) -> None:
    assert written(language) == updated(language, texts(), written(language)), "run: make messages"


@each_language
def test_the_header_has_the_languages_own_plural_forms(language: Language) -> None:
    own = Catalog(locale=language)
    assert f'"Language: {language}\\n"' in written(language)
    assert f'"Plural-Forms: {own.plural_forms}\\n"' in written(language)


@each_language
def test_every_plural_has_as_many_forms_as_the_language(language: Language) -> None:
    plurals = [message for message in messages_of(catalogue(language)).values() if message.pluralizable]
    assert plurals
    assert {len(forms(message)) for message in plurals} == {Catalog(locale=language).num_plurals}


@each_language
def test_no_translation_waits_for_somebody_to_look_at_it(language: Language) -> None:
    assert not [message.id for message in catalogue(language) if message.fuzzy]
    assert "#~" not in written(language)


@each_language
def test_placeholders_are_those_of_the_english_text(language: Language) -> None:
    differing = [(text, told) for text, told in pairs(language) if placeholders(told) != placeholders(text)]
    # Where one form stands for none and for one, as in French, it may name the number that English spells out.
    assert not [(text, told) for text, told in differing if placeholders(told) != placeholders(text) | {"n"}]


@each_language
def test_markdown_commands_and_edges_are_those_of_the_english_text(language: Language) -> None:
    assert not [(text, told) for text, told in pairs(language) if marks(told) != marks(text)]


def test_texts_have_plain_names_for_their_values() -> None:
    texts = [
        text
        for message in messages().values()
        for text in ([message.id] if isinstance(message.id, str) else message.id)
    ]
    assert not [text for text in texts if not all(name.isidentifier() for name in placeholders(text))]


def placeholders(text: str) -> set[str]:
    """Of `{name}` the name; what else stands between braces is given whole, and is no identifier."""
    return {
        f"{name}!{conversion}:{spec}" if conversion or spec else name
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    }


def marks(text: str) -> tuple[object, ...]:
    """What Discord reads in a text, the commands that it names, and the blanks at its ends."""
    counts = [text.count(mark) for mark in ("**", "__", "~~", "`", "||", "](")]
    commands = sorted(re.findall(r"(?<![\w/])/[a-z]+", text))
    return counts, commands, text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

"""Whatever is said keeps Discord's limits in every language, with the longest names, reasons and lists there can be."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from boostmon.texts import Language, words_of
from tests.support.examples import LONGEST, PLAIN, SECTIONS, Cast, Said

MOST_IN_TITLE, MOST_IN_DESCRIPTION, MOST_IN_NAME, MOST_IN_VALUE = 256, 4096, 256, 1024
MOST_IN_AUTHOR, MOST_IN_FOOTER, MOST_FIELDS, MOST_EMBEDS = 256, 2048, 25, 10
MOST_TOGETHER = 6000
"""Of all embeds of a message together."""
MOST_IN_CONTENT, MOST_ON_BUTTON, MOST_IN_CHOICE, MOST_CHOICES = 2000, 80, 100, 25


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("cast", [PLAIN, LONGEST], ids=["plain", "longest"])
def test_limits(language: Language, section: str, cast: Cast) -> None:
    words = words_of(language)
    beyond = [
        (name, *one) for name, said in SECTIONS[section](words, cast) for one in _measured(said) if not _fits(*one)
    ]
    assert beyond == []


def _fits(_what: str, least: int, length: int, most: int) -> bool:
    return least <= length <= most


def _measured(said: Said) -> Iterator[tuple[str, int, int, int]]:
    """What it is, and how long: at least, really, at most."""
    yield "content", 0, len(said.content), MOST_IN_CONTENT
    yield "embeds", 0, len(said.embeds), MOST_EMBEDS
    for embed in said.embeds:
        yield from _measured_embed(embed)
    yield "embeds together", 0, sum(map(_length, said.embeds)), MOST_TOGETHER
    for label in said.buttons:
        yield "button", 1, len(label), MOST_ON_BUTTON
    yield "choices", 0, len(said.choices), MOST_CHOICES
    for name, value in said.choices.items():
        yield "name of a choice", 1, len(name), MOST_IN_CHOICE
        yield "value of a choice", 1, len(value), MOST_IN_CHOICE


def _measured_embed(embed: Mapping[str, Any]) -> Iterator[tuple[str, int, int, int]]:
    yield "title", 1, len(embed["title"]), MOST_IN_TITLE
    yield "fields", 0, len(embed.get("fields", ())), MOST_FIELDS
    if "description" in embed:
        yield "description", 1, len(embed["description"]), MOST_IN_DESCRIPTION
    if "author" in embed:
        yield "author", 1, len(embed["author"]["name"]), MOST_IN_AUTHOR
    if "footer" in embed:
        yield "footer", 1, len(embed["footer"]["text"]), MOST_IN_FOOTER
    for field in embed.get("fields", ()):
        yield "name of a field", 1, len(field["name"]), MOST_IN_NAME
        yield "value of a field", 1, len(field["value"]), MOST_IN_VALUE


def _length(embed: Mapping[str, Any]) -> int:
    """What Discord counts."""
    texts = [embed["title"], embed.get("description", ""), embed.get("author", {}).get("name", "")]
    texts.append(embed.get("footer", {}).get("text", ""))
    texts += [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
    return sum(map(len, texts))

"""What the bot registers in other languages than English."""

from collections.abc import Iterator
from typing import Any

import pytest

from boostmon.domain.languages import Language
from boostmon.texts.registered import MOST_CHARACTERS, by_locale
from tests.unit.bot.idle import idle_cog

LOCALES = [locale for language in Language if language is not Language.EN for locale in language.discord_locales]


def described(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each command, sub-command and option."""
    yield node
    for option in node.get("options", []):
        yield from described(option)


NODES = [node for command in idle_cog().application_commands for node in described(command.get_payload(None))]
CHOICES = [choice for node in NODES for choice in node.get("choices", [])]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_description_is_there_and_within_discords_limit(locale: str) -> None:
    assert len(NODES) > 40
    for node in NODES:
        told = node["description_localizations"]
        assert 1 <= len(told[locale]) <= MOST_CHARACTERS, told[locale]
        assert told.keys() == set(LOCALES)


def test_names_are_english_for_everybody_but_those_of_choices() -> None:
    assert not [node["name"] for node in NODES if node["name_localizations"]]
    for choice in CHOICES:
        assert all(1 <= len(name) <= MOST_CHARACTERS for name in (choice["name_localizations"] or {}).values())


def test_both_kinds_of_spanish_read_the_same_and_english_is_not_repeated() -> None:
    told = by_locale("Give a member a role for a time")
    assert told["es-ES"] == told["es-419"] != told["pt-BR"]
    assert not {"en-US", "en-GB"} & told.keys()


def test_what_is_not_translated_is_left_to_the_english_text() -> None:
    assert by_locale("a text that no catalogue has") == {}

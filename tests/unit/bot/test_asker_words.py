"""Whose language is read from an interaction."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from boostmon.domain.languages import Language
from boostmon.entrypoints.bot.reading.asking import asker_words, guild_words


def interaction(**fields: object) -> Any:
    return cast("Any", SimpleNamespace(**fields))


def test_the_asker_and_the_guild_each_have_their_own() -> None:
    asked = interaction(locale="de", guild_locale="pt-BR")
    assert asker_words(asked).language is Language.DE
    assert guild_words(asked).language is Language.PT_BR


@pytest.mark.parametrize("odd", [None, "", "tlh", 5, ["de"], {"de": "de"}])
def test_anything_else_is_english(odd: object) -> None:
    assert asker_words(interaction(locale=odd)).language is Language.EN
    assert guild_words(interaction(guild_locale=odd)).language is Language.EN


def test_an_interaction_that_says_nothing_of_it_is_read_in_english() -> None:
    assert asker_words(interaction()).language is Language.EN

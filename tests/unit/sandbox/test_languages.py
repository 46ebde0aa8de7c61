"""`language`, and what a client shows in one."""

import pytest

from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.languages import shown, speak
from boostmon.sandbox.world import World


def test_members_and_the_server_read_english_until_they_say_otherwise(world: World) -> None:
    assert world.locale(world.user("@bob").id) == "en-US"
    assert speak(world, "@bob de") == "@bob reads Discord in de now"
    assert speak(world, "server PT-br") == "The server's preferred language is pt-BR now"
    assert world.locale(world.user("@bob").id) == "de"
    assert world.locale(world.user("@alice").id) == "en-US"
    assert world.guild.preferred_locale == "pt-BR"


@pytest.mark.parametrize("wrong", ["", "@bob", "@bob klingon", "de", "server"])
def test_what_is_no_language_of_discords_is_refused_with_the_form(world: World, wrong: str) -> None:
    with pytest.raises(CannotDo, match="Write `language @bob de` or `language server pt-BR`"):
        speak(world, wrong)


def test_somebody_unknown_is_refused(world: World) -> None:
    with pytest.raises(CannotDo, match="no user '@nobody'"):
        speak(world, "@nobody de")


def test_without_a_translation_the_client_shows_what_was_registered() -> None:
    spec = {"description": "Why", "description_localizations": {"de": "Warum"}, "name": "reason"}
    assert [shown(spec, "description", locale) for locale in ("de", "fr")] == ["Warum", "Why"]
    assert shown(spec, "name", "de") == "reason"

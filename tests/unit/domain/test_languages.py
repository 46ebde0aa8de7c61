import pytest

from boostmon.domain.languages import Language


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en-US", Language.EN),
        ("en-GB", Language.EN),
        ("de", Language.DE),
        ("fr", Language.FR),
        ("es-ES", Language.ES),
        ("es-419", Language.ES),
        ("pt-BR", Language.PT_BR),
        ("ja", Language.EN),
        ("", Language.EN),
        (None, Language.EN),
    ],
)
def test_a_locale_of_discord_is_spoken_to_in_its_language_or_in_english(locale: str | None, language: Language) -> None:
    assert Language.of_discord(locale) is language


def test_each_language_knows_its_locales() -> None:
    for language in Language:
        assert language.discord_locales
        assert {Language.of_discord(locale) for locale in language.discord_locales} == {language}

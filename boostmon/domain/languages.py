"""The languages that BoostMon speaks."""

from enum import StrEnum, unique


@unique
class Language(StrEnum):
    """A language; its value is its locale's name as gettext and CLDR write it, and is what may be stored."""

    EN = "en"
    DE = "de"
    FR = "fr"
    ES = "es"
    PT_BR = "pt_BR"

    @classmethod
    def of_discord(cls, locale: str | None) -> "Language":
        """The language for a locale as Discord names it; English where it is another, or not known."""
        return _OF_DISCORD.get(locale or "", cls.EN)

    @property
    def discord_locales(self) -> tuple[str, ...]:
        """Discord's names of the locales that are spoken to in this language."""
        return _DISCORD_LOCALES[self]


_DISCORD_LOCALES: dict[Language, tuple[str, ...]] = {
    Language.EN: ("en-US", "en-GB"),
    Language.DE: ("de",),
    Language.FR: ("fr",),
    Language.ES: ("es-ES", "es-419"),
    Language.PT_BR: ("pt-BR",),
}
_OF_DISCORD = {locale: language for language, locales in _DISCORD_LOCALES.items() for locale in locales}

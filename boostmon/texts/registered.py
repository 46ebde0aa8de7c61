"""The descriptions of commands, options and choices, which Discord is given in all languages at once.

Its clients show each user those of their own locale, or the English text where there is none.
"""

from boostmon.texts import Language, words_of

MOST_CHARACTERS = 100
"""Discord's limit of a description and of a choice's name, in each language."""


def by_locale(text: str) -> dict[str, str]:
    """A text's translations by Discord's names of the locales; English is left out, and what is not translated."""
    told: dict[str, str] = {}
    for language in Language:
        if (translated := words_of(language)(text)) != text:
            told |= dict.fromkeys(language.discord_locales, translated)
    return told

"""The words of one language, for tests of what is said in it."""

from boostmon.domain.ids import GuildId
from boostmon.domain.languages import Language
from boostmon.texts.words import words_of

ENGLISH = words_of(Language.EN)


def english(_guild: GuildId) -> Language:
    """Every guild's language."""
    return Language.EN

"""The words that people of each language type. A further language is a further file, and a line here."""

from collections.abc import Mapping
from typing import Final

from boostmon.domain.durations.vocabularies.english import ENGLISH
from boostmon.domain.durations.vocabularies.french import FRENCH
from boostmon.domain.durations.vocabularies.german import GERMAN
from boostmon.domain.durations.vocabularies.portuguese import PORTUGUESE
from boostmon.domain.durations.vocabularies.spanish import SPANISH
from boostmon.domain.durations.vocabularies.vocabulary import Entry, Kind, Vocabulary
from boostmon.domain.languages import Language

VOCABULARIES: Final[Mapping[Language, Vocabulary]] = {
    Language.EN: ENGLISH,
    Language.DE: GERMAN,
    Language.FR: FRENCH,
    Language.ES: SPANISH,
    Language.PT_BR: PORTUGUESE,
}

__all__ = ["VOCABULARIES", "Entry", "Kind", "Vocabulary"]

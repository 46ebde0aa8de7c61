"""The words of times as one table: those of every language, and of each what the asker's language makes of them.

They are read in any case, with accents or without. People type the words of their own language whatever language their
Discord speaks, so all are read for everybody; what means something else in another language is read for its own people
only. So no text has two readings, and a test looks.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies import VOCABULARIES, Entry, Kind
from boostmon.domain.languages import Language

HALVES: Final = ("am", "pm")
"""The halves of the English day: `6pm`."""

_SPACES = re.compile(r"[ \t\r\n]+")


def _every() -> Iterator[Entry]:
    for vocabulary in VOCABULARIES.values():
        yield from vocabulary.entries()


def _plain_letters() -> dict[int, str]:
    """From each letter that is read to the ASCII letter that stands for it. One to one, so that places stay."""
    letters = {chr(code).upper(): chr(code) for code in range(ord("a"), ord("z") + 1)}
    table = "".join(entry.word.lower() for entry in _every())
    for letter in sorted({letter for letter in table if not letter.isascii()}):
        plain = unicodedata.normalize("NFD", letter)[0]
        letters |= {letter: plain, letter.upper(): plain}
    return {ord(letter): plain for letter, plain in letters.items()} | {ord("\N{RIGHT SINGLE QUOTATION MARK}"): "'"}


_PLAIN: Final = _plain_letters()


def plain(text: str) -> str:
    """The text with small letters for capitals and without the accents of the table, each character at its place."""
    return text.translate(_PLAIN)


class Lexicon:
    """What is read for somebody who asks in a language: its own words, then those that all languages share.

    None: nobody knows in which; then only what has one meaning in all of them.
    """

    def __init__(self, language: Language | None) -> None:
        self.language = language
        self.groups_by_dot = language is not None and VOCABULARIES[language].groups_by_dot
        self._tables: dict[Kind, dict[str, Entry]] = {kind: {} for kind in Kind}
        self._familiar: dict[Kind, dict[str, Entry]] = {kind: {} for kind in Kind}
        for speaks in sorted(VOCABULARIES, key=lambda other: other != language):
            for entry in VOCABULARIES[speaks].entries():
                if entry.is_shared or speaks == language:
                    self._tables[entry.kind].setdefault(plain(entry.word), entry)
                if speaks in {language, Language.EN} and plain(entry.word) in self._tables[entry.kind]:
                    self._familiar[entry.kind].setdefault(plain(entry.word), entry)

    def find(self, kind: Kind, written: str) -> Entry | None:
        """The entry of a word, in any case; None where this kind has none."""
        return self._tables[kind].get(_SPACES.sub(" ", plain(written)))

    def knows(self, written: str) -> bool:
        """Whether the word is of any kind."""
        return any(self.find(kind, written) for kind in Kind)

    def unit(self, spelling: str) -> Unit | None:
        """The unit that a word or an abbreviation stands for; None if it stands for none."""
        entry = self.find(Kind.UNIT, spelling)
        return None if entry is None else Unit(entry.place)

    def is_own(self, kind: Kind, written: str) -> bool:
        """Whether the word is one of the asker's own language."""
        vocabulary = () if self.language is None else VOCABULARIES[self.language].entries()
        return any(entry.kind is kind and plain(entry.word) == plain(written) for entry in vocabulary)

    def all(self, *kinds: Kind) -> Iterator[tuple[str, Entry]]:
        """Each plain word of these kinds with its entry, those of the asker's language first."""
        for kind in kinds:
            yield from self._tables[kind].items()

    def familiar(self, kind: Kind) -> Iterator[tuple[str, Entry]]:
        """Those of the asker's language, then the English ones, which is what somebody may be about to type."""
        yield from self._familiar[kind].items()


def usual_word(kind: Kind, language: Language) -> str:
    """How people of the language write the first of this kind, to be told to them: `none`, `keine`."""
    return next(entry.word for entry in VOCABULARIES[language].entries() if entry.kind is kind)


@cache
def lexicon_of(language: Language | None) -> Lexicon:
    """The words that are read for a language, or where none is known."""
    return Lexicon(language)


def pattern(*kinds: Kind) -> str:
    """A regular expression for every word of these kinds in any language, longest first, so that none hides another.

    What it matches may be read in one language only: it is to be looked up in the asker's `Lexicon`.
    """
    return _alternatives(entry for entry in _every() if entry.kind in kinds)


def telling_pattern(*kinds: Kind) -> str:
    """As `pattern`, of those words that are read for everybody and are no units: these kinds alone have them."""
    units = {plain(entry.word) for entry in _every() if entry.kind is Kind.UNIT}
    found = (entry for entry in _every() if entry.kind in kinds and entry.is_shared)
    return _alternatives(entry for entry in found if plain(entry.word) not in units)


def _alternatives(entries: Iterator[Entry]) -> str:
    words = sorted({plain(entry.word) for entry in entries}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(word.replace(" ", r"[ \t\r\n]+") for word in words) + ")"

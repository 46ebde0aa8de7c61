"""Which known word somebody may have meant: one that is a single slip of the finger away."""

from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.words import Lexicon, plain

_SHORTEST = 4
"""Letters. Of a shorter word too many others are one slip away."""
_LONGEST = 20


def near_unit(word: str, words: Lexicon) -> str | None:
    """The spelling of a unit, or the name of a month, that may have been meant after a number."""
    return _near(word, words, Kind.UNIT, Kind.MONTH)


def near_word(word: str, words: Lexicon) -> str | None:
    """The word of a moment that may have been meant."""
    return _near(word, words, Kind.NEAR_DAY, Kind.WEEKDAY, Kind.MONTH, Kind.UNTIL)


def _near(word: str, words: Lexicon, *kinds: Kind) -> str | None:
    """As its language spells it; of several, one with two letters changed, then one of the asker's language."""
    written = plain(word)
    if not _SHORTEST <= len(written) <= _LONGEST or words.knows(word):
        return None
    found = [
        (sorted(known) != sorted(written), entry.word)
        for known, entry in words.all(*kinds)
        if _is_one_slip(written, known)
    ]
    return min(found, key=lambda candidate: candidate[0], default=(True, None))[1]


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter too many, too few, wrong, or changed with its neighbour makes one of the other; they differ."""
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return other_rest in {rest[1:], swapped} or rest == other_rest[1:] or rest[1:] == other_rest[1:]

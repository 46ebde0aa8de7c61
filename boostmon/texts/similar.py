"""Names that come near one that nobody has: computed when a refusal is worded, at a cost that has a bound.

Whoever creates roles chooses their names, and whoever asks for one chooses the text. So both are cut, most names are
sorted out by a measure whose cost grows with their length alone, and only a few are compared letter by letter.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import islice

MOST_SIMILAR = 3
_NEAR = 0.6
"""As `difflib.get_close_matches` has it."""
_MOST_NAMES = 500
"""Twice as many roles as Discord lets a server have."""
_MOST_LETTERS = 32
"""Of a name; a longer one is compared by its beginning. Comparing two takes up to the square of this in steps."""
_MOST_COMPARED = 12
"""Names that are compared letter by letter: those with the most letters in common."""


def similar(written: str, names: Iterable[str]) -> Sequence[str]:
    """At most three of the names, the nearest first; an `@` in front of what was written does not count."""
    by_folded = {name.casefold()[:_MOST_LETTERS]: name for name in islice(names, _MOST_NAMES)}
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(written.removeprefix("@").casefold()[:_MOST_LETTERS])  # of which it remembers the letters
    roughly: list[tuple[float, str]] = []
    for folded in by_folded:
        matcher.set_seq1(folded)
        if matcher.real_quick_ratio() >= _NEAR and (ratio := matcher.quick_ratio()) >= _NEAR:
            roughly.append((ratio, folded))
    exactly: list[tuple[float, str]] = []
    for _, folded in nlargest(_MOST_COMPARED, roughly):
        matcher.set_seq1(folded)
        if (ratio := matcher.ratio()) >= _NEAR:
            exactly.append((ratio, folded))
    return [by_folded[folded] for _, folded in nlargest(MOST_SIMILAR, exactly)]

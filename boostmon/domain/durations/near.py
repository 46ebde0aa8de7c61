"""Which known word somebody may have meant: one that is a single slip of the finger away."""

from collections.abc import Iterable

from boostmon.domain.durations.words import TABLE, plain

_SHORTEST = 4
"""Letters. Of a shorter word too many others are one slip away."""
_LONGEST = 20


def near_unit(word: str) -> str | None:
    """The spelling of a unit, or the name of a month, that may have been meant after a number."""
    return _near(word, (*TABLE["unit"], *TABLE["month"]))


def near_word(word: str) -> str | None:
    """The word of a moment that may have been meant."""
    return _near(word, [known for kind in _OF_MOMENTS for known in TABLE[kind]])


_OF_MOMENTS = ("today", "tomorrow", "weekday", "month", "until")


def _near(word: str, known: Iterable[str]) -> str | None:
    written = plain(word)
    if not _SHORTEST <= len(written) <= _LONGEST or any(written in words for words in TABLE.values()):
        return None
    found = [other for other in known if len(other) >= _SHORTEST - 1 and _is_one_slip(written, other)]
    return min(found, key=lambda other: sorted(other) != sorted(written), default=None)


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter too many, too few, wrong, or changed with its neighbour makes one of the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return other_rest in {rest[1:], swapped} or rest == other_rest[1:] or rest[1:] == other_rest[1:]

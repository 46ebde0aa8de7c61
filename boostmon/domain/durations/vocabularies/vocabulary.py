"""What a language brings to the table of words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import NamedTuple

from boostmon.domain.durations.units import Unit


@unique
class Kind(StrEnum):
    """What a word is for."""

    UNIT = "units"
    WEEKDAY = "weekdays"
    MONTH = "months"
    NEAR_DAY = "near_days"
    UNTIL = "until"
    WITHIN = "within"
    LASTING = "lasting"
    JOINING = "joining"
    ONE = "one"
    AT = "at"
    ON = "on"
    OF = "of"
    FOLLOWING = "following"
    O_CLOCK = "o_clock"
    HOUR_MARK = "hour_mark"
    ORDINAL = "ordinal"
    NO_WARNINGS = "no_warnings"
    DEFAULT = "default"


class Entry(NamedTuple):
    """A word: what it is for, which of that kind it is, and whether it is read for people of other languages, too."""

    kind: Kind
    place: int
    word: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a language, as it spells them; alternatives side by side, a blank within one as `_`.

    Words after a bar are read for people of this language only, since elsewhere they mean something else or too much.
    """

    units: Mapping[Unit, str]
    weekdays: tuple[str, str, str, str, str, str, str]
    """From Monday on."""
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]
    near_days: tuple[str, str, str]
    """Today, tomorrow, and the day after."""
    until: str
    within: str
    """As in "in 3 days": that moment."""
    lasting: str
    """As in "for 3 days": that length."""
    joining: str
    """As in "1 day and 2 hours"."""
    one: str
    """As in "a week": the number before a unit."""
    at: str
    no_warnings: str
    """Typed for an empty list of thresholds."""
    default: str
    """Typed for the thresholds that a server has unless it says otherwise."""
    on: str = ""
    of: str = ""
    following: str = ""
    """As in "next Friday"."""
    o_clock: str = ""
    """As in "18 Uhr", which is a time of day wherever it stands."""
    hour_mark: str = ""
    """As in "demain 18 heures": beside a day it makes a time of day, and alone a length."""
    ordinal: str = ""
    """What may follow the number of a day: `24th`, `1er`."""
    groups_by_dot: bool = False
    """Whether `1.000` is a thousand."""

    def entries(self) -> Iterator[Entry]:
        """Each word: a unit by its seconds, a weekday, month or near day by its place, any other as 0."""
        for unit, words in self.units.items():
            yield from _entries(Kind.UNIT, int(unit), words)
        for kind in Kind:
            rows = getattr(self, kind)
            if kind is not Kind.UNIT:
                for place, words in enumerate((rows,) if isinstance(rows, str) else rows):
                    yield from _entries(kind, place, words)


def _entries(kind: Kind, place: int, words: str) -> Iterator[Entry]:
    shared, _, own = words.partition("|")
    for listed, is_shared in ((shared, True), (own, False)):
        yield from (Entry(kind, place, word.replace("_", " "), is_shared) for word in listed.split())

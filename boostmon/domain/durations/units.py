"""The units a duration is written in. Every unit has one fixed length, so that sums are exact."""

from enum import IntEnum, unique


@unique
class Unit(IntEnum):
    """A unit of time; its value is its length in seconds.

    A month is 30 days and a year 365 days wherever a duration is written: a calendar month would make the
    same text mean different lengths on different days.
    """

    SECOND = 1
    MINUTE = 60
    HOUR = 3_600
    DAY = 86_400
    WEEK = 7 * 86_400
    MONTH = 30 * 86_400
    YEAR = 365 * 86_400

    @property
    def word(self) -> str:
        """The English word, singular and in lower case: `minute`."""
        return self.name.lower()

    def counted(self, count: int) -> str:
        """The count and the word in its right number: `1 minute`, `2 minutes`."""
        return f"{count} {self.word}" if count == 1 else f"{count} {self.word}s"


_SHORT_FORMS: dict[Unit, tuple[str, ...]] = {
    Unit.SECOND: ("s", "sec", "secs"),
    Unit.MINUTE: ("m", "min", "mins"),
    Unit.HOUR: ("h", "hr", "hrs"),
    Unit.DAY: ("d",),
    Unit.WEEK: ("w", "wk", "wks"),
    Unit.MONTH: ("mo", "mos"),
    Unit.YEAR: ("y", "yr", "yrs"),
}

_BY_SPELLING: dict[str, Unit] = {
    spelling: unit
    for unit, short_forms in _SHORT_FORMS.items()
    for spelling in (*short_forms, unit.word, f"{unit.word}s")
}


def unit_spelled(spelling: str) -> Unit | None:
    """The unit that a word or an abbreviation, in any case, stands for; None if it stands for none."""
    return _BY_SPELLING.get(spelling.lower())

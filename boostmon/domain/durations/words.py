"""The words of times in every language that is read: the one table of them.

A further language is a further `Language` in LANGUAGES. Words stand in lower case with their accents, alternatives
side by side, a blank within one as `_`; they are read in any case, with accents or without.

No word may have two meanings, in whichever languages; a test looks. So some are left out: the German "Mo" (months) and
"am" (6 am), the Spanish "y" (years) and "mar." for Tuesday (March), the French "j" (in German a year), "seg" (in
Portuguese Monday, in Spanish a second), "ago" (August, and in English the past).
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from boostmon.domain.durations.units import Unit


@dataclass(frozen=True, slots=True)
class Language:
    """A column of the table. Weekdays begin with Monday."""

    units: Mapping[Unit, str]
    weekdays: tuple[str, str, str, str, str, str, str]
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]
    today: str
    tomorrow: str
    until: str
    within: str
    """As in "in 3 days": that moment."""
    lasting: str
    """As in "for 3 days": that length."""
    joining: str = ""
    """As in "1 day and 2 hours"."""
    at: str = ""
    on: str = ""
    of: str = ""
    following: str = ""
    """As in "next Friday"."""
    o_clock: str = ""


ENGLISH: Final = Language(
    units={
        Unit.SECOND: "second seconds s sec secs",
        Unit.MINUTE: "minute minutes m min mins",
        Unit.HOUR: "hour hours h hr hrs",
        Unit.DAY: "day days d",
        Unit.WEEK: "week weeks w wk wks",
        Unit.MONTH: "month months mo mos",
        Unit.YEAR: "year years y yr yrs",
    },
    weekdays=(
        "monday mon",
        "tuesday tue tues",
        "wednesday wed",
        "thursday thu thur thurs",
        "friday fri",
        "saturday sat",
        "sunday sun",
    ),
    months=(
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sep sept",
        "october oct",
        "november nov",
        "december dec",
    ),
    today="today",
    tomorrow="tomorrow",
    until="until till",
    within="in",
    lasting="for",
    joining="and",
    at="at",
    on="on",
    of="of",
    following="next",
)

GERMAN: Final = Language(
    units={
        Unit.SECOND: "sekunde sekunden sek",
        Unit.MINUTE: "minute minuten",
        Unit.HOUR: "stunde stunden std",
        Unit.DAY: "tag tage tagen",
        Unit.WEEK: "woche wochen",
        Unit.MONTH: "monat monate monaten",
        Unit.YEAR: "jahr jahre jahren",
    },
    weekdays=(
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag sonnabend",
        "sonntag",
    ),
    months=(
        "januar jänner",
        "februar",
        "märz maerz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober okt",
        "november",
        "dezember dez",
    ),
    today="heute",
    tomorrow="morgen",
    until="bis",
    within="in",
    lasting="für",
    joining="und",
    at="um",
    following="nächsten nächster nächste",
    o_clock="uhr",
)

FRENCH: Final = Language(
    units={
        Unit.SECOND: "seconde secondes",
        Unit.MINUTE: "minute minutes",
        Unit.HOUR: "heure heures",
        Unit.DAY: "jour jours",
        Unit.WEEK: "semaine semaines",
        Unit.MONTH: "mois",
        Unit.YEAR: "an ans année années",
    },
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=(
        "janvier janv",
        "février févr",
        "mars",
        "avril avr",
        "mai",
        "juin",
        "juillet juil",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre déc",
    ),
    today="aujourd'hui",
    tomorrow="demain",
    until="jusqu'à jusqu'au",
    within="dans en",
    lasting="pendant pour",
    joining="et",
    at="à",
    on="le",
)

SPANISH: Final = Language(
    units={
        Unit.SECOND: "segundo segundos",
        Unit.MINUTE: "minuto minutos",
        Unit.HOUR: "hora horas",
        Unit.DAY: "día días",
        Unit.WEEK: "semana semanas",
        Unit.MONTH: "mes meses",
        Unit.YEAR: "año años",
    },
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    months=(
        "enero ene",
        "febrero",
        "marzo",
        "abril abr",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre setiembre",
        "octubre",
        "noviembre",
        "diciembre dic",
    ),
    today="hoy",
    tomorrow="mañana",
    until="hasta",
    within="en dentro_de",
    lasting="por durante",
    at="a a_las",
    on="el",
    of="de",
)

PORTUGUESE: Final = Language(
    units={
        Unit.SECOND: "segundo segundos",
        Unit.MINUTE: "minuto minutos",
        Unit.HOUR: "hora horas",
        Unit.DAY: "dia dias",
        Unit.WEEK: "semana semanas",
        Unit.MONTH: "mês meses",
        Unit.YEAR: "ano anos",
    },
    weekdays=(
        "segunda segunda-feira",
        "terça terça-feira",
        "quarta quarta-feira",
        "quinta quinta-feira",
        "sexta sexta-feira",
        "sábado",
        "domingo",
    ),
    months=(
        "janeiro",
        "fevereiro fev",
        "março",
        "abril abr",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro dez",
    ),
    today="hoje",
    tomorrow="amanhã",
    until="até",
    within="em daqui_a",
    lasting="por durante",
    joining="e",
    at="às",
    of="de",
)

LANGUAGES: Final = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE)

HALVES: Final = ("am", "pm")
"""The halves of the English day: `6pm`."""

ORDINALS: Final = ("st", "nd", "rd", "th", "er")
"""What may follow the number of a day: `24th`, `1er`."""


def _plain_letters() -> dict[int, str]:
    """From each letter that is read to the ASCII letter that stands for it. One to one, so that places stay."""
    letters = {chr(code).upper(): chr(code) for code in range(ord("a"), ord("z") + 1)}
    table = "".join(word for language in LANGUAGES for _, _, word in entries(language))
    for letter in sorted({letter for letter in table if not letter.isascii()}):
        plain = unicodedata.normalize("NFD", letter)[0]
        letters |= {letter: plain, letter.upper(): plain}
    return {ord(letter): plain for letter, plain in letters.items()} | {ord("\N{RIGHT SINGLE QUOTATION MARK}"): "'"}


def entries(language: Language) -> Iterator[tuple[str, int, str]]:
    """Each word as (kind, which of that kind, word): a unit by its seconds, a weekday or month by its place."""
    for unit, words in language.units.items():
        yield from (("unit", int(unit), word) for word in words.split())
    for kind, rows in (("weekday", language.weekdays), ("month", language.months)):
        yield from ((kind, place, word) for place, words in enumerate(rows) for word in words.split())
    for kind in (
        "today",
        "tomorrow",
        "until",
        "within",
        "lasting",
        "joining",
        "at",
        "on",
        "of",
        "following",
        "o_clock",
    ):
        yield from ((kind, 0, word) for word in str(getattr(language, kind)).split())


_PLAIN: Final = _plain_letters()


def plain(text: str) -> str:
    """The text with small letters for capitals and without the accents of the table, each character at its place."""
    return text.translate(_PLAIN)


def _table() -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for language in LANGUAGES:
        for kind, place, word in entries(language):
            table.setdefault(kind, {}).setdefault(plain(word), place)
    return table


TABLE: Final = _table()
"""By kind, from each plain word to which of that kind it is. English comes first."""


def unit_spelled(spelling: str) -> Unit | None:
    """The unit that a word or an abbreviation, in any case, stands for; None if it stands for none."""
    seconds = TABLE["unit"].get(plain(spelling))
    return None if seconds is None else Unit(seconds)


def pattern(kind: str) -> str:
    """A regular expression for every word of a kind, longest first, so that none hides another."""
    words = sorted(TABLE[kind], key=len, reverse=True)
    return "(?:" + "|".join(word.replace("_", r"[ \t\r\n]+") for word in words) + ")"

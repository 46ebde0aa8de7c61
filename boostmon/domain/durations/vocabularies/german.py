"""German. Short days are left to Germans: elsewhere "so" and "do" are words of other kinds."""

from typing import Final

from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies.vocabulary import Vocabulary

GERMAN: Final = Vocabulary(
    units={
        Unit.SECOND: "Sekunde Sekunden Sek",
        Unit.MINUTE: "Minute Minuten",
        Unit.HOUR: "Stunde Stunden Std Stdn",
        Unit.DAY: "Tag Tage Tagen Tg | T",
        Unit.WEEK: "Woche Wochen Wo",
        Unit.MONTH: "Monat Monate Monaten",
        Unit.YEAR: "Jahr Jahre Jahren | J",
    },
    weekdays=(
        "Montag | Mo",
        "Dienstag | Di",
        "Mittwoch | Mi",
        "Donnerstag | Do",
        "Freitag | Fr",
        "Samstag Sonnabend | Sa",
        "Sonntag | So",
    ),
    months=(
        "Januar Jänner",
        "Februar Feber",
        "März Maerz Mär",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober Okt",
        "November",
        "Dezember Dez",
    ),
    near_days=("heute", "morgen", "übermorgen uebermorgen"),
    until="bis bis_zum",
    within="in",
    lasting="für fuer",
    joining="und",
    one="ein eine einen einer einem",
    at="um",
    on="am den",
    following="nächsten nächster nächste naechsten naechster naechste",
    o_clock="Uhr",
    no_warnings="keine",
    default="Standard",
    groups_by_dot=True,
)

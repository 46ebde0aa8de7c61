"""French. `mar.` for Tuesday is in no list, since elsewhere it is March; nor is `a` for years, as in "3 a 5 días"."""

from typing import Final

from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies.vocabulary import Vocabulary

FRENCH: Final = Vocabulary(
    units={
        Unit.SECOND: "seconde secondes",
        Unit.MINUTE: "minute minutes mn",
        Unit.HOUR: "heure heures",
        Unit.DAY: "jour jours | j",
        Unit.WEEK: "semaine semaines sem",
        Unit.MONTH: "mois",
        Unit.YEAR: "an ans année années",
    },
    weekdays=(
        "lundi | lun",
        "mardi",
        "mercredi | mer",
        "jeudi | jeu",
        "vendredi | ven",
        "samedi | sam",
        "dimanche | dim",
    ),
    months=(
        "janvier janv",
        "février févr fév",
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
    near_days=("aujourd'hui", "demain", "après-demain après_demain"),
    until="jusqu'à jusqu'au",
    within="dans en",
    lasting="pendant pour durant",
    joining="et",
    one="un une",
    at="à",
    on="le",
    following="prochain",
    hour_mark="heure heures",
    ordinal="er",
    no_warnings="aucun aucune",
    default="défaut par_défaut",
)

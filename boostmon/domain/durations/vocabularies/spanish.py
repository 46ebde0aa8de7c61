"""Spanish. `mar` for Tuesday is in no list, since it is March, too; nor is `a` for years, as in "3 a 5 días"."""

from typing import Final

from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies.vocabulary import Vocabulary

SPANISH: Final = Vocabulary(
    units={
        Unit.SECOND: "segundo segundos seg segs",
        Unit.MINUTE: "minuto minutos",
        Unit.HOUR: "hora horas hs",
        Unit.DAY: "día días",
        Unit.WEEK: "semana semanas sem",
        Unit.MONTH: "mes meses",
        Unit.YEAR: "año años",
    },
    weekdays=(
        "lunes | lun",
        "martes",
        "miércoles | mié",
        "jueves | jue",
        "viernes | vie",
        "sábado | sáb",
        "domingo | dom",
    ),
    months=(
        "enero ene",
        "febrero",
        "marzo",
        "abril abr",
        "mayo",
        "junio",
        "julio",
        "agosto | ago",
        "septiembre setiembre",
        "octubre",
        "noviembre",
        "diciembre dic",
    ),
    near_days=("hoy", "mañana", "pasado_mañana"),
    until="hasta",
    within="en dentro_de",
    lasting="por durante",
    joining="y",
    one="un una",
    at="a a_las a_la las la",
    on="el el_día",
    of="de del",
    following="próximo que_viene",
    hour_mark="hora horas hs",
    no_warnings="ninguno ninguna",
    default="predeterminado",
    groups_by_dot=True,
)

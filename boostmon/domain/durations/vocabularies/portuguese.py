"""Portuguese, as it is written in Brazil. "set" and "out" are months for its own people only."""

from typing import Final

from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies.vocabulary import Vocabulary

PORTUGUESE: Final = Vocabulary(
    units={
        Unit.SECOND: "segundo segundos seg segs",
        Unit.MINUTE: "minuto minutos",
        Unit.HOUR: "hora horas",
        Unit.DAY: "dia dias",
        Unit.WEEK: "semana semanas sem",
        Unit.MONTH: "mês meses",
        Unit.YEAR: "ano anos",
    },
    weekdays=(
        "segunda segunda-feira segunda_feira | seg",
        "terça terça-feira terça_feira | ter",
        "quarta quarta-feira quarta_feira | qua",
        "quinta quinta-feira quinta_feira | qui",
        "sexta sexta-feira sexta_feira | sex",
        "sábado | sáb",
        "domingo | dom",
    ),
    months=(
        "janeiro",
        "fevereiro fev",
        "março",
        "abril abr",
        "maio",
        "junho",
        "julho",
        "agosto | ago",
        "setembro | set",
        "outubro | out",
        "novembro",
        "dezembro dez",
    ),
    near_days=("hoje", "amanhã", "depois_de_amanhã"),
    until="até até_o até_a",
    within="em daqui_a dentro_de",
    lasting="por durante",
    joining="e",
    one="um uma",
    at="às à",
    on="na no dia no_dia",
    of="de",
    following="próximo próxima que_vem",
    hour_mark="hora horas",
    no_warnings="nenhum nenhuma",
    default="padrão",
    groups_by_dot=True,
)

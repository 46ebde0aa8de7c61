"""Which commands take so little to read that the event loop may do it."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from boostmon.entrypoints.bot.reading.asking import FEW_LETTERS, FEW_ROLES, is_small

STRING, BOOLEAN, USER, CHANNEL = 3, 5, 6, 7


@dataclass
class Asked:
    """As much of an interaction as counts."""

    roles: int = FEW_ROLES
    options: list[dict[str, Any]] = field(default_factory=list)

    @property
    def guild(self) -> Any:
        return SimpleNamespace(_roles=dict.fromkeys(range(self.roles)))

    @property
    def data(self) -> dict[str, Any]:
        return {"options": self.options}


def option(kind: int, value: Any) -> dict[str, Any]:
    return {"name": "one", "type": kind, "value": value}


def is_small_(asked: object) -> bool:
    return is_small(cast("Any", asked))


def test_few_roles_and_short_texts() -> None:
    options = [option(USER, "1"), option(STRING, "a" * FEW_LETTERS), option(BOOLEAN, value=True)]
    assert is_small_(Asked(options=options))


@pytest.mark.parametrize(
    "asked",
    [
        Asked(roles=FEW_ROLES + 1),
        Asked(options=[option(STRING, "a" * (FEW_LETTERS + 1))]),
        Asked(options=[{"name": "sub", "type": 1, "options": [option(STRING, "a" * (FEW_LETTERS + 1))]}]),
        Asked(options=[option(CHANNEL, "1")]),
        Asked(options=[option(STRING, 10**5000)]),
        Asked(options=[option(STRING, ["a"])]),
        SimpleNamespace(guild=None),
    ],
)
def test_anything_else_is_for_a_thread(asked: object) -> None:
    assert not is_small_(asked)

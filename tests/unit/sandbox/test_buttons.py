from typing import Any

import pytest

from boostmon.sandbox import buttons
from boostmon.sandbox.errors import CannotDo


def button(label: str, **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": label, "custom_id": label, **more}


ROWS = [
    {
        "type": 1,
        "components": [button("Undo"), button("Undo all"), {"type": 2, "style": 5, "label": "Docs", "url": "x"}],
    },
    {"type": 1, "components": [{"type": 3, "custom_id": "menu"}]},
    {
        "type": 17,
        "components": [{"type": 9, "components": [{"type": 10}], "accessory": button("Edit", emoji={"name": "✏"})}],
    },
]


def test_buttons_are_found_however_deep_they_lie() -> None:
    assert [[b.label for b in row] for row in buttons.rows(ROWS)] == [["Undo", "Undo all", "Docs"], ["✏ Edit"]]


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("undo", ["Undo"]),
        ("UNDO A", ["Undo all"]),
        ("u", ["Undo", "Undo all"]),
        ("ndo", []),
        ("", []),
        (" docs ", ["Docs"]),
    ],
)
def test_a_label_means_what_it_equals_or_else_begins(label: str, meant: list[str]) -> None:
    assert [b.label for b in buttons.matching(buttons.all_of(ROWS), label)] == meant


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("u", r"any of the buttons \[Undo\], \[Undo all\]"),
        ("docs", "opens x"),
        ("away", "No button is called 'away'"),
        ("grey", "greyed out"),
    ],
)
def test_what_cannot_be_pressed_says_why(label: str, why: str) -> None:
    with pytest.raises(CannotDo, match=why):
        buttons.pressable(buttons.all_of([*ROWS, {"type": 1, "components": [button("Grey", disabled=True)]}]), label)


def test_the_one_that_is_meant_can_be_pressed() -> None:
    assert buttons.pressable(buttons.all_of(ROWS), "undo a").custom_id == "Undo all"

"""What nextcord is given of a press to read."""

import copy
from typing import Any, cast

import pytest

from boostmon.adapters.discord.events import read_presses_alone

BUTTON = {"type": 2, "custom_id": "mine"}
PRESS = {
    "type": 3,
    "data": {"custom_id": "mine", "component_type": 2},
    "message": {"id": "1", "components": [{"type": 17, "components": [{"type": 9, "accessory": BUTTON}]}]},
}


class Client:
    """As much of a client as is needed, with a parser that keeps what it is given."""

    def __init__(self) -> None:
        self._connection = self
        self.read: list[Any] = []
        self.parsers = {"INTERACTION_CREATE": self.read.append}


def read(payload: Any) -> Any:
    client = Client()
    read_presses_alone(cast("Any", client))
    client.parsers["INTERACTION_CREATE"](payload)
    [seen] = client.read
    return seen


def test_the_components_are_left_out_and_the_frame_is_left_alone() -> None:
    frame = copy.deepcopy(PRESS)

    seen = read(frame)

    assert seen["message"] == {"id": "1", "components": []}
    assert seen["data"] == PRESS["data"]
    assert frame == PRESS


@pytest.mark.parametrize("components", [[], None, "mine", [BUTTON | {"custom_id": "other"}], [{"custom_id": 7}]])
def test_what_the_message_does_not_have_was_not_pressed(components: Any) -> None:
    seen = read(PRESS | {"message": {"id": "1", "components": components}})

    assert seen["data"] == {"custom_id": "", "component_type": 2}


def test_a_form_may_come_from_a_message_that_has_nothing_of_its_id() -> None:
    assert read(PRESS | {"type": 5, "data": {"custom_id": "form"}})["data"] == {"custom_id": "form"}


@pytest.mark.parametrize(
    "payload", [None, 7, [], {}, {"type": 2, "data": {"name": "settime"}}, {"type": 3, "message": 1}]
)
def test_anything_else_is_passed_on(payload: Any) -> None:
    assert read(payload) == payload

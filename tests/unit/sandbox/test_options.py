from typing import Any

import pytest

from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.options import OptionBuilder, check_required
from boostmon.sandbox.world import World

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10


@pytest.fixture
def builder(world: World) -> OptionBuilder:
    return OptionBuilder(world, world.user("@mod"), world.channel("#general"), "test")


def spec(kind: int, **more: Any) -> dict[str, Any]:
    return {"name": "it", "type": kind, **more}


def test_members_are_resolved_with_their_membership(world: World, builder: OptionBuilder) -> None:
    alice = str(world.user("@alice").id)

    assert builder.build(spec(USER), "@alice") == {"name": "it", "type": USER, "value": alice}
    assert builder.resolved["users"][alice]["username"] == "alice"
    assert "permissions" in builder.resolved["members"][alice]


def test_who_left_is_resolved_as_a_user_only(world: World, builder: OptionBuilder) -> None:
    Changes(world).kick("@bob", by="@mod")

    bob = builder.build(spec(USER), "@bob")["value"]

    assert bob in builder.resolved["users"]
    assert "members" not in builder.resolved


def test_roles_and_channels_are_resolved(builder: OptionBuilder) -> None:
    role = builder.build(spec(ROLE), "@VIP")["value"]
    channel = builder.build(spec(CHANNEL), "#general")["value"]

    assert builder.resolved["roles"][role]["name"] == "VIP"
    assert builder.resolved["channels"][channel]["permissions"].isdecimal()
    assert builder.build(spec(MENTIONABLE), "@VIP")["value"] == role


def test_channels_of_the_wrong_kind_are_refused(builder: OptionBuilder) -> None:
    with pytest.raises(CannotDo, match="does not take a channel like #general"):
        builder.build(spec(CHANNEL, channel_types=[2]), "#general")


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        (spec(STRING), "some words", "some words"),
        (spec(STRING, choices=[{"name": "Yes", "value": "y"}]), "yes", "y"),
        (spec(INTEGER), "42", 42),
        (spec(INTEGER, choices=[{"name": "Many", "value": 9}]), "many", 9),
        (spec(NUMBER), "1.5", 1.5),
        (spec(BOOLEAN), "True", True),
        (spec(BOOLEAN), "no", False),
    ],
)
def test_plain_values(builder: OptionBuilder, option: dict[str, Any], text: str, value: object) -> None:
    assert builder.build(option, text)["value"] == value


def test_a_picked_name_in_a_text_becomes_its_mention(world: World, builder: OptionBuilder) -> None:
    assert builder.build(spec(STRING), "@VIP")["value"] == f"<@&{world.role('@VIP').id}>"
    assert builder.build(spec(STRING), "@alice")["value"] == f"<@{world.user('@alice').id}>"
    assert builder.build(spec(STRING), "@everybody else")["value"] == "@everybody else"


@pytest.mark.parametrize(
    ("option", "text"),
    [
        (spec(INTEGER), "many"),
        (spec(INTEGER, max_value=5), "6"),
        (spec(NUMBER), "much"),
        (spec(BOOLEAN), "perhaps"),
        (spec(STRING, max_length=3), "long"),
        (spec(STRING, choices=[{"name": "Yes", "value": "y"}]), "no"),
        (spec(USER), "@VIP"),
        (spec(ROLE), "@alice"),
        (spec(11), "file.png"),
    ],
)
def test_what_does_not_fit_is_refused(builder: OptionBuilder, option: dict[str, Any], text: str) -> None:
    with pytest.raises(CannotDo):
        builder.build(option, text)


def test_required_options_must_be_there() -> None:
    options = [spec(USER, required=True), {"name": "other", "type": STRING}]

    check_required("test", options, ["it"])
    with pytest.raises(CannotDo, match="/test needs it"):
        check_required("test", options, ["other"])

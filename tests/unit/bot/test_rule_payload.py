"""What the bot registers for `/timerrule`, held against Discord's rules for sub-commands."""

from typing import Any

from tests.unit.bot.idle import idle_cog
from tests.unit.bot.test_command_payloads import NAME

SUB_COMMAND, STRING, BOOLEAN, ROLE = 1, 3, 5, 8
MANAGE_GUILD = str(1 << 5)

[PAYLOAD] = [one.get_payload(None) for one in idle_cog().application_commands if one.name == "timerrule"]
SUB_COMMANDS: dict[str, dict[str, Any]] = {one["name"]: one for one in PAYLOAD["options"]}
OPTIONS = {
    "set": [
        ("role", ROLE, True),
        ("starts", BOOLEAN, False),
        ("duration", STRING, False),
        ("longest", STRING, False),
        ("thresholds", STRING, False),
        ("warning", STRING, False),
        ("ending", STRING, False),
        ("link", STRING, False),
    ],
    "show": [("role", STRING, True)],
    "list": [],
    "remove": [("role", STRING, True)],
}


def test_it_is_for_those_who_may_manage_the_server() -> None:
    assert PAYLOAD["default_member_permissions"] == MANAGE_GUILD
    assert PAYLOAD["contexts"] == [0]


def test_each_sub_command_has_its_options() -> None:
    assert {one["type"] for one in SUB_COMMANDS.values()} == {SUB_COMMAND}
    assert {
        name: [(option["name"], option["type"], option.get("required", False)) for option in one.get("options", [])]
        for name, one in SUB_COMMANDS.items()
    } == OPTIONS


def test_names_and_descriptions_keep_discords_limits() -> None:
    named = [PAYLOAD, *SUB_COMMANDS.values()]
    named += [option for one in SUB_COMMANDS.values() for option in one.get("options", [])]
    for one in named:
        assert NAME.fullmatch(one["name"])
        for text in (one["description"], *(one["description_localizations"] or {}).values()):
            assert 1 <= len(text) <= 100

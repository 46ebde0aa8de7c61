"""What the bot registers for `/timerrule`, held against Discord's rules for sub-commands."""

from typing import Any

from boostmon.domain.rule_presets import Preset
from tests.unit.bot.idle import idle_cog
from tests.unit.bot.test_command_payloads import NAME

SUB_COMMAND, STRING, BOOLEAN, ROLE = 1, 3, 5, 8
MANAGE_GUILD = str(1 << 5)

[PAYLOAD] = [one.get_payload(None) for one in idle_cog().application_commands if one.name == "timerrule"]
SUB_COMMANDS: dict[str, dict[str, Any]] = {one["name"]: one for one in PAYLOAD["options"]}
OPTIONS = {
    "set": [
        ("role", ROLE, True),
        ("preset", STRING, False),
        ("starts", BOOLEAN, False),
        ("duration", STRING, False),
        ("longest", STRING, False),
        ("thresholds", STRING, False),
        ("warning", STRING, False),
        ("ending", STRING, False),
        ("link", STRING, False),
        ("once", BOOLEAN, False),
        ("until", STRING, False),
        ("grace", STRING, False),
        ("follows", ROLE, False),
    ],
    "managers": [("role", ROLE, True), ("add", ROLE, False), ("remove", ROLE, False)],
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


def test_every_preset_is_offered_and_those_with_suggestions_suggest() -> None:
    options = {option["name"]: option for option in SUB_COMMANDS["set"]["options"]}

    assert [choice["value"] for choice in options["preset"]["choices"]] == list(Preset)
    for choice in options["preset"]["choices"]:
        assert all(1 <= len(name) <= 100 for name in (choice["name"], *choice["name_localizations"].values()))
    assert {name for name, option in options.items() if option.get("autocomplete")} == {
        "duration",
        "longest",
        "until",
        "grace",
    }
    for name in ("show", "remove"):
        [role] = SUB_COMMANDS[name]["options"]
        assert role["autocomplete"]

"""What the bot registers for `/timersettings`, held against Discord's rules for sub-commands."""

from typing import Any

import pytest

from boostmon.domain.languages import Language
from boostmon.domain.policy import Stacking
from tests.unit.bot.idle import idle_cog
from tests.unit.bot.test_command_payloads import NAME

SUB_COMMAND, STRING, INTEGER, BOOLEAN, CHANNEL, ROLE = 1, 3, 4, 5, 7, 8
MANAGE_GUILD = str(1 << 5)


[PAYLOAD] = [one.get_payload(None) for one in idle_cog().application_commands if one.name == "timersettings"]
SUB_COMMANDS: dict[str, dict[str, Any]] = {one["name"]: one for one in PAYLOAD["options"]}


def test_it_is_for_those_who_may_manage_the_server() -> None:
    assert PAYLOAD["name"] == "timersettings"
    assert PAYLOAD["default_member_permissions"] == MANAGE_GUILD
    assert PAYLOAD["contexts"] == [0]
    assert PAYLOAD["integration_types"] == [0]


OPTIONS = {
    "show": [],
    "thresholds": [("list", STRING, True)],
    "channel": [("channel", CHANNEL, False), ("off", BOOLEAN, False)],
    "log": [("channel", CHANNEL, False), ("off", BOOLEAN, False)],
    "dms": [("on", BOOLEAN, True)],
    "language": [("language", STRING, True)],
    "stacking": [("rule", STRING, True)],
    "taken-by-hand": [("then", STRING, True)],
    "rejoin": [("then", STRING, True)],
    "longest": [("limit", STRING, True)],
    "default": [("duration", STRING, True)],
    "managers": [("add", ROLE, False), ("remove", ROLE, False)],
    "self-pause": [("days", INTEGER, True)],
    "timezone": [("zone", STRING, True)],
    "months": [("kind", STRING, True)],
    "timeable": [("add", ROLE, False), ("remove", ROLE, False), ("all", BOOLEAN, False)],
}


def test_each_sub_command_has_its_options() -> None:
    assert {one["type"] for one in SUB_COMMANDS.values()} == {SUB_COMMAND}
    assert {
        name: [(option["name"], option["type"], option.get("required", False)) for option in one.get("options", [])]
        for name, one in SUB_COMMANDS.items()
    } == OPTIONS
    assert len(SUB_COMMANDS) == len(PAYLOAD["options"])


def test_names_and_descriptions_keep_discords_limits() -> None:
    named = [PAYLOAD, *SUB_COMMANDS.values()]
    named += [option for one in SUB_COMMANDS.values() for option in one.get("options", [])]
    for one in named:
        assert NAME.fullmatch(one["name"])
        assert 1 <= len(one["description"]) <= 100
        assert one["description"] != "No description provided."


@pytest.mark.parametrize("name", ["channel", "log"])
def test_channels_are_ones_to_write_in(name: str) -> None:
    channel, _ = SUB_COMMANDS[name]["options"]
    assert sorted(channel["channel_types"]) == [0, 5, 10, 11, 12]


def test_days_of_pauses_are_bounded_by_discord() -> None:
    [days] = SUB_COMMANDS["self-pause"]["options"]

    assert (days["min_value"], days["max_value"]) == (0, 365)


def test_every_rule_for_a_second_timer_is_offered() -> None:
    [rule] = SUB_COMMANDS["stacking"]["options"]

    assert [one["value"] for one in rule["choices"]] == list(Stacking)
    assert all(one["name_localizations"] for one in rule["choices"])


def test_each_language_is_offered_in_itself_and_automatic_in_the_askers() -> None:
    [language] = SUB_COMMANDS["language"]["options"]

    assert {one["name"]: one["value"] for one in language["choices"]} == {
        "Automatic": "auto",
        "English": "en",
        "Deutsch": "de",
        "Français": "fr",
        "Español": "es",
        "Português do Brasil": "pt_BR",
    }
    assert {one["value"] for one in language["choices"]} == {"auto", *Language}
    assert [
        (one["name_localizations"] or {}).get("fr") for one in language["choices"] if one["value"] in {"auto", "de"}
    ] == [
        "Automatique",
        None,
    ]

"""What the bot registers, held against Discord's rules for application commands."""

import re
from typing import Any

import pytest

from boostmon.entrypoints.bot.commands.table import COMMANDS as TABLE
from tests.unit.bot.idle import idle_cog

STRING, BOOLEAN, USER, CHANNEL, ROLE = 3, 5, 6, 7, 8
MANAGE_ROLES = str(1 << 28)
NAME = re.compile(r"[-_a-z]{1,32}")

PAYLOADS = {str(one.name): one.get_payload(None) for one in idle_cog().application_commands}
del PAYLOADS["timersettings"], PAYLOADS["timerrule"]
COMMANDS = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())


def _options(payload: dict[str, Any]) -> list[tuple[str, int, bool]]:
    return [(option["name"], option["type"], option.get("required", False)) for option in payload.get("options", [])]


OPTIONS = {
    "settime": "user! role! duration starts channel reason",
    "addtime": "user! duration! role reason",
    "removetime": "user! duration! role reason",
    "pausetime": "user! duration role reason",
    "resumetime": "user! role reason",
    "cleartime": "user! role keep_role reason",
    "movetime": "from! to! role reason",
    "timeleft": "user role",
    "mypause": "duration role",
    "myresume": "role",
}
FOR_ALL_MEMBERS = {"timeleft", "mypause", "myresume"}


def test_each_command_has_its_options_in_their_order() -> None:
    assert {
        name: " ".join(f"{option}{'!' * required}" for option, _, required in _options(payload))
        for name, payload in PAYLOADS.items()
    } == OPTIONS


@COMMANDS
def test_names_and_descriptions_keep_discords_limits(payload: dict[str, Any]) -> None:
    for named in (payload, *payload.get("options", [])):
        assert NAME.fullmatch(named["name"])
        assert 1 <= len(named["description"]) <= 100
        assert named["description"] != "No description provided."


@COMMANDS
def test_required_options_come_first(payload: dict[str, Any]) -> None:
    required = [required for _, _, required in _options(payload)]
    assert required == sorted(required, reverse=True)


@COMMANDS
def test_commands_are_for_guilds_that_installed_the_bot(payload: dict[str, Any]) -> None:
    assert payload["type"] == 1
    assert payload["contexts"] == [0]
    assert payload["integration_types"] == [0]


@COMMANDS
def test_what_not_all_members_may_use_asks_for_manage_roles_as_text(payload: dict[str, Any]) -> None:
    asked = payload.get("default_member_permissions")
    assert asked == (None if payload["name"] in FOR_ALL_MEMBERS else MANAGE_ROLES)


@COMMANDS
def test_options_have_their_types(payload: dict[str, Any]) -> None:
    types = {
        "user": USER,
        "duration": STRING,
        "starts": STRING,
        "channel": CHANNEL,
        "reason": STRING,
        "keep_role": BOOLEAN,
    }
    types |= {"from": USER, "to": USER}
    types["role"] = ROLE if payload["name"] == "settime" else STRING
    for name, kind, _ in _options(payload):
        assert kind == types[name]


@COMMANDS
def test_texts_are_bounded_and_those_with_suggestions_suggest(payload: dict[str, Any]) -> None:
    for option in payload.get("options", []):
        if option["type"] == STRING:
            assert 1 <= option["max_length"] <= 400
            assert option.get("autocomplete", False) == (option["name"] in {"duration", "starts", "role"})
            assert "choices" not in option


def test_the_channel_is_one_to_write_in() -> None:
    [channel] = [option for option in PAYLOADS["settime"]["options"] if option["name"] == "channel"]
    assert sorted(channel["channel_types"]) == [0, 5, 10, 11, 12]


def test_two_bots_of_one_process_do_not_share_their_commands() -> None:
    first, second = ({id(command) for command in cog.application_commands} for cog in (idle_cog(), idle_cog()))
    assert len(first) == len(second) == len(TABLE)
    assert first.isdisjoint(second)

"""What the bot registers, held against Discord's rules for application commands."""

import re
from datetime import UTC
from typing import Any, cast

import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.commands.timers import TimerCommands
from boostmon.entrypoints.bot.conversing.lanes import Lanes
from tests.unit.bot.idle import idle_conversations

STRING, BOOLEAN, USER, CHANNEL, ROLE = 3, 5, 6, 7, 8
MANAGE_ROLES = str(1 << 28)
NAME = re.compile(r"[-_a-z]{1,32}")


def _cog() -> TimerCommands:
    clock, lanes, conversations = ManualClock(), Lanes(), idle_conversations()
    completion = Completion(InMemoryTimers(MemoryStore()), clock, UTC, lanes, conversations.rivals)
    # Nothing is carried out here, so nothing needs to stand behind the commands.
    return TimerCommands(cast("Any", None), completion, conversations, UTC)


def _payloads() -> dict[str, dict[str, Any]]:
    cog = _cog()
    return {str(command.name): command.get_payload(None) for command in cog.application_commands}


PAYLOADS = _payloads()
COMMANDS = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())


def _options(payload: dict[str, Any]) -> list[tuple[str, int, bool]]:
    return [(option["name"], option["type"], option.get("required", False)) for option in payload["options"]]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("settime", "user! role! duration! channel reason"),
        ("addtime", "user! duration! role reason"),
        ("removetime", "user! duration! role reason"),
        ("pausetime", "user! role reason"),
        ("resumetime", "user! role reason"),
        ("cleartime", "user! role keep_role reason"),
        ("timeleft", "user role"),
    ],
)
def test_each_command_has_its_options_in_their_order(name: str, options: str) -> None:
    assert " ".join(f"{option}{'!' * required}" for option, _, required in _options(PAYLOADS[name])) == options


def test_there_are_seven() -> None:
    assert len(PAYLOADS) == 7


@COMMANDS
def test_names_and_descriptions_keep_discords_limits(payload: dict[str, Any]) -> None:
    for named in (payload, *payload["options"]):
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
def test_all_but_timeleft_ask_for_manage_roles_as_text(payload: dict[str, Any]) -> None:
    asked = payload.get("default_member_permissions")
    assert asked == (None if payload["name"] == "timeleft" else MANAGE_ROLES)


@COMMANDS
def test_options_have_their_types(payload: dict[str, Any]) -> None:
    types = {"user": USER, "duration": STRING, "channel": CHANNEL, "reason": STRING, "keep_role": BOOLEAN}
    types["role"] = ROLE if payload["name"] == "settime" else STRING
    for name, kind, _ in _options(payload):
        assert kind == types[name]


@COMMANDS
def test_texts_are_bounded_and_those_with_suggestions_suggest(payload: dict[str, Any]) -> None:
    for option in payload["options"]:
        if option["type"] == STRING:
            assert 1 <= option["max_length"] <= 400
            assert option.get("autocomplete", False) == (option["name"] in {"duration", "role"})
            assert "choices" not in option


def test_the_channel_is_one_to_write_in() -> None:
    [channel] = [option for option in PAYLOADS["settime"]["options"] if option["name"] == "channel"]
    assert sorted(channel["channel_types"]) == [0, 5, 10, 11, 12]


def test_two_bots_of_one_process_do_not_share_their_commands() -> None:
    first, second = ({id(command) for command in cog.application_commands} for cog in (_cog(), _cog()))
    assert len(first) == len(second) == 7
    assert first.isdisjoint(second)

from typing import Any

import pytest
from simcord.backend.errors import BackendError

from boostmon.sandbox import commands
from boostmon.sandbox.calls import Call
from boostmon.sandbox.world import World

TEXT = {"type": 3, "name": "text", "description": "A text"}
COMMAND = {"name": "say", "description": "Say it", "type": 1, "options": [TEXT], "nsfw": False}


def call(world: World, method: str, rest: str = "", body: Any = None, scope: str = "") -> tuple[int, Any]:
    path = f"/applications/{world.bot_id}{scope}/commands{rest}"
    handled = commands.handle(world, Call(method, path, {}, body, None, None))
    assert handled is not None
    return handled


def test_a_command_is_created_once_and_then_replaced(world: World) -> None:
    status, first = call(world, "POST", body=COMMAND)
    again, second = call(world, "POST", body={**COMMAND, "description": "Say it again"})

    assert (status, again) == (201, 200)
    assert first["id"] == second["id"]
    assert call(world, "GET") == (200, [second])
    assert call(world, "GET", f"/{first['id']}") == (200, second)


def test_what_is_read_back_is_what_was_sent(world: World) -> None:
    _, made = call(world, "POST", body={**COMMAND, "default_member_permissions": "268435456"})

    assert made["options"] == [TEXT]
    assert made["default_member_permissions"] == "268435456"
    assert made["contexts"] is None
    assert "options" not in call(world, "POST", body={**COMMAND, "options": []})[1]


def test_a_command_is_edited_and_deleted(world: World) -> None:
    _, made = call(world, "POST", body=COMMAND)

    status, edited = call(world, "PATCH", f"/{made['id']}", {"name": "tell"})
    assert (status, edited["name"], edited["id"], edited["options"]) == (200, "tell", made["id"], [TEXT])

    assert call(world, "DELETE", f"/{made['id']}") == (204, None)
    with pytest.raises(BackendError, match="10063"):
        call(world, "GET", f"/{made['id']}")


def test_a_bulk_write_replaces_everything(world: World) -> None:
    call(world, "POST", body=COMMAND)

    status, all_of_them = call(world, "PUT", body=[{**COMMAND, "name": "one"}, {**COMMAND, "name": "two"}])

    assert status == 200
    assert [c["name"] for c in call(world, "GET")[1]] == [c["name"] for c in all_of_them] == ["one", "two"]


def test_guild_commands_are_apart(world: World) -> None:
    scope = f"/guilds/{world.guild_id}"

    _, made = call(world, "POST", body=COMMAND, scope=scope)

    assert made["guild_id"] == str(world.guild_id)
    assert call(world, "GET") == (200, [])
    with pytest.raises(BackendError, match="10004"):
        call(world, "GET", scope="/guilds/1")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": "Say"}, "not a valid name"),
        ({"name": "say it"}, "not a valid name"),
        ({"name": None}, "name: This field is required"),
        ({"description": ""}, "between 1 and 100"),
        ({"description": "x" * 101}, "between 1 and 100"),
        ({"default_member_permissions": 8}, "string of digits"),
        ({"options": [TEXT] * 26}, "25 or fewer"),
        ({"options": [{**TEXT, "description": ""}]}, "between 1 and 100"),
        ({"options": [TEXT, {**TEXT, "name": "more", "required": True}]}, "required options come before"),
        ({"options": [{**TEXT, "autocomplete": True, "choices": [{}]}]}, "both choices and autocomplete"),
    ],
)
def test_what_discord_refuses_is_refused(world: World, change: dict[str, Any], why: str) -> None:
    with pytest.raises(BackendError, match=why) as refused:
        call(world, "POST", body={**COMMAND, **change})

    assert (refused.value.status, refused.value.code) == (400, 50035)


def test_context_menu_names_may_have_spaces(world: World) -> None:
    assert call(world, "POST", body={"name": "Role timers", "type": 2})[0] == 201


def test_other_paths_are_left_to_others(world: World) -> None:
    assert commands.handle(world, Call("GET", "/users/@me", {}, None, None, None)) is None

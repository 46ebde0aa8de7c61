from typing import Any

import pytest
from simcord.backend.errors import BackendError

from boostmon.sandbox import guards, membership
from boostmon.sandbox.calls import Call
from boostmon.sandbox.world import World


def call(method: str, path: str, body: Any = None, reason: str | None = None) -> Call:
    return Call(method, path, {}, body, reason, None)


@pytest.mark.parametrize(
    ("choices", "fine"),
    [
        ([{"name": "n", "value": "v"}] * 25, True),
        ([], True),
        ([{"name": "n", "value": "v"}] * 26, False),
        ([{"name": "x" * 101, "value": "v"}], False),
        ([{"name": "n", "value": ""}], False),
    ],
)
def test_choices_have_bounds(world: World, choices: list[dict[str, str]], fine: bool) -> None:
    offered = call("POST", "/interactions/1/t/callback", {"type": 8, "data": {"choices": choices}})

    if fine:
        guards.check(world, offered)
    else:
        with pytest.raises(BackendError, match="50035"):
            guards.check(world, offered)


@pytest.mark.parametrize("place", ["guilds", "channels"])
def test_where_the_bot_is_not_a_member_everything_is_unknown(world: World, place: str) -> None:
    number = world.guild_id if place == "guilds" else world.channel("#general").id
    looking = call("GET", f"/{place}/{number}")
    guards.check(world, looking)
    listed = [{"id": str(world.guild_id)}]
    assert guards.seen(world, call("GET", "/users/@me/guilds"), listed) == listed

    membership.expel(world)

    with pytest.raises(BackendError, match="Unknown"):
        guards.check(world, looking)
    assert guards.seen(world, call("GET", "/users/@me/guilds"), listed) == []


def test_a_nonce_is_remembered_for_some_minutes() -> None:
    seconds = 0.0
    nonces = guards.Nonces(lambda: seconds)
    sent = call("POST", "/channels/1/messages", {"content": "x", "nonce": "n", "enforce_nonce": True})
    message: dict[str, Any] = {"id": "5"}

    assert nonces.earlier(sent) is None
    nonces.remember(sent, message)

    assert nonces.earlier(sent) is message
    assert message["nonce"] == "n"
    seconds = guards.NONCE_SECONDS + 1
    assert nonces.earlier(sent) is None


def test_a_nonce_that_is_not_enforced_hinders_nothing() -> None:
    nonces = guards.Nonces(lambda: 0.0)
    sent = call("POST", "/channels/1/messages", {"content": "x", "nonce": 7})
    nonces.remember(sent, {"id": "5"})

    assert nonces.earlier(sent) is None


def test_a_nonce_has_at_most_25_characters() -> None:
    with pytest.raises(BackendError, match="nonce"):
        guards.Nonces().earlier(call("POST", "/channels/1/messages", {"nonce": "x" * 26}))


def test_unknown_members_and_roles_are_left_to_the_route(world: World) -> None:
    guards.check(world, call("PUT", f"/guilds/{world.guild_id}/members/1/roles/2"))
    guards.check(world, call("DELETE", "/guilds/1/members/1/roles/2"))

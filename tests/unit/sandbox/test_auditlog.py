"""What stands in the audit log, in the form that Discord gives it."""

from typing import Any

import pytest
from simcord.http import router

from boostmon.sandbox import handing
from boostmon.sandbox.calls import Call
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.world import World
from tests.unit.sandbox.conftest import Events, entries

ROLES_CHANGED, KICKED, BANNED, BOT_ADDED = 25, 20, 22, 28


def named(world: World, role: str) -> dict[str, str]:
    found = world.role(role)
    return {"id": str(found.id), "name": found.name}


def entry(world: World, by: str, target: str, *changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A sent entry about somebody's roles, but for its own id."""
    return {
        "guild_id": str(world.guild_id),
        "action_type": ROLES_CHANGED,
        "user_id": str(world.user(by).id),
        "target_id": str(world.user(target).id),
        "changes": list(changes),
        **more,
    }


def ask(world: World, method: str, user: str, role: str, reason: str | None = None) -> Any:
    path = f"/guilds/{world.guild_id}/members/{world.user(user).id}/roles/{world.role(role).id}"
    handled = handing.handle(world, Call(method, path, {}, None, reason, None))
    return handled or router.dispatch(world.backend, method, path, reason=reason)


def without_id(sent: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sent.items() if key != "id"}


def test_a_person_and_another_bot_are_named_as_who_did_it(world: World, changes: Changes, events: Events) -> None:
    changes.add_bot("@Patron", by="@owner")
    changes.give("@alice", "@VIP", by="@mod")
    changes.take("@alice", "@VIP", by="@Patron", reason="no pledge")

    added, given, taken = entries(events)
    assert (added["action_type"], added["target_id"]) == (BOT_ADDED, str(world.user("@Patron").id))
    vip = [named(world, "@VIP")]
    assert without_id(given) == entry(world, "@mod", "@alice", {"key": "$add", "new_value": vip})
    assert without_id(taken) == entry(
        world, "@Patron", "@alice", {"key": "$remove", "new_value": vip}, reason="no pledge"
    )
    assert int(added["id"]) < int(given["id"]) < int(taken["id"])


def test_the_bots_own_requests_have_the_same_form(world: World, events: Events) -> None:
    ask(world, "PUT", "@alice", "@VIP", "by @mod: 30 min")
    ask(world, "DELETE", "@alice", "@VIP")
    path = f"/guilds/{world.guild_id}/members/{world.user('@alice').id}"
    router.dispatch(world.backend, "PUT", f"{path}/roles/{world.role('@VIP').id}")
    router.dispatch(world.backend, "PATCH", path, json={"roles": [str(world.role("@Supporter").id)]})

    added, removed = ({"key": key, "new_value": [named(world, "@VIP")]} for key in ("$add", "$remove"))
    swapped = {"key": "$add", "new_value": [named(world, "@Supporter")]}
    assert [without_id(sent) for sent in entries(events)] == [
        entry(world, "@BoostMon", "@alice", added, reason="by @mod: 30 min"),
        entry(world, "@BoostMon", "@alice", removed),
        entry(world, "@BoostMon", "@alice", added),
        entry(world, "@BoostMon", "@alice", swapped, removed),
    ]


def test_a_request_that_changes_nothing_leaves_no_trace(world: World, events: Events) -> None:
    assert ask(world, "DELETE", "@alice", "@VIP") == (204, None)
    ask(world, "PUT", "@alice", "@VIP")
    heard = len(events)

    assert ask(world, "PUT", "@alice", "@VIP") == (204, None)

    assert len(events) == heard == 2


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_other_requests_are_left_to_simcord(world: World, method: str) -> None:
    for path in ("/guilds/1/members/2/roles/3", f"/guilds/{world.guild_id}/members/2/roles/3", "/users/@me"):
        assert handing.handle(world, Call(method, path, {}, None, None, None)) is None
    assert (
        handing.handle(world, Call("GET", f"/guilds/{world.guild_id}/members/2/roles/3", {}, None, None, None)) is None
    )


def test_several_roles_change_hands_in_one_entry(world: World, changes: Changes, events: Events) -> None:
    changes.give("@alice", "@VIP", by="@mod")
    alice, vip, supporter = world.user("@alice").id, world.role("@VIP").id, world.role("@Supporter").id

    handing.hand(world, alice, give=[supporter, vip], take=[vip], by=world.user("@staff").id)

    assert world.member("@alice").role_ids == [supporter]
    assert entries(events)[1]["changes"] == [
        {"key": "$add", "new_value": [named(world, "@Supporter")]},
        {"key": "$remove", "new_value": [named(world, "@VIP")]},
    ]
    heard = len(events)
    handing.hand(world, alice, give=[supporter], take=[vip], by=world.user("@staff").id)
    assert len(events) == heard


def test_who_is_thrown_out_stands_in_the_log_and_who_leaves_or_comes_does_not(
    world: World, changes: Changes, events: Events
) -> None:
    changes.kick("@bob", by="@staff")
    changes.join("@bob")
    changes.leave("@bob")
    changes.join("@bob")

    [kicked] = entries(events)
    assert without_id(kicked) == {
        "guild_id": str(world.guild_id),
        "action_type": KICKED,
        "user_id": str(world.user("@staff").id),
        "target_id": str(world.user("@bob").id),
    }
    assert [event for event, _ in events].count("GUILD_MEMBER_REMOVE") == 2


def test_who_is_banned_is_gone_and_stands_in_the_log(world: World, changes: Changes, events: Events) -> None:
    changes.ban("@bob", by="@staff")

    [banned] = entries(events)
    assert (banned["action_type"], banned["target_id"]) == (BANNED, str(world.user("@bob").id))
    assert [event for event, _ in events].count("GUILD_MEMBER_REMOVE") == 1
    with pytest.raises(CannotDo, match="owner leave"):
        changes.ban("@owner", by="@staff")
    changes.join("@bob")
    assert world.member("@bob").role_ids == []


@pytest.mark.parametrize("user", ["@owner", "@BoostMon", "@nobody"])
def test_some_cannot_leave(changes: Changes, user: str) -> None:
    with pytest.raises(CannotDo):
        changes.leave(user)

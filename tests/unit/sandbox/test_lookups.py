"""Pages of the audit log, and how many members have each role."""

from typing import Any

import pytest
from simcord.backend.errors import BackendError

from boostmon.sandbox import lookups
from boostmon.sandbox.calls import Call
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.world import World
from tests.unit.sandbox.conftest import StoppedClock

ROLES_CHANGED = 25
DAY = 86_400.0
EMPTY = (
    "integrations",
    "webhooks",
    "threads",
    "application_commands",
    "auto_moderation_rules",
    "guild_scheduled_events",
)


def page(world: World, **query: object) -> dict[str, Any]:
    path = f"/guilds/{world.guild_id}/audit-logs"
    handled = lookups.handle(world, Call("GET", path, {k: str(v) for k, v in query.items()}, None, None, None))
    assert handled is not None
    status, payload = handled
    assert status == 200
    assert isinstance(payload, dict)
    return payload


def ids(world: World, **query: object) -> list[int]:
    return [int(entry["id"]) for entry in page(world, **query)["audit_log_entries"]]


@pytest.fixture
def written(world: World, changes: Changes, clock: StoppedClock) -> list[int]:
    """Six entries, one a second: a role given and taken, then a member kicked, and that again."""
    for user in ("@alice", "@bob"):
        for deed in (changes.give, changes.take):
            deed(user, "@VIP", by="@mod")
            clock.move(1)
        changes.kick(user, by="@owner")
        clock.move(1)
    return [entry.id for entry in world.guild.audit_log_entries]


def test_the_newest_come_first_unless_those_after_one_are_asked_for(world: World, written: list[int]) -> None:
    assert written == sorted(set(written))
    assert ids(world) == written[::-1]
    assert ids(world, limit=2) == [written[5], written[4]]
    assert ids(world, before=written[3]) == [written[2], written[1], written[0]]
    assert ids(world, before=written[3], limit=1) == [written[2]]
    assert ids(world, after=written[1]) == written[2:]
    assert ids(world, after=0, limit=2) == written[:2]
    assert ids(world, after=written[1], before=written[4]) == [written[2], written[3]]
    assert ids(world, after=written[5]) == []


def test_entries_are_chosen_by_what_was_done_by_whom_and_to_whom(world: World, written: list[int]) -> None:
    mod, alice = world.user("@mod").id, world.user("@alice").id

    assert ids(world, action_type=ROLES_CHANGED, after=0) == [written[i] for i in (0, 1, 3, 4)]
    assert ids(world, action_type=ROLES_CHANGED, after=written[0], limit=2) == [written[1], written[3]]
    assert ids(world, user_id=mod, target_id=alice) == [written[1], written[0]]
    assert ids(world, action_type=1) == []


def test_a_page_has_at_most_a_hundred_and_fifty_by_default(world: World, changes: Changes) -> None:
    for _ in range(60):
        changes.give("@alice", "@VIP", by="@mod")
        changes.take("@alice", "@VIP", by="@mod")

    assert len(ids(world)) == 50
    assert len(ids(world, limit=100, after=0)) == 100


def test_a_page_has_discords_form(world: World, changes: Changes) -> None:
    changes.give("@alice", "@VIP", by="@mod")

    found = page(world)

    [entry] = found.pop("audit_log_entries")
    assert {user["username"] for user in found.pop("users")} == {"alice", "mod"}
    assert found == {name: [] for name in EMPTY}
    assert entry == {
        "id": entry["id"],
        "action_type": ROLES_CHANGED,
        "user_id": str(world.user("@mod").id),
        "target_id": str(world.user("@alice").id),
        "changes": [{"key": "$add", "new_value": [{"id": str(world.role("@VIP").id), "name": "VIP"}]}],
    }


def test_what_is_older_than_45_days_is_forgotten(world: World, written: list[int], clock: StoppedClock) -> None:
    clock.move(45 * DAY - 6)
    assert ids(world, after=0) == written

    clock.move(1.5)

    assert ids(world, after=0) == written[2:]


@pytest.mark.parametrize(
    ("query", "code"), [({"limit": 0}, 50035), ({"limit": 101}, 50035), ({"after": "x"}, 50035), ({"limit": -1}, 50035)]
)
def test_wrong_questions_are_refused(world: World, query: dict[str, object], code: int) -> None:
    with pytest.raises(BackendError, match=str(code)):
        page(world, **query)


def test_the_log_is_for_those_who_may_see_it(world: World, changes: Changes) -> None:
    changes.set_permission("view-audit-log", allowed=False)

    with pytest.raises(BackendError, match="50013") as refused:
        page(world)

    assert refused.value.status == 403


def test_the_members_of_each_role_are_counted(world: World, changes: Changes) -> None:
    for user in ("@alice", "@bob"):
        changes.give(user, "@VIP", by="@mod")
    changes.give("@alice", "@Supporter", by="@mod")

    def counts() -> dict[str, int]:
        handled = lookups.handle(
            world, Call("GET", f"/guilds/{world.guild_id}/roles/member-counts", {}, None, None, None)
        )
        assert handled is not None
        return {world.role_name(int(role)): number for role, number in handled[1].items()}

    always = {"@BoostMon": 1, "@Moderator": 1, "@Staff": 1, "@Booster": 1}
    assert counts() == {**always, "@VIP": 2, "@Supporter": 1}
    changes.leave("@alice")
    assert counts() == {**always, "@VIP": 1}


@pytest.mark.parametrize(("method", "path"), [("POST", "/guilds/1/audit-logs"), ("GET", "/guilds/1/roles")])
def test_other_requests_are_left_to_simcord(world: World, method: str, path: str) -> None:
    assert lookups.handle(world, Call(method, path, {}, None, None, None)) is None

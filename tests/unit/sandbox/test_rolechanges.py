"""Roles that are swapped, and given to and taken from many at once."""

import pytest

from boostmon.sandbox import listing
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.world import World
from tests.unit.sandbox.conftest import Events, entries, names


def holders(world: World, role: str) -> set[str]:
    found = world.role(role).id
    return {world.user_name(user) for user, member in world.guild.members.items() if found in member.role_ids}


def test_a_swap_is_one_entry_and_one_update(world: World, changes: Changes, events: Events) -> None:
    changes.give("@alice", "@VIP", by="@mod")

    changes.swap("@alice", "@VIP", "@Supporter", by="@staff", reason="tier")

    assert names(world, "@alice") == {"@Supporter"}
    entry = entries(events)[1]
    assert [(change["key"], change["new_value"][0]["name"]) for change in entry["changes"]] == [
        ("$add", "Supporter"),
        ("$remove", "VIP"),
    ]
    assert entry["reason"] == "tier"
    assert [event for event, _ in events].count("GUILD_MEMBER_UPDATE") == 2
    for old, new in (("@VIP", "@Supporter"), ("@Supporter", "@Supporter"), ("@Supporter", "@Booster")):
        with pytest.raises(CannotDo):
            changes.swap("@alice", old, new, by="@staff")


def test_a_burst_has_as_many_entries_as_changes(world: World, changes: Changes, events: Events) -> None:
    changes.add_bot("@Patron", by="@owner")

    assert changes.burst(3, "@VIP", "@Patron", give=True) == "3 were given @VIP at once"
    assert changes.burst(4, "@Supporter", "@Patron", give=True) == "4 were given @Supporter at once"
    assert changes.burst(2, "@VIP", "@mod", give=False) == "2 lost @VIP at once"

    assert holders(world, "@VIP") == {"@fan-3"}
    assert holders(world, "@Supporter") == {"@fan-1", "@fan-2", "@fan-3", "@fan-4"}
    told = entries(events)[1:]
    assert len({entry["id"] for entry in told}) == len(told) == 9
    assert [world.user_name(int(entry["user_id"])) for entry in told] == ["@Patron"] * 7 + ["@mod"] * 2


def test_fans_get_a_role_again_before_new_ones_come(world: World, changes: Changes) -> None:
    changes.burst(2, "@VIP", "@mod", give=True)
    changes.take("@fan-1", "@VIP", by="@mod")
    changes.leave("@fan-2")

    changes.burst(2, "@VIP", "@mod", give=True)

    assert len(holders(world, "@VIP")) == 2
    assert "@fan-1" in holders(world, "@VIP")


@pytest.mark.parametrize(
    ("count", "role", "give", "why"),
    [
        (0, "@VIP", True, "from 1 to"),
        (10_001, "@VIP", True, "from 1 to"),
        (1, "@VIP", False, "Only 0 have @VIP"),
        (1, "@Booster", True, "managed"),
        (1, "@everyone", True, "Everybody"),
        (1, "@nothing", True, "no role"),
    ],
)
def test_some_bursts_cannot_be(changes: Changes, count: int, role: str, give: bool, why: str) -> None:
    with pytest.raises(CannotDo, match=why):
        changes.burst(count, role, "@mod", give=give)


def test_the_audit_log_is_silent_or_off_until_it_is_on_again(world: World, changes: Changes, events: Events) -> None:
    for how, user in (("silent", "@alice"), ("off", "@bob"), ("on", "@carol")):
        changes.keep_audit_log(how)
        changes.give(user, "@VIP", by="@mod")

    written = [world.user_name(entry.target_id or 0) for entry in world.guild.audit_log_entries]
    assert written == ["@alice", "@carol"]
    assert [world.user_name(int(entry["target_id"])) for entry in entries(events)] == ["@carol"]
    assert [event for event, _ in events].count("GUILD_MEMBER_UPDATE") == 3
    with pytest.raises(CannotDo, match="`audit-log on`, `audit-log silent` or `audit-log off`"):
        changes.keep_audit_log("loud")


def test_the_audit_log_is_listed_for_people(world: World, changes: Changes) -> None:
    changes.add_bot("@Patron", by="@owner")
    changes.give("@alice", "@VIP", by="@mod")
    changes.swap("@alice", "@VIP", "@Supporter", by="@Patron", reason="tier")
    changes.kick("@alice", by="@mod")
    world.backend.record_audit_log(world.guild_id, 30, target_id=7)

    assert listing.audit_log(world) == [
        "  12:00:00  @owner added @Patron",
        "  12:00:00  @mod gave @alice @VIP",
        "  12:00:00  @Patron gave @alice @Supporter and took @VIP from @alice: tier",
        "  12:00:00  @mod kicked @alice",
        "  12:00:00  @BoostMon did 30 to 7",
    ]

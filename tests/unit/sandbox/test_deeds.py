"""`give`, `take` and `kick` in their forms."""

import pytest

from boostmon.sandbox import deeds
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.world import World
from tests.unit.sandbox.conftest import Events, entries, names


def test_whoever_types_does_it_unless_another_is_named(world: World, changes: Changes, events: Events) -> None:
    changes.create_role("@Gold Star")
    assert deeds.give(changes, "@alice @VIP", "@mod") is None
    deeds.give(changes, "@alice @Gold Star by @staff", "@mod")
    assert names(world, "@alice") == {"@VIP", "@Gold Star"}

    deeds.take(changes, "@alice @VIP by @owner", "@mod")
    deeds.kick(changes, "@bob by @staff", "@mod")
    deeds.kick(changes, "@carol", "@mod")

    assert names(world, "@alice") == {"@Gold Star"}
    doers = [world.user_name(int(entry["user_id"])) for entry in entries(events)]
    assert doers == ["@mod", "@staff", "@owner", "@staff", "@mod"]


def test_what_is_so_already_is_said(changes: Changes) -> None:
    assert deeds.take(changes, "@alice @VIP", "@mod") == "@alice does not have @VIP"
    deeds.give(changes, "@alice @VIP", "@mod")
    assert deeds.give(changes, "@alice @VIP by @staff", "@mod") == "@alice has @VIP already"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "`give @bob @VIP` or `give @bob @VIP by @staff`"),
        ("@alice", "Write it like"),
        ("by @staff", "Write it like"),
        ("@alice by @staff", "Write it like"),
        ("@alice @VIP by @nobody", "no user '@nobody'"),
        ("@alice @VIP by", "no role '@VIP by'"),
        ("@nobody @VIP", "no user '@nobody'"),
    ],
)
def test_a_wrong_form_is_told_with_the_right_one(changes: Changes, text: str, why: str) -> None:
    with pytest.raises(CannotDo, match=why):
        deeds.give(changes, text, "@mod")

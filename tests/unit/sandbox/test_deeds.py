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
    deeds.ban(changes, "@carol", "@mod")

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


def test_swaps_bursts_and_undoing_have_their_forms(world: World, changes: Changes, events: Events) -> None:
    changes.add_bot("@Patron", by="@owner")
    changes.create_role("@Gold Star")
    deeds.give(changes, "@alice @VIP", "@mod")

    deeds.swap(changes, "@alice @VIP for @Gold Star by @Patron", "@mod")
    assert deeds.burst(changes, "give 2 @Gold Star", "@mod") == "2 were given @Gold Star at once"
    assert deeds.burst(changes, "take 3 @Gold Star by @Patron", "@mod") == "3 lost @Gold Star at once"
    assert deeds.undo(changes, "given @Gold Star by @Patron", "@mod").startswith("@Patron takes @Gold Star back")
    assert deeds.undo(changes, "taken @VIP by @Patron", "@mod").startswith("@Patron gives @VIP back")
    assert deeds.undo(changes, "nothing", "@mod") == "Nobody undoes what others do"

    assert names(world, "@alice") == set()
    doers = [world.user_name(int(entry["user_id"])) for entry in entries(events)]
    assert doers == ["@owner", "@mod", "@Patron", "@mod", "@mod", "@Patron", "@Patron", "@Patron"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("swap", "`swap @bob @VIP for @Supporter`"),
        ("swap @alice @VIP @Supporter", "Write `swap"),
        ("swap @alice @VIP for @Supporter", "@alice does not have @VIP"),
        ("burst", "`burst give 100 @VIP` or `burst take 100 @VIP`"),
        ("burst 100 @VIP", "Write `burst"),
        ("burst give -1 @VIP", "Write `burst"),
        ("burst give many @VIP", "Write `burst"),
        ("burst give 0 @VIP", "from 1 to 10000 changes"),
        ("burst take 1 @VIP", "Only 0 have @VIP"),
        ("undo", "`undo given @VIP by @Patron`"),
        ("undo given @VIP", "Write `undo"),
        ("undo given @VIP by @alice", "`add-bot @Patron` adds one"),
        ("undo everything", "Write `undo"),
    ],
)
def test_odd_words_are_told_the_form(changes: Changes, line: str, why: str) -> None:
    word, _, rest = line.partition(" ")
    [deed] = [deed for deed in deeds.DEEDS if deed.usage.split()[0] == word]

    with pytest.raises(CannotDo, match=why):
        deed.run(changes, rest, "@mod")

"""Another bot that takes back what others give, or gives back what they take."""

import asyncio
from collections.abc import Callable

import pytest

from boostmon.sandbox import undoing
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.world import World
from tests.unit.sandbox.conftest import Events, entries, names


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, changes: Changes) -> None:
    monkeypatch.setattr(undoing, "REACTION_SECONDS", 0.0)
    changes.add_bot("@Patron", by="@owner")


def meanwhile(*deeds: Callable[[], object]) -> None:
    """What is done on a loop, with time for bots to act after each deed."""

    async def run() -> None:
        for deed in deeds:
            deed()
            for _ in range(3):
                await asyncio.sleep(0)

    asyncio.run(run())


def doers(world: World, events: Events) -> list[tuple[str, str]]:
    changed = [entry for entry in entries(events) if "changes" in entry]
    return [(world.user_name(int(entry["user_id"])), entry["changes"][0]["key"]) for entry in changed]


def test_a_role_that_somebody_gives_is_taken_back(world: World, changes: Changes, events: Events) -> None:
    told = changes.undo("@VIP", "@Patron", given=True)

    meanwhile(lambda: changes.give("@alice", "@VIP", by="@mod"), lambda: changes.give("@bob", "@Supporter", by="@mod"))

    assert told == "@Patron takes @VIP back whenever somebody else gives it"
    assert (names(world, "@alice"), names(world, "@bob")) == (set(), {"@Supporter"})
    assert doers(world, events) == [("@mod", "$add"), ("@Patron", "$remove"), ("@mod", "$add")]


def test_a_role_that_somebody_takes_is_given_back(world: World, changes: Changes, events: Events) -> None:
    changes.give("@alice", "@VIP", by="@mod")
    told = changes.undo("@VIP", "@Patron", given=False)

    meanwhile(lambda: changes.take("@alice", "@VIP", by="@mod"), lambda: changes.give("@bob", "@VIP", by="@mod"))

    assert told == "@Patron gives @VIP back whenever somebody else takes it"
    assert names(world, "@alice") == names(world, "@bob") == {"@VIP"}
    assert doers(world, events)[1:] == [("@mod", "$remove"), ("@Patron", "$add"), ("@mod", "$add")]


def test_the_bots_own_deeds_and_those_before_are_left_alone(world: World, changes: Changes) -> None:
    changes.give("@alice", "@VIP", by="@mod")
    changes.undo("@VIP", "@Patron", given=True)

    meanwhile(
        lambda: changes.give("@bob", "@VIP", by="@Patron"),
        lambda: changes.give("@alice", "@Supporter", by="@mod"),
    )

    assert names(world, "@alice") == {"@VIP", "@Supporter"}
    assert names(world, "@bob") == {"@VIP"}


def test_who_returns_without_a_role_is_not_given_it_back(world: World, changes: Changes) -> None:
    changes.give("@alice", "@VIP", by="@mod")
    changes.undo("@VIP", "@Patron", given=False)

    meanwhile(lambda: changes.leave("@alice"), lambda: changes.join("@alice"))
    meanwhile(lambda: changes.give("@alice", "@Supporter", by="@mod"))

    assert names(world, "@alice") == {"@Supporter"}


@pytest.mark.parametrize(
    "first",
    [
        lambda c: c.undo_nothing(),
        lambda c: c.kick("@Patron", by="@owner"),
        lambda c: c.delete_role("@VIP"),
        lambda c: c.leave("@alice"),
        lambda c: c.take("@alice", "@VIP", by="@mod"),
    ],
)
def test_it_is_not_done_if_something_else_comes_first(
    changes: Changes, events: Events, world: World, first: Callable[[Changes], object]
) -> None:
    changes.undo("@VIP", "@Patron", given=True)

    def give_and() -> None:
        changes.give("@alice", "@VIP", by="@mod")
        first(changes)

    meanwhile(give_and)

    assert str(world.user("@Patron").id) not in {entry["user_id"] for entry in entries(events)}


def test_two_of_them_undo_each_other_until_they_are_told_not_to(world: World, changes: Changes, events: Events) -> None:
    changes.add_bot("@Giver", by="@owner")
    changes.undo("@VIP", "@Patron", given=True)
    changes.undo("@VIP", "@Giver", given=False)

    meanwhile(lambda: changes.give("@alice", "@VIP", by="@mod"), *[lambda: None] * 5, changes.undo_nothing)

    roles = [doer for doer, _ in doers(world, events)]
    assert len(roles) > 4
    assert roles[1:5] == ["@Patron", "@Giver", "@Patron", "@Giver"]


@pytest.mark.parametrize("name", ["@alice", "@BoostMon", "@nobody", "@Gone"])
def test_only_another_bot_that_is_here_undoes_something(changes: Changes, name: str) -> None:
    changes.add_bot("@Gone", by="@owner")
    changes.kick("@Gone", by="@owner")

    with pytest.raises(CannotDo, match=r"`add-bot @Patron` adds one|no user"):
        changes.undo("@VIP", name, given=True)

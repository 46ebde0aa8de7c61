"""Who set a timer, by what the ledger says."""

from dataclasses import replace

import pytest

from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.origins import Origin, Step, origins
from tests.support.timers import MINUTE, NOW

ROLE, OTHER = RoleId(1), RoleId(2)


def steps(*actions: Action, role: RoleId = ROLE) -> list[Step]:
    """What people did, the newest first; the number of a step, from one on, is its actor. The first begins."""
    done = [
        Step(role, action, Origin(UserId(number), NOW + number * MINUTE), begins=number == 1)
        for number, action in enumerate(actions, 1)
    ]
    return done[::-1]


SET, ADD, PAUSE, PUT_BACK, UNDO = Action.SET, Action.ADD, Action.PAUSE, Action.PUT_BACK, Action.UNDO


def test_a_timer_that_was_cancelled_before_it_began_is_as_if_never_set() -> None:
    first, longer, cancelled, again = steps(SET, ADD, Action.CLEAR, SET)[::-1]
    story = [first, longer, replace(cancelled, cancels=True)]

    assert origins(story[::-1]) == {}
    assert origins([replace(again, begins=True), *story[::-1]]) == {ROLE: again.origin}
    assert origins([replace(again, action=UNDO), *story[::-1]]) == {ROLE: first.origin}


@pytest.mark.parametrize(
    ("actions", "actor"),
    [
        ([SET], 1),
        ([ADD], 1),
        ([SET, ADD, PAUSE], 1),
        ([SET, SET], 2),
        ([SET, SET, PUT_BACK], 1),
        ([SET, PUT_BACK], None),
        ([SET, PUT_BACK, SET], 3),
        ([SET, SET, UNDO], 1),
        ([SET, ADD, UNDO], 1),
        ([SET, UNDO], None),
        ([SET, SET, PUT_BACK, SET, PUT_BACK], 1),
        ([SET, SET, UNDO, PUT_BACK], 2),
        ([SET, SET, SET, PUT_BACK, UNDO], 1),
        ([SET, SET, UNDO, UNDO], 2),
        ([SET, Action.CLEAR], 1),
        ([PAUSE, ADD], None),
        ([], None),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_the_last_that_stands_has_set_it(actions: list[Action], actor: int | None) -> None:
    found = origins(steps(*actions))

    assert found == ({} if actor is None else {ROLE: Origin(UserId(actor), NOW + actor * MINUTE)})


def test_each_role_has_its_own() -> None:
    mixed = [*steps(SET, SET, PUT_BACK), *steps(SET, PAUSE, UNDO, role=OTHER)]

    assert {role: origin.actor for role, origin in origins(mixed).items()} == {ROLE: 1, OTHER: 1}


def test_what_is_older_than_a_roles_origin_hides_no_other_role() -> None:
    older = [Step(OTHER, SET, Origin(UserId(9), NOW), begins=True)]

    assert {role: origin.actor for role, origin in origins([*steps(SET, SET), *older]).items()} == {ROLE: 2, OTHER: 9}

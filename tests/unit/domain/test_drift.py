"""Whether the number of members with a role says that somebody got or lost it unheard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.drift import Baseline, Drift, Tally, counted, drift

NUMBERS = st.integers(0, 50)


@pytest.mark.parametrize(
    ("tally", "members", "expected"),
    [
        (Tally(due_role=3), 3, Drift.NONE),
        (Tally(due_role=3), 9, Drift.NONE),
        (Tally(due_role=3, starts=True), 9, Drift.NONE),
        (Tally(due_role=3), 2, Drift.FEWER),
        (Tally(due_role=3, unsure=2), 3, Drift.NONE),
        (Tally(due_role=3, baseline=Baseline(4)), 7, Drift.NONE),
        (Tally(due_role=3, baseline=Baseline(4)), 6, Drift.FEWER),
        (Tally(due_role=3, baseline=Baseline(4)), 8, Drift.NONE),
        (Tally(due_role=3, starts=True, baseline=Baseline(4)), 8, Drift.MORE),
        (Tally(due_role=3, unsure=1, starts=True, baseline=Baseline(4)), 8, Drift.NONE),
        (Tally(due_role=3, unsure=1, starts=True, baseline=Baseline(4)), 9, Drift.MORE),
        (Tally(due_role=3, unsure=1, baseline=Baseline(4)), 6, Drift.FEWER),
        (Tally(due_role=3, baseline=Baseline(0, absent=1)), 2, Drift.NONE),
        (Tally(due_role=3, baseline=Baseline(0, absent=1)), 1, Drift.FEWER),
        (Tally(due_role=3, starts=True, baseline=Baseline(0, absent=1)), 3, Drift.MORE),
    ],
)
def test_only_a_change_since_the_last_time_is_news(tally: Tally, members: int, expected: Drift) -> None:
    assert drift(tally, members) is expected


@given(NUMBERS, NUMBERS, NUMBERS, st.booleans(), NUMBERS, NUMBERS)
def test_what_was_counted_is_no_news_the_next_time(
    due: int, unsure: int, members: int, starts: bool, before: int, absent: int
) -> None:
    tally = Tally(due, unsure, starts, Baseline(before))
    found = counted(tally, members, absent=absent)

    assert drift(Tally(due, unsure, starts, found), members) is Drift.NONE
    assert found.absent == absent
    assert 0 <= found.unexplained <= max(members - due + absent - before, 0)


def test_what_is_there_when_nobody_has_counted_yet_is_explained() -> None:
    assert counted(Tally(due_role=3, unsure=1, starts=True), 9) == Baseline(5)


def test_members_that_a_rule_would_have_timed_are_unexplained_until_they_are_fewer() -> None:
    more = counted(Tally(due_role=3, starts=True, baseline=Baseline(5)), 10)
    assert more == Baseline(7, unexplained=2)
    # One of them was given a timer by hand.
    assert counted(Tally(due_role=4, starts=True, baseline=more), 10) == Baseline(6, unexplained=1)
    assert counted(Tally(due_role=3, starts=True, baseline=more), 3) == Baseline(0, unexplained=0)


def test_without_such_a_rule_anybody_may_have_the_role() -> None:
    assert counted(Tally(due_role=3, baseline=Baseline(5)), 10) == Baseline(7)

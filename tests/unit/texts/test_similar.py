"""Names that come near, and what it costs to find them whoever chose the names."""

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import pytest

from boostmon.texts.similar import similar

MOST_LINES = 150_000
"""Of Python that run for the worst that 250 roles may be called; comparing all of them fully takes over ten million."""


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of Python a piece of work runs: its cost, whatever else the machine does."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("@vipp", ["VIP"]),
        ("gold", ["Gold", "Old"]),
        ("suporter", ["Supporter"]),
        ("vpi", ["VIP"]),
        ("nothing like it", []),
        ("", []),
    ],
)
def test_the_nearest_come_first(written: str, near: Sequence[str]) -> None:
    assert similar(written, ["VIP", "Old", "Gold", "Supporter", "@Team"]) == near


def test_no_more_than_three() -> None:
    assert similar("level 10", [f"Level 1{number}" for number in range(9)]) == ["Level 10", "Level 18", "Level 17"]


def test_long_names_are_compared_by_their_beginnings() -> None:
    assert similar("The Grand Order of Boosters", ["The Grand Order of Boosters and of their friends"]) == [
        "The Grand Order of Boosters and of their friends"
    ]


@pytest.mark.parametrize("place", [0, 96])
def test_names_made_to_cost_most_cost_little(place: int) -> None:
    names = [f"{'a' * place}{number:04}{'a' * (96 - place)}" for number in range(250)]
    assert lines_run(lambda: similar("a" * 100, names)) < MOST_LINES


def test_a_text_and_names_of_any_length_cost_no_more() -> None:
    names = [f"{number:03}{'a' * 10_000}" for number in range(10_000)]
    assert lines_run(lambda: similar("ab" * 50_000, names)) < 2 * MOST_LINES

"""`tools.coverage_floor`: lines and branches each reach the floor, room by room."""

import pytest

from tools.coverage_floor import FLOOR_PERCENT, Share, room_coverage


def summary(lines: tuple[int, int], branches: tuple[int, int]) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "covered_lines": lines[0],
            "num_statements": lines[1],
            "covered_branches": branches[0],
            "num_branches": branches[1],
        }
    }


def test_adds_up_the_files_of_one_room_only() -> None:
    report = {
        "files": {
            "boostmon/domain/timer.py": summary((10, 10), (4, 5)),
            "boostmon/domain/deep/policy.py": summary((5, 10), (0, 0)),
            "boostmon/domain_of_others.py": summary((0, 99), (0, 99)),
            "boostmon/app/start.py": summary((0, 99), (0, 99)),
        }
    }
    reached = room_coverage(report, "boostmon/domain")
    assert (reached.lines, reached.branches) == (Share(15, 20), Share(4, 5))
    assert str(reached) == "boostmon/domain: 75.0 % of lines, 80.0 % of branches"


@pytest.mark.parametrize(
    ("lines", "branches", "below"),
    [
        ((90, 100), (9, 10), False),
        ((100, 100), (8, 10), True),
        ((89, 100), (10, 10), True),
        ((100, 100), (0, 0), False),
    ],
    ids=["just enough", "branches too few", "lines too few", "no branch at all"],
)
def test_lines_and_branches_must_both_reach_it(lines: tuple[int, int], branches: tuple[int, int], below: bool) -> None:
    report = {"files": {"boostmon/app/start.py": summary(lines, branches)}}
    assert room_coverage(report, "boostmon/app").below(FLOOR_PERCENT) is below


def test_a_room_without_any_line_is_below_every_floor() -> None:
    assert room_coverage({"files": {}}, "boostmon/app").below(0)

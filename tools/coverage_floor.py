"""Fails when a room of the house is tested less than agreed, by lines or by branches.

Reads what `pytest --cov` left in `.coverage`. The `fail_under` of coverage itself is one number for all
files, lines and branches mixed: an untested rule would hide behind a well-tested adapter.
"""

import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from coverage import Coverage
from coverage.exceptions import CoverageException

FLOOR_PERCENT = 90
ROOMS = ("boostmon/domain", "boostmon/app")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, as a percentage; nothing to cover counts as covered."""

    covered: int
    total: int

    @property
    def percent(self) -> float:
        """0 to 100."""
        return 100 * self.covered / self.total if self.total else 100.0


@dataclass(frozen=True, slots=True)
class RoomCoverage:
    """What the tests reached of one folder."""

    room: str
    lines: Share
    branches: Share

    def below(self, floor: float) -> bool:
        """True if lines or branches stay under `floor` percent, or if there is no line at all."""
        return not self.lines.total or min(self.lines.percent, self.branches.percent) < floor

    def __str__(self) -> str:
        return f"{self.room}: {self.lines.percent:.1f} % of lines, {self.branches.percent:.1f} % of branches"


def room_coverage(report: Mapping[str, Any], room: str) -> RoomCoverage:
    """Add up the files of `room` in a coverage JSON report (format 3)."""
    summaries = [file["summary"] for name, file in report["files"].items() if PurePath(name).is_relative_to(room)]

    def added(key: str) -> int:
        return sum(int(summary[key]) for summary in summaries)

    return RoomCoverage(
        room,
        lines=Share(added("covered_lines"), added("num_statements")),
        branches=Share(added("covered_branches"), added("num_branches")),
    )


def _json_report() -> Mapping[str, Any]:
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "coverage.json")
        coverage.json_report(outfile=str(target))
        report: Mapping[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return report


def main(rooms: Iterable[str] = ROOMS) -> int:
    """Print each room's coverage; 0 if all reach the floor, else 1."""
    try:
        report = _json_report()
    except CoverageException as error:
        print(f"coverage: {error}", file=sys.stderr)
        return 1
    if not report["meta"]["branch_coverage"]:
        print("coverage: no branch was measured: nothing of the package ran, or branch = true is gone", file=sys.stderr)
        return 1
    failed = False
    for room in rooms:
        reached = room_coverage(report, room)
        below = reached.below(FLOOR_PERCENT)
        failed |= below
        print(f"{reached}{f'  <- below {FLOOR_PERCENT} %' if below else ''}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

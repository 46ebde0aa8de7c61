"""The scripts of a week of use, each played by the real bot on the sandbox's Discord.

A module of their own, beside the other tests of `boostmon sandbox`: tests are shared out among processes by module.
"""

import itertools
import re
from pathlib import Path

import pytest

from tests.e2e.program import Start
from tests.support.patience import PATIENCE

WEEK = sorted((Path(__file__).parent / "scripts").glob("week*.txt"))
_SPEED = re.compile(r"# speed: (\d+)")
SPEED = "60"


@pytest.mark.parametrize("script", WEEK, ids=lambda path: path.stem)
def test_what_a_week_of_use_showed_is_over(start: Start, script: Path) -> None:
    ended = start("sandbox", "--script", str(script), "--speed", speed_of(script)).ended(within=PATIENCE)
    assert ended.code == 0, ended.output
    assert "Traceback" not in ended.output


def speed_of(script: Path) -> str:
    """What the first lines of a script ask for, as in `# speed: 600`."""
    with script.open(encoding="utf-8") as lines:
        found = (_SPEED.match(line) for line in itertools.islice(lines, 5))
        return next((match[1] for match in found if match), SPEED)

"""Draws the map of the rooms: `make map`."""

import sys
from pathlib import Path

from tools.rooms.drawing import drawn
from tools.rooms.plan import rooms_of

ROOT = "boostmon"
FIGURE = Path(__file__).parents[2] / "docs" / "assets" / "rooms.svg"


def main() -> int:
    """Write the figure. Returns the exit code."""
    FIGURE.write_text(drawn(ROOT, rooms_of(ROOT)), encoding="utf-8")
    print(FIGURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())

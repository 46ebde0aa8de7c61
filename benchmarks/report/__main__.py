"""Writes docs/benchmarks.md and its plots: `python -m benchmarks.report [FILE]`, without one from the newest result."""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness.results import from_json, newest
from benchmarks.report.page import PLOTS, page_of

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    source = Path(arguments[0]).resolve() if arguments else newest()
    if source is None:
        print("there is no result in benchmarks/results: `make bench` writes one")
        return 1
    name = source.relative_to(ROOT).as_posix() if source.is_relative_to(ROOT) else source.name
    page = page_of(from_json(source.read_text(encoding="utf-8")), name)
    docs = ROOT / "docs"
    (docs / "benchmarks.md").write_text(page.text, encoding="utf-8")
    plots = docs / PLOTS
    plots.mkdir(parents=True, exist_ok=True)
    for old in plots.glob("*.svg"):
        old.unlink()
    for plot, drawn in page.plots.items():
        (plots / plot).write_text(drawn, encoding="utf-8")
    print(f"docs/benchmarks.md, from {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

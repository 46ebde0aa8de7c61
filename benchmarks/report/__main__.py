"""Writes docs/benchmarks.md with its plots, and docs/scale.md: `python -m benchmarks.report [FILE]`.

Without a file, they are made from the newest result. docs/scale.md can be made without any.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness.results import from_json, newest
from benchmarks.report.page import PLOTS, page_of
from benchmarks.scale.page import scale_from_kept

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    source = Path(arguments[0]).resolve() if arguments else newest()
    docs = ROOT / "docs"
    (docs / "scale.md").write_text(scale_from_kept(source), encoding="utf-8")
    if source is None:
        print("there is no result in benchmarks/results: `make bench` writes one")
        return 1
    name = source.relative_to(ROOT).as_posix() if source.is_relative_to(ROOT) else source.name
    page = page_of(from_json(source.read_text(encoding="utf-8")), name)
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

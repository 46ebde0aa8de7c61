"""Writes docs/benchmarks.md with its plots, docs/scale.md and the headlines: `python -m benchmarks.report [FILE]`.

Without a file, they are made from the newest result. docs/scale.md can be made without any.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness.results import from_json, newest
from benchmarks.report.headlines import with_headlines
from benchmarks.report.page import PLOTS, page_of
from benchmarks.scale.page import scale_from_kept

ROOT = Path(__file__).parents[2]
FRONTS = ("README.md", "docs/index.md")
"""What carries the headline figures."""


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    source = Path(arguments[0]).resolve() if arguments else newest()
    docs = ROOT / "docs"
    (docs / "scale.md").write_text(scale_from_kept(source), encoding="utf-8")
    if source is None:
        print("there is no result in benchmarks/results: `make bench` writes one")
        return 1
    name = source.relative_to(ROOT).as_posix() if source.is_relative_to(ROOT) else source.name
    run = from_json(source.read_text(encoding="utf-8"))
    page = page_of(run, name)
    (docs / "benchmarks.md").write_text(page.text, encoding="utf-8")
    for front in FRONTS:
        (ROOT / front).write_text(with_headlines((ROOT / front).read_text(encoding="utf-8"), run), encoding="utf-8")
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

"""What pages, docstrings and comments name is there: files of this repository, and the pages that they link to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = ("benchmarks", "boostmon", "docs", "migrations", "tests", "tools")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
PAGES += [page for folder in ("benchmarks", "docs", "tests") for page in sorted((ROOT / folder).rglob("*.md"))]
MADE_UP = ROOT / "tests" / "unit" / "tools"
"""Its tests are about sources and paths of their own."""
SOURCES = [source for folder in FOLDERS for source in sorted((ROOT / folder).rglob("*.py"))]

_PATH = re.compile(rf"(?<![\w/.<$~-])(?:{'|'.join(FOLDERS)})/[\w*./-]*")
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def paths_in(text: str) -> Iterator[str]:
    for found in _PATH.finditer(text):
        yield found[0].rstrip("./-")


def is_there(path: str) -> bool:
    """Whether such a file exists. `*` and CAPITALS stand for any name; a decision may be named by its number only."""
    if (ROOT / path).exists():
        return True
    wanted = re.sub(r"[A-Z]{2,}", "*", path)
    if wanted == path and "*" not in path:
        wanted += "-*.md" if path.startswith("docs/adr/") else ".*"
    return any(ROOT.glob(wanted))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_files_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [path for path in paths_in(text) if not is_there(path)] == []
    assert [link for link in _LINK.findall(text) if not (page.parent / link).exists()] == []


def test_docstrings_and_comments_name_files_that_exist() -> None:
    gone = [
        f"{source.relative_to(ROOT).as_posix()} names {path}"
        for source in SOURCES
        if MADE_UP not in source.parents and source != Path(__file__)
        for path in paths_in(source.read_text(encoding="utf-8"))
        if not is_there(path)
    ]
    assert gone == []

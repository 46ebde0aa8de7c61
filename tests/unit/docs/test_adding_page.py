"""`docs/adding.md` names files that there are, and names that stand in them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
TO_BE_MADE = re.compile("NAME|NNNN")
PATHS = sorted(set(re.findall(r"\b(?:boostmon|tests|docs|migrations|tools)/[\w./-]*\w/?|\badr/[\w.-]+\.md", PAGE)))


def _place(path: str) -> Path:
    return ROOT / "docs" / path if path.startswith("adr/") else ROOT / path


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_there(path: str) -> None:
    place = _place(path)
    if TO_BE_MADE.search(path):
        assert place.parent.is_dir()
    else:
        assert place.is_dir() if path.endswith("/") else place.exists()


def test_it_names_many() -> None:
    assert len(PATHS) > 60


def test_every_name_of_the_code_stands_in_a_file_that_the_page_names() -> None:
    """Such as `OPTIONS`, `put_together` or `BotClient.__init__`."""
    told = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    names = {part for name in re.findall(r"`([A-Za-z_][\w.]*)`", told) for part in name.split(".")}
    named = [_place(path) for path in PATHS if not TO_BE_MADE.search(path)]
    files = [file for place in named for file in ([place] if place.is_file() else place.glob("*.*")) if file.is_file()]
    words = {word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))}
    words |= {part for file in files for part in file.name.split(".")}
    unknown = {name for name in names if name not in words and not TO_BE_MADE.search(name)}
    assert unknown == set()

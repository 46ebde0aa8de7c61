"""The pinned requirements: complete, hashed, and free of hosts and paths."""

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
FILES = ("requirements.txt", "requirements-dev.txt")
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(requirement: str) -> str:
    """The distribution's name as the index normalises it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def extras_of(requirement: str) -> frozenset[str]:
    """The extras that are asked for: `binary` and `pool` of `psycopg[binary, pool]`."""
    found = re.match(r"[A-Za-z0-9._-]+\[([^\]]*)\]", requirement)
    return frozenset(re.split(r"\s*,\s*", found[1])) if found else frozenset()


def pinned(file: str) -> dict[str, str]:
    """Each requirement's own lines, by name."""
    text = re.sub(r"^\s*#.*\n", "", (TOP / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name_of(entry): entry for entry in re.split(r"\n(?=\S)", text.strip())}


@pytest.mark.parametrize("file", FILES)
def test_each_requirement_has_one_version_and_its_hashes(file: str) -> None:
    for entry in pinned(file).values():
        assert re.match(r"[^\s\[]+(?:\[[^\]]+\])?==[^\s;]+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("file", FILES)
def test_no_host_option_or_path_is_named(file: str) -> None:
    text = (TOP / file).read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*-(?!-hash)|^-e|file:|^/", text, flags=re.MULTILINE)


def test_everything_that_the_project_names_is_pinned() -> None:
    project = PROJECT["project"]
    runtime = {name_of(one) for one in project["dependencies"]}
    for extra in project["optional-dependencies"].values():
        runtime |= {name_of(one) for one in extra}
    runtime -= {"boostmon"}
    development = {name_of(one) for one in PROJECT["dependency-groups"]["dev"]}
    assert runtime <= pinned("requirements.txt").keys()
    assert runtime | development <= pinned("requirements-dev.txt").keys()


def test_extras_stand_in_the_pins() -> None:
    """An older pip takes a requirement with an extra for one of its own, not pinned by the plain name, and refuses all
    as soon as a newer version is out."""
    psycopg = pinned("requirements.txt")["psycopg"]
    assert extras_of(psycopg) == {"binary", "pool"}
    assert extras_of(pinned("requirements-dev.txt")["psycopg"]) == extras_of(psycopg)
    assert extras_of(pinned("requirements-dev.txt")["coverage"]) == {"toml"}  # of pytest-cov


def test_both_files_agree_on_every_version() -> None:
    runtime, development = (
        {name: entry.partition(";")[0].partition("\\")[0] for name, entry in pinned(file).items()} for file in FILES
    )
    assert {name: development.get(name) for name in runtime} == runtime

"""`tools.planted`: the list fits the code of today. Whether the tests catch the bugs is for `make planted` to say."""

from dataclasses import replace
from pathlib import Path

import pytest

from tools.planted.bugs import Bug, DoesNotFit, faults, listed

ROOT = Path(__file__).parents[3]
A_BUG = Bug("a guard is dropped", "a.py", "if a:\n    f()\n", "f()\n", "harm", ("test_a.py::test_guard",))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("if a:\n    f()\n", "utf-8")
    (tmp_path / "test_a.py").write_text("def test_guard():\n    pass\n", "utf-8")
    return tmp_path


def test_every_planted_bug_applies_and_names_tests_that_there_are() -> None:
    assert [fault for bug in listed() for fault in faults(bug, ROOT)] == []


def test_no_two_bugs_have_one_name_and_each_says_what_it_does_to_people() -> None:
    bugs = listed()
    assert len({bug.name for bug in bugs}) == len(bugs)
    assert [bug.name for bug in bugs if not bug.harm or not bug.tests] == []


def test_a_bug_is_planted() -> None:
    assert A_BUG.planted_in("# a\nif a:\n    f()\n") == "# a\nf()\n"


@pytest.mark.parametrize("text", ["f()\n", "if a:\n    f()\nif a:\n    f()\n"])
def test_a_bug_does_not_fit_where_its_old_text_does_not_stand_once(text: str) -> None:
    with pytest.raises(DoesNotFit):
        A_BUG.planted_in(text)


def test_a_bug_that_fits_has_no_faults(project: Path) -> None:
    assert list(faults(A_BUG, project)) == []


@pytest.mark.parametrize(
    "bug",
    [
        replace(A_BUG, file="b.py"),
        replace(A_BUG, old="if b:\n"),
        replace(A_BUG, new="if a:\nf()\n"),
        replace(A_BUG, tests=("test_b.py",)),
        replace(A_BUG, tests=("test_a.py::test_other",)),
    ],
)
def test_what_does_not_fit_any_more_is_found(project: Path, bug: Bug) -> None:
    assert len(list(faults(bug, project))) == 1

"""The list of planted bugs, and whether it still fits the code."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Bug:
    """`new` in the place of `old` in `file` does `harm` to people, and one of `tests` fails."""

    name: str
    file: str
    old: str
    new: str
    harm: str
    tests: tuple[str, ...]

    def planted_in(self, text: str) -> str:
        """The text of its file with the bug in it.

        Raises:
            DoesNotFit: the old text does not stand there once.
        """
        if (times := text.count(self.old)) != 1:
            raise DoesNotFit(f"{self.name}: its old text stands in {self.file} {times} times")
        return text.replace(self.old, self.new)


class DoesNotFit(Exception):
    """The code has changed: the bug, or the tests that it names, are to be looked at anew."""


def listed(folder: Path = FOLDER) -> list[Bug]:
    """All of them."""
    rows = [row for file in sorted(folder.glob("*.toml")) for row in tomllib.loads(file.read_text("utf-8"))["bug"]]
    return [Bug(**{**row, "tests": tuple(row["tests"])}) for row in rows]


def faults(bug: Bug, root: Path) -> Iterator[str]:
    """What is wrong with a bug of the list, as far as can be seen without running a test."""
    file = root / bug.file
    if not file.is_file():
        yield f"{bug.name}: there is no {bug.file}"
        return
    try:
        planted = bug.planted_in(file.read_text("utf-8"))
        compile(planted, bug.file, "exec")
    except (DoesNotFit, SyntaxError) as error:
        yield f"{bug.name}: {error}"
    for test in bug.tests:
        place, _, names = test.partition("::")
        if not (root / place).is_file():
            yield f"{bug.name}: there is no {place}"
        elif names and f"def {names.rpartition('::')[2].partition('[')[0]}(" not in _texts_below(root / place):
            yield f"{bug.name}: there is no {test}"


def _texts_below(place: Path) -> str:
    """A file of tests; the tests of a contract stand elsewhere and are run from there."""
    contracts = (place.parents[2] / "contracts").glob("*.py")
    return "\n".join(file.read_text("utf-8") for file in (place, *contracts))

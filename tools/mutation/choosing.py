"""Which tests may notice a change of what a module does when it is imported: those that come by it or by its users."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tools.mutation.mutants import Mutant
from tools.mutation.tests import Reached
from tools.mutation.trying import module_name

#: As many files of tests are asked first, and as many more if those notice nothing.
FILES_FIRST, FILES_THEN = 3, 12
#: How much the last round may take.
LAST_SECONDS = 30.0
TESTS = Path("tests")


@dataclass(slots=True)
class Choice:
    """Chooses by what the tests reached below `root`, and by what imports what."""

    reached: Reached
    root: Path
    _by_file: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _users: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _tests: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for (path, _), tests in self.reached.tests.items():
            self._by_file[path].update(tests)
        for test in self.reached.seconds:
            self._tests[test.partition("::")[0]].append(test)
        files = [*self.root.rglob("*.py"), *TESTS.rglob("*.py")]
        paths = {module_name(path.as_posix()): path.as_posix() for path in files}
        for path in paths.values():
            for module in _imported(Path(path)):
                if module in paths:
                    self._users[paths[module]].add(path)

    def rounds(self, mutant: Mutant) -> Iterator[Sequence[str]]:
        """The tests for a mutant, in rounds.

        First those that come by most of the module, or use what it gives; at last far more of these, and those that
        name what was changed: what only one parameter of many would notice is no survivor.
        """
        path = mutant.path
        coming_by: Counter[str] = Counter(self._by_file[path])
        for user in self._direct_and_by_a_face(path):
            coming_by.update(dict.fromkeys([*self._by_file[user], *self._tests[user]], 1))
        ranked: Counter[str] = Counter()
        for test, lines in coming_by.items():
            ranked[test.partition("::")[0]] += lines
        files = [file for file, _ in ranked.most_common(FILES_FIRST + FILES_THEN)]
        for some in (files[:FILES_FIRST], files[FILES_FIRST:]):
            yield self.reached.nearest((test for test in coming_by if test.partition("::")[0] in some), path)
        name = mutant.where.partition(".")[0] or mutant.was.partition(":")[0].partition(" ")[0]
        naming = [file for file in self._tests if file not in files and name in _words(file)]
        others = {*coming_by, *(test for file in naming for test in self._tests[file])}
        yield self.reached.nearest(others, path, budget=LAST_SECONDS)

    def _direct_and_by_a_face(self, path: str) -> set[str]:
        """Who imports a module; of a package's face, and of what tests share, also who imports that."""
        users = set(self._users[path])
        for user in self._users[path]:
            if user.endswith("__init__.py") or user.startswith("tests/support/"):
                users |= self._users[user]
        return users


@cache
def _words(file: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", Path(file).read_text(encoding="utf-8")))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)

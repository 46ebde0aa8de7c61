"""Which tests may notice a change of what a module does when it is imported: those that come by it or by its users."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.mutation.tests import Reached
from tools.mutation.trying import module_name

#: As many files of tests are asked first; all others only if those notice nothing.
FILES_FIRST = 3


@dataclass(slots=True)
class Choice:
    """Chooses by what the tests reached below `root`."""

    reached: Reached
    root: Path
    _by_file: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _users: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for (path, _), tests in self.reached.tests.items():
            self._by_file[path].update(tests)
        paths = {module_name(path.as_posix()): path.as_posix() for path in self.root.rglob("*.py")}
        for path in paths.values():
            for module in _imported(Path(path)):
                if module in paths:
                    self._users[paths[module]].add(path)

    def rounds(self, path: str) -> Iterator[Sequence[str]]:
        """The tests for a module, in two rounds."""
        coming_by: Counter[str] = Counter(self._by_file[path])
        users = set(self._users[path])
        for user in [one for one in users if one.endswith("__init__.py")]:
            users |= self._users[user]
        for user in users:
            coming_by.update(dict.fromkeys(self._by_file[user], 1))
        files: Counter[str] = Counter()
        for test, lines in coming_by.items():
            files[test.partition("::")[0]] += lines
        first = {file for file, _ in files.most_common(FILES_FIRST)}
        near = [test for test in coming_by if test.partition("::")[0] in first]
        yield self.reached.nearest(near, path)
        yield self.reached.nearest(coming_by.keys() - set(near), path)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)

"""The unit tests, collected: which lines each reaches, and whether one of some fails."""

import gc
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType

import pytest

TOOL = sys.monitoring.COVERAGE_ID
#: Of processor time, so that a busy machine proves nothing: as much as this, and so many times what the test took.
CPU_SECONDS, CPU_TIMES = 3.0, 8.0
#: What is asked to notice one mutant: the nearest tests, for so long. What thousands of tests come by, and none of the
#: nearest notices, would otherwise take all the time there is.
BUDGET_SECONDS = 6.0

#: Whose caches are emptied: what is in them would hide that a test comes by, and what a mutant answers.
ROOMS = ("boostmon.domain.", "boostmon.app.")
_CACHED = type(cache(str))

type Line = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Reached:
    """What a run of all tests showed: by line, the tests that come by it, and how long each test takes."""

    tests: dict[Line, frozenset[str]]
    seconds: dict[str, float]

    def nearest(self, tests: Iterable[str], path: str, first: str = "", *, budget: float = BUDGET_SECONDS) -> list[str]:
        """The tests to ask about a file, as long as the budget lasts: `first`, those of its room, the quick ones.

        Functions get equal shares of the time: where thousands of tests come by, the quickest are one with parameters.
        """
        room = f"tests/unit/{Path(path).parts[1]}/"
        spent = 0.0
        chosen: list[str] = []
        share: dict[str, float] = defaultdict(float)
        ranked: list[tuple[bool, bool, float, str]] = []
        for test in sorted(tests, key=lambda name: (self.seconds[name], name)):
            function = test.partition("[")[0]
            share[function] += self.seconds[test]
            ranked.append((test != first, not test.startswith(room), share[function], test))
        for *_, test in sorted(ranked):
            spent += self.seconds[test]
            if spent > budget and chosen:
                break
            chosen.append(test)
        return chosen


@contextmanager
def lines_reached(root: Path) -> Iterator[Callable[[], set[Line]]]:
    """Give a function that tells the lines below `root` that were reached since it was last called."""
    reached: set[Line] = set()
    prefix = f"{root.resolve()}{os.sep}"
    top = len(f"{Path.cwd()}{os.sep}")

    def on_line(code: CodeType, line: int) -> object:
        # Once is enough until the next test; and a module's own lines run when it is imported, whoever does it.
        if code.co_filename.startswith(prefix):
            reached.add((code.co_filename[top:], line))
        return sys.monitoring.DISABLE

    def since_last() -> set[Line]:
        taken = set(reached)
        reached.clear()
        sys.monitoring.restart_events()
        return taken

    sys.monitoring.use_tool_id(TOOL, "mutants")
    sys.monitoring.register_callback(TOOL, sys.monitoring.events.LINE, on_line)
    sys.monitoring.set_events(TOOL, sys.monitoring.events.LINE)
    try:
        yield since_last
    finally:
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.free_tool_id(TOOL)


class Collected:
    """The tests of a session of pytest, to be run one at a time."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        self.items = {item.nodeid: item for item in session.items}
        self.failed: str | None = None
        cached = [one for one in gc.get_objects() if isinstance(one, _CACHED)]
        self._caches = [one for one in cached if one.__module__.startswith(ROOMS)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note which test failed first."""
        if report.failed and self.failed is None:
            self.failed = report.nodeid

    def map(self, root: Path) -> Reached:
        """Run every test; in this process, so call it in a fork.

        Raises:
            RuntimeError: when one fails.
        """
        tests: dict[Line, set[str]] = defaultdict(set)
        seconds: dict[str, float] = {}
        with lines_reached(root) as since_last:
            for name, item in self.items.items():
                self._empty_caches()
                since_last()
                began = time.process_time()
                self._run(item)
                seconds[name] = time.process_time() - began
                if self.failed:
                    raise RuntimeError(f"fails without any mutant: {self.failed}")
                for line in since_last():
                    tests[line].add(name)
        return Reached({line: frozenset(names) for line, names in tests.items()}, seconds)

    def first_failing(self, names: Iterable[str], seconds: dict[str, float], alive: Callable[[], None]) -> str | None:
        """Run these tests until one fails, each after a sign of life; in this process, so call it in a fork."""
        self._empty_caches()
        for name in names:
            alive()
            signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS + CPU_TIMES * seconds.get(name, 1.0))
            self._run(self.items[name])
            if self.failed:
                return self.failed
        return None

    def _empty_caches(self) -> None:
        for one in self._caches:
            one.cache_clear()

    def _run(self, item: pytest.Item) -> None:
        # As the last one: what fixtures of module and session hold is put away each time.
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)

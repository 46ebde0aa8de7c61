"""Tries mutants, each in a fork: a warm one by exchanging the code of functions, a cold one by a fresh import."""

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from tools.mutation.forks import Answer, Fate, in_fork
from tools.mutation.mutants import Mutant
from tools.mutation.tests import Collected, Reached

MOST_KILLERS = 20
PYTEST_ARGS = (
    "-q",
    "-s",
    "--assert=plain",
    "--tb=no",
    "-p",
    "no:cacheprovider",
    "-n",
    "0",
    "--hypothesis-profile=mutants",
)


class _Loop:
    """A plugin: what `do` does is all that the session runs."""

    def __init__(self, do: Callable[[Collected], None]) -> None:
        self._do = do

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running all of them."""
        if session.testsfailed:
            return True  # a file of tests cannot even be imported; what is left of them would prove nothing
        collected = Collected(session)
        session.config.pluginmanager.register(collected)
        self._do(collected)
        return True


def with_tests(places: Iterable[str], do: Callable[[Collected], None]) -> None:
    """Collect tests, and give them to `do`.

    Raises:
        RuntimeError: when pytest did not come so far.
    """
    ran: list[bool] = []

    def loop(collected: Collected) -> None:
        ran.append(True)
        do(collected)

    pytest.main([*PYTEST_ARGS, *places], plugins=[_Loop(loop)])
    if not ran:
        raise RuntimeError("the tests could not be collected")


@dataclass(slots=True)
class Warm:
    """Mutants inside functions: everything is imported and collected already."""

    collected: Collected
    reached: Reached
    _functions: dict[str, list[FunctionType]] = field(default_factory=dict)
    _killers: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in gc.get_objects():
            if isinstance(one, FunctionType):
                self._functions.setdefault(one.__code__.co_filename, []).append(one)
        gc.freeze()  # a fork's collector leaves alone what was there before, and so its memory is not copied

    def attempt(self, mutant: Mutant) -> Answer:
        """Try one."""
        tests = {name for line in mutant.lines for name in self.reached.tests.get((mutant.path, line), ())}
        if not tests:
            return Fate.UNREACHED, ""
        killer = self._killers.get((mutant.path, mutant.where), "")
        ordered = self.reached.nearest(tests, mutant.path, killer)
        answer = in_fork(lambda alive: self._attempt(mutant, ordered, alive))
        if answer[0] is Fate.KILLED and answer[1] in tests:
            self._killers[mutant.path, mutant.where] = answer[1]
        return answer

    def _attempt(self, mutant: Mutant, tests: Sequence[str], alive: Callable[[], None]) -> Answer:
        if not self._exchange(mutant):
            return Fate.NEEDS_IMPORT, ""
        failing = self.collected.first_failing(tests, self.reached.seconds, alive)
        return (Fate.KILLED, failing) if failing else (Fate.SURVIVED, "")

    def _exchange(self, mutant: Mutant) -> bool:
        codes = {(code.co_qualname, code.co_firstlineno): code for code in _all_codes(mutant.code())}
        changed = False
        for function in self._functions.get(str(Path(mutant.path).resolve()), ()):
            old = function.__code__
            new = codes.get((old.co_qualname, old.co_firstlineno), old)
            if _comparable(new) == _comparable(old):
                continue
            if new.co_freevars != old.co_freevars:
                return False
            function.__code__ = new
            changed = True
        return changed


@dataclass(frozen=True, slots=True)
class Cold:
    """Mutants of what runs at the import. Nothing of the package may be imported in this process."""

    reached: Reached
    _killers: dict[str, dict[str, None]] = field(default_factory=dict)

    def attempt(self, mutant: Mutant, tests: Sequence[str]) -> Answer:
        """Try one."""
        answer = in_fork(lambda alive: self._attempt(mutant, tests, alive))
        if answer[0] is Fate.KILLED and answer[1] in tests:
            killers = self._killers.setdefault(mutant.path, {})
            killers.pop(answer[1], None)
            killers[answer[1]] = None
        return answer

    def killers(self, mutant: Mutant) -> list[str]:
        """What noticed others of its file, the last one first, of one file of tests: tables are much alike."""
        known = list(reversed(self._killers.get(mutant.path, {})))
        return [name for name in known if name.partition("::")[0] == known[0].partition("::")[0]][:MOST_KILLERS]

    def _attempt(self, mutant: Mutant, tests: Sequence[str], alive: Callable[[], None]) -> Answer:
        sys.meta_path.insert(0, _Mutated(mutant))
        answers: list[Answer] = []

        def run(collected: Collected) -> None:
            # What is parametrized by the mutated may have other names now: that alone is no failure.
            meant = {name.partition("[")[0] for name in tests}
            others = [name for name in collected.items if name not in tests and name.partition("[")[0] in meant]
            there = [*(name for name in tests if name in collected.items), *others]
            failing = collected.first_failing(there, self.reached.seconds, alive)
            answers.append((Fate.KILLED, failing) if failing else (Fate.SURVIVED, ""))

        try:
            with_tests(sorted({name.partition("::")[0] for name in tests}), run)
        except RuntimeError as error:
            return Fate.KILLED, str(error)
        return answers[0]


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the mutant's code when its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self._code = mutant.code()
        self._path = mutant.path
        self._module = module_name(mutant.path)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 (the signature is importlib's)
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """Of this one module only."""
        if fullname != self._module:
            return None
        is_package = self._path.endswith("__init__.py")
        places = [str(Path(self._path).resolve().parent)] if is_package else None
        return importlib.util.spec_from_file_location(
            fullname, str(Path(self._path).resolve()), loader=self, submodule_search_locations=places
        )

    def exec_module(self, module: ModuleType) -> None:
        """Run it."""
        exec(self._code, module.__dict__)  # noqa: S102 (the module, but for one change)


def module_name(path: str) -> str:
    """The dotted name of a file's module."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _all_codes(code: CodeType) -> Iterable[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _all_codes(one)


def _comparable(one: object) -> object:
    if isinstance(one, CodeType):
        consts = [_comparable(const) for const in one.co_consts]
        return one.co_code, one.co_names, one.co_varnames, one.co_exceptiontable, consts
    return repr(one)  # not the value: 1, 1.0 and True are equal

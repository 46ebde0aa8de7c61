"""`make mutants`: small faults in domain and app, one after the other, and whether a unit test fails."""

import argparse
import contextlib
import importlib
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import hypothesis

from tools.mutation import equivalents, report
from tools.mutation.choosing import Choice
from tools.mutation.finding import mutants_of
from tools.mutation.forks import Answer, Fate, be_quiet, begun
from tools.mutation.mutants import Mutant
from tools.mutation.tests import Collected, Line, Reached, lines_reached
from tools.mutation.trying import Cold, Warm, module_name, with_tests

ROOT = Path("boostmon")
#: What the tests import besides: once for all forks.
LIBRARIES = ("nextcord.ext.commands", "psycopg", "psycopg_pool", "pydantic_settings", "structlog", "babel.dates")
ROOMS = (ROOT / "domain", ROOT / "app")
TESTS = ("domain", "app", "memory", "texts", "bot", "adapters", "docs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Try them, and print what came of it. 0 unless a listed equivalent is none any more."""
    sys.dont_write_bytecode = False  # whatever the environment says: each fresh import would compile all tests anew
    options = _options(arguments)
    files = [file for path in options.paths for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]
    every = [mutant for file in files for mutant in mutants_of(file)]
    mutants = every
    if options.functions or options.tables:
        mutants = [mutant for mutant in mutants if mutant.is_warm == options.functions]
    if options.survivors:
        last = report.survivors_of_last_run()
        mutants = [mutant for mutant in mutants if mutant.name in last]
    print(f"{len(mutants)} mutants in {len(files)} files", flush=True)
    began = time.monotonic()
    results = _results(mutants, _tried(mutants))
    report.write(results)
    print(report.table(results))
    print(f"in {time.monotonic() - began:.0f} s; the survivors are in {report.SURVIVORS}")
    mine = [one for one in equivalents.listed() if Path(one.file) in files]
    wrong = [one.equivalent for one in results if one.equivalent and one.fate in report.KILLED]
    for one in wrong:
        print(f"killed, although listed as equivalent: {one}")
    return int(bool(wrong + equivalents.unmatched(mine, every)))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=ROOMS, help="files or folders; domain and app if none")
    parser.add_argument("--survivors", action="store_true", help="only those that survived the run before")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--functions", action="store_true", help="without tables and defaults, which take far longer")
    which.add_argument("--tables", action="store_true", help="only what --functions leaves out")
    return parser.parse_args(arguments)


def _results(mutants: Sequence[Mutant], answers: Sequence[Answer]) -> list[report.Result]:
    listed = equivalents.listed()
    return [
        report.Result(mutant, fate, test, next((one for one in listed if one.is_meant(mutant)), None))
        for mutant, (fate, test) in zip(mutants, answers, strict=True)
    ]


def _tried(mutants: Sequence[Mutant]) -> list[Answer]:
    # No shrinking: that a test fails is all that is asked.
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, max_examples=60, phases=phases)
    answers, reached = begun(partial(_warm, mutants))()  # elsewhere: nothing of the package is to be imported here
    for library in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    left = [place for place, (fate, _) in enumerate(answers) if fate is Fate.NEEDS_IMPORT]
    workers = len(os.sched_getaffinity(0))
    shares = [left[first::workers] for first in range(workers)]
    waiting = [begun(partial(_cold, [mutants[place] for place in share], reached)) for share in shares]
    for share, result in zip(shares, waiting, strict=True):
        for place, answer in zip(share, result(), strict=True):
            answers[place] = answer
    return answers


def _cold(mutants: Sequence[Mutant], reached: Reached) -> list[Answer]:
    cold, choice = Cold(reached), Choice(reached, ROOT)
    answers: list[Answer] = []
    for count, mutant in enumerate(mutants, 1):
        answer = Fate.UNREACHED, ""
        for tests in (cold.killers(mutant), *choice.rounds(mutant)):
            if tests:
                answer = cold.attempt(mutant, tests)
            if answer[0] in report.KILLED:
                break
        answers.append(answer)
        _progress("at the import, in one process", count, len(mutants), mutant, answer)
    return answers


def _warm(mutants: Sequence[Mutant]) -> tuple[list[Answer], Reached]:
    with lines_reached(ROOT) as since_start:
        for room in ROOMS:
            for path in sorted(room.rglob("*.py")):
                importlib.import_module(module_name(path.as_posix()))
        at_import = since_start()
    answers: list[Answer] = []
    found: list[Reached] = []

    def attempt(collected: Collected) -> None:
        reached = _mapped(collected)
        found.append(reached)
        warm = Warm(collected, reached)
        for count, mutant in enumerate(mutants, 1):
            is_warm = mutant.is_warm and not _runs_at_import(mutant, at_import)
            answers.append(warm.attempt(mutant) if is_warm else (Fate.NEEDS_IMPORT, ""))
            _progress("in functions", count, len(mutants), mutant, answers[-1])

    with_tests([f"tests/unit/{name}" for name in TESTS if Path("tests/unit", name).is_dir()], attempt)
    return answers, found[0]


def _mapped(collected: Collected) -> Reached:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "reached")
        child = os.fork()
        if not child:
            try:
                be_quiet()
                target.write_bytes(pickle.dumps(collected.map(ROOT)))
            except RuntimeError as error:
                target.with_suffix(".why").write_text(str(error), encoding="utf-8")
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        if not target.exists():
            raise SystemExit(f"mutants: {target.with_suffix('.why').read_text(encoding='utf-8')}")
        reached: Reached = pickle.loads(target.read_bytes())  # noqa: S301 (written above)
        return reached


def _runs_at_import(mutant: Mutant, at_import: set[Line]) -> bool:
    return any((mutant.path, line) in at_import for line in mutant.lines)


def _progress(what: str, count: int, total: int, mutant: Mutant, answer: Answer) -> None:
    if answer[0] in (Fate.SURVIVED, Fate.UNREACHED):
        print(f"{answer[0]}\n{mutant}", flush=True)
    if count % 100 == 0 or count == total:
        print(f"{what}: {count} of {total}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

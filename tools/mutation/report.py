"""What a run found: a line for each package, the survivors as diffs, and all of it for the next run."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from tools.mutation.equivalents import Equivalent
from tools.mutation.forks import Fate
from tools.mutation.mutants import Mutant, Name

FOLDER = Path(".mutants")
SURVIVORS = FOLDER / "survivors.diff"
RESULTS = FOLDER / "results.json"
KILLED = {Fate.KILLED, Fate.TIMED_OUT}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant, and the test that noticed it."""

    mutant: Mutant
    fate: Fate
    test: str
    equivalent: Equivalent | None

    @property
    def counts_as(self) -> str:
        """killed, equivalent or survived."""
        if self.fate in KILLED:
            return "killed"
        return "equivalent" if self.equivalent else "survived"


def table(results: Iterable[Result]) -> str:
    """A line for each package, and one for each of domain and app as a whole."""
    counts: dict[str, Counter[str]] = {}
    for result in results:
        parts = PurePath(result.mutant.path).parent.parts
        for package in {"/".join(parts), "/".join(parts[:2]) + " in all"}:
            counts.setdefault(package, Counter())[result.counts_as] += 1
    rows = [f"{'':34}{'killed':>8}{'survived':>10}{'equivalent':>12}{'score':>9}"]
    for package, count in sorted(counts.items()):
        real = count["killed"] + count["survived"]
        score = f"{100 * count['killed'] / real:.1f} %" if real else "-"
        rows.append(f"{package:34}{count['killed']:8}{count['survived']:10}{count['equivalent']:12}{score:>9}")
    return "\n".join(rows)


def write(results: Sequence[Result]) -> None:
    """The survivors to be read, and the results to be gone on from."""
    FOLDER.mkdir(exist_ok=True)
    survivors = [result for result in results if result.counts_as == "survived"]
    diffs = [f"{'' if one.fate is Fate.SURVIVED else 'no test comes by: '}{one.mutant}" for one in survivors]
    SURVIVORS.write_text("\n".join(diffs), encoding="utf-8")
    rows = [[*one.mutant.name, one.fate, one.test] for one in results]
    RESULTS.write_text(json.dumps(rows, indent=0), encoding="utf-8")


def survivors_of_last_run() -> set[Name]:
    """The names of those that nothing killed in the run before."""
    rows = json.loads(RESULTS.read_text(encoding="utf-8"))
    return {(row[0], row[1], row[2], row[3], row[4]) for row in rows if Fate(row[5]) not in KILLED}

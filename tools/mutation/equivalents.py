"""Mutants that change nothing anybody could notice, each with the reason: `equivalents.toml`."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.mutation.mutants import Mutant

LIST = Path(__file__).with_name("equivalents.toml")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """The statement `was` of a function, changed to `now`, means the same, because of `reason`."""

    file: str
    where: str
    was: str
    now: str
    reason: str

    def is_meant(self, mutant: Mutant) -> bool:
        """Whether this is that mutant, or one of several that read the same."""
        return (mutant.path, mutant.where, mutant.was, mutant.now) == (self.file, self.where, self.was, self.now)


def listed(path: Path = LIST) -> list[Equivalent]:
    """All of them."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]
    return [Equivalent(row["file"], row.get("in", ""), row["was"], row["now"], row["reason"]) for row in rows]


def unmatched(equivalents: Iterable[Equivalent], mutants: Iterable[Mutant]) -> list[Equivalent]:
    """Those that no mutant is: the code has changed, and they are to be judged anew."""
    names = {(mutant.path, mutant.where, mutant.was, mutant.now) for mutant in mutants}
    return [one for one in equivalents if (one.file, one.where, one.was, one.now) not in names]

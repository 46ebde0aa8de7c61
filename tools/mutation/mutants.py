"""A mutant: one change in one file, how it is named, and the code with the change in it."""

import ast
import copy
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

type Name = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """`new` in the place of what `holder` has at `key`."""

    holder: object
    key: str | int
    new: ast.AST

    def swap(self, other: ast.AST) -> ast.AST:
        """Put `other` there. Returns what was there."""
        if isinstance(self.holder, list):
            there: ast.AST = self.holder[int(self.key)]
            self.holder[int(self.key)] = other
        else:
            there = getattr(self.holder, str(self.key))
            setattr(self.holder, str(self.key), other)
        return there


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change in one file.

    `where` is the function or class, empty for the module itself. `was` and `now` are the changed statement (of a
    compound one, its head); `nth` tells apart several that read the same. `lines` are those of `was`. A warm one lies
    inside a function, whose code can be replaced when everything has been imported.
    """

    path: str
    where: str
    was: str
    now: str
    nth: int
    lines: range
    is_warm: bool
    change: Change = field(repr=False, compare=False)
    tree: ast.Module = field(repr=False, compare=False)

    @property
    def name(self) -> Name:
        """What stays the same while the lines above move."""
        return self.path, self.where, self.was, self.now, self.nth

    def code(self) -> CodeType:
        """The module with the change in it."""
        old = self.change.swap(self.change.new)
        try:
            file = str(Path(self.path).resolve())
            return compile(ast.fix_missing_locations(self.tree), file, "exec", dont_inherit=True)
        finally:
            self.change.swap(old)

    def __str__(self) -> str:
        place = f"{self.path}:{self.lines.start}" + (f" in {self.where}" if self.where else "")
        nth = f" (number {self.nth + 1} that reads so)" if self.nth else ""
        return f"{place}{nth}\n-    {self.was}\n+    {self.now}\n"


def head(statement: ast.AST) -> str:
    """A statement as one line; of a compound one, its head."""
    bare = copy.copy(statement)
    if isinstance(bare, ast.match_case):
        return f"case {ast.unparse(bare.pattern)}" + (f" if {ast.unparse(bare.guard)}" if bare.guard else "")
    if not isinstance(bare, ast.ExceptHandler):
        for name in ("body", "orelse", "finalbody", "handlers", "cases", "decorator_list"):
            if isinstance(getattr(bare, name, None), list):
                setattr(bare, name, [])
    return " ".join(line.strip() for line in ast.unparse(bare).splitlines())

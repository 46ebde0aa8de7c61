"""What there is to draw: the packages below a root, what each is for, and the imports between siblings."""

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grimp
from grimp import ImportGraph


@dataclass(frozen=True, slots=True)
class Room:
    """A package; `uses` are the siblings that any module in it imports from, and `rooms` the packages inside it."""

    name: str
    purpose: str
    uses: frozenset[str]
    rooms: tuple["Room", ...] = ()

    @property
    def label(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    def walk(self) -> Iterator["Room"]:
        """The room itself and everything inside it."""
        yield self
        for room in self.rooms:
            yield from room.walk()


def rooms_of(root: str) -> tuple[Room, ...]:
    """The packages directly in `root`, importers first; imports for type checking count, too."""
    graph = grimp.build_graph(root, cache_dir=None)
    return rooms_in(root, graph, {name: purpose_of(name) for name in packages_in(root)})


def rooms_in(parent: str, graph: ImportGraph, purposes: dict[str, str]) -> tuple[Room, ...]:
    """The packages directly in `parent`; `purposes` names every package there is."""
    names = sorted(name for name in graph.find_children(parent) if name in purposes)
    imports = {
        name: frozenset(
            other
            for other in names
            if other != name and graph.direct_import_exists(importer=name, imported=other, as_packages=True)
        )
        for name in names
    }
    return tuple(
        Room(name, purposes[name], imports[name], rooms_in(name, graph, purposes)) for name in importers_first(imports)
    )


def importers_first(imports: dict[str, frozenset[str]]) -> list[str]:
    """Level by level: first what nobody imports, then what only the levels above import; alphabetical in each.

    Where every name that is left is part of a circle, the one with the fewest importers makes a level of its own.
    """
    left, ordered = dict(imports), list[str]()
    while left:
        importers = {name: sum(name in left[other] for other in left) for name in left}
        level = sorted(name for name, number in importers.items() if number == 0)
        level = level or [min(left, key=lambda name: (importers[name], name))]
        ordered += level
        left = {name: used for name, used in left.items() if name not in level}
    return ordered


def packages_in(root: str) -> list[str]:
    """The names of all packages below `root`, without importing any."""
    spec = importlib.util.find_spec(root)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{root} is not a package")
    folder = Path(next(iter(spec.submodule_search_locations)))
    return sorted(
        ".".join((root, *init.parent.relative_to(folder).parts))
        for init in folder.rglob("__init__.py")
        if init.parent != folder
    )


def purpose_of(package: str) -> str:
    """The first line of the docstring in a package's `__init__.py`; empty without one."""
    root, *parts = package.split(".")
    spec = importlib.util.find_spec(root)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{root} is not a package")
    init = Path(spec.origin).parent.joinpath(*parts, "__init__.py")
    docstring = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0].removesuffix(".")

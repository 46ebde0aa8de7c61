"""What a scenario is made of. How they fit together is told in the package's docstring."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from benchmarks.harness.server import Template


class Better(StrEnum):
    """Which way a figure is to go."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is measured. `name` is its key in results; `unit` is shown beside the number.

    `title` is what it is called in tables (default: the unit). With `is_plotted` it gets a chart.
    """

    name: str
    unit: str
    better: Better
    title: str = ""
    is_plotted: bool = False


class Unavailable(Exception):
    """The participant cannot take part here, and why: it is not installed, or it cannot do this at all."""


class WrongResult(Exception):
    """What was measured did not do what it was to do: no figure of it counts."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Who is measured. `measure` is given the turn (0 is the first) and returns figures by their names.

    `note` says in a few words how it is set up: driver, durability, batch sizes. `turns` limits how often it is
    measured, for what takes too long to be repeated.
    """

    name: str
    measure: Callable[[int], Mapping[str, float]]
    is_ours: bool = False
    note: str = ""
    turns: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One setting of a scenario. `ready` is entered once and gives the participants.

    `turns` overrides the number of rounds, for what takes so long that once has to do.
    """

    name: str
    ready: Callable[[], AbstractContextManager[Sequence[Participant]]]
    turns: int | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on a median, or on its ratio to another one's where `beside` or `beside_case` names one."""

    text: str
    case: str
    figure: str
    of: str
    at_least: float | None = None
    at_most: float | None = None
    beside: str | None = None
    beside_case: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question, how it is asked, and what counts as an answer. `about` is Markdown for the page."""

    name: str
    title: str
    about: str
    figures: Sequence[Figure]
    cases: Callable[["Bench"], Iterable[Case]]
    goals: Sequence[Goal] = ()


class Bench(Protocol):
    """What a scenario is lent while it runs."""

    @property
    def quick(self) -> bool:
        """Whether this is the smoke test: tiny sizes, one turn, and nobody looks at the times."""
        ...

    def pick[T](self, *, full: T, quick: T) -> T:
        """The size for this run."""
        ...

    @property
    def scratch(self) -> Path:
        """A folder that is removed at the end of the run."""
        ...

    def database(
        self, name: str, *, migrated: bool = True, template: Template | None = None
    ) -> AbstractContextManager[str]:
        """The URL of a new database on the run's own PostgreSQL; dropped afterwards.

        With `migrated` it has BoostMon's schema; with a `template` it is a copy of that, whatever is in there.
        """
        ...

    def kept_database(self, template: Template) -> str:
        """The URL of one that is filled once in a run, and then shared by all who ask for it, one after the other."""
        ...

    def python_of(self, peer: str) -> Path:
        """The interpreter of the virtual environment of `benchmarks/peers/<peer>.txt`, made where it is missing.

        Raises:
            Unavailable: it cannot be made, as without a network.
        """
        ...

    def say(self, line: str) -> None:
        """Tells whoever watches."""
        ...

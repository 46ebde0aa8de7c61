"""What a run leaves behind: every number of every turn, and where it was measured. Kept as JSON."""

import statistics
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from benchmarks.harness.scenario import Figure, Goal

RESULTS = Path(__file__).parents[1] / "results"
"""Where runs are kept that the documentation quotes."""


@dataclass(frozen=True, slots=True)
class ParticipantResult:
    """`turns` holds the figures of each turn; `missing` says why there are none."""

    name: str
    is_ours: bool
    note: str
    turns: list[dict[str, float]]
    missing: str | None = None

    def values(self, figure: str) -> list[float]:
        """What was measured of a figure, in the order of turns."""
        return [turn[figure] for turn in self.turns if figure in turn]

    def median(self, figure: str) -> float | None:
        """The median over the turns; None where it was not measured."""
        values = self.values(figure)
        return statistics.median(values) if values else None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One setting of a scenario."""

    name: str
    participants: list[ParticipantResult]

    def of(self, name: str) -> ParticipantResult | None:
        """A participant by name."""
        return next((one for one in self.participants if one.name == name), None)


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """`figures` and `goals` are kept with the numbers: the page is made from the file alone."""

    name: str
    title: str
    about: str
    figures: list[Figure]
    goals: list[Goal]
    cases: list[CaseResult]
    seconds: float

    def case(self, name: str) -> CaseResult | None:
        """A case by name."""
        return next((one for one in self.cases if one.name == name), None)

    def median(self, case: str, participant: str, figure: str) -> float | None:
        """A median by names; None where it was not measured."""
        found = self.case(case)
        measured = None if found is None else found.of(participant)
        return None if measured is None else measured.median(figure)


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run. `machine` and `versions` are shown as they are."""

    started: datetime
    seconds: float
    quick: bool
    rounds: int
    machine: dict[str, str]
    versions: dict[str, str]
    scenarios: list[ScenarioResult]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a goal was met; `value` None: it could not be measured in this run."""

    goal: Goal
    value: float | None
    is_met: bool | None


def judged(scenario: ScenarioResult) -> Sequence[Judgement]:
    """Holds a scenario against its goals."""
    return [
        Judgement(goal, value, _is_met(goal, value)) for goal in scenario.goals for value in [_value(scenario, goal)]
    ]


def _value(scenario: ScenarioResult, goal: Goal) -> float | None:
    value = scenario.median(goal.case, goal.of, goal.figure)
    if goal.beside is None and goal.beside_case is None:
        return value
    other = scenario.median(goal.beside_case or goal.case, goal.beside or goal.of, goal.figure)
    return None if value is None or not other else value / other


def _is_met(goal: Goal, value: float | None) -> bool | None:
    if value is None:
        return None
    return (goal.at_least is None or value >= goal.at_least) and (goal.at_most is None or value <= goal.at_most)


_RUN = TypeAdapter(RunResult)


def to_json(run: RunResult) -> str:
    """The run as a text that `from_json` reads."""
    return _RUN.dump_json(run, indent=1).decode() + "\n"


def from_json(text: str) -> RunResult:
    """Reads what `to_json` wrote."""
    return _RUN.validate_json(text)


def newest() -> Path | None:
    """The newest of the runs that are kept, by their names."""
    return max(RESULTS.glob("*.json"), default=None)


def rounded(turn: Mapping[str, float]) -> dict[str, float]:
    """Figures as they are kept: six significant digits are more than any of them is worth."""
    return {name: float(f"{value:.6g}") for name, value in turn.items()}

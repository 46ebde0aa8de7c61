"""Runs that tests of results and of the page start from."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from benchmarks.harness.results import CaseResult, ParticipantResult, RunResult, ScenarioResult
from benchmarks.harness.scenario import Better, Figure, Goal

SPEED = Figure("speed", "timers/s", Better.HIGHER, "Speed", is_plotted=True)
LATE = Figure("late", "ms", Better.LOWER, "Lateness")


def result(name: str, *, ours: bool = False, missing: str | None = None, **turns: Sequence[float]) -> ParticipantResult:
    """A participant with the values of each figure, turn by turn."""
    length = max(map(len, turns.values()), default=0)
    listed = [
        {figure: values[turn] for figure, values in turns.items() if turn < len(values)} for turn in range(length)
    ]
    return ParticipantResult(name, ours, f"how {name} is set up", listed, missing)


def scenario(
    cases: Mapping[str, Sequence[ParticipantResult]], *goals: Goal, figures: Sequence[Figure] = (SPEED, LATE)
) -> ScenarioResult:
    """A scenario with these cases."""
    listed = [CaseResult(name, list(participants)) for name, participants in cases.items()]
    return ScenarioResult("drain", "Draining", "What is done.", list(figures), list(goals), listed, 1.5)


def run(*scenarios: ScenarioResult) -> RunResult:
    """A run of five rounds."""
    return RunResult(
        started=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        seconds=540.0,
        quick=False,
        rounds=5,
        machine={"processor": "Example 9000", "cores": "2"},
        versions={"PostgreSQL": "18.4", "Python": "3.12.1"},
        scenarios=list(scenarios),
    )

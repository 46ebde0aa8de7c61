"""Participants take turns, and one that cannot take part says so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from benchmarks.harness.rounds import play
from benchmarks.harness.scenario import Bench, Case, Participant, Scenario, Unavailable, WrongResult
from benchmarks.harness.server import Template
from tests.unit.benchmarks.runs import LATE, SPEED


class Heard:
    """A bench without a server, that keeps what was said and done."""

    quick = False
    scratch = Path()

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.turns: list[str] = []

    def pick[T](self, *, full: T, quick: T) -> T:
        return quick if self.quick else full

    def database(
        self, name: str, *, migrated: bool = True, template: Template | None = None
    ) -> AbstractContextManager[str]:
        raise NotImplementedError

    def kept_database(self, template: Template) -> str:
        raise NotImplementedError

    def python_of(self, peer: str) -> Path:
        raise NotImplementedError

    def say(self, line: str) -> None:
        self.lines.append(line)

    def measuring(self, name: str, **figures: float) -> Callable[[int], Mapping[str, float]]:
        def measure(turn: int) -> Mapping[str, float]:
            self.turns.append(f"{name}{turn}")
            return figures

        return measure


def failing(error: Exception) -> Callable[[int], Mapping[str, float]]:
    def measure(_turn: int) -> Mapping[str, float]:
        raise error

    return measure


def of(*participants: Participant, turns: int | None = None) -> Scenario:
    @contextmanager
    def ready() -> Iterator[Sequence[Participant]]:
        yield participants

    def cases(_bench: Bench) -> Iterator[Case]:
        yield Case("few", ready, turns)

    return Scenario("drain", "Draining", "What is done.", (SPEED, LATE), cases)


def test_participants_take_turns() -> None:
    bench = Heard()
    played = play(
        of(Participant("A", bench.measuring("A", speed=1)), Participant("B", bench.measuring("B", speed=2))), bench, 3
    )

    assert bench.turns == ["A0", "B0", "A1", "B1", "A2", "B2"]
    assert [one.values("speed") for one in played.cases[0].participants] == [[1, 1, 1], [2, 2, 2]]


def test_a_case_and_a_participant_may_have_fewer_turns() -> None:
    bench = Heard()
    slow = Participant("B", bench.measuring("B"), turns=1)

    play(of(Participant("A", bench.measuring("A")), slow, turns=2), bench, 5)

    assert bench.turns == ["A0", "B0", "A1"]


def test_who_cannot_take_part_is_told_of_and_not_asked_again() -> None:
    bench = Heard()
    away = Participant("B", failing(Unavailable("not installed")))

    played = play(of(Participant("A", bench.measuring("A", speed=1)), away), bench, 2)

    ours, missing = played.cases[0].participants
    assert ours.values("speed") == [1, 1]
    assert (missing.turns, missing.missing) == ([], "not installed")
    assert any("B" in line and "not installed" in line for line in bench.lines)


def test_a_wrong_result_ends_the_run() -> None:
    with pytest.raises(WrongResult, match="one was lost"):
        play(of(Participant("A", failing(WrongResult("one was lost")))), Heard(), 1)


def test_a_figure_that_the_scenario_does_not_know_is_a_mistake() -> None:
    bench = Heard()
    with pytest.raises(ValueError, match="seconds"):
        play(of(Participant("A", bench.measuring("A", seconds=1))), bench, 1)

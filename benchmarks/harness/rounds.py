"""Plays a scenario: the participants of a case take turns, so that whatever else the machine does meets all of them."""

import time
from collections.abc import Sequence

from benchmarks.harness.results import CaseResult, ParticipantResult, ScenarioResult, rounded
from benchmarks.harness.scenario import Bench, Case, Participant, Scenario, Unavailable


def play(scenario: Scenario, bench: Bench, rounds: int) -> ScenarioResult:
    """Plays all cases, one after the other.

    Raises:
        WrongResult: a participant did not do its work.
    """
    started = time.monotonic()
    bench.say(f"{scenario.title}")
    cases = [_case(scenario, case, bench, rounds) for case in scenario.cases(bench)]
    return ScenarioResult(
        name=scenario.name,
        title=scenario.title,
        about=scenario.about,
        figures=list(scenario.figures),
        goals=list(scenario.goals),
        cases=cases,
        seconds=round(time.monotonic() - started, 1),
    )


def _case(scenario: Scenario, case: Case, bench: Bench, rounds: int) -> CaseResult:
    started = time.monotonic()
    known = {figure.name for figure in scenario.figures}
    with case.ready() as participants:
        turns: dict[str, list[dict[str, float]]] = {one.name: [] for one in participants}
        missing: dict[str, str] = {}
        prepared = time.monotonic()
        for turn in range(case.turns or rounds):
            for one in participants:
                if one.name not in missing and (one.turns is None or turn < one.turns):
                    _measure(one, turn, known, turns[one.name], missing)
        results = [
            ParticipantResult(one.name, one.is_ours, one.note, turns[one.name], missing.get(one.name))
            for one in participants
        ]
    took, before = time.monotonic() - started, prepared - started
    bench.say(f"  {case.name} ({took:.0f} s, {before:.0f} of them to prepare)")
    for result in results:
        bench.say(f"    {result.name:34} {result.missing or _summary(scenario, result)}")
    return CaseResult(case.name, results)


def _measure(
    one: Participant, turn: int, known: set[str], turns: list[dict[str, float]], missing: dict[str, str]
) -> None:
    try:
        figures = one.measure(turn)
    except Unavailable as error:
        missing[one.name] = str(error)
        return
    if unknown := figures.keys() - known:
        raise ValueError(f"{one.name} measured what the scenario does not know: {sorted(unknown)}")
    turns.append(rounded(figures))


def _summary(scenario: Scenario, result: ParticipantResult) -> str:
    return ", ".join(
        _spread(figure.title or figure.name, figure.unit, result.values(figure.name))
        for figure in scenario.figures
        if result.values(figure.name)
    )


def _spread(title: str, unit: str, values: Sequence[float]) -> str:
    middle = sorted(values)[len(values) // 2]
    return f"{title} {middle:,.6g} {unit}" + (f" ({min(values):,.4g} to {max(values):,.4g})" if len(values) > 1 else "")

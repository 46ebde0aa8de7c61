"""The page: where it was measured, which goals were met, where BoostMon loses, and all figures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.harness.results import CaseResult, Judgement, ParticipantResult, RunResult, ScenarioResult, judged
from benchmarks.harness.scenario import Better, Figure, Goal
from benchmarks.report.headlines import headlines
from benchmarks.report.numbers import measured, shown, table, times, titled
from benchmarks.report.plots import Bar, chart

_OF_THE_MACHINE = frozenset({"ms", "s", "timers/s", "endings/s"})
_GOALS = """Each goal was set before it was measured. For a speed or a time, the verdict is "met here": a slower machine
has the same ratios but may miss the goal."""
PLOTS = "assets/benchmarks"
"""Beside the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """`text` is Markdown; `plots` are SVG files by their names under `PLOTS`."""

    text: str
    plots: Mapping[str, str] = field(default_factory=dict)


def page_of(run: RunResult, source: str) -> Page:
    """The page of a run that is kept in the file `source`."""
    plots: dict[str, str] = {}
    parts = [_head(run, source), _in_short(run), _losses(run)]
    parts += [_scenario(scenario, run.rounds, plots) for scenario in run.scenarios]
    parts += [_goals(run), _surroundings(run)]
    return Page("\n\n".join(part for part in parts if part) + "\n", plots)


def _head(run: RunResult, source: str) -> str:
    cores, processor, server = run.machine["cores"], run.machine["processor"], run.versions["PostgreSQL"]
    return f"""<!-- Made by `make bench-page` from {source}: change that, or benchmarks/report, not this page. -->
# Benchmarks

Measured on {run.started:%-d %B %Y} on {cores} cores of {processor}, with PostgreSQL {server} on the same machine, by
`make bench`. BoostMon is measured as it runs in production: its own use cases and adapters, every change committed
durably. All participants in a scenario take turns, {run.rounds} each unless stated otherwise; figures are medians, with
the lowest and the highest in brackets. Compare ratios rather than figures, which depend on the machine. Every
number is in `{source}`."""


def _in_short(run: RunResult) -> str:
    try:
        return f"## In short\n\n{headlines(run)}"
    except ValueError:  # a run of some scenarios
        return ""


def _goals(run: RunResult) -> str:
    parts = [f"## Goals\n\n{_GOALS}"]
    for scenario in run.scenarios:
        units = {figure.name: figure.unit for figure in scenario.figures}
        rows = [
            [one.goal.text, _with_unit(one, units[one.goal.figure]), _verdict(one, units[one.goal.figure])]
            for one in judged(scenario)
        ]
        if rows:
            parts += [f"### {scenario.title}: goals", table(["Goal", "Measured", ""], rows)]
    return "\n\n".join(parts)


def _with_unit(judgement: Judgement, unit: str) -> str:
    if judgement.value is None:
        return ""
    return f"{shown(judgement.value)} {'times' if _is_ratio(judgement.goal) else unit}"


def _verdict(judgement: Judgement, unit: str) -> str:
    met = "met here" if unit in _OF_THE_MACHINE and not _is_ratio(judgement.goal) else "met"
    return {True: met, False: "**missed**", None: "not measured"}[judgement.is_met]


def _is_ratio(goal: Goal) -> bool:
    return goal.beside is not None or goal.beside_case is not None


def _losses(run: RunResult) -> str:
    lines = [
        f"- {scenario.title}, {case.name}, {titled(figure)}: {theirs.name} {shown(peer)}, {ours.name} {shown(own)}"
        for scenario in run.scenarios
        for case in scenario.cases
        for figure in scenario.figures
        for ours in (one for one in case.participants if one.is_ours)
        for theirs in (one for one in case.participants if not one.is_ours)
        if (own := ours.median(figure.name)) is not None and (peer := theirs.median(figure.name)) is not None
        if (peer > own if figure.better is Better.HIGHER else peer < own)
    ]
    said = "\n".join(lines) if lines else "Nowhere in this run."
    return f"""## Where BoostMon loses

Every figure of this run in which a peer did better, whatever it gives up in exchange:

{said}"""


def _scenario(scenario: ScenarioResult, rounds: int, plots: dict[str, str]) -> str:
    parts = [f"## {scenario.title}", scenario.about]
    for case in scenario.cases:
        parts += [f"### {case.name[0].upper()}{case.name[1:]}", _table(scenario, case, rounds)]
        for figure in scenario.figures:
            bars = _bars(case, figure)
            if figure.is_plotted and len(bars) > 1:
                name = re.sub(r"[^a-z0-9]+", "-", f"{scenario.name} {case.name} {figure.name}".lower()).strip("-")
                title = f"{titled(figure)}: {case.name}"
                plots[f"{name}.svg"] = chart(title, bars)
                parts.append(f"![{title}]({PLOTS}/{name}.svg)")
    parts.append(_notes(scenario))
    return "\n\n".join(part for part in parts if part)


def _table(scenario: ScenarioResult, case: CaseResult, rounds: int) -> str:
    figures = [one for one in scenario.figures if any(p.values(one.name) for p in case.participants)]
    main = next((one for one in case.participants if one.is_ours), None)
    is_compared = main is not None and len(case.participants) > 1
    head = ["", *map(titled, figures), *([f"{main.name} is better by a factor of"] if main and is_compared else [])]
    rows = []
    for one in case.participants:
        if one.missing is not None:
            rows.append([one.name, one.missing, *[""] * (len(head) - 2)])
            continue
        row = [one.name, *(measured(one, figure.name, rounds) for figure in figures)]
        if main and is_compared:
            row.append("" if one.is_ours else _ratio(main, one, figures[0]))
        rows.append(row)
    return table(head, rows)


def _ratio(ours: ParticipantResult, theirs: ParticipantResult, figure: Figure) -> str:
    own, peer = ours.median(figure.name), theirs.median(figure.name)
    return "" if own is None or peer is None else times(own, peer, figure.better)


def _bars(case: CaseResult, figure: Figure) -> list[Bar]:
    return [
        Bar(one.name, median, min(values), max(values), one.is_ours)
        for one in case.participants
        if (values := one.values(figure.name)) and (median := one.median(figure.name)) is not None
    ]


def _notes(scenario: ScenarioResult) -> str:
    """How the participants are set up, each told once."""
    notes = {one.name: one.note for case in scenario.cases for one in case.participants if one.note}
    return "\n".join(f"- {name}: {note}" for name, note in notes.items())


def _surroundings(run: RunResult) -> str:
    rows = [[name, value] for name, value in [*run.machine.items(), *run.versions.items()]]
    took = f"The whole run took {run.seconds / 60:.0f} minutes."
    return "## The machine and the versions\n\n" + table(["", ""], rows) + f"\n\n{took}"

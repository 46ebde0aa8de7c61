"""Plays the scenarios and writes down what was measured.

    python -m benchmarks [--quick] [--only drain,idle] [--rounds 5] [--output FILE]

Without `--output`, a full run goes to `benchmarks/results/<date>.json`, and a quick or partial one nowhere: nothing is
to be quoted from those.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.harness.environments import environment_of
from benchmarks.harness.machine import machine, versions
from benchmarks.harness.results import RESULTS, RunResult, judged, to_json
from benchmarks.harness.rounds import play
from benchmarks.harness.scenario import Scenario, Unavailable
from benchmarks.harness.server import Server, Template, migrate, reachable_folder, running_server
from benchmarks.scenarios import SCENARIOS
from boostmon.adapters.clock import machine_time

ROUNDS = 5
_ENVIRONMENTS = Path(__file__).parents[1] / ".bench" / "peers"


@dataclass(slots=True)
class LocalBench:
    """Lends scenarios databases on a server of this run, and the peers an environment each."""

    server: Server
    scratch: Path
    quick: bool
    peers: dict[str, Path] = field(default_factory=dict)

    def pick[T](self, *, full: T, quick: T) -> T:
        """The small one in a smoke test."""
        return quick if self.quick else full

    @contextmanager
    def database(self, name: str, *, migrated: bool = True, template: Template | None = None) -> Iterator[str]:
        """Made for the caller, and dropped when it is done."""
        with self.server.database(name, template) as url:
            if migrated and template is None:
                migrate(url)
            yield url

    def kept_database(self, template: Template) -> str:
        """Filled by whoever asks first."""
        return self.server.kept_database(template)

    def python_of(self, peer: str) -> Path:
        """Installs what is pinned for the peer when it is asked for the first time."""
        if peer not in self.peers:
            self.peers[peer] = environment_of(peer, _ENVIRONMENTS)
        return self.peers[peer]

    def say(self, line: str) -> None:
        """Prints it at once, as a round may take minutes."""
        print(line, flush=True)


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, one turn: a smoke test")
    parser.add_argument("--only", default="", help="names of scenarios, with commas between")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each participant (not with --quick)")
    parser.add_argument("--output", type=Path, help="where the result goes")
    given = parser.parse_args(arguments)
    wanted = [name for name in given.only.split(",") if name]
    if unknown := set(wanted) - {one.name for one in SCENARIOS}:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    scenarios = [one for one in SCENARIOS if not wanted or one.name in wanted]
    result = _run(scenarios, quick=given.quick, rounds=1 if given.quick else given.rounds)
    _judge(result)
    output = given.output or (None if given.quick or wanted else RESULTS / f"{result.started:%Y-%m-%d}.json")
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(to_json(result), encoding="utf-8")
        print(f"written to {output}")
    return 0


def _run(scenarios: Sequence[Scenario], *, quick: bool, rounds: int) -> RunResult:
    started, clock = machine_time(), time.monotonic()
    with reachable_folder() as scratch, running_server() as server:
        bench = LocalBench(server, scratch, quick)
        where = machine(server)
        _install(bench)
        results = [play(scenario, bench, rounds) for scenario in scenarios]
        return RunResult(
            started=started.replace(microsecond=0),
            seconds=round(time.monotonic() - clock, 1),
            quick=quick,
            rounds=rounds,
            machine=where,
            versions=versions(server, bench.peers),
            scenarios=results,
        )


def _install(bench: LocalBench) -> None:
    """Before anything is measured, and so that what is missing is told first."""
    for requirements in sorted((Path(__file__).parent / "peers").glob("*.txt")):
        try:
            bench.python_of(requirements.stem)
        except Unavailable as error:
            bench.say(f"{requirements.stem}: {error}")


def _judge(result: RunResult) -> None:
    print(f"{result.seconds:.0f} s in all")
    if result.quick:
        return  # tiny sizes say nothing about speed
    for scenario in result.scenarios:
        for judgement in judged(scenario):
            verdict = {True: "met", False: "MISSED", None: "not measured"}[judgement.is_met]
            value = "" if judgement.value is None else f" ({judgement.value:.4g})"
            print(f"{verdict:>12}  {judgement.goal.text}{value}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

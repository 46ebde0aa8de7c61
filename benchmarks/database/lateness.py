"""How late timers are acted on as they fall due one after the other."""

import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from benchmarks.database import tables
from benchmarks.database.drain import case_name
from benchmarks.database.peers import Peer, participants
from benchmarks.harness.scenario import Bench, Better, Case, Figure, Goal, Participant, Scenario, WrongResult
from benchmarks.harness.worker import Worker, worker
from benchmarks.peers.wire import PATIENCE

STEP = 0.01
"""Seconds between two timers: 2,000 in 20 s, cut into as many turns as there are rounds."""
LEAD = 1.0
"""Seconds from storing the timers to the first one's being due."""
_LEADS: dict[int, float] = {}
"""The same for each process, where one second was not enough."""
COMMANDS = 20.0
PEERS_TURNS = 2
P50 = Figure("p50", "ms", Better.LOWER, "Median", is_plotted=True)
P99 = Figure("p99", "ms", Better.LOWER, "99 of 100 within", is_plotted=True)
LONGEST = Figure("longest", "ms", Better.LOWER, "Longest")
US = "BoostMon"


def _cases(bench: Bench) -> Iterator[Case]:
    for future in bench.pick(full=(0, 1_000_000), quick=(500,)):
        yield Case(case_name(future), partial(_ready, bench, future))


@contextmanager
def _ready(bench: Bench, future: int) -> Iterator[Sequence[Participant]]:
    count = bench.pick(full=400, quick=20)
    log = bench.scratch / "late.log"
    with ExitStack() as stack:
        url = stack.enter_context(bench.database("boostmon_late", template=tables.template(future)))
        ours = stack.enter_context(worker(sys.executable, "benchmarks.database.boostmon_worker", url, log=log))
        note = "the threads of `boostmon run`, with commands through the use cases: set, add, look"
        yield [
            Participant(US, partial(_ours, count, ours), is_ours=True, note=note),
            *(participants(stack, bench, future, partial(_late, count), _turns) if future else ()),
        ]


def _turns(peer: Peer) -> int:
    """Peers are not judged here, and time is short."""
    return peer.late_turns or PEERS_TURNS


def _ours(count: int, process: Worker, turn: int) -> dict[str, float]:
    answer = _asked(count, process)
    if answer["missing"] or answer["doubles"] or not answer["commands"]:
        raise WrongResult(f"{answer['missing']} missing, {answer['doubles']} twice, {answer['commands']} commands")
    del turn
    return _figures(answer["late"])


def _late(count: int, _peer: Peer, process: Worker, _turn: int) -> dict[str, float]:
    return _figures(_asked(count, process)["late"])


def _asked(count: int, process: Worker) -> Mapping[str, Any]:
    # Storing takes longer among many: the first is due some time after it.
    first = time.time_ns() / 1e9 + _LEADS.get(process.pid, LEAD)
    process.ask("due", count=count, first=first, step=STEP)
    over = time.time_ns() / 1e9
    if over > first - LEAD / 2:
        _LEADS[process.pid] = LEAD + (over - first + _LEADS.get(process.pid, LEAD))
        return _asked(count, process)
    return process.ask("late", first=first, step=STEP, count=count, commands=COMMANDS)


def _figures(late: Sequence[float]) -> dict[str, float]:
    ordered = sorted(late)
    return {"p50": _percentile(ordered, 0.5), "p99": _percentile(ordered, 0.99), "longest": ordered[-1]}


def _percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


_FULL = case_name(1_000_000)
LATENESS = Scenario(
    "lateness",
    "How late timers fire",
    "In each turn 400 timers fall due over 4 s, one every 10 ms: 2,000 over 20 s in five turns. Lateness is the time "
    "from the due time to the request that removes the role (peers: to the call of the job's function). Meanwhile 20 "
    "commands a second run through BoostMon's use cases in the same process; the peers get 20 new jobs a second. The "
    "seed design looks every 30 s; it is measured once, with a look 15 s after the first timer, which is its average. "
    f"A timer that is not acted on within {PATIENCE:g} s counts as {PATIENCE:g} s late.",
    (P50, P99, LONGEST),
    _cases,
    goals=(
        Goal("half of all within 2 ms", _FULL, P50.name, US, at_most=2),
        Goal("99 of 100 within 10 ms", _FULL, P99.name, US, at_most=10),
    ),
)

"""How long what a killed process had claimed waits for another one."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from benchmarks.database import tables
from benchmarks.harness.scenario import Bench, Better, Case, Figure, Goal, Participant, Scenario, WrongResult
from benchmarks.harness.worker import worker

LEASE = 5.0
INTERVAL = 5.0
QUICK = 0.5
"""Both, for a smoke test, which has no time for them."""
AFTER_LEASE = Figure("after_lease", "s", Better.LOWER, "After the lease")
ALL = Figure("after_kill", "s", Better.LOWER, "After the kill", is_plotted=True)
US = "BoostMon"


def _cases(bench: Bench) -> Iterator[Case]:
    claimed = bench.pick(full=500, quick=50)
    yield Case("kill -9", partial(_ready, bench, claimed), turns=bench.pick(full=3, quick=1))


@contextmanager
def _ready(bench: Bench, claimed: int) -> Iterator[Sequence[Participant]]:
    with bench.database("boostmon_crash", template=tables.template(0)) as url:
        yield [
            Participant(
                US,
                partial(_crash, bench, url, claimed),
                is_ours=True,
                note=f"{claimed} timers claimed, a lease of {LEASE:g} s, an interval of 5 s",
            )
        ]


def _crash(bench: Bench, url: str, claimed: int, turn: int) -> dict[str, float]:
    module, lease = "benchmarks.database.boostmon_worker", bench.pick(full=LEASE, quick=QUICK)
    settings = {"BOOSTMON_SWEEP_INTERVAL": f"{bench.pick(full=INTERVAL, quick=QUICK) * 1000:g}ms"}
    log = bench.scratch / "crash.log"
    with (
        worker(sys.executable, module, url, log=log, **settings) as other,
        worker(sys.executable, module, url, log=bench.scratch / "crashing.log", **settings) as crashing,
    ):
        crashing.ask("due", count=claimed, first=time.time_ns() / 1e9 - 60, step=0.01)
        crashing.ask("claim", count=claimed, lease=lease)
        claimed_at = time.monotonic()
        crashing.kill()
        time.sleep(turn * 1.3)  # the other one's ticks meet the lease at another moment each time
        answer = other.ask("take_over", count=claimed, patience=10 * LEASE)
    due, entries, notices = tables.left(url)
    if (answer["done"], answer["doubles"], due, entries, notices)[:4] != (claimed, 0, 0, claimed):
        raise WrongResult(f"{answer}, {due} still due, {entries} entries, {notices} notices")
    after = answer["ended"] - claimed_at
    return {ALL.name: after, AFTER_LEASE.name: after - lease}


CRASH = Scenario(
    "crash",
    "Taking over from a killed process",
    "A process has claimed timers that are due and is killed (`kill -9`) before it acts. Another one, which ticks "
    "every 5 s, takes them over when their lease of 5 s has run out. Measured until the last role is taken; each turn "
    "checks that none was taken twice and that the ledger is complete.",
    (ALL, AFTER_LEASE),
    _cases,
    goals=(Goal("everything within the lease and 1 s", "kill -9", AFTER_LEASE.name, US, at_most=1),),
)

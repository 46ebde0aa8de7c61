"""How long what a killed process had claimed waits for another one."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from benchmarks.database import tables
from benchmarks.database.peers import PEERS, Peer, running
from benchmarks.harness.scenario import (
    Bench,
    Better,
    Case,
    Figure,
    Goal,
    Participant,
    Scenario,
    Unavailable,
    WrongResult,
)
from benchmarks.harness.worker import Worker, worker

LEASE = 2.0
INTERVAL = 3.0
QUICK = 0.5
"""Both, for a smoke test, which has no time for them."""
PEERS_PATIENCE = 4.0
"""Leases after which a peer is not waited for any longer."""
AFTER_LEASE = Figure("after_lease", "s", Better.LOWER, "After the lease")
ALL = Figure("after_kill", "s", Better.LOWER, "After the kill", is_plotted=True)
US = "BoostMon"


def _cases(bench: Bench) -> Iterator[Case]:
    claimed = bench.pick(full=500, quick=50)
    yield Case("kill -9", partial(_ready, bench, claimed), turns=bench.pick(full=3, quick=1))


@contextmanager
def _ready(bench: Bench, claimed: int) -> Iterator[Sequence[Participant]]:
    lease = bench.pick(full=LEASE, quick=QUICK)
    with bench.database("boostmon_crash", template=tables.template(0)) as url:
        note = f"{claimed} timers claimed, a lease of {LEASE:g} s, an interval of {INTERVAL:g} s"
        ours = Participant(US, partial(_ours, bench, url, claimed, lease), is_ours=True, note=note)
        peers = [
            Participant(peer.name, partial(_peer, bench, peer, claimed, lease), note=peer.note, turns=peer.crash_turns)
            for peer in PEERS
            if peer.crash_turns
        ]
        yield [ours, *peers]


def _ours(bench: Bench, url: str, claimed: int, lease: float, turn: int) -> dict[str, float]:
    settings = {"BOOSTMON_SWEEP_INTERVAL": f"{bench.pick(full=INTERVAL, quick=QUICK) * 1000:g}ms"}

    def start(name: str) -> AbstractContextManager[Worker]:
        log = bench.scratch / f"{name}.log"
        return worker(sys.executable, "benchmarks.database.boostmon_worker", url, log=log, **settings)

    # The other one's ticks meet the lease at another moment each time.
    claimed_at, answer = _crash(start, claimed, lease, patience=10 * lease, pause=turn * lease / 4)
    due, entries, notices = tables.left(url)
    if (answer["done"], answer["doubles"], due, entries) != (claimed, 0, 0, claimed):
        raise WrongResult(f"{answer}, {due} still due, {entries} entries, {notices} notices")
    return _figures(answer, claimed_at, lease)


def _peer(bench: Bench, peer: Peer, claimed: int, lease: float, _turn: int) -> dict[str, float]:
    def start(_name: str) -> AbstractContextManager[Worker]:
        return running(bench, peer, 0)

    patience = PEERS_PATIENCE * lease
    claimed_at, answer = _crash(start, claimed, lease, patience=patience)
    if answer["done"] < claimed:
        raise Unavailable(f"{answer['done']} of {claimed} were acted on within {patience:g} s after the kill")
    return _figures(answer, claimed_at, lease)


def _crash(
    start: Callable[[str], AbstractContextManager[Worker]],
    claimed: int,
    lease: float,
    *,
    patience: float,
    pause: float = 0.0,
) -> tuple[float, dict[str, Any]]:
    """When it was claimed, and what the other process answers."""
    with start("crash") as other, start("crashing") as crashing:
        crashing.ask("due", count=claimed, first=time.time_ns() / 1e9 - 60, step=0.01)
        crashing.ask("claim", count=claimed, lease=lease)
        claimed_at = time.monotonic()
        crashing.kill()
        time.sleep(pause)
        return claimed_at, other.ask("take_over", count=claimed, patience=patience, lease=lease, interval=INTERVAL)


def _figures(answer: dict[str, Any], claimed_at: float, lease: float) -> dict[str, float]:
    after = answer["ended"] - claimed_at
    return {ALL.name: after, AFTER_LEASE.name: after - lease}


CRASH = Scenario(
    "crash",
    "Taking over from a killed process",
    "A process has claimed 500 due timers and is killed (`kill -9`) before it acts. Another one, which looks every "
    f"{INTERVAL:g} s, takes them over when their lease of {LEASE:g} s has run out. The time runs until the last role "
    "is removed; each turn checks that none was removed twice and that the ledger is complete. PgQueuer is set to "
    f"consider a job abandoned after the same {LEASE:g} s without a heartbeat, and to look as often. APScheduler has "
    "already deleted what it hands out, and Procrastinate leaves it to a task that its users write and schedule. The "
    "seed design claims nothing: two processes of it would both act.",
    (ALL, AFTER_LEASE),
    _cases,
    goals=(Goal("everything within the lease and 1 s", "kill -9", AFTER_LEASE.name, US, at_most=1),),
)

"""What it costs to look for what is due where nothing is."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.database import tables
from benchmarks.database.drain import case_name
from benchmarks.database.peers import Peer, participants
from benchmarks.harness.scenario import Bench, Better, Case, Figure, Goal, Participant, Scenario, Unavailable
from benchmarks.harness.worker import Worker, worker

TIME = Figure("milliseconds", "ms", Better.LOWER, "One look", is_plotted=True)
BUFFERS = Figure("buffers", "pages", Better.LOWER, "Pages read")
SERVER = Figure("server", "ms", Better.LOWER, "PostgreSQL's processor time")
MEMORY = Figure("resident", "MB", Better.LOWER, "Memory of the process")
PEERS_TURNS = 3
TELLING = 10
"""Transactions after which each session of the pool had its turn."""
US = "BoostMon"
HELD = "under a held snapshot"
FOR_PEERS, MOST_FOR_PEERS = (10_000, 1_000_000), 1_000_000
"""With ten million rows a look of the seed design takes half a minute and gigabytes of memory."""


def _cases(bench: Bench) -> Iterator[Case]:
    for future in bench.pick(full=(10_000, 200_000, 1_000_000, 10_000_000), quick=(500,)):
        yield Case(case_name(future), partial(_ready, bench, future))
    fires = bench.pick(full=120_000, quick=500)
    yield Case(HELD, partial(_held, bench, fires), turns=1)


@contextmanager
def _ready(bench: Bench, future: int) -> Iterator[Sequence[Participant]]:
    with ExitStack() as stack:
        if future > MOST_FOR_PEERS:  # not worth a copy
            url = stack.enter_context(bench.database("boostmon_idle", migrated=False))
            tables.fill(url, future, is_only_read=True)
        else:
            url = stack.enter_context(bench.database("boostmon_idle", template=tables.template(future)))
        ours = stack.enter_context(_worker(url, bench.scratch / "idle.log"))
        peers: list[Participant] = []
        if future in FOR_PEERS or bench.quick:
            peers = participants(stack, bench, future, partial(_look, bench.pick(full=5, quick=3)), _turns)
        polls = bench.pick(full=1_000, quick=20)
        yield [Participant(US, partial(_ours, url, polls, ours), is_ours=True, note="a whole pass of `Sweep`"), *peers]


@contextmanager
def _held(bench: Bench, fires: int) -> Iterator[Sequence[Participant]]:
    """A long query elsewhere keeps every dead row, while so many timers end."""
    polls = bench.pick(full=1_000, quick=20)
    with (
        bench.database("boostmon_held", template=tables.template(0)) as url,
        _worker(url, bench.scratch / "held.log") as ours,
        psycopg.connect(url) as other,
    ):
        ours.ask("due", count=fires, first=1.6e9, step=0.001)
        tables.add_future(url, 1_000)
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT count(*) FROM boostmon.timers")
        done = ours.ask("drain", limit=600.0)["done"]
        if done != fires:
            raise Unavailable(f"only {done} of {fires} timers were ended")
        yield [Participant(US, partial(_ours, url, polls, ours), is_ours=True, note=f"after {fires:,} endings")]


def _turns(_peer: Peer) -> int:
    """Peers are not judged here, and time is short."""
    return PEERS_TURNS


def _worker(url: str, log: Path) -> AbstractContextManager[Worker]:
    return worker(sys.executable, "benchmarks.database.boostmon_worker", url, log=log)


def _ours(url: str, polls: int, process: Worker, _turn: int) -> dict[str, float]:
    process.ask("tell", times=TELLING)
    before, seen = tables.processor_seconds(url), tables.pages(url)
    answer = process.ask("idle", polls=polls)
    used = tables.processor_seconds(url) - before
    process.ask("tell", times=TELLING)
    seen = tables.pages(url) - seen
    return {
        TIME.name: answer["milliseconds"],
        BUFFERS.name: seen / answer["sweeps"],
        SERVER.name: used / answer["sweeps"] * 1000,
        MEMORY.name: answer["resident"],
    }


def _look(polls: int, peer: Peer, process: Worker, turn: int) -> dict[str, float]:
    few = 1 if peer.reads_everything else polls
    if turn == 0:
        process.ask("due", count=0, first=0.0, step=0.0)  # takes away what other scenarios left
    answer = process.ask("idle", polls=few)
    return {TIME.name: answer["milliseconds"], MEMORY.name: answer["resident"]}


_LEAST, _MOST = case_name(10_000), case_name(10_000_000)
IDLE = Scenario(
    "idle",
    "Looking where nothing is due",
    "What a process does when it wakes up and nothing is due, with more and more timers for tomorrow and later in the "
    "table. For BoostMon that is a whole pass of `Sweep`; for the peers, what their loop asks the database. *Under a "
    "held snapshot*, a transaction elsewhere has been open since before 120,000 timers ended, so that PostgreSQL must "
    "keep all their dead rows.",
    (TIME, BUFFERS, SERVER, MEMORY),
    _cases,
    goals=(
        Goal("at most 5 pages with 10,000,000 timers", _MOST, BUFFERS.name, US, at_most=5),
        Goal(
            "with 10,000,000 timers at most 1.5 times the time of 10,000",
            _MOST,
            TIME.name,
            US,
            at_most=1.5,
            beside_case=_LEAST,
        ),
        Goal("at most 1 ms under a held snapshot", HELD, TIME.name, US, at_most=1),
    ),
)

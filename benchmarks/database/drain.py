"""How fast what is due is acted on."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from benchmarks.database import tables
from benchmarks.database.peers import Peer, participants
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

LIMIT, PEERS_LIMIT = 20.0, 3.0
"""Seconds after which a participant is measured by what it has done so far."""
MINUTE = 60.0
SPEED = Figure("per_second", "timers/s", Better.HIGHER, "Speed", is_plotted=True)
ONE, TWO = "BoostMon, endings", "BoostMon, endings, 2 processes"
NONE = "BoostMon, endings, none waiting"
WARN_ONE, WARN_TWO = "BoostMon, warnings", "BoostMon, warnings, 2 processes"


def _cases(bench: Bench) -> Iterator[Case]:
    for future in bench.pick(full=(0, 1_000_000), quick=(500,)):
        yield Case(case_name(future), partial(_ready, bench, future))


def case_name(future: int) -> str:
    """As the case is called in results."""
    return f"{future:,} future timers"


@contextmanager
def _ready(bench: Bench, future: int) -> Iterator[Sequence[Participant]]:
    count = bench.pick(full=20_000, quick=200)
    few = 2 if future else 1
    with ExitStack() as stack:
        url = stack.enter_context(bench.database("boostmon_drain", template=tables.template(future)))
        workers = [_worker(stack, bench, url, f"drain{n}") for n in range(2)]
        ours = [
            Participant(
                name, partial(_drain, url, workers[:processes], kind, count), is_ours=True, note=note, turns=turns
            )
            for name, kind, processes, turns, note in (
                (
                    ONE,
                    "endings",
                    1,
                    None if future else 2,
                    "claim, decide, take the role in memory, settle with ledger entry and notice",
                ),
                (TWO, "endings", 2, few, "the same by two processes"),
                (WARN_ONE, "warnings", 1, None if future else 2, "claim, decide, settle with a notice in the outbox"),
                (WARN_TWO, "warnings", 2, few, "the same by two processes"),
            )
        ]
        if future:  # in turns with the other one: a machine is not as fast now as it was in another case
            none = stack.enter_context(bench.database("boostmon_drain_none", template=tables.template(0)))
            alone = _worker(stack, bench, none, "alone")
            measure = partial(_drain, none, [alone], "endings", count)
            ours.append(Participant(NONE, measure, is_ours=True, note="on a table without future timers"))
        yield [*ours, *participants(stack, bench, future, partial(_drain_peer, count), partial(_turns, future))]


def _worker(stack: ExitStack, bench: Bench, url: str, name: str) -> Worker:
    log = bench.scratch / f"{name}.log"
    return stack.enter_context(worker(sys.executable, "benchmarks.database.boostmon_worker", url, log=log))


def _turns(future: int, peer: Peer) -> int | None:
    """Goals look at peers with future timers only, and time is short."""
    return peer.turns if future else 1


def _drain(url: str, workers: Sequence[Worker], kind: str, count: int, _turn: int) -> dict[str, float]:
    workers[0].ask("due", count=count, first=time.time_ns() / 1e9 - MINUTE, step=MINUTE / 2 / count, kind=kind)
    for one in workers:
        one.send("drain", limit=LIMIT)
    answers = [one.answer() for one in workers]
    done = sum(answer["done"] for answer in answers)
    due, entries, notices = tables.left(url)
    if (done, due, notices) != (count, 0, count) or (kind == "endings" and entries != count):
        raise WrongResult(f"{kind}: {done} of {count} done, {due} still due, {entries} entries, {notices} notices")
    return _speed(done, min(a["started"] for a in answers), max(a["ended"] for a in answers))


def _drain_peer(count: int, peer: Peer, process: Worker, _turn: int) -> dict[str, float]:
    wanted = int(count * peer.share)
    process.ask("due", count=wanted, first=time.time_ns() / 1e9 - MINUTE, step=MINUTE / 2 / wanted)
    answer = process.ask("drain", limit=PEERS_LIMIT)
    if not answer["done"]:
        raise Unavailable(f"it did nothing within {PEERS_LIMIT:g} s")
    if answer["done"] > wanted:
        raise WrongResult(f"{peer.name}: {answer['done']} done, of {wanted}")
    return _speed(answer["done"], answer["started"], answer["ended"])


def _speed(done: int, started: float, ended: float) -> dict[str, float]:
    return {SPEED.name: done / (ended - started)}


_FULL = case_name(1_000_000)
DRAIN = Scenario(
    "drain",
    "Acting on what is due",
    "20,000 timers are due. BoostMon's real `Sweep` claims them, decides, removes the role through a gateway that "
    "answers at once, and settles with a ledger entry and a notice, all in PostgreSQL; or it writes as many warnings "
    "into the outbox. A timer counts as done when it is settled and committed, and each turn checks that every timer "
    "was settled once. The peers call a function that does nothing and forget the job; for them the time runs until "
    "the last call, whatever they write afterwards. APScheduler and Procrastinate get 2,000 timers, and of the peers "
    "only the seed design gets more than three seconds: the others are measured by what they have done by then.",
    (SPEED,),
    _cases,
    goals=(
        Goal(
            "endings at least 3.5 times as fast as the seed design",
            _FULL,
            SPEED.name,
            ONE,
            at_least=3.5,
            beside="seed design",
        ),
        Goal(
            "endings at least 1.5 times as fast as PgQueuer on psycopg",
            _FULL,
            SPEED.name,
            ONE,
            at_least=1.5,
            beside="PgQueuer, psycopg",
        ),
        Goal(
            "endings at least 5 times as fast as APScheduler 3",
            _FULL,
            SPEED.name,
            ONE,
            at_least=5,
            beside="APScheduler 3",
        ),
        Goal(
            "endings with 1,000,000 future timers at least 0.9 times as fast as without",
            _FULL,
            SPEED.name,
            ONE,
            at_least=0.9,
            beside=NONE,
        ),
        Goal("at least 15,000 warnings a second", _FULL, SPEED.name, WARN_ONE, at_least=15_000),
    ),
)

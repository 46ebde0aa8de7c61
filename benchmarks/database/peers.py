"""Who takes part in the database scenarios beside BoostMon, and how each is set up."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.harness.scenario import Bench, Participant, Unavailable
from benchmarks.harness.server import Template
from benchmarks.harness.worker import Worker, worker


@dataclass(frozen=True, slots=True)
class Peer:
    """`module` is what runs, in the environment `needs` (None: BoostMon's own); `slots` are its further arguments.

    `share` is how much of the work it gets where it is so slow that all of it would take minutes; `turns` and
    `late_turns`, how often its speed and its lateness are measured, where it is slow and no goal looks at it;
    `crash_turns`, how often it is killed, which is not at all where it claims nothing. With `reads_everything` a look
    among a million takes a second or more.
    """

    name: str
    module: str
    note: str
    needs: str | None = None
    arguments: tuple[str, ...] = ()
    share: float = 1.0
    turns: int | None = None
    late_turns: int | None = None
    crash_turns: int = 1
    reads_everything: bool = False

    def python(self, bench: Bench) -> Path:
        """Its interpreter.

        Raises:
            Unavailable: it cannot be installed.
        """
        return Path(sys.executable) if self.needs is None else bench.python_of(self.needs)


PEERS: Sequence[Peer] = (
    Peer(
        "seed design",
        "benchmarks.peers.seed_design",
        "psycopg, autocommit; reads every row every 30 s, deletes one by one",
        late_turns=1,
        crash_turns=0,
        reads_everything=True,
    ),
    Peer(
        "APScheduler 3",
        "benchmarks.peers.on_apscheduler",
        "SQLAlchemyJobStore on psycopg, 10 threads, each job removed in a transaction of its own; nothing brings back "
        "one whose process died",
        needs="apscheduler",
        share=0.1,
        late_turns=1,
    ),
    Peer(
        "Procrastinate",
        "benchmarks.peers.on_procrastinate",
        "psycopg, 10 jobs at once, LISTEN, finished jobs deleted; every change committed",
        needs="procrastinate",
        share=0.1,
        turns=1,
        late_turns=1,
        reads_everything=True,
    ),
    Peer(
        "PgQueuer, psycopg",
        "benchmarks.peers.on_pgqueuer",
        "durability 'durable', uvloop, batches of 500; every batch committed",
        needs="pgqueuer",
        arguments=("psycopg",),
    ),
    Peer(
        "PgQueuer, asyncpg",
        "benchmarks.peers.on_pgqueuer",
        "durability 'durable', uvloop, batches of 500; every batch committed",
        needs="pgqueuer",
        arguments=("asyncpg",),
        turns=2,
        late_turns=1,
        crash_turns=0,  # it differs from the other one by its driver alone
    ),
)


@contextmanager
def running(bench: Bench, peer: Peer, future: int) -> Iterator[Worker]:
    """The peer as a process, on a database with so many future timers, which it had before and tidies up itself.

    Raises:
        Unavailable: it is not installed.
    """
    python = peer.python(bench)

    def fill(url: str) -> None:
        with worker(python, peer.module, url, *peer.arguments, log=bench.scratch / "fill.log") as filling:
            filling.ask("prepare", future=future)

    kind = peer.module.rpartition(".")[2]
    template = Template(f"{kind}_{future}", fill)
    name = "_".join((kind, *peer.arguments))
    log, poll = bench.scratch / f"{name}.log", bench.pick(full="30", quick="1")
    url = bench.kept_database(template)
    with worker(python, peer.module, url, *peer.arguments, log=log, SEED_POLL=poll) as process:
        yield process


def participants(
    stack: ExitStack,
    bench: Bench,
    future: int,
    measure: Callable[[Peer, Worker, int], dict[str, float]],
    turns: Callable[[Peer], int | None] = lambda _peer: None,
) -> list[Participant]:
    """All peers, each ready to be measured; one that is not installed says so when it is its turn."""
    found = []
    for peer in PEERS:
        try:
            process = stack.enter_context(running(bench, peer, future))
        except Unavailable as error:
            measured = partial(_unavailable, str(error))
        else:
            measured = partial(measure, peer, process)
        found.append(Participant(peer.name, measured, note=peer.note, turns=turns(peer)))
    return found


def _unavailable(reason: str, _turn: int) -> dict[str, float]:
    raise Unavailable(reason)

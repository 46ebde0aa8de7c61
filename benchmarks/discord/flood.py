"""How Discord's limits are used when many timers end at one moment."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.harness.scenario import Bench, Better, Case, Figure, Goal, Participant, Scenario, WrongResult
from boostmon.sandbox.limits import Rule
from tools.flood import Flood, Measured, play, staged

SPEED = Figure("per_second", "endings/s", Better.HIGHER, "Endings", is_plotted=True)
USED = Figure("used", "%", Better.HIGHER, "Budget used", is_plotted=True)
LIMITED = Figure("limited", "429s", Better.LOWER)
RATIO = Figure("ratio", "times", Better.LOWER, "Last role taken, of all requests' time")
TOLD = Figure("told", "s", Better.LOWER, "Last member told")
EACH = Figure("each", "requests", Better.LOWER, "Requests per ending")
TIMELEFT = Figure("timeleft", "ms", Better.LOWER, "`/timeleft` in the middle")
US, PEER = "BoostMon", "one after the other"
RATE = 50
ROUTE, MESSAGE = Rule(10, 5.0), Rule(5, 5.0)
"""Role changes in a guild and messages in a channel that Discord lets pass; close to what its headers have shown."""
LATENCY = 0.1
"""Seconds that a request is on its way to Discord."""
PATIENCE = 180.0
PEER_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Setting:
    """So many endings in so many guilds, with everything that Discord counts by time `faster` than it is."""

    endings: int
    guilds: int
    faster: int

    @property
    def name(self) -> str:
        """As a case."""
        speed = "" if self.faster == 1 else f", {self.faster} times as fast"
        return f"{self.endings:,} endings{speed}"

    @property
    def flood(self) -> Flood:
        """What is played."""
        return Flood(
            self.guilds,
            self.endings,
            RATE * self.faster,
            _faster(ROUTE, self.faster),
            PATIENCE,
            message=_faster(MESSAGE, self.faster),
            latency=LATENCY / self.faster,
        )


def _faster(rule: Rule, times: int) -> Rule:
    return replace(rule, seconds=rule.seconds / times)


REAL, FAST, QUICK = Setting(2_000, 40, 1), Setting(10_000, 100, 5), Setting(100, 40, 10)


def _cases(bench: Bench) -> Iterator[Case]:
    for setting in bench.pick(full=(REAL, FAST), quick=(QUICK,)):
        yield Case(setting.name, partial(_ready, bench, setting), turns=1)  # each takes a minute


@contextmanager
def _ready(bench: Bench, setting: Setting) -> Iterator[Sequence[Participant]]:
    ours = Participant(US, partial(_ours, bench, setting.flood), is_ours=True, note="bot and sweeper in one process")
    peer = Participant(
        PEER,
        partial(_peer, bench, setting.flood),
        note=f"nextcord alone, awaiting each request; looked at for {PEER_SECONDS:g} s",
    )
    yield [ours] if setting is FAST else [ours, peer]


def _ours(bench: Bench, flood: Flood, turn: int) -> dict[str, float]:
    with bench.database(f"boostmon_flood_{turn}") as url:
        seen = play(flood, url)
    if seen.left or seen.removed != flood.endings:
        raise WrongResult(f"{seen.removed} roles were taken, {seen.left} were left")
    figures = _figures(flood, seen) | {TOLD.name: seen.done}
    return figures if seen.timeleft is None else figures | {TIMELEFT.name: seen.timeleft * 1000}


def _peer(bench: Bench, flood: Flood, _turn: int) -> dict[str, float]:
    with staged(flood) as stage:
        stage.discord.enforce(flood.limits)
        endings = [(place.guild, user, place.role, place.channel) for place, user in stage.members]
        given = {
            "url": stage.discord.url,
            "token": stage.discord.token,
            "seconds": bench.pick(full=PEER_SECONDS, quick=2.0),
            "endings": endings,
        }
        module, root = "benchmarks.discord.one_by_one", Path(__file__).parents[2]
        start = stage.discord.now
        subprocess.run(
            [sys.executable, "-m", module],
            input=json.dumps(given),
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
        )
        seen = stage.measured(next((one.at for one in stage.discord.requests if one.method == "DELETE"), start))
    return _figures(flood, seen)


def _figures(flood: Flood, seen: Measured) -> dict[str, float]:
    return {
        SPEED.name: seen.removed / seen.took,
        USED.name: 100 * seen.used / flood.rate,
        LIMITED.name: seen.early_hits + len(seen.late_hits),
        RATIO.name: seen.took / (seen.requests / flood.rate),
        EACH.name: seen.requests / max(seen.removed, 1),
    }


FLOOD = Scenario(
    "flood",
    "Many endings at one moment",
    f"Timers of {REAL.guilds} guilds (with {FAST.endings:,} endings: of {FAST.guilds}) end at the same moment; each "
    f"owes a message in its guild's channel. The Discord on loopback enforces {RATE} requests a second in all, "
    f"{ROUTE.requests} role changes in {ROUTE.seconds:g} s for each guild and {MESSAGE.requests} messages in "
    f"{MESSAGE.seconds:g} s for each channel; a request takes "
    f"{LATENCY * 1000:g} ms to arrive. *{FAST.faster} times as fast* means {RATE * FAST.faster} requests a second, and "
    f"windows and latency of a {FAST.faster}th, so that 10,000 endings take 40 s instead of 200 s. *Budget used* "
    "counts all requests from the end of the first second to the last removal. *Of all requests' time* compares the "
    "time to the last removal with what all requests, messages included, take at the full budget. Messages to one "
    "channel wait for one another, up to 20 s, so that each tells many. The peer is a bot like most: it removes one "
    "role after the other, awaits each request, and lets nextcord keep the limits.",
    (SPEED, USED, LIMITED, RATIO, TOLD, EACH, TIMELEFT),
    _cases,
    goals=(
        *(
            Goal(f"{one.name}: at least 95 % of the budget", one.name, USED.name, US, at_least=95)
            for one in (REAL, FAST)
        ),
        *(Goal(f"{one.name}: no 429", one.name, LIMITED.name, US, at_most=0) for one in (REAL, FAST)),
        *(
            Goal(f"{one.name}: at most 1.1 requests per ending", one.name, EACH.name, US, at_most=1.1)
            for one in (REAL, FAST)
        ),
        Goal(f"{FAST.name}: done in at most 1.05 of its requests' time", FAST.name, RATIO.name, US, at_most=1.05),
    ),
)

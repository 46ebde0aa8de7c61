"""How soon commands are acknowledged and answered, one after the other and many at once."""

import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.discord.loopback import PATIENCE, member
from benchmarks.harness.scenario import Bench, Better, Case, Figure, Goal, Participant, Scenario, WrongResult
from benchmarks.harness.worker import Worker, worker
from boostmon.sandbox.bot import SubprocessBot
from boostmon.sandbox.exchanges import ACKNOWLEDGE_SECONDS

ACKNOWLEDGED = tuple(
    Figure(f"ack_{name}", "ms", Better.LOWER, f"Acknowledged, {title}", is_plotted=name == "p99")
    for name, title in (("p50", "median"), ("p95", "95 of 100"), ("p99", "99 of 100"), ("max", "longest"))
)
ANSWERED = tuple(
    Figure(f"answer_{name}", "ms", Better.LOWER, f"Answered, {title}")
    for name, title in (("p50", "median"), ("p95", "95 of 100"), ("p99", "99 of 100"))
)
LATE = Figure("late", "%", Better.LOWER, "Past three seconds")
US = "boostmon run"
ONE = 50
"""Commands that follow one another where one is typed at a time."""
RATE = 1_000
"""Requests a second that BoostMon may make here: with Discord's 50, what is measured would be those."""
READY = 60.0

TIMELEFT, SETTIME, AUTOCOMPLETE = "/timeleft", "/settime", "autocomplete"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is typed by the member of a number, and which titles its answers may have (None: it has no embed)."""

    ask: str
    line: Callable[[int], tuple[str, str]]
    titles: frozenset[str]


_KINDS: Mapping[str, _Kind] = {
    # Before the others: nobody has a timer yet. Then everybody has one.
    SETTIME: _Kind(
        "commands",
        lambda number: ("@mod", f"/settime user:@{member(number)} role:@VIP duration:30d"),
        frozenset({"Timer started", "Timer replaced"}),
    ),
    TIMELEFT: _Kind("commands", lambda number: (f"@{member(number)}", "/timeleft"), frozenset({"Time left"})),
    # Each of somebody else: of one person's keystrokes only the last is answered.
    AUTOCOMPLETE: _Kind("autocompletes", lambda number: (f"@{member(number)}", "/timeleft role:"), frozenset()),
}


def _cases(bench: Bench) -> Iterator[Case]:
    at_once = bench.pick(full=(1, 100, 1_000), quick=(1, 10))
    with _running(bench, max(*at_once, ONE)) as discord:
        for name, kind in _KINDS.items():
            # The most first: they give everybody the timers that the others look at.
            for many in sorted(at_once, reverse=True):
                turns = 3 if many == max(at_once) and not bench.quick else None
                yield Case(case_name(name, many), partial(_ready, discord, kind, many, bench), turns=turns)


def case_name(command: str, many: int) -> str:
    """As in `/timeleft, 100 at once`."""
    return f"{command}, one at a time" if many == 1 else f"{command}, {many:,} at once"


@contextmanager
def _running(bench: Bench, members: int) -> Iterator[Worker]:
    log = bench.scratch / "loopback.log"
    with bench.database("boostmon_commands") as url, worker(sys.executable, LOOPBACK, log=log) as discord:
        discord.ask("members", count=members)
        bot = SubprocessBot([sys.executable, "-m", "boostmon", "run"], _environment(discord, url))
        bot.start()
        try:
            discord.ask("ready", seconds=READY)
            yield discord
        finally:
            bot.stop()


LOOPBACK = "benchmarks.discord.loopback"


def _environment(discord: Worker, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOOSTMON_", "PG"))}
    address = discord.ask("address")
    ours = {
        "DISCORD_TOKEN": address["token"],
        "BOOSTMON_DISCORD_API_URL": address["url"],
        "DATABASE_URL": url,
        "BOOSTMON_DISCORD_RATE": str(RATE),
    }
    return {**kept, **ours}


@contextmanager
def _ready(discord: Worker, kind: _Kind, many: int, bench: Bench) -> Iterator[Sequence[Participant]]:
    note = "bot and sweeper in one process; Discord on loopback in another one, on the same cores"
    rounds = bench.pick(full=ONE, quick=3) if many == 1 else 1
    yield [Participant(US, partial(_measure, discord, kind, many, rounds), is_ours=True, note=note)]


def _measure(discord: Worker, kind: _Kind, many: int, rounds: int, _turn: int) -> dict[str, float]:
    acknowledged: list[float | None] = []
    answered: list[float | None] = []
    for one in range(rounds):
        came = discord.ask(kind.ask, typed=[kind.line(one + number) for number in range(many)])
        _check(came, kind)
        acknowledged += came["acknowledged"]
        answered += came["answered"]
    late = sum(one is None or one > ACKNOWLEDGE_SECONDS for one in acknowledged)
    return (
        dict(zip((figure.name for figure in ACKNOWLEDGED), _spread(acknowledged, (0.5, 0.95, 0.99, 1)), strict=True))
        | dict(zip((figure.name for figure in ANSWERED), _spread(answered, (0.5, 0.95, 0.99)), strict=True))
        | {LATE.name: 100 * late / len(acknowledged)}
    )


def _check(came: Mapping[str, Any], kind: _Kind) -> None:
    """What came too late is a figure; what was answered wrongly is none."""
    if wrong := set(came["titles"]) - kind.titles:
        raise WrongResult(f"answers with other titles: {sorted(wrong)}")


def _spread(seconds: Sequence[float | None], shares: Sequence[float]) -> list[float]:
    """Percentiles in milliseconds; what never came counts as long as it was waited for."""
    ordered = sorted(1000 * (PATIENCE if one is None else one) for one in seconds)
    return [ordered[max(math.ceil(share * len(ordered)) - 1, 0)] for share in shares]


COMMANDS = Scenario(
    "commands",
    "How soon commands are answered",
    f"People type, and the real bot answers through nextcord and a Discord on loopback. *At once* means that the "
    f"gateway sends all commands one right after the other, *one at a time* that {ONE} follow one another. Times run "
    f"from the moment when the loopback Discord creates the interaction to the arrival of the acknowledgement (for "
    f"which Discord waits {ACKNOWLEDGE_SECONDS:g} s) and of the answer. An autocomplete is acknowledged by its answer. "
    f"The loopback Discord is a process of its own but shares the machine: with 1,000 at once it needs about as much "
    f"processor time as the bot, which Discord's servers would not take from it. Each `/settime` gives a role; here "
    f"BoostMon may make {RATE:,} requests a second instead of Discord's 50, since 1,000 roles would take 20 s on the "
    f"real Discord, whatever the bot does.",
    (*ACKNOWLEDGED, *ANSWERED, LATE),
    _cases,
    goals=(
        *(
            Goal(f"{name}: none of 1,000 past 3 s", case_name(name, 1_000), LATE.name, US, at_most=0)
            for name in (TIMELEFT, SETTIME, AUTOCOMPLETE)
        ),
        *(
            Goal(f"{name}: 100 at once acknowledged within 100 ms", case_name(name, 100), "ack_p99", US, at_most=100)
            for name in (TIMELEFT, SETTIME)
        ),
        Goal("`/timeleft` within 50 ms in a quiet bot", case_name(TIMELEFT, 1), "answer_p99", US, at_most=50),
    ),
)

"""The page about scale: its text is a template, every number comes from a kept run or from the simulation."""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from pydantic import TypeAdapter

from benchmarks.database.idle import BUFFERS, TIME
from benchmarks.database.lateness import P50, P99
from benchmarks.database.running import MEMORY, READY
from benchmarks.discord import commands, flood
from benchmarks.harness.results import RunResult, from_json
from benchmarks.report.numbers import shown, table
from benchmarks.scale.simulation import DAY, ROUTE, Assumptions, Hour, Simulated
from boostmon.adapters.discord.budget import DEFAULT_RATE
from boostmon.app.delivering.messages import MOST_TOGETHER

HERE = Path(__file__).parent
SIMULATED = HERE / "simulated.json"
PER_SHARD = 2_500
"""Servers that Discord lets one gateway connection see."""
UNMEASURED = "not measured yet"

DAYS: TypeAdapter[dict[str, Simulated]] = TypeAdapter(dict[str, Simulated])
ORDINARY, MONTH_END, FOUR = "ordinary", "month_end", "month_end_four_tokens"
_TITLES = {
    ORDINARY: "an ordinary day",
    MONTH_END: "the last day of a month",
    FOUR: "the last day of a month, one of four tokens",
}


def scale_from_kept(source: Path | None) -> str:
    """The page of the simulation that is kept, and of the run in the file `source` (None: nothing was measured yet)."""
    run = None if source is None else from_json(source.read_text(encoding="utf-8"))
    name = "no result" if source is None else f"benchmarks/results/{source.name}"
    return scale_page(DAYS.validate_json(SIMULATED.read_bytes()), run, name)


def scale_page(days: dict[str, Simulated], run: RunResult | None, source: str) -> str:
    """The page; `run` None: nothing has been measured yet."""
    ordinary, month_end, four = days[ORDINARY], days[MONTH_END], days[FOUR]
    of = ordinary.assumptions
    sizes = _sizes(of)
    lives = ordinary.requests / ordinary.endings.count
    values = {
        **_measured(run),
        "source": source,
        "simulated": "benchmarks/scale/simulated.json",
        "machine": "one small machine" if run is None else "[one small machine](benchmarks.md)",
        "per_shard": f"{PER_SHARD:,}",
        "rate": str(DEFAULT_RATE),
        "daily": f"{DEFAULT_RATE * DAY:,}",
        "each": f"{ordinary.messages / ordinary.endings.count:.1f} times",
        "lives": _round(DEFAULT_RATE * DAY * of.used / lives),
        "bare": _round(DEFAULT_RATE * DAY * of.used / 2),
        "guilds": f"{of.guilds:,}",
        "timers": f"{of.timers:,}",
        "length": f"{of.days:g}",
        "largest": f"{sizes[0]:,.0f}",
        "median": f"{sizes[len(sizes) // 2]:,.0f}",
        "decisions": f"{of.decisions:,}",
        "used_assumed": f"{of.used:.0%}",
        "days": table(
            [
                "",
                "Requests",
                "Of the limit",
                "Roles taken",
                "Half within",
                "99 of 100",
                "Last",
                "News: half",
                "99 of 100",
            ],
            [_day(_TITLES[name], day) for name, day in days.items()],
        ),
        "month_end": f"{month_end.assumptions.month_end:.0%}",
        "hours": table(
            [
                "Hour",
                "Of the limit",
                "Roles taken",
                "99 of 100 within",
                "Last",
                "Waiting at its end",
                "News told",
                "99 of 100",
            ],
            [_hour(hour) for hour in month_end.hours],
        ),
        "ordinary_used": f"{ordinary.used:.0%}",
        "burst": f"{month_end.assumptions.timers * month_end.assumptions.month_end:,.0f}",
        "burst_minutes": f"{month_end.endings.longest / 60:.0f}",
        "four_minutes": f"{four.endings.longest / 60:.0f}",
        "together": str(MOST_TOGETHER),
        "route": str(ROUTE.requests),
        "route_seconds": f"{ROUTE.seconds:g}",
        "one_guild": f"{10_000 / ROUTE.requests * ROUTE.seconds / 3600:.1f}",
    }
    return (HERE / "page.md").read_text(encoding="utf-8").format_map(values)


def decisions_and_use(run: RunResult | None) -> tuple[int, float]:
    """What the simulation takes from a run: endings decided a second, and the share of Discord's limit that is used."""
    of = Assumptions()
    decided = _median(run, "drain", "1,000,000 future timers", "BoostMon, endings", "per_second")
    used = _median(run, "flood", flood.REAL.name, flood.US, flood.USED.name)
    return (
        of.decisions if decided is None else int(decided),
        of.used if used is None else round(used / 100, 3),
    )


def _measured(run: RunResult | None) -> dict[str, str]:
    million, most = "1,000,000 future timers", "10,000,000 future timers"
    endings = _median(run, "drain", million, "BoostMon, endings", "per_second")

    def value(unit: str, scenario: str, case: str, participant: str, figure: str) -> str:
        found = _median(run, scenario, case, participant, figure)
        return UNMEASURED if found is None else f"{shown(found)}{unit}"

    at_once = commands.case_name(commands.SETTIME, 100)
    many = commands.case_name(commands.SETTIME, 1_000)
    return {
        "resident": value(" MB", "running", million, "boostmon run", MEMORY.name),
        "ready": value(" s", "running", million, "boostmon run", READY.name),
        "look": value(" ms", "idle", most, "BoostMon", TIME.name),
        "pages": value(" pages", "idle", most, "BoostMon", BUFFERS.name),
        "late_p50": value(" ms", "lateness", million, "BoostMon", P50.name),
        "late_p99": value(" ms", "lateness", million, "BoostMon", P99.name),
        "endings": value(" a second", "drain", million, "BoostMon, endings", "per_second"),
        "endings_two": value(" a second", "drain", million, "BoostMon, endings, 2 processes", "per_second"),
        "warnings": value(" a second", "drain", million, "BoostMon, warnings", "per_second"),
        "ack": value(" ms", "commands", at_once, commands.US, "ack_p99"),
        "late_commands": value(" %", "commands", many, commands.US, commands.LATE.name),
        "used": value(" %", "flood", flood.REAL.name, flood.US, flood.USED.name),
        "times_over": "many times as many of them"
        if endings is None
        else f"{shown(endings / DEFAULT_RATE)} times as many",
    }


def _median(run: RunResult | None, scenario: str, case: str, participant: str, figure: str) -> float | None:
    found = None if run is None else next((one for one in run.scenarios if one.name == scenario), None)
    return None if found is None else found.median(case, participant, figure)


def _sizes(of: Assumptions) -> Sequence[float]:
    """How many timers the guilds have, the largest first."""
    weights = [1 / (number + of.flattening) for number in range(of.guilds)]
    *_, total = accumulate(weights)
    return [of.timers * weight / total for weight in weights]


def _day(title: str, day: Simulated) -> list[str]:
    return [
        title,
        f"{day.requests:,}",
        f"{day.used:.0%}",
        f"{day.endings.count:,}",
        *map(_late, (day.endings.p50, day.endings.p99, day.endings.longest, day.news.p50, day.news.p99)),
    ]


def _hour(hour: Hour) -> list[str]:
    told = hour.news.count
    return [
        str(hour.hour),
        f"{hour.used:.0%}",
        f"{hour.endings.count:,}",
        _late(hour.endings.p99),
        _late(hour.endings.longest),
        f"{hour.waiting:,}",
        f"{told:,}",
        _late(hour.news.p99) if told else "",
    ]


def _late(seconds: int) -> str:
    return f"{seconds} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def _round(number: float) -> str:
    """Two digits: nobody knows more."""
    return f"{float(f'{number:.2g}'):,.0f}"

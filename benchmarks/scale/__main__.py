"""Plays the simulated days, prints them, and keeps them: `python -m benchmarks.scale` (a minute).

Figures of the newest result go in: how many timers are decided a second, and how much of Discord's limit is used.
"""

import time
from dataclasses import replace

from benchmarks.harness.results import from_json, newest
from benchmarks.scale.page import DAYS, FOUR, MONTH_END, ORDINARY, SIMULATED, decisions_and_use
from benchmarks.scale.simulation import Assumptions, Simulated, simulate

MONTH_END_SHARE = 0.03
TOKENS = 4


def main() -> int:
    """The command line."""
    source = newest()
    decisions, used = decisions_and_use(None if source is None else from_json(source.read_text(encoding="utf-8")))
    of = Assumptions(decisions=decisions, used=used)
    days = {
        ORDINARY: of,
        MONTH_END: replace(of, month_end=MONTH_END_SHARE),
        FOUR: replace(of, month_end=MONTH_END_SHARE, guilds=of.guilds // TOKENS, timers=of.timers // TOKENS),
    }
    played = {name: _play(name, of) for name, of in days.items()}
    SIMULATED.write_bytes(DAYS.dump_json(played, indent=1) + b"\n")
    print(f"kept in {SIMULATED.name}; `make bench-page` writes the page")
    return 0


def _play(name: str, of: Assumptions) -> Simulated:
    started = time.monotonic()
    day = simulate(of)
    print(f"{name}: {of.guilds:,} guilds, {of.timers:,} timers ({time.monotonic() - started:.0f} s)")
    print(f"  {day.requests:,} requests, {day.used:.1%} of the limit; {day.endings.count:,} roles taken")
    print(f"  roles late: half {day.endings.p50} s, 99 of 100 {day.endings.p99} s, longest {day.endings.longest} s")
    print(f"  news late: half {day.news.p50} s, 99 of 100 {day.news.p99} s; {day.dropped:,} overtaken")
    for hour in day.hours:
        print(
            f"    {hour.hour:2} o'clock: {hour.used:5.1%} used, {hour.endings.count:7,} roles taken, "
            f"99 of 100 within {hour.endings.p99} s, {hour.waiting:,} waiting"
        )
    return day


if __name__ == "__main__":
    raise SystemExit(main())

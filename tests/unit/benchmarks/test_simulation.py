"""A day of many timers, in small."""

from dataclasses import replace

import pytest

from benchmarks.harness.results import newest
from benchmarks.report.__main__ import ROOT
from benchmarks.scale.page import scale_from_kept
from benchmarks.scale.simulation import DAY, Assumptions, Simulated, simulate

FEW = Assumptions(
    guilds=2_000, timers=60_000, days=30, on_the_hour=0, flattening=1_000, rate=50, used=0.9, decisions=1_000
)
BURST = replace(FEW, month_end=0.2)


@pytest.fixture(scope="module")
def quiet() -> Simulated:
    return simulate(FEW)


@pytest.fixture(scope="module")
def burst() -> Simulated:
    return simulate(BURST)


def test_a_day_is_the_same_each_time(quiet: Simulated) -> None:
    assert simulate(FEW) == quiet
    assert simulate(replace(FEW, seed=2)) != quiet


def test_without_haste_everything_is_on_time(quiet: Simulated) -> None:
    assert quiet.endings.count == pytest.approx(FEW.timers / FEW.days, rel=0.1)
    assert (quiet.endings.longest, quiet.hours[-1].waiting) == (0, 0)
    # A role given and one taken, and the messages.
    assert quiet.requests == pytest.approx(2 * quiet.endings.count + quiet.messages, rel=0.05)


def test_a_burst_takes_as_long_as_the_limit_makes_it(burst: Simulated) -> None:
    most = BURST.timers * BURST.month_end
    assert burst.endings.longest + 1 >= most / (BURST.rate * BURST.used)
    assert burst.endings.count >= most
    assert burst.hours[-1].waiting == 0
    assert max(hour.used for hour in burst.hours) <= BURST.used


def test_a_guild_meets_its_own_limit() -> None:
    one = simulate(replace(BURST, guilds=1, timers=3_000))
    # Ten in ten seconds.
    assert one.endings.longest == pytest.approx(3_000 * 0.2, abs=20)


def test_many_members_share_a_message(quiet: Simulated, burst: Simulated) -> None:
    assert quiet.told / quiet.messages < 1.2
    assert burst.told / burst.messages > 3


def test_a_higher_limit_and_more_tokens_shorten_a_burst(burst: Simulated) -> None:
    faster = simulate(replace(BURST, rate=200))
    part = simulate(replace(BURST, guilds=BURST.guilds // 4, timers=BURST.timers // 4))
    assert faster.endings.longest < burst.endings.longest
    assert part.endings.longest < burst.endings.longest


def test_hours_are_parts_of_the_day(burst: Simulated) -> None:
    assert sum(hour.endings.count for hour in burst.hours) == burst.endings.count
    assert sum(hour.used for hour in burst.hours) / 24 == pytest.approx(burst.requests / (DAY * BURST.rate), abs=0.001)


def test_the_page_is_made_from_what_is_kept() -> None:
    assert (ROOT / "docs" / "scale.md").read_text(encoding="utf-8") == scale_from_kept(newest())

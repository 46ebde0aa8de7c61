"""The page of benchmarks says what is in the file, the bad with the good."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.harness.results import from_json, newest
from benchmarks.harness.scenario import Goal
from benchmarks.report.__main__ import FRONTS
from benchmarks.report.headlines import headlines, with_headlines
from benchmarks.report.numbers import shown
from benchmarks.report.page import PLOTS, page_of
from benchmarks.report.plots import Bar, chart
from tests.unit.benchmarks.runs import result, run, scenario

ROOT = Path(__file__).parents[3]
US = result("us", ours=True, speed=[90, 95, 100, 120, 130], late=[4, 4, 5, 6, 6])


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level."""
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_it_tells_where_a_peer_is_better_and_nothing_else() -> None:
    faster, later = result("faster", speed=[200], late=[9]), result("later", speed=[10], late=[1])

    losses = section(page_of(run(scenario({"few": [US, faster, later]})), "x.json").text, "Where BoostMon loses")

    assert "few, Speed, timers/s: faster 200, us 100" in losses
    assert "few, Lateness, ms: later 1, us 5" in losses
    assert losses.count("\n- ") == 2


def test_it_says_so_where_nobody_is_better() -> None:
    page = page_of(run(scenario({"few": [US, result("slow", speed=[1])]})), "x.json")

    assert "Nowhere in this run." in section(page.text, "Where BoostMon loses")


def test_goals_are_met_missed_or_not_measured() -> None:
    goals = [
        Goal("fast enough", case="few", figure="speed", of="us", at_least=100),
        Goal("very fast", case="few", figure="speed", of="us", at_least=101),
        Goal("faster than who is away", case="few", figure="speed", of="us", at_least=1, beside="away"),
        Goal("twice as fast as the slow", case="few", figure="speed", of="us", at_least=2, beside="slow"),
    ]

    others = [result("slow", speed=[50]), result("away", missing="not installed")]
    page = page_of(run(scenario({"few": [US, *others]}, *goals)), "x.json")

    assert "### Draining: goals" in page.text
    assert "| fast enough | 100 timers/s | met here |" in page.text
    assert "| very fast | 100 timers/s | **missed** |" in page.text
    assert "| faster than who is away |  | not measured |" in page.text
    assert "| twice as fast as the slow | 2 times | met |" in page.text


def test_a_table_has_median_spread_and_ratio() -> None:
    slow, slower = result("slow", speed=[20], late=[50]), result("slower", speed=[8, 10, 12], late=[60, 61, 62])

    text = page_of(run(scenario({"few": [US, slow, slower, result("away", missing="not installed")]})), "x.json").text

    assert "| us | 100 (90 to 130) | 5 (4 to 6) |  |" in text
    assert "| slow | 20 (once) | 50 (once) | 5 |" in text
    assert "| slower | 10 (3 turns, 8 to 12) | 61 (3 turns, 60 to 62) | 10 |" in text
    assert "| away | not installed |" in text
    assert "- slow: how slow is set up" in text


def test_plots_are_drawn_for_whoever_was_measured() -> None:
    page = page_of(
        run(scenario({"1,000 timers": [US, result("slow", speed=[20]), result("x", missing="no")]})), "x.json"
    )

    [(name, drawn)] = page.plots.items()
    assert f"]({PLOTS}/{name})" in page.text
    bars = [one for one in ET.fromstring(drawn).iter() if one.tag.endswith("rect")]  # noqa: S314 - our own
    assert len(bars) == 2


def test_a_wide_range_is_drawn_on_a_logarithmic_scale() -> None:
    drawn = chart("Lateness", [Bar("us", 1, 1, 2, is_ours=True), Bar("them", 15_000, 14_000, 16_000, is_ours=False)])

    assert "Lateness (logarithmic)" in drawn
    widths = [float(one.attrib["width"]) for one in ET.fromstring(drawn).iter() if one.tag.endswith("rect")]  # noqa: S314 - our own
    assert 1 < widths[0] < widths[1]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.0317, "0.0317"), (1.494, "1.49"), (99.96, "100"), (15_234.4, "15,234")]
)
def test_numbers_are_readable(value: float, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize("front", FRONTS)
def test_the_headlines_are_those_of_the_newest_kept_run(front: str) -> None:
    kept = newest()
    assert kept is not None
    text = (ROOT / front).read_text(encoding="utf-8")
    assert with_headlines(text, from_json(kept.read_text(encoding="utf-8"))) == text


def test_headlines_of_a_run_that_has_not_measured_them_are_refused() -> None:
    with pytest.raises(ValueError, match="the run has no p99 of BoostMon in lateness"):
        headlines(run(scenario({"few": [US]})))
    with pytest.raises(ValueError, match="there is no"):
        with_headlines("no marks", run(scenario({"few": [US]})))


def test_the_page_in_the_documentation_is_that_of_the_newest_kept_run() -> None:
    kept = newest()
    page = ROOT / "docs" / "benchmarks.md"
    assert page.exists() == (kept is not None)
    if kept is not None:
        made = page_of(from_json(kept.read_text(encoding="utf-8")), kept.relative_to(ROOT).as_posix())
        assert page.read_text(encoding="utf-8") == made.text
        for name, drawn in made.plots.items():
            assert (page.parent / PLOTS / name).read_text(encoding="utf-8") == drawn

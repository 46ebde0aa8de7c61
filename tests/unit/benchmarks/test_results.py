"""What is kept of a run, and how it is held against the goals."""

import pytest

from benchmarks.harness.results import from_json, judged, newest, rounded, to_json
from benchmarks.harness.scenario import Goal
from tests.unit.benchmarks.runs import result, run, scenario


def test_a_run_is_read_as_it_was_written() -> None:
    goal = Goal("fast", case="few", figure="speed", of="us", at_least=2, beside="them")
    written = run(scenario({"few": [result("us", ours=True, speed=[1, 2]), result("them", missing="gone")]}, goal))

    assert from_json(to_json(written)) == written


def test_the_median_leaves_out_turns_without_the_figure() -> None:
    one = result("us", speed=[3, 1, 8], late=[5])

    assert one.median("speed") == 3
    assert one.median("late") == 5
    assert one.median("other") is None


@pytest.mark.parametrize(
    ("bounds", "value", "is_met"),
    [
        ({"at_least": 10}, 10, True),
        ({"at_least": 11}, 10, False),
        ({"at_most": 10}, 10, True),
        ({"at_most": 9}, 10, False),
        ({"at_least": 2, "beside": "them"}, 2, True),
        ({"at_least": 2.1, "beside": "them"}, 2, False),
        ({"at_least": 0.5, "beside_case": "many"}, 0.5, True),
        ({"at_least": 0.1, "beside": "them", "beside_case": "many"}, None, None),
        ({"at_least": 1, "beside": "absent"}, None, None),
    ],
)
def test_a_goal_is_a_bound_on_a_median_or_on_a_ratio(
    bounds: dict[str, float | str], value: float | None, is_met: bool | None
) -> None:
    goal = Goal("fast", case="few", figure="speed", of="us", **bounds)  # type: ignore[arg-type] # by their names
    played = scenario(
        {
            "few": [
                result("us", ours=True, speed=[9, 10, 30]),
                result("them", speed=[5]),
                result("absent", missing="-"),
            ],
            "many": [result("us", ours=True, speed=[20])],
        },
        goal,
    )

    [judgement] = judged(played)

    assert (judgement.value, judgement.is_met) == (value, is_met)


def test_figures_are_kept_with_six_digits() -> None:
    assert rounded({"speed": 12345.678, "late": 0.00012345678}) == {"speed": 12345.7, "late": 0.000123457}


def test_every_kept_run_can_be_read() -> None:
    kept = newest()
    if kept is not None:
        assert not from_json(kept.read_text(encoding="utf-8")).quick

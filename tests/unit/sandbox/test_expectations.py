import pytest

from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.expectations import (
    ExpectAnswer,
    Expectation,
    ExpectButton,
    ExpectEntry,
    ExpectMessage,
    ExpectRefusal,
    ExpectRole,
    ExpectSuggestion,
    ExpectVisibility,
    parse_expectation,
    seconds,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("answer contains Thanks a lot", ExpectAnswer("Thanks a lot")),
        ('answer contains "ends within 5s"', ExpectAnswer("ends within 5s")),
        ("answer lacks error", ExpectAnswer("error", negated=True)),
        ("answer has button Undo", ExpectButton("Undo")),
        ('answer lacks button "Undo all"', ExpectButton("Undo all", negated=True)),
        ("answer hidden", ExpectVisibility(hidden=True)),
        ("answer public", ExpectVisibility(hidden=False)),
        ("refused", ExpectRefusal("")),
        ("refused contains permission", ExpectRefusal("permission")),
        ("suggestions contain 2 hours", ExpectSuggestion("2 hours")),
        ("suggestions lack 2 hours", ExpectSuggestion("2 hours", negated=True)),
        ("@alice has @VIP", ExpectRole("@alice", "@VIP", negated=False, within=0)),
        ("@alice lacks @Very Important within 1m30s", ExpectRole("@alice", "@Very Important", True, 90)),
        ("message #warnings contains soon within 5s", ExpectMessage("#warnings", "soon", False, 5)),
        ("dm @alice contains it's over", ExpectMessage("@alice", "it's over", False, 0)),
        ("no message #general", ExpectMessage("#general", "", True, 0)),
        ("audit-log contains @mod gave @alice @VIP within 5s", ExpectEntry("@mod gave @alice @VIP", False, 5)),
        ('audit-log lacks "@Patron"', ExpectEntry("@Patron", True, 0)),
        ("no dm @bob contains x within 2s", ExpectMessage("@bob", "x", True, 2)),
    ],
)
def test_every_form_is_understood(line: str, expected: Expectation) -> None:
    assert parse_expectation(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "rain",
        "answer",
        "@alice has VIP",
        "message general contains x",
        "answer hidden within 5s",
        "@a has @b within x",
        "audit-log",
        "audit-log contains",
    ],
)
def test_every_other_form_is_explained(line: str) -> None:
    with pytest.raises(CannotDo):
        parse_expectation(line)


@pytest.mark.parametrize(
    ("text", "length"),
    [("90s", 90), ("2m", 120), ("1h30m", 5400), ("1h 30m", 5400), ("2.5s", 2.5), ("250ms", 0.25), ("1d", 86400)],
)
def test_spans_of_time(text: str, length: float) -> None:
    assert seconds(text) == pytest.approx(length)


@pytest.mark.parametrize("text", ["", "s", "90", "-5s", "5x", "5s!"])
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(CannotDo, match="not a time span"):
        seconds(text)

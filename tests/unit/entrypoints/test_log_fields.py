"""Values in a line of the log, in both formats: no Python in it, and nothing that would forge another line."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.timers import Obstacle
from boostmon.entrypoints.log_fields import LONGEST, on_one_line
from boostmon.entrypoints.logs import configure_logs
from tests.support.timers import running

KEY = TimerKey(GuildId(1), UserId(2), RoleId(3))
IDS = {"guild": 1, "user": 2, "role": 3}
FORGED = "ok\n2026-11-24T10:00:00Z [info] all timers ended\r\x1b[2J\u2028\u202e\x9b"
_log = logging.getLogger("boostmon.tests")

pytestmark = pytest.mark.usefixtures("untouched_logging")


def logged(capsys: pytest.CaptureFixture[str], **extra: object) -> dict[str, Any]:
    """The fields of a JSON line."""
    configure_logs(json=True, level="INFO")
    _log.info("it happened", extra=extra)
    line: dict[str, Any] = json.loads(capsys.readouterr().err)
    for name in ("event", "level", "logger", "timestamp"):
        del line[name]
    return line


@pytest.mark.parametrize("name", ["timer", "key"])
def test_a_key_is_three_ids(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert logged(capsys, **{name: KEY}) == IDS


def test_ids_that_readers_of_json_would_round_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    key = TimerKey(GuildId(1574731821562724355), UserId(2), RoleId(2**53 + 1))
    found = logged(capsys, timer=key, by=1574731821566918665, ms=8)
    assert found == {
        "guild": "1574731821562724355",
        "user": 2,
        "role": "9007199254740993",
        "by": "1574731821566918665",
        "ms": 8,
    }


def test_a_timer_is_its_key_and_state(capsys: pytest.CaptureFixture[str]) -> None:
    timer = running(timedelta(hours=1), of=KEY, at=datetime(2026, 11, 24, tzinfo=UTC))
    assert logged(capsys, timer=timer) == {**IDS, "state": "running"}


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        (Done(), {"outcome": "done"}),
        (AlreadyGone(Gone.ROLE, "10011"), {"outcome": "already_gone", "what": "role", "error": "10011"}),
        (
            Blocked(Obstacle.GUILD_GONE, "50013"),
            {"outcome": "blocked", "obstacle": Obstacle.GUILD_GONE.value, "error": "50013"},
        ),
        (Retry("timed out"), {"outcome": "retry", "error": "timed out"}),
        (Held("429", timedelta(seconds=2)), {"outcome": "held", "error": "429", "after": "0:00:02"}),
    ],
)
def test_an_outcome_is_a_word_and_what_was_said(
    outcome: Outcome, fields: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert logged(capsys, outcome=outcome) == fields


def test_values_within_others(capsys: pytest.CaptureFixture[str]) -> None:
    found = logged(capsys, timers=[KEY], where={"at": Path("/x"), "n": None}, at=datetime(2026, 1, 2, tzinfo=UTC))
    assert found == {"timers": [IDS], "where": {"at": "/x", "n": None}, "at": "2026-01-02T00:00:00+00:00"}


@pytest.mark.parametrize("is_json", [True, False], ids=["json", "console"])
def test_what_people_type_stays_on_its_line(is_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=is_json, level="INFO")
    _log.info("a command by %s", FORGED, extra={"reason": FORGED, "names": [FORGED]})

    written = capsys.readouterr().err

    assert written.endswith("\n")
    assert written[:-1].isprintable(), written
    assert "all timers ended" in written


def test_no_text_fills_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    [length] = {len(str(value)) for value in logged(capsys, reason="x" * 10_000, title="\n" * 10_000).values()}
    assert length == LONGEST


def test_what_is_no_utf8_can_be_written() -> None:
    assert on_one_line("a\ud800b").encode() == rb"a\ud800b"

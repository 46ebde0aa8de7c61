"""Log lines for people and for machines, and what must never be in them."""

import ast
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import boostmon
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.entrypoints.logs import configure_logs

SECRET = "token-that-nobody-may-see"
KEY = TimerKey(GuildId(1), UserId(2), RoleId(3))
_log = logging.getLogger("boostmon.tests")

pytestmark = pytest.mark.usefixtures("untouched_logging")


def as_json(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail_with(token: str) -> None:
    raise ValueError(f"no good: {len(token)} characters")


def test_a_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=True, level="INFO")
    _log.info(
        "swept %d of %s", 2, "three", extra={"timer": KEY, "ended": 1, "wait": timedelta(seconds=90), "of": [1, 2]}
    )
    [line] = as_json(capsys)
    at = datetime.fromisoformat(line.pop("timestamp"))
    assert at.tzinfo == UTC
    assert line == {
        "event": "swept 2 of three",
        "level": "info",
        "logger": "boostmon.tests",
        "guild": 1,
        "user": 2,
        "role": 3,
        "ended": 1,
        "wait": "0:01:30",
        "of": [1, 2],
    }


def test_a_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=False, level="INFO")
    _log.warning("not yet", extra={"timer": KEY})
    [line] = capsys.readouterr().err.splitlines()
    assert "warning" in line
    assert "not yet" in line
    assert "[boostmon.tests]" in line
    assert "guild=1 user=2 role=3" in line
    assert "TimerKey" not in line
    assert "\x1b" not in line  # no colours where nobody looks


def test_parts_are_shown_to_people_without_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=False, level="INFO")
    _log.info("starting", extra={"settings": {"BOOSTMON_LEASE": "45s", "DISCORD_TOKEN": "set"}, "files": ["a", "b"]})
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("settings='BOOSTMON_LEASE=45s, DISCORD_TOKEN=set' files='a, b'")


@pytest.mark.parametrize("json_lines", [True, False], ids=["json", "console"])
def test_a_traceback_shows_where_but_no_values(json_lines: bool, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=json_lines, level="INFO")
    try:
        fail_with(SECRET)
    except ValueError:
        _log.exception("failed", extra={"timer": KEY})
    written = capsys.readouterr().err
    assert SECRET not in written
    assert "no good: 25 characters" in written
    assert "fail_with" in written
    if json_lines:
        [line] = [json.loads(one) for one in written.splitlines()]
        assert line["exception"][0]["exc_type"] == "ValueError"
        assert line["event"] == "failed"


@pytest.mark.parametrize("name", ["event", "level", "logger", "timestamp", "exception"])
def test_an_extra_replaces_no_part_of_the_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=True, level="INFO")
    _log.info("the message", extra={name: "on_ready"})
    [line] = as_json(capsys)
    assert line["event"] == "the message"
    assert line["level"] == "info"
    assert line[f"{name}_"] == "on_ready"


def test_the_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=True, level="WARNING")
    _log.info("too quiet")
    _log.warning("loud enough")
    assert [line["event"] for line in as_json(capsys)] == ["loud enough"]


@pytest.mark.parametrize(("level", "heard"), [("INFO", []), ("DEBUG", ["chatter"])])
def test_libraries_are_quiet_unless_everything_is_wanted(
    level: str, heard: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(json=True, level=level)
    logging.getLogger("nextcord.gateway").info("chatter")
    assert [line["event"] for line in as_json(capsys)] == heard


def test_configuring_twice_writes_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=True, level="INFO")
    configure_logs(json=True, level="INFO")
    _log.info("once")
    assert len(as_json(capsys)) == 1


def extra_names() -> Iterator[tuple[str, str]]:
    """Every name in every literal `extra={…}` of the package, with its place."""
    root = Path(boostmon.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
                for key in node.value.keys:
                    if isinstance(key, ast.Constant):
                        yield str(key.value), f"{path.relative_to(root)}:{node.lineno}"


def test_no_log_call_raises_for_the_names_of_its_extras() -> None:
    """`logging` raises KeyError where an extra is called like an attribute of every record, such as `thread`."""
    taken = {*vars(logging.makeLogRecord({})), "message", "asctime"}
    found = list(extra_names())
    assert len(found) > 20
    assert [(name, place) for name, place in found if name in taken] == []

"""The first line of a process's log."""

import logging
from datetime import timedelta
from importlib.metadata import version

import pytest

from boostmon.entrypoints.opening import log_start
from boostmon.entrypoints.setting_texts import changed, written
from boostmon.entrypoints.settings import load_settings

SECRET = "hunter2"


def test_it_says_what_runs_and_what_was_set_but_no_secret(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:{SECRET}@db.example:5433/timers")
    monkeypatch.setenv("BOOSTMON_LEASE", "45s")
    monkeypatch.setenv("BOOSTMON_LOG_LEVEL", "info")
    with caplog.at_level(logging.INFO):
        log_start(load_settings(), "run")

    [record] = caplog.records
    said = record.__dict__
    assert (record.message, said["mode"], said["version"]) == ("starting", "run", version("boostmon"))
    assert "db.example:5433" in said["storage"]
    assert said["settings"] == {"DISCORD_TOKEN": "set", "DATABASE_URL": "set", "BOOSTMON_LEASE": "45s"}
    assert SECRET not in str(said)


def test_nothing_set_is_nothing_to_tell() -> None:
    assert changed(load_settings()) == {}


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(milliseconds=1500), "1500ms"),
        (timedelta(seconds=1), "1s"),
        (timedelta(seconds=60), "60s"),
        (timedelta(seconds=90), "90s"),
        (timedelta(minutes=10), "10m"),
    ],
)
def test_a_length_is_written_as_it_is_set(length: timedelta, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(length) == text
    monkeypatch.setenv("BOOSTMON_DISCORD_WAIT", text)
    assert load_settings().discord_wait == length

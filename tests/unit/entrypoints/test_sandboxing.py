"""What the sandbox's bot gets to know of the environment that it is started in."""

import sys
from pathlib import Path

import pytest

from boostmon.entrypoints import sandboxing
from boostmon.entrypoints.sandboxing import SandboxMissing, ScriptUnreadable, bot_environment, play


def test_no_setting_of_the_caller_reaches_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "database_url",
        "DISCORD_TOKEN",
        "discord_token",
        "BOOSTMON_LEASE",
        "boostmon_storage",
        "BOOSTMON_LEESE",  # with which no bot starts
    ):
        monkeypatch.setenv(name, "the caller's")
    for name in ("PGHOST", "PGPASSWORD", "PGSERVICE", "PGOPTIONS"):  # libpq reads them by itself
        monkeypatch.setenv(name, "the caller's")
    monkeypatch.setenv("LANG_OF_THE_CALLER", "kept")
    given = bot_environment({"DISCORD_TOKEN": "ours", "BOOSTMON_DATA_DIR": "/ours"})
    assert "the caller's" not in given.values()
    assert given["DISCORD_TOKEN"] == "ours"
    assert given["BOOSTMON_DATA_DIR"] == "/ours"
    assert given["LANG_OF_THE_CALLER"] == "kept"
    assert "PATH" in given


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("boostmon.sandbox")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "simcord", None)
    with pytest.raises(SandboxMissing, match=r'pip install "boostmon\[sandbox\]"'):
        play(script=None, speed=None, interactive=False)


def test_a_script_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_bytes(b"\xef\xbb\xbf/timeleft\r\n")
    assert sandboxing.lines_of(script) == ["/timeleft"]


def test_a_script_that_is_no_text(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_bytes(b"\xff\xfe")
    with pytest.raises(ScriptUnreadable, match="not UTF-8 text"):
        sandboxing.lines_of(script)


def test_the_tour_is_part_of_the_package() -> None:
    lines = sandboxing.lines_of(None)
    assert any(line.startswith("/settime") for line in lines)
    assert any(line.startswith("expect") for line in lines)

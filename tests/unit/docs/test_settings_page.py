"""`docs/settings.md` says what `Settings` says."""

import re
from pathlib import Path

import pytest

from boostmon.entrypoints.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"
INTERNAL = {"BOOSTMON_CLOCK_SPEED", "BOOSTMON_CLOCK_ORIGIN"}  # the sandbox sets them for the bot that it starts


def documented() -> dict[str, str]:
    """Each setting of the page's table with the cell of its default."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(rows)


def test_every_setting_is_on_the_page_and_no_other() -> None:
    assert documented().keys() == {str(field.validation_alias) for field in Settings.model_fields.values()} - INTERNAL


def test_the_defaults_are_those_of_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Written into the environment, the defaults of the page change nothing."""
    for name in documented():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)  # no .env there
    untouched = Settings()
    values = {name: cell.strip("`") for name, cell in documented().items() if cell.startswith("`")}
    assert len(values) > 10
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    assert Settings() == untouched

"""The command line as far as it goes without a network: help, wrong use, and the words about it."""

import json
import logging
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from boostmon.adapters.postgres.migration_files import offline_plan
from boostmon.app.errors import DiscordUnreachable, StorageMisconfigured, StorageUnavailable, TokenRefused
from boostmon.domain.errors import BoostMonError
from boostmon.entrypoints.cli import app, explained, reporting
from boostmon.entrypoints.logs import configure_logs
from boostmon.entrypoints.settings import KNOWN

COMMANDS = ("run", "bot", "sweeper", "migrate", "doctor", "sandbox")

pytestmark = pytest.mark.usefixtures("untouched_logging", "untouched_signals")


def boostmon(*arguments: str, **settings: str) -> Result:
    result = CliRunner().invoke(app, arguments, env=settings)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_help_names_every_command() -> None:
    result = boostmon("--help")
    assert result.exit_code == 0
    assert all(command in result.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_its_help(command: str) -> None:
    assert boostmon(command, "-h").exit_code == 0


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_a_help_screen_fits_a_terminal_and_has_no_types_in_brackets(command: str) -> None:
    shown = boostmon(*command.split(), "--help", COLUMNS="80").stdout
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "..." not in shown.partition("\n")[2]  # where something would have been cut off
    assert "<bool>" not in shown
    assert "╭" not in shown


@pytest.mark.parametrize("command", ["run", "bot", "sweeper", "doctor"])
def test_help_lists_every_setting_with_its_default(command: str) -> None:
    shown = " ".join(boostmon(command, "--help", COLUMNS="80").stdout.split())
    assert KNOWN - {name for name in KNOWN if f" {name} " in shown} == {"BOOSTMON_CLOCK_SPEED", "BOOSTMON_CLOCK_ORIGIN"}
    assert "BOOSTMON_LEASE after this, claims of a killed process are taken over [30s]" in shown
    assert "BOOSTMON_LOG_FORMAT console for people, json for machines [console]" in shown


def test_version() -> None:
    result = boostmon("--version")
    assert (result.exit_code, result.stdout) == (0, f"boostmon {version('boostmon')}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("serve",),
        ("run", "--fast"),
        ("migrate", "--dry"),
        ("sandbox", "--speed", "0"),
        ("sandbox", "--speed", "fast"),
        ("sandbox", "--script", "missing.txt"),
    ],
)
def test_wrong_use_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    assert boostmon(*arguments).exit_code == 2


@pytest.mark.parametrize("command", ["run", "bot", "sweeper"])
def test_without_a_token_it_says_what_to_set_and_where_to_get_it(command: str) -> None:
    result = boostmon(command)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "DISCORD_TOKEN is not set" in result.stderr
    assert "https://discord.com/developers/applications" in result.stderr
    assert "boostmon sandbox" in result.stderr


@pytest.mark.parametrize("command", ["run", "bot", "sweeper", "migrate"])
def test_wrong_settings_are_all_named(command: str) -> None:
    result = boostmon(command, BOOSTMON_POOL_MIN="none", BOOSTMON_LEASE="1s", DISCORD_TOKEN="secret-token")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "Wrong settings:",
        "  BOOSTMON_POOL_MIN=none: is not a whole number",
        "  BOOSTMON_LEASE=1s: must be at least 5s",
    ]


@pytest.mark.parametrize("command", ["run", "bot", "sweeper", "migrate"])
def test_a_misspelt_setting_stops_the_start(command: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOOSTMON_LOG_FROMAT=json\n")
    result = boostmon(command, BOOSTMON_LEESE="45s")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "Wrong settings:",
        "  BOOSTMON_LEESE is not a setting of BoostMon; did you mean BOOSTMON_LEASE?",
        "  BOOSTMON_LOG_FROMAT is not a setting of BoostMon; did you mean BOOSTMON_LOG_FORMAT?",
    ]


def test_a_name_that_is_nearly_a_setting_is_pointed_out() -> None:
    result = boostmon("run", DISCORD_TOKN="secret-token")
    assert "DISCORD_TOKN is set and DISCORD_TOKEN is not; did you mean DISCORD_TOKEN?" in result.stderr
    assert "secret-token" not in result.stderr


@pytest.mark.parametrize(
    ("settings", "event", "detail"),
    [
        ({}, "DISCORD_TOKEN is not set, so BoostMon cannot log in to Discord.", "boostmon sandbox"),
        ({"BOOSTMON_LEASE": "1s"}, "Wrong settings", "BOOSTMON_LEASE=1s: must be at least 5s"),
        ({"BOOSTMON_LEESE": "9s"}, "Wrong settings", "did you mean BOOSTMON_LEASE?"),
        ({"DATABASE_URL": "postgresql://me:a@b@db/x", "DISCORD_TOKEN": "x"}, "DATABASE_URL: the database URL", ""),
        ({"BOOSTMON_DISCORD": "memory"}, "BOOSTMON_DISCORD=memory serves no commands", ""),
    ],
)
def test_where_machines_read_the_reason_of_the_end_is_json_too(
    settings: dict[str, str], event: str, detail: str
) -> None:
    result = boostmon("run", BOOSTMON_LOG_FORMAT="JSON", **settings)
    assert result.exit_code == 2
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert lines[-1]["event"].startswith(event)
    assert lines[-1]["exit_code"] == 2
    assert lines[-1]["level"] == "error"
    assert detail in " ".join(lines[-1].get("details", []))
    assert "a@b" not in result.stderr


@pytest.mark.parametrize("command", ["run", "bot"])
def test_a_bot_without_discord_is_wrong_use(command: str) -> None:
    result = boostmon(command, BOOSTMON_DISCORD="memory", DISCORD_TOKEN="secret-token")
    assert result.exit_code == 2
    assert "only `boostmon sweeper`" in result.stderr


@pytest.mark.parametrize("command", ["run", "bot", "sweeper", "migrate"])
def test_a_database_url_that_cannot_be_read_is_wrong_use(command: str) -> None:
    result = boostmon(command, DATABASE_URL="postgresql://me:hunter@2@db/timers", DISCORD_TOKEN="secret-token")
    assert result.exit_code == 2
    assert "DATABASE_URL: the database URL cannot be read" in result.stderr
    assert "hunter" not in result.stderr
    assert "Traceback" not in result.stderr


def test_there_is_nothing_to_migrate_in_memory() -> None:
    result = boostmon("migrate", BOOSTMON_STORAGE="memory")
    assert result.exit_code == 2
    assert "has no schema" in result.stderr


def test_a_dry_run_without_any_database_tells_what_a_new_one_would_get(tmp_path: Path) -> None:
    result = boostmon("migrate", "--dry-run", BOOSTMON_DATA_DIR=str(tmp_path / "data"))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"No DATABASE_URL, and no embedded database in {tmp_path / 'data'} yet. A new one would get:",
        *(f"  {migration.file_name}" for migration in offline_plan()),
    ]
    assert not (tmp_path / "data").exists()


def test_a_script_that_is_no_text_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "script.txt").write_bytes(b"\xff\xfe\x00")
    result = boostmon("sandbox", "--script", str(tmp_path / "script.txt"))
    assert result.exit_code == 2
    assert "not UTF-8 text" in result.stderr


def test_every_error_that_stops_a_process_is_a_sentence_with_a_remedy() -> None:
    assert "Check DISCORD_TOKEN" in explained(TokenRefused("Discord does not accept the token"))
    assert explained(DiscordUnreachable("timed out")) == "There is no connection to Discord: timed out."
    assert explained(StorageMisconfigured("it names a driver")) == "DATABASE_URL: it names a driver."
    assert "Check DATABASE_URL" in explained(StorageUnavailable("cannot connect"))
    assert explained(BoostMonError("as it says")) == "as it says"


def test_an_error_that_nobody_foresaw_is_logged_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=True, level="INFO")

    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(typer.Exit) as caught:
        reporting(work)

    [line] = map(json.loads, capsys.readouterr().err.splitlines())
    assert caught.value.exit_code == 1
    assert (line["level"], line["exception"][0]["exc_type"]) == ("critical", "ZeroDivisionError")


@pytest.fixture(autouse=True)
def no_log_handlers_left() -> Iterator[None]:
    """Typer's runner closes the streams that handlers were made with."""
    yield
    logging.getLogger().handlers[:] = []

"""Settings as an operator meets them: defaults, what is taken, and the words about what is not."""

import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from boostmon.adapters.postgres.embedded import default_data_dir
from boostmon.entrypoints.settings import (
    DiscordChoice,
    LogFormat,
    LogLevel,
    Settings,
    StorageChoice,
    Switch,
    WrongSettings,
    doubtful_names,
    load_settings,
)

TOKEN = "MTA.secret-token-of-a-bot"
SPAN = "is not a length of time; write a number and ms, s or m, like 250ms, 10s or 2m"
ZONE = "is not a time zone; write one like Europe/Berlin, America/New_York or UTC"
API = "is not a base of Discord's HTTP API; write one like http://127.0.0.1:8080/api/v10"


def problems() -> list[str]:
    with pytest.raises(WrongSettings) as caught:
        load_settings()
    return caught.value.problems


def test_defaults() -> None:
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.database_url is None
    assert settings.discord is DiscordChoice.DISCORD
    assert settings.storage is StorageChoice.POSTGRES
    assert settings.discord_api_url is None
    assert settings.gateway_timeout == timedelta(seconds=60)
    assert settings.discord_wait == timedelta(minutes=10)
    assert settings.discord_rate == 50
    assert settings.data_dir == default_data_dir()
    assert (settings.pool_min, settings.pool_max, settings.sweep_batch) == (2, 10, 500)
    assert settings.statement_timeout == timedelta(seconds=10)
    assert settings.slow_query == timedelta(milliseconds=50)
    assert settings.database_wait == timedelta(seconds=10)
    assert settings.sweep_interval == timedelta(seconds=5)
    assert settings.reconcile_interval == timedelta(hours=1)
    assert settings.lease == timedelta(seconds=30)
    assert settings.time_zone == ZoneInfo("UTC")
    assert settings.log_format is LogFormat.CONSOLE
    assert settings.log_level is LogLevel.INFO
    assert settings.origin is None


GOOD: dict[str, tuple[str, str, object]] = {
    "discord": ("BOOSTMON_DISCORD", "memory", DiscordChoice.MEMORY),
    "storage": ("BOOSTMON_STORAGE", "memory", StorageChoice.MEMORY),
    "discord_api_url": (
        "BOOSTMON_DISCORD_API_URL",
        "https://proxy.example/a/api/v10/",
        "https://proxy.example/a/api/v10",
    ),
    "gateway_timeout": ("BOOSTMON_GATEWAY_TIMEOUT", "1s", timedelta(seconds=1)),
    "discord_wait": ("BOOSTMON_DISCORD_WAIT", "0s", timedelta(0)),
    "data_dir": ("BOOSTMON_DATA_DIR", "/srv/boostmon", Path("/srv/boostmon")),
    "pool_min": ("BOOSTMON_POOL_MIN", "1", 1),
    "pool_max": ("BOOSTMON_POOL_MAX", "1000", 1000),
    "statement_timeout": ("BOOSTMON_STATEMENT_TIMEOUT", "100ms", timedelta(milliseconds=100)),
    "slow_query": ("BOOSTMON_SLOW_QUERY", "0ms", timedelta(0)),
    "database_wait": ("BOOSTMON_DATABASE_WAIT", "1.5 m", timedelta(seconds=90)),
    "sweep_interval": ("BOOSTMON_SWEEP_INTERVAL", "0.5s", timedelta(milliseconds=500)),
    "members_intent": ("BOOSTMON_MEMBERS_INTENT", "On", Switch.ON),
    "discord_rate": ("BOOSTMON_DISCORD_RATE", "25", 25),
    "sweep_batch": ("BOOSTMON_SWEEP_BATCH", "10000", 10_000),
    "reconcile_interval": ("BOOSTMON_RECONCILE_INTERVAL", "90m", timedelta(minutes=90)),
    "lease": ("BOOSTMON_LEASE", "10m", timedelta(minutes=10)),
    "time_zone": ("BOOSTMON_TIME_ZONE", "Europe/Berlin", ZoneInfo("Europe/Berlin")),
    "log_format": ("BOOSTMON_LOG_FORMAT", "json", LogFormat.JSON),
    "log_level": ("BOOSTMON_LOG_LEVEL", "DEBUG", LogLevel.DEBUG),
    "clock_origin": ("BOOSTMON_CLOCK_ORIGIN", "2026-08-01T12:00:00+00:00", datetime(2026, 8, 1, 12, tzinfo=UTC)),
}


@pytest.mark.parametrize("field", GOOD)
def test_a_good_value_is_taken(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, written, meant = GOOD[field]
    monkeypatch.setenv(name, written)
    assert getattr(load_settings(), field) == meant


def test_secrets_are_read_but_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", "postgresql://boostmon:hunter2@db/boostmon")
    settings = load_settings()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == TOKEN
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://boostmon:hunter2@db/boostmon"
    for shown in (repr(settings), str(settings), repr(settings.model_dump())):
        assert TOKEN not in shown
        assert "hunter2" not in shown


def test_every_field_is_tried_above() -> None:
    elsewhere = {"discord_token", "database_url", "database_direct_url", "clock_speed"}
    assert GOOD.keys() == Settings.model_fields.keys() - elsewhere


BAD = [
    ("BOOSTMON_DISCORD", "discrod", "must be 'discord' or 'memory'"),
    ("BOOSTMON_STORAGE", "sqlite", "must be 'postgres' or 'memory'"),
    ("BOOSTMON_DISCORD_API_URL", "127.0.0.1:80", API),
    ("BOOSTMON_DISCORD_API_URL", "https://discord.com", API),
    ("BOOSTMON_DISCORD_API_URL", "ftp://discord.com/api/v10", API),
    ("BOOSTMON_DISCORD_API_URL", "http://127.0.0.1:99999/api/v10", API),
    ("BOOSTMON_DISCORD_API_URL", "http://:80/api/v10", API),
    ("BOOSTMON_DISCORD_API_URL", "http://127.0.0.1/api/v10?x=1", API),
    ("BOOSTMON_GATEWAY_TIMEOUT", "999ms", "must be at least 1s"),
    ("BOOSTMON_GATEWAY_TIMEOUT", "11m", "must be at most 10m"),
    ("BOOSTMON_DISCORD_WAIT", "forever", SPAN),
    ("BOOSTMON_DISCORD_WAIT", "61m", "must be at most 60m"),
    ("BOOSTMON_DATA_DIR", "~nobody-of-this-name/x", "is not a folder that could be found; write an absolute path"),
    ("BOOSTMON_POOL_MIN", "0", "must be at least 1"),
    ("BOOSTMON_POOL_MIN", "two", "is not a whole number"),
    ("BOOSTMON_POOL_MAX", "1001", "must be at most 1000"),
    ("BOOSTMON_POOL_MAX", "2.5", "is not a whole number"),
    ("BOOSTMON_STATEMENT_TIMEOUT", "10", SPAN),
    ("BOOSTMON_STATEMENT_TIMEOUT", "50ms", "must be at least 100ms"),
    ("BOOSTMON_STATEMENT_TIMEOUT", "999999999m", "must be at most 60m"),
    ("BOOSTMON_SLOW_QUERY", "-1s", SPAN),
    ("BOOSTMON_SLOW_QUERY", "61m", "must be at most 60m"),
    ("BOOSTMON_DATABASE_WAIT", "1 h", SPAN),
    ("BOOSTMON_DATABASE_WAIT", "61m", "must be at most 60m"),
    ("BOOSTMON_SWEEP_INTERVAL", "2m", "must be at most 1m"),
    ("BOOSTMON_SWEEP_INTERVAL", "1ms", "must be at least 100ms"),
    ("BOOSTMON_DISCORD_RATE", "0", "must be at least 1"),
    ("BOOSTMON_SWEEP_BATCH", "0", "must be at least 1"),
    ("BOOSTMON_SWEEP_BATCH", "10001", "must be at most 10000"),
    ("BOOSTMON_LEASE", "4s", "must be at least 5s"),
    ("BOOSTMON_LEASE", "11m", "must be at most 10m"),
    ("BOOSTMON_TIME_ZONE", "Europa/Berlin", ZONE),
    ("BOOSTMON_TIME_ZONE", "/etc", ZONE),
    ("BOOSTMON_LOG_FORMAT", "xml", "must be 'console' or 'json'"),
    ("BOOSTMON_LOG_LEVEL", "LOUD", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ("BOOSTMON_CLOCK_SPEED", "fast", "is not a number"),
    ("BOOSTMON_CLOCK_SPEED", "0.5", "must be at least 1.0"),
    ("BOOSTMON_CLOCK_ORIGIN", "2026-08-01T12:00:00", "has no offset; write one like 2026-12-31T18:00:00+00:00"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), BAD)
def test_a_bad_value_is_named_with_what_is_allowed(
    name: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert problems() == [f"{name}={value}: {allowed}"]


def test_all_problems_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOSTMON_POOL_MIN", "none")
    monkeypatch.setenv("BOOSTMON_LEASE", "1s")
    monkeypatch.setenv("BOOSTMON_LOG_FORMAT", "yaml")
    assert {line.partition("=")[0] for line in problems()} == {
        "BOOSTMON_POOL_MIN",
        "BOOSTMON_LEASE",
        "BOOSTMON_LOG_FORMAT",
    }


def test_settings_that_do_not_fit_together_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOSTMON_POOL_MIN", "11")
    monkeypatch.setenv("BOOSTMON_CLOCK_SPEED", "60")
    assert problems() == [
        "BOOSTMON_POOL_MIN: 11 is more than BOOSTMON_POOL_MAX, which is 10",
        "BOOSTMON_CLOCK_SPEED: needs BOOSTMON_CLOCK_ORIGIN, the instant from which on time runs faster",
    ]


def test_a_password_in_a_url_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOSTMON_DISCORD_API_URL", "https://me:hunter2@proxy.example/api/v10")
    assert problems() == [f"BOOSTMON_DISCORD_API_URL: {API}"]


def test_no_traceback_of_wrong_settings_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("BOOSTMON_POOL_MIN", "11")  # found where pydantic holds all values as its input
    with pytest.raises(WrongSettings) as caught:
        load_settings()
    whole = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert TOKEN not in whole
    assert caught.value.__context__ is None


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("BOOSTMON_LEASE", "")
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.lease == timedelta(seconds=30)


def test_a_tilde_in_the_data_folder_means_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BOOSTMON_DATA_DIR", "~/timers")
    assert load_settings().data_dir == tmp_path / "timers"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte-order mark"])
def test_env_file(mark: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(mark + f"DISCORD_TOKEN={TOKEN}\r\nBOOSTMON_LEASE='45s'\n# a remark\n".encode())
    settings = load_settings()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == TOKEN
    assert settings.lease == timedelta(seconds=45)


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOOSTMON_LEASE=45s\nBOOSTMON_POOL_MAX=7\n")
    monkeypatch.setenv("BOOSTMON_LEASE", "50s")
    settings = load_settings()
    assert (settings.lease, settings.pool_max) == (timedelta(seconds=50), 7)


def test_a_wrong_value_in_the_env_file_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOOSTMON_LEASE=soon\n")
    assert problems() == [f"BOOSTMON_LEASE=soon: {SPAN}"]


def test_an_env_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("DISCORD_TOKEN=ü\n".encode("latin-1"))
    assert problems() == [".env: is not UTF-8 text; save it as UTF-8"]


def test_a_folder_called_env_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert load_settings().discord_token is None


def test_unknown_settings_are_refused_with_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOSTMON_POOL_MXA", "3")
    monkeypatch.setenv("BOOSTMON_XYZZY", "1")
    monkeypatch.setenv("boostmon_leese", "45s")
    monkeypatch.setenv("BOOSTMON_SWEEP_BATCH", "none")
    assert problems() == [
        "BOOSTMON_SWEEP_BATCH=none: is not a whole number",
        "BOOSTMON_POOL_MXA is not a setting of BoostMon; did you mean BOOSTMON_POOL_MAX?",
        "BOOSTMON_XYZZY is not a setting of BoostMon",
        "boostmon_leese is not a setting of BoostMon; did you mean BOOSTMON_LEASE?",
    ]


def test_unknown_settings_in_the_env_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOOSTMON_LAESE=45s\nother=1\n")
    assert problems() == ["BOOSTMON_LAESE is not a setting of BoostMon; did you mean BOOSTMON_LEASE?"]


def test_an_env_file_that_cannot_be_read_hides_no_other_problem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes("DISCORD_TOKEN=ü\n".encode("latin-1"))
    monkeypatch.setenv("BOOSTMON_LEESE", "45s")
    assert problems() == [
        ".env: is not UTF-8 text; save it as UTF-8",
        "BOOSTMON_LEESE is not a setting of BoostMon; did you mean BOOSTMON_LEASE?",
    ]


@pytest.mark.parametrize("name", ["boostmon_lease", "Boostmon_Lease"])
def test_a_name_in_other_letters_is_ours(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "45s")
    assert load_settings().lease == timedelta(seconds=45)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DISCORD_TOKN", "DISCORD_TOKEN"),
        ("DISCROD_TOKEN", "DISCORD_TOKEN"),
        ("DISCORD_BOT_TOKEN", "DISCORD_TOKEN"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("DATABASE_DIRECT_ULR", "DATABASE_DIRECT_URL"),
        ("BOSTMON_LEASE", "BOOSTMON_LEASE"),
    ],
)
def test_a_name_that_is_nearly_ours_is_pointed_out(name: str, meant: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{name}=secret\n")
    load_settings()
    assert doubtful_names() == [f"{name} is set and {meant} is not; did you mean {meant}?"]


@pytest.mark.parametrize(
    "name", ["DATABASE_USER", "DATABASE_PORT", "DISCORD_WEBHOOK_URL", "LOG_LEVEL", "TZ", "PGHOST", "DIRECT_URL", "PATH"]
)
def test_a_name_of_another_program_is_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{name}=x\n")
    load_settings()
    assert doubtful_names() == []


def test_a_name_that_is_nearly_one_which_is_set_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=x\nDISCORD_TOKEN2=y\nDATABASE_URL=postgresql://h/d\nDATABASE_URI=z\n")
    assert doubtful_names() == []


@pytest.mark.parametrize(
    ("name", "value", "field", "meant"),
    [
        ("BOOSTMON_LOG_LEVEL", "debug", "log_level", LogLevel.DEBUG),
        ("BOOSTMON_LOG_FORMAT", " JSON ", "log_format", LogFormat.JSON),
        ("BOOSTMON_STORAGE", "Memory", "storage", StorageChoice.MEMORY),
        ("BOOSTMON_DISCORD", "Discord", "discord", DiscordChoice.DISCORD),
        ("BOOSTMON_TIME_ZONE", "europe/berlin", "time_zone", ZoneInfo("Europe/Berlin")),
    ],
)
def test_capital_letters_make_no_difference(
    name: str, value: str, field: str, meant: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(load_settings(), field) == meant

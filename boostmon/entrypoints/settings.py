"""Settings from the environment or `.env`. A wrong one stops BoostMon at startup and is named with what is allowed."""

import os
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from boostmon.adapters.postgres.embedded import default_data_dir
from boostmon.entrypoints import setting_names
from boostmon.entrypoints.setting_problems import problem_in
from boostmon.entrypoints.setting_values import ApiUrl, Folder, Zone, length_between, one_of


class WrongSettings(Exception):
    """One line for each wrong setting: its name, the problem, what is allowed. Never the value of a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class DiscordChoice(StrEnum):
    """Where effects go."""

    DISCORD = "discord"
    MEMORY = "memory"


class StorageChoice(StrEnum):
    """Where timers live."""

    POSTGRES = "postgres"
    MEMORY = "memory"


class Switch(StrEnum):
    """Something that is on or off."""

    ON = "on"
    OFF = "off"


class LogFormat(StrEnum):
    """How log lines look."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """The least severe lines that are logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def _named(name: str, *, about: str | None = None, **constraints: Any) -> Any:
    """A setting; `about` is what `--help` says of it. One without is none that an operator would set."""
    return Field(validation_alias=name, description=about, **constraints)


class Settings(BaseSettings):
    """What an operator decides. Every name is in `docs/settings.md`; a test checks that."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8-sig",  # Windows' editors like to write a byte-order mark
        env_ignore_empty=True,
        extra="ignore",
        arbitrary_types_allowed=True,
    )

    discord_token: SecretStr | None = _named("DISCORD_TOKEN", about="the bot's token", default=None)
    database_url: SecretStr | None = _named(
        "DATABASE_URL",
        about="URL of a PostgreSQL server; without it, the embedded one runs",
        default=None,
    )
    database_direct_url: SecretStr | None = _named(
        "DATABASE_DIRECT_URL", about="the same database, bypassing a pooler", default=None
    )
    discord: Annotated[DiscordChoice, BeforeValidator(one_of(DiscordChoice))] = _named(
        "BOOSTMON_DISCORD", about="discord, or memory: a stand-in for tests", default=DiscordChoice.DISCORD
    )
    storage: Annotated[StorageChoice, BeforeValidator(one_of(StorageChoice))] = _named(
        "BOOSTMON_STORAGE", about="postgres, or memory, which forgets everything", default=StorageChoice.POSTGRES
    )
    discord_api_url: ApiUrl | None = _named(
        "BOOSTMON_DISCORD_API_URL", about="base of Discord's REST API, for a proxy", default=None
    )
    discord_rate: int = _named(
        "BOOSTMON_DISCORD_RATE",
        about="requests to Discord per second; all processes of one bot share 50",
        default=50,
        ge=1,
        le=1_000,
    )
    gateway_timeout: Annotated[timedelta, BeforeValidator(length_between("1s", "10m"))] = _named(
        "BOOSTMON_GATEWAY_TIMEOUT",
        about="after this long without events, a new session begins",
        default=timedelta(seconds=60),
    )
    discord_wait: Annotated[timedelta, BeforeValidator(length_between("0s"))] = _named(
        "BOOSTMON_DISCORD_WAIT",
        about="how long Discord may be away before the process ends",
        default=timedelta(minutes=10),
    )
    members_intent: Annotated[Switch, BeforeValidator(one_of(Switch))] = _named(
        "BOOSTMON_MEMBERS_INTENT",
        about="on: hear of members who leave and return; the portal has to allow it",
        default=Switch.OFF,
    )
    data_dir: Folder = _named(
        "BOOSTMON_DATA_DIR", about="where the embedded PostgreSQL keeps its files", default_factory=default_data_dir
    )
    pool_min: int = _named(
        "BOOSTMON_POOL_MIN", about="database connections that are kept open", default=2, ge=1, le=1000
    )
    pool_max: int = _named(
        "BOOSTMON_POOL_MAX", about="the most database connections of one process", default=10, ge=1, le=1000
    )
    statement_timeout: Annotated[timedelta, BeforeValidator(length_between("100ms"))] = _named(
        "BOOSTMON_STATEMENT_TIMEOUT", about="a statement that runs longer is cancelled", default=timedelta(seconds=10)
    )
    slow_query: Annotated[timedelta, BeforeValidator(length_between("0ms"))] = _named(
        "BOOSTMON_SLOW_QUERY", about="a statement that takes longer is logged", default=timedelta(milliseconds=50)
    )
    database_wait: Annotated[timedelta, BeforeValidator(length_between("0s"))] = _named(
        "BOOSTMON_DATABASE_WAIT", about="how long startup waits for the database", default=timedelta(seconds=10)
    )
    sweep_interval: Annotated[timedelta, BeforeValidator(length_between("100ms", "1m"))] = _named(
        "BOOSTMON_SWEEP_INTERVAL", about="the longest sleep between two sweeps", default=timedelta(seconds=5)
    )
    sweep_batch: int = _named(
        "BOOSTMON_SWEEP_BATCH", about="the most timers that are claimed at once", default=500, ge=1, le=10_000
    )
    reconcile_interval: Annotated[timedelta, BeforeValidator(length_between("1s", "1440m"))] = _named(
        "BOOSTMON_RECONCILE_INTERVAL",
        about="in this time, each server's members are counted by role once",
        default=timedelta(hours=1),
    )
    lease: Annotated[timedelta, BeforeValidator(length_between("5s", "10m"))] = _named(
        "BOOSTMON_LEASE",
        about="after this, claims of a killed process are taken over",
        default=timedelta(seconds=30),
    )
    time_zone: Zone = _named(
        "BOOSTMON_TIME_ZONE", about="zone of dates in commands, such as Europe/Berlin", default=ZoneInfo("UTC")
    )
    log_format: Annotated[LogFormat, BeforeValidator(one_of(LogFormat))] = _named(
        "BOOSTMON_LOG_FORMAT", about="console for people, json for machines", default=LogFormat.CONSOLE
    )
    log_level: Annotated[LogLevel, BeforeValidator(one_of(LogLevel))] = _named(
        "BOOSTMON_LOG_LEVEL", about="DEBUG, INFO, WARNING or ERROR", default=LogLevel.INFO
    )
    clock_speed: float = _named("BOOSTMON_CLOCK_SPEED", default=1.0, ge=1, le=100_000)
    clock_origin: AwareDatetime | None = _named("BOOSTMON_CLOCK_ORIGIN", default=None)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        problems = []
        if self.pool_min > self.pool_max:
            problems.append(
                f"BOOSTMON_POOL_MIN: {self.pool_min} is more than BOOSTMON_POOL_MAX, which is {self.pool_max}"
            )
        if self.clock_speed > 1 and self.clock_origin is None:
            problems.append(
                "BOOSTMON_CLOCK_SPEED: needs BOOSTMON_CLOCK_ORIGIN, the instant from which on time runs faster"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def origin(self) -> datetime | None:
        """From when on time runs faster; None where it does not."""
        return self.clock_origin if self.clock_speed > 1 else None


def load_settings() -> Settings:
    """Reads the settings.

    Raises:
        WrongSettings: naming every wrong one at once, and every name that begins as ours do and is none.
    """
    settings, found = None, list[str]()
    try:
        settings = Settings()
    except ValidationError as error:
        found = [problem_in(detail) for detail in error.errors(include_url=False)]
    except UnicodeDecodeError:
        found = [".env: is not UTF-8 text; save it as UTF-8"]
    except OSError as error:
        found = [f".env: cannot be read: {error.strerror}"]
    found += setting_names.unknown_settings(_names_set(), KNOWN)
    if settings is not None and not found:
        return settings
    # Outside of the handlers: an error from pydantic holds what was read, and would stay at this one as its context.
    raise WrongSettings([line for text in found for line in text.splitlines()])


def asks_for_json() -> bool:
    """Whether the log is to be JSON, as far as can be told: also where other settings are wrong."""
    return any(value.strip().casefold() == LogFormat.JSON for value in _values_of("BOOSTMON_LOG_FORMAT"))


def doubtful_names() -> list[str]:
    """A line for each name in the environment or in `.env` that may be a slip in one of ours."""
    return setting_names.near_misses(_names_set(), KNOWN)


KNOWN = frozenset(str(field.validation_alias) for field in Settings.model_fields.values())
"""The names of all settings."""


def _names_set() -> set[str]:
    """The names in the environment, and those in `.env`, in upper case."""
    return {*os.environ, *_in_file()}


def _values_of(name: str) -> list[str]:
    """What the setting is set to: one value or none."""
    in_environment = [value for known, value in os.environ.items() if known.upper() == name]
    return in_environment or [value for known, value in _in_file().items() if known == name]


def _in_file() -> dict[str, str]:
    """What stands in `.env`, with names in upper case; nothing, where it cannot be read."""
    try:
        return {name.upper(): value or "" for name, value in DotEnvSettingsSource(Settings).env_vars.items()}
    except (UnicodeDecodeError, OSError):
        return {}

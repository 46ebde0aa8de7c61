"""Settings from the environment or `.env`. A wrong one stops the start, with its name and what is allowed."""

import difflib
import os
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from boostmon.adapters.postgres.embedded import default_data_dir

_UNITS = {"ms": timedelta(milliseconds=1), "s": timedelta(seconds=1), "m": timedelta(minutes=1)}
_LENGTH = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s|m)")
_API_URL = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?/api/v\d+")


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


class LogFormat(StrEnum):
    """How log lines look."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """From which weight on log lines are written."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def _length(value: object) -> object:
    if not isinstance(value, str):
        return value
    matched = _LENGTH.fullmatch(value.strip())
    if matched is None:
        raise ValueError("is no length of time; write a number and ms, s or m, like 250ms, 10s or 2m")
    return float(matched[1]) * _UNITS[matched[2]]


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder: zoneinfo tells them apart, we need not
        raise ValueError("is no time zone; write one like Europe/Berlin, America/New_York or UTC") from None


def _api_url(value: object) -> object:
    if isinstance(value, str) and not _API_URL.fullmatch(value):
        raise ValueError("is no base of Discord's HTTP API; write one like http://127.0.0.1:8080/api/v10")
    return value


Length = Annotated[timedelta, BeforeValidator(_length)]
Zone = Annotated[tzinfo, BeforeValidator(_zone)]
ApiUrl = Annotated[str, BeforeValidator(_api_url)]


def _named(name: str, **constraints: Any) -> Any:
    return Field(validation_alias=name, **constraints)


class Settings(BaseSettings):
    """What an operator decides. Every name stands in `docs/settings.md`; a test sees to it."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", arbitrary_types_allowed=True
    )

    discord_token: SecretStr | None = _named("DISCORD_TOKEN", default=None)
    database_url: SecretStr | None = _named("DATABASE_URL", default=None)
    discord: DiscordChoice = _named("BOOSTMON_DISCORD", default=DiscordChoice.DISCORD)
    storage: StorageChoice = _named("BOOSTMON_STORAGE", default=StorageChoice.POSTGRES)
    discord_api_url: ApiUrl | None = _named("BOOSTMON_DISCORD_API_URL", default=None)
    data_dir: Path = _named("BOOSTMON_DATA_DIR", default_factory=default_data_dir)
    pool_min: int = _named("BOOSTMON_POOL_MIN", default=2, ge=1, le=1000)
    pool_max: int = _named("BOOSTMON_POOL_MAX", default=10, ge=1, le=1000)
    statement_timeout: Length = _named(
        "BOOSTMON_STATEMENT_TIMEOUT", default=timedelta(seconds=10), ge=timedelta(milliseconds=100)
    )
    slow_query: Length = _named("BOOSTMON_SLOW_QUERY", default=timedelta(milliseconds=50), ge=timedelta(0))
    database_wait: Length = _named("BOOSTMON_DATABASE_WAIT", default=timedelta(seconds=10), ge=timedelta(0))
    sweep_interval: Length = _named(
        "BOOSTMON_SWEEP_INTERVAL", default=timedelta(seconds=5), ge=timedelta(milliseconds=100), le=timedelta(minutes=1)
    )
    sweep_batch: int = _named("BOOSTMON_SWEEP_BATCH", default=500, ge=1, le=10_000)
    lease: Length = _named(
        "BOOSTMON_LEASE", default=timedelta(seconds=30), ge=timedelta(seconds=5), le=timedelta(minutes=10)
    )
    time_zone: Zone = _named("BOOSTMON_TIME_ZONE", default=ZoneInfo("UTC"))
    log_format: LogFormat = _named("BOOSTMON_LOG_FORMAT", default=LogFormat.CONSOLE)
    log_level: LogLevel = _named("BOOSTMON_LOG_LEVEL", default=LogLevel.INFO)
    clock_speed: float = _named("BOOSTMON_CLOCK_SPEED", default=1.0, ge=1, le=100_000)
    clock_origin: AwareDatetime | None = _named("BOOSTMON_CLOCK_ORIGIN", default=None)

    @model_validator(mode="after")
    def _pool_is_a_range(self) -> Self:
        if self.pool_min > self.pool_max:
            raise ValueError(
                f"BOOSTMON_POOL_MIN: {self.pool_min} is more than BOOSTMON_POOL_MAX, which is {self.pool_max}"
            )
        if self.clock_speed > 1 and self.clock_origin is None:
            raise ValueError(
                "BOOSTMON_CLOCK_SPEED: needs BOOSTMON_CLOCK_ORIGIN, the instant from which on time runs faster"
            )
        return self

    @property
    def origin(self) -> datetime | None:
        """From when on time runs faster; None where it does not."""
        return self.clock_origin if self.clock_speed > 1 else None


def load_settings() -> Settings:
    """Reads the settings.

    Raises:
        WrongSettings: naming every wrong one at once.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings([_problem(detail) for detail in error.errors(include_url=False)]) from None
    except UnicodeDecodeError:
        raise WrongSettings([".env: is no UTF-8 text; save it as UTF-8"]) from None


def unknown_settings(environment: Mapping[str, str] = os.environ) -> list[str]:
    """A line for each variable that looks like a setting of ours and is none: a slip of the pen does nothing."""
    known = sorted(str(field.validation_alias) for field in Settings.model_fields.values())
    lines = []
    for name in sorted(environment):
        if name.startswith("BOOSTMON_") and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            lines.append(f"{name} is no setting" + (f"; did you mean {close[0]}?" if close else ""))
    return lines


_SECRETS = {"DISCORD_TOKEN", "DATABASE_URL"}


def _problem(detail: Any) -> str:
    if not detail["loc"]:
        return str(detail["msg"]).removeprefix("Value error, ")
    name = str(detail["loc"][0])
    if name in _SECRETS:
        return f"{name}: {_allowed(detail)}"
    return f"{name}={str(detail['input'])[:60]}: {_allowed(detail)}"


def _allowed(detail: Any) -> str:
    """Pydantic's findings as words for an operator: what is allowed."""
    context = detail.get("ctx", {})
    words = {
        "int_parsing": "is no whole number",
        "int_from_float": "is no whole number",
        "float_parsing": "is no number",
        "enum": f"must be {context.get('expected')}",
        "greater_than_equal": f"must be at least {_shown(context.get('ge'))}",
        "less_than_equal": f"must be at most {_shown(context.get('le'))}",
    }
    return words.get(detail["type"], str(detail["msg"]).removeprefix("Value error, "))


def _shown(limit: object) -> str:
    return f"{limit.total_seconds():g}s" if isinstance(limit, timedelta) else str(limit)

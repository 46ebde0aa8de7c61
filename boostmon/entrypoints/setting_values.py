"""How the values of settings are written: lengths of time, choices, time zones, addresses and folders."""

import re
from collections.abc import Callable
from datetime import timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator

_UNITS = {"ms": timedelta(milliseconds=1), "s": timedelta(seconds=1), "m": timedelta(minutes=1)}
_LENGTH = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s|m)")
_API_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?/api/v\d+/?")


def length_between(least: str, most: str = "60m") -> Callable[[object], object]:
    """Reads a length of time; limits and value are told as they are written."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        length = _read_length(value)
        if length < _read_length(least):
            raise ValueError(f"must be at least {least}")
        if length > _read_length(most):
            raise ValueError(f"must be at most {most}")
        return length

    return read


def _read_length(written: str) -> timedelta:
    matched = _LENGTH.fullmatch(written.strip())
    if matched is None:
        raise ValueError("is not a length of time; write a number and ms, s or m, like 250ms, 10s or 2m")
    return float(matched[1]) * _UNITS[matched[2]]


def one_of(choices: type[StrEnum]) -> Callable[[object], object]:
    """Reads one of a few words, in capital letters or not."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        return next((choice for choice in choices if choice.casefold() == value.strip().casefold()), value)

    return read


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder: zoneinfo tells them apart, we need not
        for name in available_timezones():
            if name.casefold() == value.strip().casefold():
                return ZoneInfo(name)
        raise ValueError("is not a time zone; write one like Europe/Berlin, America/New_York or UTC") from None


def _api_url(value: object) -> object:
    if not isinstance(value, str):
        return value
    address = value.strip()
    if not _API_URL.fullmatch(address) or not _has_host_and_port(address):
        raise ValueError("is not a base of Discord's HTTP API; write one like http://127.0.0.1:8080/api/v10")
    return address.rstrip("/")


def _has_host_and_port(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is not a number or too high, a bracket that is not closed
        return False


def _folder(value: object) -> object:
    try:
        return Path(value).expanduser().absolute() if isinstance(value, str | Path) else value
    except (RuntimeError, ValueError):
        raise ValueError("is not a folder that could be found; write an absolute path") from None


Zone = Annotated[tzinfo, BeforeValidator(_zone)]
ApiUrl = Annotated[str, BeforeValidator(_api_url)]
Folder = Annotated[Path, BeforeValidator(_folder)]

"""Recorded requests, one JSON object a line."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

_API_PREFIX: Final = re.compile(r"^/api(/v\d+)?(?=/)")


@dataclass(frozen=True, slots=True)
class Request:
    """One recorded request; `path` is relative to the API's base, query values are the text on the wire."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    body: object


def read_request(line: str) -> Request:
    """Parse one recorded line.

    Raises:
        ValueError: it is not JSON or lacks the method or path.
    """
    recorded = json.loads(line)
    if not isinstance(recorded, dict) or not {"method", "path"} <= recorded.keys():
        raise ValueError("a request needs a method and a path")
    parts = urlsplit(recorded["path"])
    query = parse_qs(parts.query, keep_blank_values=True)
    given = recorded.get("query") or {}
    if isinstance(given, str):
        query |= parse_qs(given.removeprefix("?"), keep_blank_values=True)
    else:
        query |= {name: _texts(value) for name, value in given.items()}
    return Request(recorded["method"], _API_PREFIX.sub("", parts.path), query, recorded.get("body"))


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]

"""One REST call as it came in, and the log of all of them."""

import json
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from aiohttp import web

#: Calls that the log keeps; older ones are forgotten, so that a long session does not grow.
KEPT_CALLS = 20_000

_VERSION = re.compile(r"^/api/v\d+")


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file of a multipart body, in the shape that simcord reads."""

    filename: str
    fp: BytesIO
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request that the bot made. `path` starts behind `/api/v10`; `body` is the parsed JSON."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    reason: str | None
    authorization: str | None
    files: list[UploadedFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A call and what became of it. `at` is the sandbox's time; `answered`: it was not lost."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    reason: str | None
    status: int
    at: datetime
    answered: bool = True


class CallLog:
    """The newest `KEPT_CALLS` requests, oldest first, and how many count towards Discord's ban.

    An address with 10,000 answers of 401, 403 or 429 in ten minutes is banned; 429s of a shared
    resource do not count (Discord's documentation, "Invalid Request Limit").
    """

    def __init__(self) -> None:
        self.requests: deque[RecordedRequest] = deque(maxlen=KEPT_CALLS)
        self.count = 0
        self.invalid = 0

    def add(self, call: Call, status: int, at: datetime, *, shared: bool = False, answered: bool = True) -> None:
        """Remember a call."""
        self.count += 1
        if status in {401, 403, 429} and not shared:
            self.invalid += 1
        self.requests.append(
            RecordedRequest(call.method, call.path, call.query, call.body, call.reason, status, at, answered)
        )


async def read_call(request: web.Request) -> Call:
    """The call that an HTTP request carries. Raises ValueError for a body that is not what it says."""
    body, files = await _read_body(request)
    reason = request.headers.get("X-Audit-Log-Reason")
    return Call(
        request.method,
        _VERSION.sub("", request.path),
        dict(request.query),
        body,
        unquote(reason) if reason else None,
        request.headers.get("Authorization"),
        files,
    )


async def _read_body(request: web.Request) -> tuple[Any, list[UploadedFile]]:
    if not request.can_read_body:
        return None, []
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        return (json.loads(raw) if raw.strip() else None), []
    body: Any = None
    fields: dict[str, Any] = {}
    files = []
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            files.append(UploadedFile(part.filename, BytesIO(part.file.read())))
        elif name == "payload_json":
            body = json.loads(str(part))
        else:
            fields[name] = part
    return (fields or None if body is None else body), files

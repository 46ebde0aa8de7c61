"""Writes down what bots asked of the loopback Discords of a test run, as `tools.openapi` reads it."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from boostmon.sandbox.calls import RecordedRequest
from boostmon.sandbox.server import LoopbackDiscord

_SANDBOX_TESTS = "tests/integration/sandbox/"


@contextmanager
def recorded_requests(target: Path) -> Iterator[None]:
    """Within it, each loopback Discord that closes appends its requests to `target`, one JSON object a line.

    Not those of the sandbox's own tests, whose throw-away bots misbehave on purpose. Several processes may write to
    one file.
    """
    close = LoopbackDiscord.close

    def recording_close(discord: LoopbackDiscord) -> None:
        if _SANDBOX_TESTS not in os.environ.get("PYTEST_CURRENT_TEST", ""):
            append(target, discord.requests)
        close(discord)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(LoopbackDiscord, "close", recording_close)
        yield


def append(target: Path, requests: Sequence[RecordedRequest]) -> None:
    """Adds the requests to the end of the file in one write, so that those of other processes do not mix in."""
    lines = "".join(
        json.dumps({"method": r.method, "path": r.path, "query": dict(r.query), "body": r.body}) + "\n"
        for r in requests
    )
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, lines.encode())
    finally:
        os.close(descriptor)

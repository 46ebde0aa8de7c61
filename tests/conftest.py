"""What every run of the tests shares: the record of requests for the check against Discord's API description."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.recording import recorded_requests

RECORD = "BOOSTMON_RECORD_REQUESTS"


@pytest.fixture(scope="session", autouse=True)
def requests_recorded_where_wanted() -> Iterator[None]:
    """With `BOOSTMON_RECORD_REQUESTS=FILE`, that file gets every request to a loopback Discord of the run."""
    # Taken out of the environment: for a bot that is started by a test it would be an unknown setting.
    target = os.environ.pop(RECORD, None)
    if not target:
        yield
        return
    try:
        with recorded_requests(Path(target)):
            yield
    finally:
        os.environ[RECORD] = target

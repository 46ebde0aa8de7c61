"""What all tests share: readable failures in shared suites, properties that are searched the same way each time, and
the record of requests for the check against Discord's API description.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.contracts", "tests.support")

pytest_plugins = (
    "tests.support.collecting",
    "tests.support.measuring",
    "tests.support.missing",
    "tests.support.order",
)

# The same examples at each run, and none fails for being slow on a busy machine. To look for new ones:
# make test ARGS="--hypothesis-profile=search"
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("steady")

RECORD = "BOOSTMON_RECORD_REQUESTS"


@pytest.fixture(scope="session", autouse=True)
def requests_recorded_where_wanted() -> Iterator[None]:
    """With `BOOSTMON_RECORD_REQUESTS=FILE`, that file gets every request to a loopback Discord of the run."""
    # Taken out of the environment: for a bot that is started by a test it would be an unknown setting.
    target = os.environ.pop(RECORD, None)
    if not target:
        yield
        return
    # Imported late, for not every run wants the sandbox, and after the registering of the asserts to be rewritten.
    from tests.support.recording import recorded_requests

    try:
        with recorded_requests(Path(target)):
            yield
    finally:
        os.environ[RECORD] = target

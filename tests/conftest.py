"""What all tests share: readable failures in shared suites, and properties that are searched the same way each time."""

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.contracts", "tests.support")

# The same examples at each run, and none fails for being slow on a busy machine. To look for new ones:
# make test ARGS="--hypothesis-profile=search"
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("steady")

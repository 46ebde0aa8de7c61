"""A plugin: tests in an order by chance, to see that none leans on another. BOOSTMON_TEST_ORDER=random wants it.

The order has a number, which the head of the report tells: BOOSTMON_TEST_ORDER=12345 repeats it.
"""

import os
import random
from collections import defaultdict

import pytest

_VARIABLE = "BOOSTMON_TEST_ORDER"


def pytest_configure() -> None:
    """Chooses the number, for this process and for those that it starts."""
    if os.environ.get(_VARIABLE) == "random":
        os.environ[_VARIABLE] = str(random.SystemRandom().randrange(100_000))


def pytest_report_header() -> str | None:
    """Tells it."""
    number = os.environ.get(_VARIABLE)
    return None if number is None else f"order: {_VARIABLE}={number}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts modules, and tests in each module, into that order."""
    # Taken out of the environment: for a bot that is started by a test it would be an unknown setting.
    number = os.environ.pop(_VARIABLE, None)
    if number is None:
        return
    modules: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        modules[item.nodeid.split("::")[0]].append(item)
    chance = random.Random(int(number))  # noqa: S311 # the same order for the same number, in every process
    names = chance.sample(list(modules), len(modules))
    items[:] = [item for name in names for item in chance.sample(modules[name], len(modules[name]))]

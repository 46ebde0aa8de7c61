from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from boostmon.sandbox.seed import seed
from boostmon.sandbox.world import World


class StoppedClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.value = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.value

    def move(self, seconds: float) -> None:
        self.value += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def world(clock: StoppedClock) -> World:
    built = World(clock)
    seed(built)
    return built


@pytest.fixture
def events(world: World) -> list[tuple[str, Mapping[str, Any]]]:
    """What the world announces from now on."""
    seen: list[tuple[str, Mapping[str, Any]]] = []
    world.backend.subscribers.append(lambda event, payload: seen.append((event, payload)))
    return seen

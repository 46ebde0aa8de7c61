from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from boostmon.sandbox.changes import Changes
from boostmon.sandbox.seed import seed
from boostmon.sandbox.world import World

Events = list[tuple[str, Mapping[str, Any]]]


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
def changes(world: World) -> Changes:
    return Changes(world)


@pytest.fixture
def events(world: World) -> Events:
    """What the world announces from now on."""
    seen: Events = []
    world.backend.subscribers.append(lambda event, payload: seen.append((event, payload)))
    return seen


def entries(events: Events) -> list[dict[str, Any]]:
    """The audit log's entries among them."""
    return [dict(payload) for event, payload in events if event == "GUILD_AUDIT_LOG_ENTRY_CREATE"]


def names(world: World, user: str) -> set[str]:
    """The names of a member's roles."""
    return {world.role_name(r) for r in world.member(user).role_ids}

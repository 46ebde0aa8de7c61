"""What the contracts of the repositories need to see of a repository and its outbox."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from boostmon.app.ports import GuildPolicies, Obstacles, Outbox, Timers
from boostmon.domain.details import Detail
from boostmon.domain.timers import Timer
from tests.support.timers import change

LEASE = timedelta(seconds=30)


class World(Protocol):
    """A repository with its outbox, and what a test must be able to see and do behind their backs."""

    @property
    def timers(self) -> Timers:
        """The repository under test."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The outbox that its settlements post to."""
        ...

    @property
    def obstacles(self) -> Obstacles:
        """Who tells that obstacles are gone."""
        ...

    @property
    def policies(self) -> GuildPolicies:
        """What the guilds decided."""
        ...

    def ledger(self) -> Sequence[tuple[str, int | None, str | None, int | None]]:
        """(action, actor, reason, request) of all entries, oldest first."""
        ...

    def details(self) -> Sequence[Detail | None]:
        """Those of all entries, oldest first."""
        ...

    def let_leases_run_out(self) -> None:
        """As if the time of every lease had passed."""
        ...

    def let_obstacles_settle(self) -> None:
        """As if `OBSTACLE_SETTLES` had passed since anybody was told of an obstacle."""
        ...


class HasTimers(Protocol):
    """As much of a world as `store` needs."""

    @property
    def timers(self) -> Timers: ...


def store(world: HasTimers, timer: Timer) -> Timer:
    """Commits a new timer."""
    stored = world.timers.commit(change(None, timer))
    assert stored is not None
    return stored

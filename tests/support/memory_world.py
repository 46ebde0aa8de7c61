"""The repositories in memory as the contracts want to see them."""

from collections.abc import Sequence

from boostmon.adapters.memory.counting import InMemoryRoleTallies
from boostmon.adapters.memory.hearing import InMemoryHearing
from boostmon.adapters.memory.history import InMemoryHistory
from boostmon.adapters.memory.ledger import InMemoryLedger
from boostmon.adapters.memory.obstacles import InMemoryObstacles
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.ports import OBSTACLE_SETTLES
from boostmon.domain.details import Detail
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action


class MemoryWorld:
    """The repositories on one store in memory, which a test may look into."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self.store = MemoryStore(seconds=lambda: self._seconds)
        self.timers = InMemoryTimers(self.store)
        self.outbox = InMemoryOutbox(self.store)
        self.obstacles = InMemoryObstacles(self.store)
        self.policies = InMemoryPolicies(self.store)
        self.history = InMemoryHistory(self.store)
        self.hearing = InMemoryHearing(self.store)
        self.tallies = InMemoryRoleTallies(self.store)
        self.reader = InMemoryLedger(self.store)

    def ledger(self) -> Sequence[tuple[str, int | None, str | None, int | None]]:
        return [(str(e.action), e.actor, e.reason, e.request) for e in self.store.ledger]

    def details(self) -> Sequence[Detail | None]:
        return [entry.detail for entry in self.store.ledger]

    def let_leases_run_out(self) -> None:
        self._seconds += 86_400

    def let_obstacles_settle(self) -> None:
        self._seconds += OBSTACLE_SETTLES.total_seconds()

    def policy_ledger(self) -> Sequence[tuple[int | None, int | None]]:
        return [(entry.asked.by, entry.asked.request) for entry in self.store.policy_ledger]

    def ruled(self) -> Sequence[TimerKey]:
        return [entry.key for entry in self.store.ledger if entry.action is Action.RULED]

    def rule_ledger(self) -> Sequence[tuple[int, int | None, int | None, bool, bool]]:
        return [
            (one.role, one.asked.by, one.asked.request, one.before is not None, one.after is not None)
            for one in self.store.rule_ledger
        ]

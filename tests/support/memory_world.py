"""The repositories in memory as the contracts want to see them."""

from collections.abc import Sequence

from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers


class MemoryWorld:
    """See `World` of the contracts."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self.store = MemoryStore(seconds=lambda: self._seconds)
        self.timers = InMemoryTimers(self.store)
        self.outbox = InMemoryOutbox(self.store)

    def ledger(self) -> Sequence[tuple[str, int | None, str | None, int | None]]:
        return [(str(e.action), e.actor, e.reason, e.request) for e in self.store.ledger]

    def let_leases_run_out(self) -> None:
        self._seconds += 86_400

"""The two background threads together: what they do, what they say, and how they end."""

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.notifier import InMemoryNotifier
from boostmon.adapters.memory.obstacles import InMemoryObstacles
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.guilds.resolving import TellResolved
from boostmon.app.ports import AuditReason, Message, Reply
from boostmon.app.sweeping.sweep import Sweep
from boostmon.domain.ids import NOBODY, TimerKey
from boostmon.domain.notices import ResolvedNotice
from boostmon.domain.outcomes import Outcome
from boostmon.domain.timers import Obstacle
from boostmon.entrypoints.cadence import Bell
from boostmon.entrypoints.sweeper import Sweeper
from tests.support.patience import PATIENCE
from tests.support.timers import CHANNEL, GUILD, KEY, NOW, VIP, asked, change, running


class WatchedRoles(InMemoryRoleGateway):
    """Tells when a removal begins, and holds it until it may end."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_end = threading.Event(), threading.Event()

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        self.asked.set()
        assert self.may_end.wait(PATIENCE)
        return super().remove(keys, reason)


class WatchedNotifier(InMemoryNotifier):
    """Tells when something was delivered."""

    def __init__(self) -> None:
        super().__init__()
        self.delivered = threading.Event()

    def deliver(self, messages: Sequence[Message]) -> Sequence[Reply]:
        replies = super().deliver(messages)
        self.delivered.set()
        return replies


class SweeperOnMemory:
    """A sweeper on memory, whose intervals are too long to be what moves it."""

    def __init__(self) -> None:
        self.clock, self.store = ManualClock(NOW), MemoryStore()
        store = self.store
        self.timers, self.notifier, self.roles = InMemoryTimers(store), WatchedNotifier(), WatchedRoles()
        self.bell, self.halt = Bell(), threading.Event()
        outbox, policies = InMemoryOutbox(store), InMemoryPolicies(store)
        self.sweeper = Sweeper(
            Sweep(self.timers, self.roles, self.clock, policies, stopping=self.halt.is_set),
            DeliverNotices(outbox, self.notifier, self.clock, policies, stopping=self.halt.is_set),
            TellResolved(InMemoryObstacles(self.store), self.clock),
            clock=self.clock,
            sweep_bell=self.bell,
            delivery_bell=Bell(),
            interval=timedelta(minutes=1),
            halt=self.halt.set,
        )


@pytest.fixture
def on_memory() -> Iterator[SweeperOnMemory]:
    made = SweeperOnMemory()
    yield made
    made.roles.may_end.set()
    made.sweeper.request_stop()
    assert made.sweeper.join(PATIENCE)


def test_an_ending_is_carried_out_and_told_at_once(
    on_memory: SweeperOnMemory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    on_memory.roles.may_end.set()
    on_memory.timers.commit(change(None, running(timedelta(seconds=3))))
    on_memory.sweeper.start()
    on_memory.clock.advance(timedelta(seconds=3))
    on_memory.bell.ring()
    assert on_memory.notifier.delivered.wait(PATIENCE)  # by its own bell: the interval is a minute
    assert [act.kind for act in on_memory.roles.acts] == ["remove"]
    assert on_memory.timers.get(KEY) is None
    on_memory.sweeper.request_stop()
    assert on_memory.sweeper.join(PATIENCE)
    swept = [vars(record) for record in caplog.records if record.getMessage() == "swept"]
    assert [(line["ended"], line["warned"], line["failed"], line["lost"]) for line in swept] == [(1, 0, 0, 0)]
    notices = [vars(record) for record in caplog.records if record.getMessage() == "notices"]
    assert [(line["delivered"], line["postponed"], line["given_up"]) for line in notices] == [(1, 0, 0)]


def test_a_pass_without_anything_to_do_says_nothing(
    on_memory: SweeperOnMemory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    on_memory.timers.commit(change(None, running(timedelta(hours=3))))
    on_memory.sweeper.start()
    on_memory.bell.ring()
    on_memory.sweeper.request_stop()
    assert on_memory.sweeper.join(PATIENCE)
    assert caplog.records == []


def test_a_stop_halts_passes_first_and_says_whether_they_ended(on_memory: SweeperOnMemory) -> None:
    on_memory.timers.commit(change(None, running(timedelta(seconds=3))))
    on_memory.clock.advance(timedelta(seconds=3))
    on_memory.sweeper.start()
    assert on_memory.roles.asked.wait(PATIENCE)
    on_memory.sweeper.request_stop()
    assert on_memory.halt.is_set()
    assert not on_memory.sweeper.join(0)
    assert not on_memory.sweeper.join(0.01)
    on_memory.roles.may_end.set()
    assert on_memory.sweeper.join(PATIENCE)
    assert on_memory.timers.get(KEY) is None


def test_one_that_never_started_stops_at_once(on_memory: SweeperOnMemory) -> None:
    on_memory.sweeper.request_stop()
    assert on_memory.sweeper.join(0)


def test_that_an_obstacle_is_gone_is_told_at_the_start(on_memory: SweeperOnMemory) -> None:
    policies = InMemoryPolicies(on_memory.store)
    policies.change(GUILD, lambda policy: replace(policy, log_channel=CHANNEL), asked=asked())
    on_memory.store.told_obstacles[GUILD, VIP, Obstacle.REFUSED] = on_memory.store.seconds() - 1000
    on_memory.sweeper.start()
    assert on_memory.notifier.delivered.wait(PATIENCE)
    assert on_memory.notifier.in_channel(CHANNEL) == [ResolvedNotice(TimerKey(GUILD, NOBODY, VIP), at=NOW)]

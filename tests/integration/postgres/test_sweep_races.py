"""Sweepers and commands at once on one real database."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.notifier import InMemoryNotifier
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.app.changing.changes import Committer, Plan, Target
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.errors import Conflict
from boostmon.app.ports import AuditReason, Settlement
from boostmon.app.sweeping.sweep import Sweep
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.decisions import Advance, decide
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice
from boostmon.domain.outcomes import Outcome
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Obstacle, Timer
from boostmon.domain.transitions import extend, pause
from tests.contracts.world import store
from tests.support.postgres_world import PostgresWorld, postgres_world
from tests.support.processes import eventually
from tests.support.stage import CountingAlarm
from tests.support.threads import Started, together
from tests.support.timers import CHANNEL, DAY, GUILD, HOUR, MINUTE, NOW, POLICY, asked, change, key, running

LEASE = MINUTE
ROUNDS = 10


@pytest.fixture(scope="module")
def shared_world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with postgres_world(migrated_template, "sweep_races") as world:
        yield world


@pytest.fixture
def world(shared_world: PostgresWorld) -> PostgresWorld:
    shared_world.empty()
    return shared_world


@dataclass
class MeddledRoles:
    """A gateway in which something happens inside of `remove`, before Discord is asked."""

    roles: InMemoryRoleGateway
    meddle: Callable[[Sequence[TimerKey]], object] = field(default=lambda _: None)

    def grant(self, key: TimerKey, reason: AuditReason) -> Outcome:
        return self.roles.grant(key, reason)

    def grant_all(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        return self.roles.grant_all(keys, reason)

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        self.meddle(keys)
        return self.roles.remove(keys, reason)


def sweeper(world: PostgresWorld, roles: MeddledRoles, *, minutes: float = 1, batch: int = 500) -> Sweep:
    """A process's sweep, that many minutes after NOW."""
    return Sweep(world.timers, roles, ManualClock(NOW + minutes * MINUTE), world.policies, batch=batch, lease=LEASE)


def extended(timer: Timer) -> Timer:
    return extend(timer, DAY, now=NOW + MINUTE, policy=POLICY)


def test_two_sweepers_never_act_on_one_timer_twice(world: PostgresWorld) -> None:
    keys = [key(user) for user in range(1, 401)]
    roles = MeddledRoles(InMemoryRoleGateway())
    for of in keys:
        store(world, running(MINUTE, of=of))
        roles.roles.give(of)

    results = together(*[sweeper(world, roles, batch=20)] * 2)

    swept = [result for result in results if isinstance(result, Swept)]
    assert len(swept) == 2, results
    assert sum(one.ended for one in swept) == len(keys)
    assert [(one.lost, one.failed) for one in swept] == [(0, 0)] * 2
    assert Counter(act.key for act in roles.roles.acts) == Counter(keys)
    assert roles.roles.held == frozenset()
    assert world.rows("SELECT count(*) FROM boostmon.timers") == [(0,)]
    once = [(of.user, 1) for of in keys]
    assert (
        world.rows("SELECT user_id, count(*) FROM boostmon.ledger WHERE action = 'ended' GROUP BY 1 ORDER BY 1") == once
    )
    assert world.rows("SELECT user_id, count(*) FROM boostmon.notices GROUP BY 1 ORDER BY 1") == once


def test_three_sweepers_warn_of_each_timer_once(world: PostgresWorld) -> None:
    for user in range(1, 201):
        store(world, running(2 * HOUR, of=key(user)))
    sweep = sweeper(world, MeddledRoles(InMemoryRoleGateway()), minutes=60, batch=15)

    results = together(*[sweep] * 3)

    assert sum(result.warned for result in results if isinstance(result, Swept)) == 200
    once = [(user, 1) for user in range(1, 201)]
    assert world.rows("SELECT user_id, count(*) FROM boostmon.notices GROUP BY 1 ORDER BY 1") == once


def test_an_obstacle_that_many_processes_meet_is_told_once(world: PostgresWorld) -> None:
    world.policies.change(GUILD, lambda policy: replace(policy, log_channel=CHANNEL), asked=asked())
    for user in range(1, 101):
        store(world, running(MINUTE, of=key(user, guild=GUILD)))
    roles = InMemoryRoleGateway()
    roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    results = together(*[sweeper(world, MeddledRoles(roles), batch=10)] * 4)

    assert sum(swept.failed for swept in results if isinstance(swept, Swept)) == 100
    assert world.rows("SELECT kind, obstacle FROM boostmon.notices") == [("blocked", "missing_permissions")]


def test_two_changes_of_a_policy_follow_one_another(world: PostgresWorld) -> None:
    for user in range(1, 101):
        store(world, running(DAY, of=key(user, guild=GUILD)))

    results = together(
        lambda: world.policies.change(GUILD, lambda policy: replace(policy, dms=False), asked=asked()),
        lambda: world.policies.change(GUILD, lambda policy: replace(policy, log_channel=CHANNEL), asked=asked()),
        lambda: world.policies.change(GUILD, lambda policy: replace(policy, thresholds=()), asked=asked()),
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert world.policies.get(GUILD) == Policy((), log_channel=CHANNEL, dms=False)
    assert world.timers.next_due(NOW) == NOW + DAY


def test_two_couriers_tell_each_notice_once(world: PostgresWorld) -> None:
    for user in range(1, 101):
        store(world, running(MINUTE, of=key(user)))
    assert sweeper(world, MeddledRoles(InMemoryRoleGateway()))().ended == 100
    notifier = InMemoryNotifier()
    clock = ManualClock(NOW + MINUTE)

    results = together(*[DeliverNotices(world.outbox, notifier, clock, world.policies, batch=10)] * 2)

    assert not [result for result in results if isinstance(result, Exception)]
    assert Counter(told.notice.key.user for told in notifier.told) == Counter(range(1, 101))
    assert world.rows("SELECT count(*) FROM boostmon.ledger WHERE action = 'delivered'") == [(100,)]


def test_a_timer_that_is_extended_from_inside_the_removal_keeps_its_role(world: PostgresWorld) -> None:
    timer = store(world, running(MINUTE))
    roles = MeddledRoles(InMemoryRoleGateway(), lambda _: world.timers.commit(change(timer, extended(timer))))
    roles.roles.give(timer.key)

    swept = sweeper(world, roles)()

    assert (swept.ended, swept.lost) == (0, 1)
    assert roles.roles.held == {timer.key}
    left = world.timers.get(timer.key)
    assert left is not None
    assert left.remaining(NOW + MINUTE) == DAY
    assert [line[0] for line in world.ledger()] == ["set", "set", "give_back"]
    assert world.rows("SELECT count(*) FROM boostmon.notices") == [(0,)]


def test_just_before_a_removal_the_timer_is_checked_once_more(world: PostgresWorld) -> None:
    # The first chunk takes its time; meanwhile a command saves somebody of the second one.
    for user in range(1, 101):
        store(world, running(user * MINUTE / 100, of=key(user)))
    last = world.timers.get(key(100))
    assert last is not None
    removed: list[TimerKey] = []

    def save_the_last(keys: Sequence[TimerKey]) -> None:
        if not removed:
            world.timers.commit(change(last, extended(last)))
        removed.extend(keys)

    swept = replace(sweeper(world, MeddledRoles(InMemoryRoleGateway(), save_the_last)), chunks_at_once=1)()

    assert (swept.ended, swept.lost) == (99, 1)
    assert key(100) not in removed
    assert world.timers.get(key(100)) is not None


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_a_settlement_and_a_command_at_once_one_wins_whole(world: PostgresWorld, number: int) -> None:
    of = key(number + 1)
    timer = store(world, running(MINUTE, of=of))
    [claim] = world.timers.claim(NOW + MINUTE, 10, LEASE)
    entry = LedgerEntry(of, NOW, Action.ENDED, before=timer)
    settlement = Settlement(claim, None, entry, EndedNotice(of, None, NOW))

    lost, committed = together(
        partial(world.timers.settle, [settlement]), partial(world.timers.commit, change(timer, extended(timer)))
    )

    left = world.timers.get(of)
    actions = [line[0] for line in world.ledger()]
    notices = world.rows("SELECT count(*) FROM boostmon.notices")
    if isinstance(committed, Conflict):
        assert (lost, left, actions, notices) == ([], None, ["set", "ended"], [(1,)])
    else:
        assert (lost, left, actions, notices) == ([of], committed, ["set", "set"], [(0,)])
        assert left is not None


@pytest.mark.parametrize("number", range(ROUNDS))
def test_no_warning_outlives_the_change_that_made_it_untrue(world: PostgresWorld, number: int) -> None:
    of = key(number + 1)
    store(world, running(2 * HOUR, of=of))
    [claim] = world.timers.claim(NOW + HOUR, 10, LEASE)
    decision = decide(claim.timer, POLICY, NOW + HOUR)
    assert isinstance(decision, Advance)
    settlement = Settlement(claim, decision.timer, notice=decision.warning)
    committer = Committer(world.timers, CountingAlarm())

    def freeze() -> Plan:
        return committer.change(
            Target(of.guild, of.user),
            Action.PAUSE,
            lambda basis: Plan(of, basis.timers[0], pause(basis.timers[0], now=NOW + HOUR), basis.policy),
            asked=asked(),
        )

    results = together(partial(world.timers.settle, [settlement]), freeze)

    assert not [result for result in results if isinstance(result, Exception)]
    assert world.rows("SELECT count(*) FROM boostmon.notices") == [(0,)]
    paused = world.timers.get(of)
    assert paused is not None
    assert paused.remaining(NOW) == HOUR


def test_a_settlement_that_waits_for_a_command_gives_way_to_it(world: PostgresWorld) -> None:
    timer = store(world, running(MINUTE))
    [claim] = world.timers.claim(NOW + MINUTE, 10, LEASE)
    entry = LedgerEntry(timer.key, NOW, Action.ENDED, before=timer)

    with world.database.connect() as other:
        with other.transaction():
            other.execute("UPDATE boostmon.timers SET version = nextval('boostmon.timer_versions'), claim_token = NULL")
            settling = Started(partial(world.timers.settle, [Settlement(claim, None, entry)]))
            eventually(lambda: world.waiting_sessions() > 0)
        lost = settling.result()

    assert lost == [timer.key]
    assert world.timers.get(timer.key) is not None
    assert [line[0] for line in world.ledger()] == ["set"]


def test_a_command_that_waits_for_a_settlement_plans_again(world: PostgresWorld) -> None:
    timer = store(world, running(MINUTE))

    with world.database.connect() as other:
        with other.transaction():
            other.execute("DELETE FROM boostmon.timers")
            committing = Started(partial(world.timers.commit, change(timer, extended(timer))))
            eventually(lambda: world.waiting_sessions() > 0)
        result = committing.result()

    assert isinstance(result, Conflict)
    assert world.timers.get(timer.key) is None


def test_a_claim_passes_over_what_another_is_claiming(world: PostgresWorld) -> None:
    for user in (1, 2, 3):
        store(world, running(user * MINUTE / 10, of=key(user)))

    with world.database.connect() as other, other.transaction():
        other.execute("SELECT FROM boostmon.timers WHERE user_id IN (1, 2) FOR UPDATE")
        claims = world.timers.claim(NOW + MINUTE, 2, LEASE)

    assert [claim.timer.key for claim in claims] == [key(3)]


def test_a_renewal_passes_over_what_somebody_is_writing(world: PostgresWorld) -> None:
    for user in (1, 2, 3):
        store(world, running(user * MINUTE / 10, of=key(user)))
    claims = world.timers.claim(NOW + MINUTE, 3, LEASE)

    with world.database.connect() as other, other.transaction():
        other.execute("SET LOCAL idle_in_transaction_session_timeout TO '5s'")  # whoever waits for it fails at last
        other.execute("SELECT FROM boostmon.timers WHERE user_id = 2 FOR UPDATE")
        renewed = world.timers.renew(claims, LEASE)

    assert {claim.timer.key for claim in renewed} == {key(1), key(3)}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_several_claims_at_once_share_what_is_due(world: PostgresWorld, number: int) -> None:
    for user in range(1, 31):
        store(world, running((user + number) * MINUTE / 100, of=key(user)))

    results = together(*[partial(world.timers.claim, NOW + MINUTE, 10, LEASE)] * 4)

    claimed = [claim.timer.key for claims in results if not isinstance(claims, Exception) for claim in claims]
    assert sorted(claimed) == sorted(set(claimed))
    rest = world.timers.claim(NOW + MINUTE, 100, LEASE)
    assert sorted([*claimed, *[claim.timer.key for claim in rest]]) == [key(user) for user in range(1, 31)]


def test_a_settlement_locks_in_the_order_of_keys_whatever_that_of_its_batch(world: PostgresWorld) -> None:
    for user in (1, 2):
        store(world, running(user * MINUTE / 10, of=key(user)))
    claims = world.timers.claim(NOW + MINUTE, 2, LEASE)

    with world.database.connect() as other:
        with other.transaction():
            other.execute("SELECT FROM boostmon.timers WHERE user_id = 1 FOR UPDATE")
            backwards = [Settlement(claim, None) for claim in reversed(claims)]
            settling = Started(partial(world.timers.settle, backwards))
            eventually(lambda: world.waiting_sessions() > 0)
            other.execute("SELECT FROM boostmon.timers WHERE user_id = 2 FOR UPDATE NOWAIT")
        assert settling.result() == []


def test_settlements_of_two_sweepers_in_opposite_orders_do_not_lock_each_other_out(world: PostgresWorld) -> None:
    for user in range(1, 101):
        store(world, running(MINUTE, of=key(user)))
    stale = world.timers.claim(NOW + MINUTE, 100, LEASE)
    world.let_leases_run_out()
    fresh = world.timers.claim(NOW + MINUTE, 100, LEASE)
    ended = [Settlement(claim, None) for claim in reversed(fresh)]
    moved = [Settlement(claim, replace(claim.timer, channel=None)) for claim in stale]

    results = together(partial(world.timers.settle, ended), partial(world.timers.settle, moved))

    assert results == [[], [claim.timer.key for claim in stale]]
    assert world.rows("SELECT count(*) FROM boostmon.timers") == [(0,)]

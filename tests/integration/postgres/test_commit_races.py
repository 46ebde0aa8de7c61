"""Commits of several threads on one timer, and of one request."""

from collections.abc import Iterator
from functools import partial

import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.postgres import committing as statements
from boostmon.app.changing.changes import Committer, Plan, Target
from boostmon.app.errors import Conflict
from boostmon.app.ports import Change
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import extend, pause
from tests.support.postgres_world import PostgresWorld, postgres_world
from tests.support.processes import eventually
from tests.support.stage import CountingAlarm
from tests.support.threads import Started, together
from tests.support.timers import DAY, HOUR, MINUTE, NOW, POLICY, asked, change, key, running

ROUNDS = 8
"""Enough for every order of two statements to come up; each round has its own timer and request."""


@pytest.fixture(scope="module")
def shared_world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with postgres_world(migrated_template, "commit_races") as world:
        yield world


@pytest.fixture
def world(shared_world: PostgresWorld) -> PostgresWorld:
    shared_world.empty()
    return shared_world


def stored(world: PostgresWorld, of: TimerKey) -> Timer:
    timer = world.timers.commit(change(None, running(HOUR, of=of)))
    assert timer is not None
    return timer


def extended(timer: Timer) -> Timer:
    return extend(timer, HOUR, now=NOW, policy=POLICY)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_several_that_end_a_deleted_roles_timers_each_timer_has_one(world: PostgresWorld, number: int) -> None:
    for user in range(1, 6):
        stored(world, key(user, 7, guild=number + 1))

    def end_all() -> int:
        ended = 0
        while batch := world.timers.end_of_role(GuildId(number + 1), RoleId(7), NOW, 2):
            ended += batch
        return ended

    assert sum(result for result in together(*[end_all] * 3) if isinstance(result, int)) == 5

    assert [line[0] for line in world.ledger()].count("role_deleted") == 5
    assert len(world.timers.claim(NOW, 10, HOUR)) == 5


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_several_commits_on_one_version_one_wins(world: PostgresWorld, number: int) -> None:
    timer = stored(world, key(number + 1))
    changes = [change(timer, extended(timer)), change(timer, None), change(timer, pause(timer, now=NOW))]

    results = together(*[partial(world.timers.commit, one) for one in changes])

    assert sum(isinstance(result, Conflict) for result in results) == len(changes) - 1
    [winner] = [result for result in results if not isinstance(result, Conflict)]
    assert winner == world.timers.get(timer.key)
    assert len(world.ledger()) == 2


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_several_first_commits_one_wins(world: PostgresWorld, number: int) -> None:
    timers = [running(length, of=key(number + 1)) for length in (MINUTE, HOUR, DAY)]

    results = together(*[partial(world.timers.commit, change(None, timer)) for timer in timers])

    [winner] = [result for result in results if not isinstance(result, Conflict)]
    assert winner == world.timers.get(timers[0].key)
    assert len(world.ledger()) == 1


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("kind", ["start", "replace", "delete"])
def test_the_same_request_from_several_threads_is_applied_once_and_told_to_all(
    world: PostgresWorld, kind: str, number: int
) -> None:
    of = key(number + 1)
    before = None if kind == "start" else stored(world, of)
    after = None if kind == "delete" else running(DAY, of=of)
    same = change(before, after, request=number + 1)

    results = together(*[partial(world.timers.commit, same)] * 3)

    left = world.timers.get(of)
    assert results == [left] * 3
    assert (left is None) == (kind == "delete")
    assert len(world.ledger()) == (1 if kind == "start" else 2)


def committed_behind(world: PostgresWorld, first: Change, second: Change) -> Timer | Exception | None:
    """What the second commit says that waited for the first."""
    with world.database.connect() as other:
        with other.transaction():
            other.execute(*statements.committing(first))
            committing = Started(partial(world.timers.commit, second))
            eventually(lambda: world.waiting_sessions() > 0)
        return committing.result()


@pytest.mark.parametrize("kind", ["start", "replace", "delete"])
def test_a_request_that_is_being_written_already_is_waited_for_and_not_applied_again(
    world: PostgresWorld, kind: str
) -> None:
    before = None if kind == "start" else stored(world, key())
    after = None if kind == "delete" else running(DAY, of=key())
    same = change(before, after, request=7)

    result = committed_behind(world, same, same)

    assert result == world.timers.get(key())
    assert (result is None) == (kind == "delete")
    assert len(world.ledger()) == (1 if kind == "start" else 2)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_request_on_two_timers_is_applied_once_to_each(world: PostgresWorld, number: int) -> None:
    changes = [change(None, running(HOUR, of=key(user)), request=number) for user in (1, 2)]

    results = together(*[partial(world.timers.commit, one) for one in (*changes, *changes)])

    assert results == [world.timers.get(key(1)), world.timers.get(key(2))] * 2
    assert None not in results
    assert len(world.ledger()) == 2


def test_commands_that_meet_are_all_applied_one_after_another(world: PostgresWorld) -> None:
    timer = stored(world, key())
    target = Target(timer.key.guild, timer.key.user, timer.key.role)

    def an_hour_more(number: int) -> Plan:
        return Committer(world.timers, CountingAlarm()).change(
            target,
            Action.ADD,
            lambda basis: Plan(timer.key, basis.timers[0], extended(basis.timers[0]), basis.policy),
            asked=asked(request=number),
        )

    results = together(*[partial(an_hour_more, number) for number in range(1, 5)])

    assert [result for result in results if isinstance(result, Exception)] == []
    left = world.timers.get(timer.key)
    assert left is not None
    assert left.remaining(NOW) == 5 * HOUR
    assert len(world.ledger()) == 5


def test_a_change_is_not_held_up_by_others_of_the_guild(world: PostgresWorld) -> None:
    for user in (1, 2):
        stored(world, key(user))
    with world.database.connect() as other, other.transaction():
        other.execute("SELECT FROM boostmon.timers WHERE user_id = 1 FOR UPDATE")
        timer = world.timers.get(key(2))
        assert timer is not None

        assert world.timers.commit(Change(timer, None, change(timer, None).entry)) is None

"""Every value that lands in the database as text stands there as it is written down, and is read back as it was."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.app.ports import DeliverySettlement, Postmark, Settlement
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import BlockedNotice, Notice
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Ending, Obstacle, Timer, Waiting
from boostmon.domain.ways import Way
from tests.contracts.world import store
from tests.support.postgres_world import PostgresWorld, postgres_world
from tests.support.stored_values import (
    ACTIONS,
    ALL_DECIDED,
    ALL_DECIDED_IN_JSON,
    KEYS_IN_JSON,
    NOTICES,
    OBSTACLES,
    POLICY_IN_JSON,
    RULE,
    RULE_IN_JSON,
    STATES,
    WAYS,
)
from tests.support.timers import CHANNEL, GUILD, HOUR, KEY, MINUTE, NOW, SECOND, VIP, asked, change, running


@pytest.fixture(scope="module")
def shared_world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with postgres_world(migrated_template, "stored_values") as world:
        yield world


@pytest.fixture
def world(shared_world: PostgresWorld) -> PostgresWorld:
    shared_world.empty()
    return shared_world


def owe(world: PostgresWorld, notice: Notice) -> None:
    """The notice comes into the outbox, as a sweep writes it."""
    store(world, running(SECOND))
    [claim] = world.timers.claim(NOW + HOUR, 10, HOUR)
    world.timers.settle([Settlement(claim, None, notice=notice)])


@pytest.mark.parametrize(("obstacle", "text"), OBSTACLES.items())
def test_an_obstacle_of_a_timer(world: PostgresWorld, obstacle: Obstacle, text: str) -> None:
    timer = store(world, replace(running(HOUR), state=Ending(NOW, NOW, blocked_by=obstacle, last_error="403")))

    assert world.rows("SELECT blocked_by FROM boostmon.timers") == [(text,)]
    assert world.rows("SELECT after ->> 'blocked_by' FROM boostmon.ledger") == [(text,)]
    world.execute("UPDATE boostmon.timers SET blocked_by = %(text)s", {"text": text})
    assert world.timers.get(KEY) == timer


@pytest.mark.parametrize(("obstacle", "text"), OBSTACLES.items())
def test_an_obstacle_that_is_told_of(world: PostgresWorld, obstacle: Obstacle, text: str) -> None:
    notice = BlockedNotice(KEY, obstacle, at=NOW)
    owe(world, notice)

    assert world.rows("SELECT kind, obstacle FROM boostmon.notices") == [("blocked", text)]
    assert world.rows("SELECT obstacle FROM boostmon.told_obstacles") == [(text,)]
    world.execute("UPDATE boostmon.notices SET obstacle = %(text)s", {"text": text})
    assert [one.notice for one in world.outbox.claim(NOW + HOUR, 10, HOUR)] == [notice]


@pytest.mark.parametrize(("action", "text"), ACTIONS.items())
def test_an_action(world: PostgresWorld, action: Action, text: str) -> None:
    before = replace(change(None, running(HOUR)), entry=LedgerEntry(KEY, NOW, action))
    world.timers.commit(before)

    assert world.rows("SELECT action FROM boostmon.ledger") == [(text,)]
    assert Action(text) is action


def test_the_action_of_a_warning_that_is_superseded(world: PostgresWorld) -> None:
    """It is written by SQL of its own."""
    store(world, running(SECOND))
    for text in ("warning", "ended"):
        [claim] = world.timers.claim(NOW + HOUR, 10, HOUR)
        world.timers.settle([Settlement(claim, claim.timer, notice=NOTICES[text])])

    assert world.rows("SELECT action FROM boostmon.ledger ORDER BY entry_id DESC LIMIT 1") == [("undelivered",)]


def test_the_action_of_a_delivery(world: PostgresWorld) -> None:
    owe(world, NOTICES["ended"])
    [posted] = world.outbox.claim(NOW + HOUR, 10, HOUR)
    world.outbox.settle([DeliverySettlement(posted, entry=LedgerEntry(KEY, NOW, Action.DELIVERED))])

    assert world.rows("SELECT action FROM boostmon.ledger ORDER BY entry_id DESC LIMIT 1") == [("delivered",)]


@pytest.mark.parametrize(("text", "timer"), STATES.items())
def test_a_state(world: PostgresWorld, text: str, timer: Timer) -> None:
    kept = store(world, timer)

    assert world.rows("SELECT state FROM boostmon.timers") == [(text,)]
    world.execute("UPDATE boostmon.timers SET state = %(text)s", {"text": text})
    assert world.timers.get(KEY) == kept


@pytest.mark.parametrize("text", STATES)
def test_a_timer_in_json(world: PostgresWorld, text: str) -> None:
    timer = replace(STATES[text], channel=CHANNEL)
    if isinstance(timer.state, Ending | Waiting):
        timer = replace(timer, state=replace(timer.state, blocked_by=Obstacle.REFUSED, last_error="403"))
    store(world, timer)

    [(after,)] = world.rows("SELECT after FROM boostmon.ledger")
    assert after["state"] == text
    assert after.keys() == KEYS_IN_JSON[text]


@pytest.mark.parametrize(("text", "notice"), NOTICES.items())
def test_a_kind_of_notice(world: PostgresWorld, text: str, notice: Notice) -> None:
    owe(world, notice)

    assert world.rows("SELECT kind FROM boostmon.notices") == [(text,)]
    world.execute("UPDATE boostmon.notices SET kind = %(text)s", {"text": text})
    assert [one.notice for one in world.outbox.claim(NOW + HOUR, 10, HOUR)] == [notice]


@pytest.mark.parametrize(("text", "way"), WAYS.items())
def test_a_way(world: PostgresWorld, text: str, way: Way) -> None:
    owe(world, NOTICES["ended"])
    [posted] = world.outbox.claim(NOW + HOUR, 10, HOUR)
    mark = Postmark(UUID(int=1), way)
    world.outbox.mark([replace(posted, postmark=mark)])
    world.outbox.release([posted])

    assert world.rows("SELECT way FROM boostmon.notices") == [(text,)]
    world.execute("UPDATE boostmon.notices SET way = %(text)s", {"text": text})
    assert [one.postmark for one in world.outbox.claim(NOW + HOUR, 10, HOUR)] == [mark]


def test_a_guilds_decisions_in_json(world: PostgresWorld) -> None:
    world.policies.change(
        GUILD, lambda _: Policy((2 * HOUR, MINUTE), warning_channel=CHANNEL, dms=False), asked=asked()
    )

    [(after,)] = world.rows("SELECT after FROM boostmon.settings_ledger")
    assert after == POLICY_IN_JSON | {"warning_channel": CHANNEL}


def test_all_that_a_guild_can_decide(world: PostgresWorld) -> None:
    world.policies.change(GUILD, lambda _: ALL_DECIDED, asked=asked())

    [(after,)] = world.rows("SELECT after FROM boostmon.settings_ledger")
    assert after == ALL_DECIDED_IN_JSON
    [(stored,)] = world.rows("SELECT to_jsonb(guild_settings) - 'guild_id' FROM boostmon.guild_settings")
    lengths = {"thresholds": ["02:00:00", "00:01:00"], "longest": "01:30:00"}
    assert stored == ALL_DECIDED_IN_JSON | lengths
    assert world.policies.get(GUILD) == ALL_DECIDED


def test_a_rule_in_json(world: PostgresWorld) -> None:
    world.policies.change_rule(GUILD, VIP, lambda _: RULE, asked=asked())

    assert world.rows("SELECT rule FROM boostmon.role_rules") == [(RULE_IN_JSON,)]
    assert world.rows("SELECT before, after FROM boostmon.role_rules_ledger") == [(None, RULE_IN_JSON)]
    assert world.policies.get(GUILD).rules == {VIP: RULE}


def test_what_a_later_version_wrote_into_a_rule_stays_there(world: PostgresWorld) -> None:
    world.policies.change_rule(GUILD, VIP, lambda _: RULE, asked=asked())
    world.execute("""UPDATE boostmon.role_rules SET rule = rule || '{"moon": "full"}'""")

    world.policies.change_rule(GUILD, VIP, lambda _: replace(RULE, longest=None), asked=asked())

    assert world.rows("SELECT rule FROM boostmon.role_rules") == [(RULE_IN_JSON | {"moon": "full", "longest": None},)]

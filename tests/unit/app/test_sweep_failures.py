"""Removals that fail, are blocked, or find nothing to remove."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.app.ports import AuditReason
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.channels import ChannelFacts
from boostmon.domain.details import Confirmed, Detail, NothingThere, Obstructed, Unconfirmed
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.outcomes import (
    Gone,
    Held,
    Outcome,
    Retry,
)
from boostmon.domain.timers import (
    Ending,
    Obstacle,
)
from boostmon.domain.transitions import (
    end,
    extend,
)
from tests.support.stage import Point, Stage
from tests.support.timers import ALICE, CHANNEL, GUILD, HOUR, KEY, MINUTE, NOW, POLICY, SECOND, VIP, asked, key, running


@pytest.mark.parametrize(
    ("gone", "detail"),
    [
        ("member", NothingThere(Gone.MEMBER, "no such member")),
        ("role", NothingThere(Gone.ROLE, "no such role")),
    ],
)
def test_where_nothing_is_to_be_removed_the_timer_ends_and_nobody_is_told(
    stage: Stage, gone: str, detail: Detail
) -> None:
    stage.have(MINUTE)
    if gone == "member":
        stage.roles.member_leaves(GUILD, ALICE)
    else:
        stage.roles.delete_role(GUILD, VIP)
    stage.clock.advance(MINUTE)

    assert stage.sweep() == Swept(next_due=None, ended=1)

    assert stage.of() is None
    assert stage.owed == []
    assert [(entry.reason, entry.detail) for entry in stage.ledger] == [(None, detail)]


def test_an_unconfirmed_removal_is_never_reported_as_done(stage: Stage) -> None:
    stage.have(MINUTE)
    now = stage.clock.advance(MINUTE)
    stage.roles.lose_next_answer("timed out")

    swept = stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Ending)
    assert replace(timer.state, next_attempt_at=now) == Ending(
        now, now, attempts=1, last_error="timed out", by_itself=True
    )
    assert swept == Swept(next_due=timer.due_at, failed=1)
    assert stage.owed == []
    assert [(e.action, e.after and e.after.state, e.detail) for e in stage.ledger] == [
        (Action.REMOVAL_FAILED, timer.state, Unconfirmed("timed out"))
    ]


def test_a_removal_that_a_limit_holds_back_is_no_failure(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.have(MINUTE)
    now = stage.clock.advance(MINUTE)
    stage.roles.fail_next(Held("used up", 10 * SECOND))

    swept = stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert timer.state == Ending(now, now + 10 * SECOND, by_itself=True)
    assert swept == Swept(next_due=now + 10 * SECOND, held=1)
    assert stage.ledger == ()
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []
    stage.clock.advance(10 * SECOND)
    assert stage.sweep().ended == 1
    assert stage.actions == ["ended"]


def test_a_failed_removal_is_tried_again_until_it_is_confirmed(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)
    for _ in range(3):
        stage.roles.fail_next(Retry("503"))
    attempts = []

    while (due := stage.rows.next_due(NOW)) is not None:
        stage.clock.advance(max(due - stage.clock.now(), 0 * SECOND))
        attempts.append(stage.clock.now())
        stage.sweep()

    waits = [(later - earlier) / SECOND for earlier, later in pairwise(attempts)]
    assert [int(wait) for wait in waits] == [1, 2, 4]
    assert stage.roles.held == frozenset()
    assert stage.actions == ["removal_failed", "ended"]


def test_discords_wish_to_wait_is_granted(stage: Stage) -> None:
    stage.have(MINUTE)
    now = stage.clock.advance(MINUTE)
    stage.roles.fail_next(Retry("429", after=HOUR))

    swept = stage.sweep()

    assert swept.next_due is not None
    assert swept.next_due >= now + HOUR


def test_the_ledger_tells_of_the_first_failure_and_of_each_change_of_its_cause(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)

    def again() -> None:
        stage.clock.advance(2 * HOUR)
        stage.sweep()

    stage.roles.fail_next(Retry("503"))
    stage.sweep()
    stage.roles.fail_next(Retry("503"))
    again()
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)
    again()
    again()
    stage.roles.obstruct(GUILD, Obstacle.GUILD_GONE)
    again()
    stage.roles.clear_way(GUILD)
    again()

    assert [entry.detail for entry in stage.ledger] == [
        Unconfirmed("503"),
        Obstructed(Obstacle.MISSING_PERMISSIONS, "the guild is obstructed: missing_permissions"),
        Obstructed(Obstacle.GUILD_GONE, "the guild is obstructed: guild_gone"),
        Confirmed(),
    ]
    assert [len(stage.roles.acts), stage.of()] == [6, None]


def test_the_first_failure_of_a_timer_that_a_command_ended_is_told_too(stage: Stage) -> None:
    stage.put(end(running(HOUR), now=NOW))
    stage.roles.fail_next(Retry("503"))

    stage.sweep()

    assert [entry.detail for entry in stage.ledger] == [Unconfirmed("503")]


def test_an_unconfirmed_removal_is_told_to_the_operator(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.put(end(running(HOUR), now=NOW))
    stage.roles.fail_next(Retry("503"))

    stage.sweep()

    [record] = caplog.records
    assert (record.levelname, record.message) == ("WARNING", "removal not confirmed")
    assert record.__dict__["timer"] == KEY
    assert record.__dict__["outcome"] == Retry("503")


def test_a_blocked_removal_waits_for_minutes(stage: Stage) -> None:
    stage.have(MINUTE)
    now = stage.clock.advance(MINUTE)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    assert stage.sweep().failed == 1

    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Ending)
    assert timer.state.blocked_by is Obstacle.MISSING_PERMISSIONS
    assert now + MINUTE <= timer.state.next_attempt_at < now + 2 * MINUTE
    assert stage.sweep() == Swept(next_due=timer.due_at)


def test_one_removal_that_fails_does_not_hold_up_the_others(stage: Stage) -> None:
    stage.have_many(5)
    stage.clock.advance(MINUTE)
    stage.roles.obstruct(key().guild, Obstacle.REFUSED, role=key().role)
    stage.have(SECOND, KEY)

    swept = stage.sweep()

    assert (swept.ended, swept.failed) == (1, 5)


class SilentRoles(InMemoryRoleGateway):
    """Breaks its contract: it does not say what became of the last role."""

    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        return super().remove(keys, reason)[:-1]


def test_a_gateway_that_keeps_an_outcome_to_itself_is_a_fault_and_no_timer_counts_as_ended(stage: Stage) -> None:
    timers = stage.have_many(2)
    stage.clock.advance(MINUTE)

    with pytest.raises(ValueError, match="shorter"):
        replace(stage.sweep, roles=SilentRoles())()

    assert [stage.of(timer.key) for timer in timers] == timers
    assert stage.owed == []


def test_a_removal_without_an_answer_is_no_news_for_the_log_channel(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.change_policy.log_channel(GUILD, ChannelFacts(CHANNEL), asked=asked())
    stage.clock.advance(MINUTE)
    stage.roles.fail_next(Retry("503"))

    assert stage.sweep().failed == 1

    assert stage.owed == []


def test_a_timer_that_went_on_while_its_role_was_taken_is_not_logged_as_ended(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.have(MINUTE)
    now = stage.clock.advance(MINUTE)
    stage.interruptions.plan(
        Point.BEFORE_SETTLE, lambda: stage.alter(lambda timer: extend(timer, HOUR, now=now, policy=POLICY))
    )

    with caplog.at_level(logging.INFO):
        assert stage.sweep().lost == 1

    assert "timer ended" not in caplog.messages
    assert stage.roles.held == {KEY}

"""One pass of the sweep when nobody interferes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.app.ports import Claim
from boostmon.app.sweep import AUDIT_REASON, REMOVALS_AT_ONCE, Swept
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import EndedNotice, WarningNotice
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.timers import Ending, Obstacle, Running, Timer, pause
from tests.support.stage import GOLD_KEY, Stage
from tests.support.timers import ALICE, CHANNEL, DAY, GUILD, HOUR, KEY, MINUTE, NOW, SECOND, VIP, key, running


def owed(stage: Stage) -> list[WarningNotice | EndedNotice]:
    """What waits in the outbox."""
    return [row.notice for row in stage.store.notices.values()]


def many(stage: Stage, number: int, *, minutes: float = 1) -> list[Timer]:
    """Timers of as many members."""
    return [stage.have(minutes * MINUTE, key(user)) for user in range(1, number + 1)]


def test_an_empty_house_needs_no_sweep(stage: Stage) -> None:
    assert stage.sweep() == Swept(next_due=None)


def test_nothing_is_done_before_it_is_due_and_the_next_time_is_told(stage: Stage) -> None:
    timer = stage.have(2 * HOUR)
    stage.put(pause(running(MINUTE, of=GOLD_KEY), now=NOW))

    assert stage.sweep() == Swept(next_due=NOW + HOUR)

    assert stage.of() == timer
    assert stage.roles.acts == ()


def test_a_crossed_threshold_owes_a_warning_and_moves_the_timer_on(stage: Stage) -> None:
    before = stage.put(running(2 * HOUR, channel=CHANNEL))
    stage.clock.advance(HOUR)

    assert stage.sweep() == Swept(next_due=NOW + 110 * MINUTE, warned=1)

    after = stage.of()
    assert after is not None
    state = Running(NOW + 2 * HOUR, (10 * MINUTE, MINUTE))
    assert after == replace(before, state=state, version=after.version)
    assert owed(stage) == [WarningNotice(KEY, CHANNEL, threshold=HOUR, ends_at=NOW + 2 * HOUR)]
    assert stage.ledger == ()
    assert stage.roles.held == {KEY}


def test_after_downtime_there_is_one_warning(stage: Stage) -> None:
    stage.have(2 * HOUR)
    stage.clock.advance(2 * HOUR - SECOND)

    assert stage.sweep() == Swept(next_due=NOW + 2 * HOUR, warned=1)

    assert owed(stage) == [WarningNotice(KEY, None, threshold=MINUTE, ends_at=NOW + 2 * HOUR)]


def test_a_threshold_that_nobody_wants_any_more_is_passed_in_silence(stage: Stage) -> None:
    stage.put(replace(running(2 * HOUR), state=Running(NOW + 2 * HOUR, (90 * MINUTE,))))
    stage.clock.advance(HOUR)

    assert stage.sweep() == Swept(next_due=NOW + 2 * HOUR)

    assert owed(stage) == []


def test_at_the_end_the_role_is_taken_the_row_goes_and_the_news_is_owed(stage: Stage) -> None:
    before = stage.put(running(5 * MINUTE, channel=CHANNEL))
    now = stage.clock.advance(6 * MINUTE)

    assert stage.sweep() == Swept(next_due=None, ended=1)

    assert stage.of() is None
    assert stage.roles.held == frozenset()
    assert [(act.kind, act.key, act.reason) for act in stage.roles.acts] == [("remove", KEY, AUDIT_REASON)]
    assert owed(stage) == [EndedNotice(KEY, CHANNEL, ended_at=NOW + 5 * MINUTE)]
    entry = LedgerEntry(KEY, now, Action.ENDED, None, before, None, "Discord confirmed")
    assert stage.ledger == (entry,)


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        ("member", "nothing to remove, no such member: no such member"),
        ("role", "nothing to remove, no such role: no such role"),
    ],
)
def test_where_nothing_is_to_be_removed_the_timer_ends_and_nobody_is_told(stage: Stage, gone: str, reason: str) -> None:
    stage.have(MINUTE)
    if gone == "member":
        stage.roles.member_leaves(GUILD, ALICE)
    else:
        stage.roles.delete_role(GUILD, VIP)
    stage.clock.advance(MINUTE)

    assert stage.sweep() == Swept(next_due=None, ended=1)

    assert stage.of() is None
    assert owed(stage) == []
    assert [entry.reason for entry in stage.ledger] == [reason]


def test_an_unconfirmed_removal_is_never_reported_as_done(stage: Stage) -> None:
    stage.have(MINUTE)
    now = stage.clock.advance(MINUTE)
    stage.roles.lose_next_answer("timed out")

    swept = stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Ending)
    assert replace(timer.state, next_attempt_at=now) == Ending(now, now, attempts=1, last_error="timed out")
    assert swept == Swept(next_due=timer.due_at, failed=1)
    assert owed(stage) == []
    assert [(e.action, e.after and e.after.state, e.reason) for e in stage.ledger] == [
        (Action.REMOVAL_FAILED, timer.state, "not confirmed: timed out")
    ]


def test_a_removal_that_a_limit_holds_back_is_no_failure(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.have(MINUTE)
    now = stage.clock.advance(MINUTE)
    stage.roles.fail_next(Held("used up", 10 * SECOND))

    swept = stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert timer.state == Ending(now, now + 10 * SECOND)
    assert swept == Swept(next_due=now + 10 * SECOND, held=1)
    assert stage.ledger == ()
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []
    stage.clock.advance(10 * SECOND)
    assert stage.sweep().ended == 1
    assert [entry.action for entry in stage.ledger] == [Action.ENDED]


def test_a_failed_removal_is_tried_again_until_it_is_confirmed(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)
    for _ in range(3):
        stage.roles.fail_next(Retry("503"))
    attempts = []

    while (due := stage.rows.next_due()) is not None:
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

    assert [entry.reason for entry in stage.ledger] == [
        "not confirmed: 503",
        "blocked by missing_permissions: the guild is obstructed: missing_permissions",
        "blocked by guild_gone: the guild is obstructed: guild_gone",
        "Discord confirmed",
    ]
    assert [len(stage.roles.acts), stage.of()] == [6, None]


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
    many(stage, 5)
    stage.clock.advance(MINUTE)
    stage.roles.obstruct(key().guild, Obstacle.REFUSED, role=key().role)
    stage.have(SECOND, KEY)

    swept = stage.sweep()

    assert (swept.ended, swept.failed) == (1, 5)


def test_more_than_a_batch_is_swept_in_one_pass(stage: Stage) -> None:
    many(stage, 7)
    stage.clock.advance(DAY)

    swept = replace(stage.sweep, batch=3)()

    assert swept == Swept(next_due=None, ended=7)
    assert stage.roles.held == frozenset()


def test_removals_are_asked_for_in_chunks_that_take_about_a_second(stage: Stage) -> None:
    number = 2 * REMOVALS_AT_ONCE + 1
    many(stage, number)
    stage.clock.advance(DAY)
    chunks = []
    for _ in range(4):
        stage.interruptions.plan("after remove", lambda: chunks.append(len(stage.roles.acts)))

    swept = stage.sweep()

    assert swept.ended == number
    assert chunks == [50, 100, 101]
    assert len(owed(stage)) == number


def test_warnings_and_endings_of_one_batch_are_both_done(stage: Stage) -> None:
    stage.have(2 * HOUR)
    stage.have(HOUR, GOLD_KEY)
    stage.clock.advance(HOUR)

    assert stage.sweep() == Swept(next_due=NOW + 110 * MINUTE, warned=1, ended=1)


class EagerTimers(InMemoryTimers):
    """Says at first that everything is due: as after an import or a hand in the database."""

    asked = 0

    def next_due(self) -> datetime | None:
        self.asked += 1
        return NOW if self.asked == 1 else super().next_due()

    def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Claim]:
        return super().claim(now + DAY, limit, lease)


def test_a_timer_that_is_claimed_before_its_time_goes_back_as_it_was(stage: Stage) -> None:
    before = stage.have(2 * HOUR)

    swept = replace(stage.sweep, timers=EagerTimers(stage.store))()

    after = stage.of()
    assert swept == Swept(next_due=NOW + HOUR)
    assert after is not None
    assert after.version > before.version
    assert replace(after, version=before.version) == before
    assert stage.rows.next_due() == NOW + HOUR


def test_a_stopping_sweep_claims_nothing(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)
    stage.is_stopping = True

    assert stage.sweep() == Swept(next_due=None)

    assert stage.roles.acts == ()
    assert stage.rows.next_due() == NOW + MINUTE


def test_a_sweep_that_is_stopped_settles_what_it_did_and_gives_the_rest_back(stage: Stage) -> None:
    timers = many(stage, 3 * REMOVALS_AT_ONCE)
    stage.clock.advance(MINUTE)
    stage.interruptions.plan("before remove", lambda: setattr(stage, "is_stopping", True))

    swept = stage.sweep()

    assert swept == Swept(next_due=None, ended=REMOVALS_AT_ONCE)
    assert len(stage.roles.acts) == REMOVALS_AT_ONCE
    left = [timer for timer in timers if stage.of(timer.key) is not None]
    assert len(left) == 2 * REMOVALS_AT_ONCE
    assert stage.roles.held == {timer.key for timer in left}
    assert len(stage.rows.claim(stage.clock.now(), 1000, MINUTE)) == len(left)

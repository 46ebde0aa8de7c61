"""A sweep that meets commands, other sweepers and failures half-way."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from boostmon.app.changing.changes import Target
from boostmon.app.changing.giving_back import MOST_TRIES
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import LONGEST_GRANT, AuditReason, Cause
from boostmon.app.sweeping.swept import Swept
from boostmon.domain.notices import WarningNotice
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.timers import Obstacle, Running, Timer
from boostmon.domain.transitions import end, extend, pause
from tests.support.stage import GOLD_KEY, VIEW, Point, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, NOW, POLICY, SECOND, asked, key, running

ON_VIP = Target(GUILD, ALICE, KEY.role)
GOES_ON: dict[str, Callable[[Stage], Timer | None]] = {
    "extended": lambda stage: stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY)),
    "paused": lambda stage: stage.alter(lambda timer: pause(timer, now=NOW)),
}


SHORT = LONGEST_GRANT / 3


def extended_by(stage: Stage, amount: timedelta) -> Timer | None:
    """A command lets the timer go on from now."""
    now = stage.clock.now()
    return stage.alter(lambda timer: extend(timer, amount, now=now, policy=POLICY))


def due(stage: Stage) -> None:
    """A timer whose time is up."""
    stage.have(MINUTE)
    stage.clock.advance(MINUTE)


@pytest.fixture(params=GOES_ON)
def let_it_go_on(request: pytest.FixtureRequest) -> Callable[[Stage], Timer | None]:
    return GOES_ON[str(request.param)]


def test_a_timer_that_goes_on_between_claim_and_removal_keeps_its_role(
    stage: Stage, let_it_go_on: Callable[[Stage], Timer | None]
) -> None:
    due(stage)
    stage.interruptions.plan(Point.AFTER_CLAIM, lambda: let_it_go_on(stage))

    swept = stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert not timer.is_over(stage.clock.now())
    assert swept == Swept(next_due=timer.due_at, lost=1)
    assert stage.roles.acts == ()
    assert stage.roles.held == {KEY}
    assert stage.actions == ["set"]
    assert not stage.store.notices


def test_one_timer_that_goes_on_is_spared_and_the_others_of_its_batch_are_not(
    stage: Stage, let_it_go_on: Callable[[Stage], Timer | None]
) -> None:
    due(stage)
    stage.have(MINUTE, GOLD_KEY)
    stage.interruptions.plan(Point.AFTER_CLAIM, lambda: let_it_go_on(stage))

    swept = stage.sweep()

    assert (swept.ended, swept.lost) == (1, 1)
    assert [(act.kind, act.key) for act in stage.roles.acts] == [("remove", GOLD_KEY)]
    assert stage.roles.held == {KEY}


def test_a_timer_that_goes_on_while_its_role_is_taken_gets_the_role_back(
    stage: Stage, let_it_go_on: Callable[[Stage], Timer | None]
) -> None:
    due(stage)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: let_it_go_on(stage))

    swept = stage.sweep()

    assert (swept.ended, swept.lost) == (0, 1)
    assert stage.of() is not None
    assert [act.kind for act in stage.roles.acts] == ["remove", "grant"]
    assert stage.roles.held == {KEY}
    assert stage.actions == ["set", "give_back"]
    assert not stage.store.notices


def test_the_role_is_also_given_back_when_nobody_knows_whether_it_was_taken(
    stage: Stage, let_it_go_on: Callable[[Stage], Timer | None]
) -> None:
    due(stage)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: let_it_go_on(stage))
    stage.roles.lose_next_answer()

    stage.sweep()

    assert stage.roles.held == {KEY}


def test_giving_back_is_written_down_logged_and_told_to_the_audit_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    due(stage)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: GOES_ON["extended"](stage))

    with caplog.at_level(logging.INFO, "boostmon"):
        stage.sweep()

    entry = stage.ledger[-1]
    assert entry.before is not None
    assert not entry.before.is_over(stage.clock.now())
    assert entry.after == entry.before.with_grant_until(stage.clock.now() + LONGEST_GRANT)
    assert stage.roles.acts[-1].reason == AuditReason(Cause.GOES_ON)
    assert "role given back" in caplog.messages


def test_a_role_that_was_left_while_it_was_taken_is_given_back(stage: Stage) -> None:
    due(stage)

    def leave_the_role() -> None:
        now = stage.clock.now()
        stage.clear_time(ON_VIP, asked=asked(at=now), view=VIEW, keep_role=True)

    stage.interruptions.plan(Point.BEFORE_REMOVE, leave_the_role)

    stage.sweep()

    assert stage.roles.held == {KEY}
    assert stage.roles.acts[-1].reason == AuditReason(Cause.LEFT)


@pytest.mark.parametrize("failure", [Retry("busy"), Held("full", SECOND)])
def test_giving_back_is_tried_again_where_it_fails(
    stage: Stage, let_it_go_on: Callable[[Stage], Timer | None], failure: Retry | Held
) -> None:
    due(stage)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: let_it_go_on(stage))
    for place in (Point.BEFORE_GRANT, Point.BEFORE_GRANT):
        stage.interruptions.plan(place, lambda: stage.roles.fail_next(failure))

    stage.sweep()

    assert [act.kind for act in stage.roles.acts] == ["remove", "grant", "grant", "grant"]
    assert stage.roles.held == {KEY}


def test_giving_back_begins_anew_where_the_timer_changes_meanwhile(stage: Stage) -> None:
    due(stage)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: GOES_ON["extended"](stage))
    for _ in range(MOST_TRIES - 1):
        stage.interruptions.plan(Point.BEFORE_COMMIT, lambda: GOES_ON["extended"](stage))

    stage.sweep()

    assert stage.roles.held == {KEY}
    assert stage.actions == ["set"] * MOST_TRIES + ["give_back"]
    timer = stage.of()
    assert timer is not None
    assert not timer.is_grant_open(stage.clock.now())


def test_a_role_that_may_have_been_given_back_is_taken_once_more_at_the_end(stage: Stage) -> None:
    due(stage)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: extended_by(stage, SHORT))
    for _ in range(MOST_TRIES):
        stage.interruptions.plan(Point.BEFORE_GRANT, lambda: stage.roles.fail_next(Retry("timed out")))
    stage.sweep()
    stage.clock.advance(SHORT)
    assert stage.sweep().held == 1

    stage.roles.give(KEY)  # Discord serves one of the requests at last
    stage.clock.advance(LONGEST_GRANT)

    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()


def test_giving_back_does_not_close_a_grant_that_was_under_way_before(stage: Stage) -> None:
    stage.put(running(SHORT).with_grant_until(NOW + LONGEST_GRANT))
    stage.clock.advance(SHORT)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: extended_by(stage, SHORT))
    assert stage.sweep().lost == 1
    assert stage.roles.held == {KEY}
    stage.clock.advance(SHORT)
    assert stage.sweep().held == 1

    stage.roles.give(KEY)  # Discord serves the one before at last
    stage.clock.advance(LONGEST_GRANT)

    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()


def test_giving_a_role_back_drops_no_warning_of_the_timer_that_goes_on(stage: Stage) -> None:
    due(stage)

    def go_on_and_warn() -> None:
        GOES_ON["extended"](stage)
        stage.clock.advance(DAY - HOUR)
        assert another().warned == 1

    another = replace(stage.sweep, timers=stage.rows)
    stage.interruptions.plan(Point.BEFORE_REMOVE, go_on_and_warn)

    assert stage.sweep().lost == 1

    assert stage.actions[-1] == "give_back"
    [posted] = stage.store.notices.values()
    assert isinstance(posted.notice, WarningNotice)
    assert posted.notice.threshold == HOUR


def test_a_removal_that_was_refused_needs_no_giving_back(stage: Stage) -> None:
    due(stage)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: GOES_ON["extended"](stage))

    assert stage.sweep().lost == 1

    assert [act.kind for act in stage.roles.acts] == ["remove"]


def test_a_command_at_the_last_moment_wins_by_its_own_front(stage: Stage) -> None:
    due(stage)
    stage.interruptions.plan(
        Point.BEFORE_REMOVE,
        lambda: stage.add_time(ON_VIP, HOUR, asked=asked(at=stage.clock.now()), view=VIEW),
    )

    swept = stage.sweep()

    timer = stage.of()
    assert timer is not None
    assert timer.remaining(stage.clock.now()) == HOUR
    assert stage.roles.held == {KEY}
    assert (swept.lost, stage.actions) == (1, ["add", "give_back"])


def test_a_warning_is_not_owed_for_a_timer_that_was_changed_meanwhile(stage: Stage) -> None:
    stage.have(2 * HOUR)
    stage.have(2 * HOUR, GOLD_KEY)
    stage.clock.advance(HOUR)
    stage.interruptions.plan(Point.AFTER_CLAIM, lambda: GOES_ON["extended"](stage))

    swept = stage.sweep()

    assert (swept.warned, swept.lost) == (1, 1)
    assert [row.notice.key for row in stage.store.notices.values()] == [GOLD_KEY]


def test_timers_lost_without_a_warning_do_not_count_against_the_warnings(stage: Stage) -> None:
    # A threshold that the policy does not know is passed in silence.
    for of in (KEY, GOLD_KEY):
        stage.have(2 * HOUR, of)
    silent = stage.alter(lambda timer: replace(timer, state=Running(NOW + 2 * HOUR, (90 * MINUTE,))))
    assert silent is not None
    stage.clock.advance(HOUR)
    stage.interruptions.plan(Point.AFTER_CLAIM, lambda: GOES_ON["extended"](stage))

    swept = stage.sweep()

    assert (swept.warned, swept.lost) == (1, 1)


def test_a_second_sweeper_takes_over_only_when_the_lease_has_run_out(stage: Stage) -> None:
    due(stage)
    seen: list[Swept] = []

    def another() -> None:
        seen.append(stage.sweep())
        stage.let_leases_run_out()
        seen.append(stage.sweep())

    stage.interruptions.plan(Point.BEFORE_REMOVE, another)

    swept = stage.sweep()

    lease_ends = stage.clock.now() + stage.sweep.lease
    assert [(one.ended, one.next_due) for one in seen] == [(0, lease_ends), (1, None)]
    assert (swept.ended, swept.lost) == (0, 1)
    assert stage.actions == ["ended"]
    assert len(stage.store.notices) == 1
    assert stage.roles.held == frozenset()


def take_over(stage: Stage) -> None:
    """Another sweeper claims what is due."""
    stage.let_leases_run_out()
    assert stage.rows.claim(stage.clock.now(), 10, MINUTE)


def test_a_timer_that_another_sweeper_is_still_ending_is_not_given_back(stage: Stage) -> None:
    due(stage)

    stage.interruptions.plan(Point.BEFORE_REMOVE, partial(take_over, stage))

    assert stage.sweep().lost == 1

    assert stage.of() is not None
    assert [act.kind for act in stage.roles.acts] == ["remove"]


def test_what_another_took_over_before_the_removal_is_left_to_it(stage: Stage) -> None:
    due(stage)

    stage.interruptions.plan(Point.AFTER_CLAIM, partial(take_over, stage))

    assert stage.sweep() == Swept(next_due=stage.clock.now() + MINUTE, lost=1)

    assert stage.roles.acts == ()


def test_a_role_given_back_to_a_timer_that_ends_meanwhile_is_taken_again(stage: Stage) -> None:
    due(stage)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: GOES_ON["extended"](stage))
    stage.interruptions.plan(
        Point.BEFORE_GRANT,
        lambda: stage.clear_time(ON_VIP, asked=asked(at=stage.clock.now()), view=VIEW, confirmed=stage.shown()),
    )

    stage.sweep()
    stage.clock.advance(LONGEST_GRANT)

    assert stage.sweep().ended == 1
    assert [act.kind for act in stage.roles.acts] == ["remove", "remove", "grant", "remove"]
    assert stage.roles.held == frozenset()


def test_a_role_given_back_to_a_timer_that_is_up_by_then_is_left_to_the_next_sweep(stage: Stage) -> None:
    due(stage)
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: GOES_ON["extended"](stage))
    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: stage.alter(lambda timer: end(timer, now=stage.clock.now())))

    swept = stage.sweep()

    assert (swept.lost, swept.ended) == (1, 1)
    assert stage.of() is None
    assert stage.roles.held == frozenset()


def test_a_database_that_fails_before_the_settlement_lets_the_removal_be_repeated(stage: Stage) -> None:
    due(stage)

    def fail() -> None:
        raise StorageUnavailable("no answer")

    stage.interruptions.plan(Point.BEFORE_SETTLE, fail)
    with pytest.raises(StorageUnavailable):
        stage.sweep()
    assert stage.sweep() == Swept(next_due=stage.clock.now() + stage.sweep.lease)
    stage.let_leases_run_out()

    assert stage.sweep() == Swept(next_due=None, ended=1)

    assert [act.kind for act in stage.roles.acts] == ["remove", "remove"]
    assert stage.actions == ["ended"]


def test_only_the_timers_that_were_lost_stay(stage: Stage) -> None:
    for user in range(1, 6):
        stage.have(user * SECOND, key(user))
    stage.clock.advance(MINUTE)
    stage.roles.fail_next(Retry("503"))
    stage.interruptions.plan(Point.BEFORE_REMOVE, lambda: stage.alter(lambda t: pause(t, now=NOW), key(2)))

    swept = stage.sweep()

    assert (swept.ended, swept.failed, swept.lost) == (3, 1, 1)
    assert stage.roles.held == {key(1), key(2)}
    assert [user for user in range(1, 6) if stage.of(key(user))] == [1, 2]

"""The way that every command goes: read, plan, write; again when somebody was faster."""

from dataclasses import replace

import pytest

from boostmon.app.changing.changes import MOST_CONFLICTS, Plan, Target, TooManyConflicts
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import Basis
from boostmon.domain.details import Unconfirmed
from boostmon.domain.ledger import Action
from boostmon.domain.outcomes import Retry
from boostmon.domain.selection import NoTimer
from boostmon.domain.transitions import end, extend, pause
from tests.support.stage import VIEW, Point, Stage
from tests.support.timers import ALICE, CHANNEL, DAY, GUILD, HOUR, KEY, NOW, POLICY, VIP, asked, change, running

TARGET = Target(GUILD, ALICE, VIP)


def an_hour_more(basis: Basis) -> Plan:
    [timer] = basis.timers
    return Plan(timer.key, timer, extend(timer, HOUR, now=NOW, policy=POLICY), POLICY)


def test_a_plan_is_made_of_what_is_stored_and_returned_as_it_is_stored(stage: Stage) -> None:
    before = stage.have(HOUR)

    done = stage.committer.change(TARGET, Action.ADD, an_hour_more, asked=asked())

    assert done == Plan(KEY, before, stage.of(), POLICY)
    assert done.after is not None
    assert done.after.remaining(NOW) == 2 * HOUR
    assert done.after.version > before.version


@pytest.mark.parametrize("times", [1, MOST_CONFLICTS - 1])
def test_whoever_is_overtaken_plans_again_from_what_is_stored_by_then(stage: Stage, times: int) -> None:
    stage.have(HOUR)
    for _ in range(times):
        stage.interruptions.plan(
            Point.BEFORE_COMMIT, lambda: stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY))
        )

    done = stage.committer.change(TARGET, Action.ADD, an_hour_more, asked=asked())

    assert done.after is not None
    assert done.after.remaining(NOW) == 2 * HOUR + times * DAY
    assert stage.actions == ["set"] * times + ["add"]
    assert stage.alarm.rings == 1


def test_a_timer_that_is_fought_over_is_left_to_the_others(stage: Stage) -> None:
    stage.have(HOUR)
    for _ in range(MOST_CONFLICTS):
        stage.interruptions.plan(
            Point.BEFORE_COMMIT, lambda: stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY))
        )

    with pytest.raises(TooManyConflicts) as caught:
        stage.committer.change(TARGET, Action.ADD, an_hour_more, asked=asked())

    assert caught.value.user == ALICE
    left = stage.of()
    assert left is not None
    assert left.remaining(NOW) == HOUR + MOST_CONFLICTS * DAY
    assert "add" not in stage.actions
    assert stage.alarm.rings == 0


def test_what_the_plan_refuses_is_not_written(stage: Stage) -> None:
    def refuse(_: Basis) -> Plan:
        raise NoTimer(ALICE, None)

    with pytest.raises(NoTimer):
        stage.committer.change(TARGET, Action.ADD, refuse, asked=asked())

    assert stage.ledger == ()
    assert stage.alarm.rings == 0


@pytest.mark.parametrize("place", [Point.BEFORE_BASIS, Point.BEFORE_COMMIT])
def test_a_database_that_does_not_answer_is_not_asked_again(stage: Stage, place: Point) -> None:
    stage.have(HOUR)

    def fail() -> None:
        raise StorageUnavailable("no answer")

    stage.interruptions.plan(place, fail)

    with pytest.raises(StorageUnavailable):
        stage.committer.change(TARGET, Action.ADD, an_hour_more, asked=asked())

    assert stage.ledger == ()


def test_a_request_that_comes_twice_is_applied_once(stage: Stage) -> None:
    first = stage.set_time(KEY, HOUR, asked=asked(request=7), view=VIEW)

    second = stage.set_time(KEY, HOUR, asked=asked(request=7), view=VIEW)

    assert second.after == first.after == stage.of()
    assert stage.actions == ["set"]


def committed(stage: Stage) -> Plan:
    """A set of a channel, done."""
    return stage.committer.change(
        TARGET,
        Action.SET,
        lambda basis: Plan(KEY, basis.timers[0], replace(basis.timers[0], channel=CHANNEL), basis.policy),
        asked=asked(),
    )


def test_a_plan_can_be_put_back(stage: Stage) -> None:
    before = stage.have(HOUR)
    done = committed(stage)

    assert stage.committer.put_back(done, asked=asked(request=8), why=Retry("403"))

    again = stage.of()
    assert again is not None
    assert replace(again, version=before.version) == before
    entry = stage.ledger[-1]
    assert (entry.action, entry.before, entry.after) == (Action.PUT_BACK, done.after, before)
    assert (entry.reason, entry.detail) == (None, Unconfirmed("403"))
    assert entry.request is None
    assert stage.alarm.rings == 2


def test_a_plan_that_somebody_built_on_is_not_put_back(stage: Stage) -> None:
    stage.have(HOUR)
    done = committed(stage)
    theirs = stage.alter(lambda timer: pause(timer, now=NOW))

    assert not stage.committer.put_back(done, asked=asked(), why=Retry("403"))

    assert stage.of() == theirs
    assert stage.actions == ["set", "set"]
    assert stage.alarm.rings == 1


def test_a_timer_never_stored_is_not_mistaken_for_one_that_is(stage: Stage) -> None:
    stage.have(HOUR)

    with pytest.raises(TooManyConflicts):
        stage.committer.change(TARGET, Action.SET, lambda _: Plan(KEY, None, running(DAY), POLICY), asked=asked())


def test_news_of_an_end_mislead_once_the_timer_goes_on_and_not_before() -> None:
    timer = running(HOUR)
    ended = end(timer, now=NOW)

    assert change(ended, timer).outdates_news_of_end
    assert change(ended, pause(timer, now=NOW)).outdates_news_of_end
    assert not change(ended, ended).outdates_news_of_end
    assert not change(ended, timer, at=NOW + HOUR).outdates_news_of_end
    assert not change(ended, None).outdates_news_of_end

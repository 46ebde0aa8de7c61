"""Changes that take much away: made only of the very timer that somebody was shown."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Target
from boostmon.app.changing.confirming import Loss, NotConfirmed, OtherThanShown
from boostmon.domain.durations import When
from boostmon.domain.ledger import Action
from boostmon.domain.selection import NoTimer
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import end, extend, pause
from tests.support.stage import VIEW, Point, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, NOW, POLICY, asked, running

ANY = Target(GUILD, ALICE)
NOTHING = timedelta(0)

type Command = Callable[[Stage, int | None], object]


def set_to(when: When) -> Command:
    return lambda stage, confirmed: stage.set_time(KEY, when, asked=asked(request=7), view=VIEW, confirmed=confirmed)


def remove(when: When) -> Command:
    return lambda stage, confirmed: stage.remove_time(ANY, when, asked=asked(request=7), view=VIEW, confirmed=confirmed)


def clear(stage: Stage, confirmed: int | None) -> object:
    return stage.clear_time(ANY, asked=asked(request=7), view=VIEW, confirmed=confirmed)


RUNNING, PAUSED = running(30 * DAY), pause(running(30 * DAY), now=NOW)
TAKING: dict[str, tuple[Timer, Command, timedelta, Action]] = {
    "set": (RUNNING, set_to(MINUTE), MINUTE, Action.SET),
    "set-paused": (PAUSED, set_to(MINUTE), MINUTE, Action.SET),
    "set-until": (RUNNING, set_to(NOW + MINUTE), MINUTE, Action.SET),
    "remove": (RUNNING, remove(20 * DAY), 10 * DAY, Action.REMOVE),
    "remove-paused": (PAUSED, remove(20 * DAY), 10 * DAY, Action.REMOVE),
    "remove-until": (RUNNING, remove(NOW + DAY), DAY, Action.REMOVE),
    "remove-all": (RUNNING, remove(60 * DAY), NOTHING, Action.REMOVE),
    "clear": (RUNNING, clear, NOTHING, Action.CLEAR),
    "clear-paused": (PAUSED, clear, NOTHING, Action.CLEAR),
}


@pytest.fixture(params=list(TAKING.values()), ids=list(TAKING))
def taking(stage: Stage, request: pytest.FixtureRequest) -> tuple[Command, timedelta, Action]:
    before, command, left, action = request.param
    stage.put(before)
    return command, left, action


def test_what_takes_much_away_asks_first(stage: Stage, taking: tuple[Command, timedelta, Action]) -> None:
    command, left, _ = taking
    stored = stage.of()

    with pytest.raises(NotConfirmed) as question:
        command(stage, None)

    loss = question.value.loss
    assert loss == Loss(stored, loss.after, NOW, loss.amount)  # type: ignore[arg-type]
    assert loss.after.remaining(NOW) == left
    assert not question.value.changed_since
    assert stage.of() == stored
    assert stage.ledger == ()
    assert stage.roles.acts == ()
    assert stage.alarm.rings == 0


def test_what_was_confirmed_is_made(stage: Stage, taking: tuple[Command, timedelta, Action]) -> None:
    command, left, action = taking

    command(stage, stage.shown())

    timer = stage.of()
    assert (NOTHING if timer is None else timer.remaining(NOW)) == left
    assert stage.ledger[0].action is action


def test_what_was_confirmed_of_an_earlier_timer_asks_again(
    stage: Stage, taking: tuple[Command, timedelta, Action]
) -> None:
    command, _, _ = taking
    shown = stage.shown()
    changed = stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY))
    stage.store.ledger.clear()

    with pytest.raises(NotConfirmed) as question:
        command(stage, shown)

    assert question.value.changed_since
    assert question.value.loss.before == changed
    assert stage.of() == changed
    assert stage.ledger == ()


def test_a_change_that_comes_in_between_asks_again(stage: Stage, taking: tuple[Command, timedelta, Action]) -> None:
    command, _, _ = taking
    shown = stage.shown()
    stage.interruptions.plan(
        Point.BEFORE_COMMIT, lambda: stage.alter(lambda timer: extend(timer, DAY, now=NOW, policy=POLICY))
    )

    with pytest.raises(NotConfirmed) as question:
        command(stage, shown)

    assert question.value.changed_since
    assert question.value.loss.before == stage.of()
    assert stage.roles.acts == ()


def test_what_was_confirmed_twice_is_made_once(stage: Stage) -> None:
    stage.have(30 * DAY)
    shown = stage.shown()
    set_to(MINUTE)(stage, shown)
    after = stage.of()

    with pytest.raises(OtherThanShown) as refusal:
        set_to(MINUTE)(stage, shown)

    assert (refusal.value.key, refusal.value.timer) == (KEY, after)
    assert stage.actions == ["set"]


def test_what_would_not_ask_now_is_not_made_of_another_timer(stage: Stage) -> None:
    stage.have(30 * DAY)
    shown = stage.shown()
    changed = stage.alter(lambda timer: end(timer, now=NOW))

    with pytest.raises(OtherThanShown):
        set_to(MINUTE)(stage, shown)
    with pytest.raises(OtherThanShown):
        clear(stage, shown)

    assert stage.of() == changed


def test_a_timer_that_has_gone_is_not_started_again_by_a_confirmation(stage: Stage) -> None:
    stage.have(30 * DAY)
    shown = stage.shown()
    stage.alter(lambda _: None)

    with pytest.raises(OtherThanShown) as refusal:
        set_to(MINUTE)(stage, shown)
    with pytest.raises(NoTimer):
        remove(DAY)(stage, shown)

    assert refusal.value.timer is None
    assert stage.of() is None


@pytest.mark.parametrize(
    "command", [set_to(29 * DAY), set_to(NOW + 29 * DAY), set_to(60 * DAY), remove(DAY), remove(7 * DAY)]
)
def test_what_takes_little_away_does_not_ask(stage: Stage, command: Command) -> None:
    stage.have(30 * DAY)

    command(stage, None)

    assert len(stage.actions) == 1


@pytest.mark.parametrize("command", [set_to(MINUTE), remove(HOUR), clear])
def test_less_than_an_hour_is_taken_without_a_question(stage: Stage, command: Command) -> None:
    stage.have(59 * MINUTE)

    command(stage, None)

    assert stage.actions[0] in {"set", "remove", "clear"}


def test_to_leave_the_role_takes_nothing_away(stage: Stage) -> None:
    stage.have(30 * DAY)

    stage.clear_time(ANY, asked=asked(), view=VIEW, keep_role=True)

    assert stage.actions == ["clear"]


def test_a_timer_whose_time_is_up_is_cleared_without_a_question(stage: Stage) -> None:
    stage.put(end(running(30 * DAY), now=NOW))

    clear(stage, None)

    assert stage.of() is None

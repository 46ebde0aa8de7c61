"""What follows from members who leave and return."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from boostmon.app.changing.changes import Target
from boostmon.app.ports import AuditReason, Cause
from boostmon.domain.beginning import start_later
from boostmon.domain.ids import RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import LedgerEntry
from boostmon.domain.member_events import MemberJoined, MemberLeft, MemberSeen
from boostmon.domain.outcomes import Held
from boostmon.domain.policy import Rejoin
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Ending, Grace, Obstacle, Paused, Running, Timer
from boostmon.domain.transitions import end, pause
from tests.support.stage import GOLD_KEY, VIEW, Point, Stage
from tests.support.timers import (
    ALICE,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    NOW,
    POLICY,
    SECOND,
    TIME_UP,
    VIP,
    asked,
    change,
    key,
)

BOB = UserId(5)
RETURNED = AuditReason(Cause.RETURNED)


@pytest.fixture(name="stage")
def fresh_stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.interruptions.must_have_happened()


def decided(stage: Stage, then: Rejoin) -> None:
    stage.policies.change(GUILD, lambda before: replace(before, rejoin=then), asked=asked())


def left(minutes: float = 0, by: UserId | None = None, entry: int | None = None, user: UserId = ALICE) -> MemberLeft:
    return MemberLeft(GUILD, user, NOW + minutes * MINUTE, by, None if entry is None else RequestId(entry))


def joined(minutes: float = 0, held: frozenset[RoleId] = frozenset(), user: UserId = ALICE) -> MemberJoined:
    return MemberJoined(GUILD, user, NOW + minutes * MINUTE, held, RequestId(int(1_000_000 + 1_000 * minutes)))


def seen(minutes: float = 0, held: frozenset[RoleId] = frozenset(), **more: Any) -> MemberSeen:
    return MemberSeen(GUILD, ALICE, NOW + minutes * MINUTE, held, **more)


def leaves(stage: Stage, minutes: float, **more: Any) -> None:
    """@alice goes, which takes her roles."""
    stage.clock.advance(NOW + minutes * MINUTE - stage.clock.now())
    stage.roles.take(KEY)
    stage.roles.take(GOLD_KEY)
    stage.follow_members([left(minutes, **more)])


def comes(stage: Stage, minutes: float) -> None:
    stage.clock.advance(NOW + minutes * MINUTE - stage.clock.now())
    stage.follow_members([joined(minutes)])


def timer_of(stage: Stage, of: TimerKey = KEY) -> Timer:
    found = stage.rows.get(of)
    assert found is not None
    return found


def test_where_timers_go_on_leaving_changes_nothing_and_who_returns_gets_the_role(stage: Stage) -> None:
    before = stage.have(HOUR)
    leaves(stage, 5)
    assert stage.rows.get(KEY) == before
    assert stage.actions == []

    comes(stage, 20)

    assert stage.roles.held == {KEY}
    assert stage.roles.acts[-1].reason == RETURNED
    after = timer_of(stage)
    assert (after.state, after.grant_open_until) == (before.state, None)
    assert stage.ledger[-1].actor is None
    assert stage.actions == ["returned"]


def test_a_timer_whose_time_ended_meanwhile_is_over(stage: Stage) -> None:
    stage.have(HOUR)
    leaves(stage, 5)
    stage.roles.member_leaves(GUILD, ALICE)
    stage.clock.advance(HOUR)
    assert stage.sweep().ended == 1

    comes(stage, 90)

    assert stage.store.timers == {}
    assert stage.roles.held == set()
    assert stage.owed == []


def test_where_timers_wait_no_time_is_lost_and_the_ledger_says_why(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    before = stage.have(HOUR)

    leaves(stage, 5, by=BOB, entry=7)

    waiting = timer_of(stage)
    assert waiting.state == Paused(55 * MINUTE, NOW + 5 * MINUTE, away=True)
    assert waiting.due_at is None
    assert stage.ledger[-1] == LedgerEntry(
        KEY, NOW + 5 * MINUTE, stage.ledger[-1].action, BOB, before, replace(waiting, version=before.version),
        request=RequestId(7),
    )  # fmt: skip

    comes(stage, 600)

    after = timer_of(stage)
    assert isinstance(after.state, Running)
    assert after.state.ends_at == NOW + 655 * MINUTE
    assert stage.roles.held == {KEY}
    assert stage.actions == ["left", "returned"]


def test_where_timers_end_the_sweep_makes_sure_that_the_role_is_gone(stage: Stage) -> None:
    decided(stage, Rejoin.END)
    stage.have(HOUR)
    leaves(stage, 5)

    assert isinstance(timer_of(stage).state, Ending)
    stage.roles.give(KEY)  # they were back at once, and somebody gave it
    assert stage.sweep().ended == 1
    assert stage.roles.held == set()
    assert stage.roles.acts[-1].reason == TIME_UP
    assert stage.actions == ["left", "ended"]


def test_where_timers_end_so_does_one_of_a_member_whose_leaving_nobody_saw(stage: Stage) -> None:
    decided(stage, Rejoin.END)
    stage.have(HOUR)

    comes(stage, 5)

    assert isinstance(timer_of(stage).state, Ending)
    assert stage.roles.acts == ()


@pytest.mark.parametrize("then", Rejoin)
def test_each_event_acts_once_however_often_it_comes(stage: Stage, then: Rejoin) -> None:
    decided(stage, then)
    stage.have(DAY)
    leaves(stage, 5)
    gone = stage.rows.get(KEY)
    stage.follow_members([left(5), left(5, by=BOB, entry=7)])
    assert stage.rows.get(KEY) == gone

    comes(stage, 20)
    back, actions = stage.rows.get(KEY), stage.actions
    stage.follow_members([replace(joined(20), held=frozenset({VIP}))])
    stage.follow_members([joined(20)])

    assert timer_of(stage).state == (None if back is None else back.state)
    # The role may be given once more, which changes nothing.
    assert set(stage.actions[len(actions) :]) <= {"returned"}


def test_a_timer_that_goes_on_is_given_back_once_for_each_return(stage: Stage) -> None:
    stage.have(DAY)
    comes(stage, 20)
    stage.follow_members([joined(20)])
    assert stage.actions == ["returned"]

    stage.roles.take(KEY)
    comes(stage, 30)
    assert stage.actions == ["returned", "returned"]
    assert stage.roles.held == {KEY}


def test_a_return_that_nobody_heard_is_made_up_for_once_at_the_next_update(stage: Stage) -> None:
    stage.have(DAY)
    stage.roles.take(KEY)
    stage.clock.advance(HOUR)
    late = replace(joined(20), is_late=True)

    stage.follow_members([late])
    assert stage.roles.held == {KEY}

    stage.roles.take(KEY)  # by hand, where nobody hears of that
    stage.follow_members([late, late])
    assert stage.roles.held == set()
    assert stage.actions == ["returned"]


def test_an_update_of_somebody_who_never_left_says_nothing_of_a_missing_role(stage: Stage) -> None:
    stage.clock.advance(HOUR)
    stage.have(DAY)
    stage.roles.take(KEY)
    stage.follow_members([replace(joined(-60), is_late=True)])
    assert stage.roles.held == set()
    assert stage.actions == []


def test_an_update_of_somebody_who_is_waited_for_lets_the_timer_go_on(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    leaves(stage, 5)
    stage.clock.advance(HOUR)
    stage.follow_members([replace(joined(30), is_late=True)])
    assert isinstance(timer_of(stage).state, Running)
    assert stage.roles.held == {KEY}


def test_news_that_are_older_than_a_decision_change_nothing(stage: Stage) -> None:
    decided(stage, Rejoin.END)
    stage.have(HOUR)
    stage.set_time(KEY, 2 * HOUR, asked=asked(NOW + 10 * MINUTE), view=VIEW)

    stage.follow_members([left(9.9), joined(9.95)])

    assert isinstance(timer_of(stage).state, Running)


def test_a_timer_that_was_set_after_the_return_has_its_role_of_the_command(stage: Stage) -> None:
    stage.set_time(KEY, HOUR, asked=asked(NOW + MINUTE), view=VIEW)
    acts = stage.roles.acts

    stage.follow_members([joined(0)])

    assert stage.roles.acts == acts


def test_a_pause_that_a_person_made_stays_one(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.put(pause(stage.have(HOUR), now=NOW))
    leaves(stage, 5)
    assert timer_of(stage).state == Paused(HOUR, NOW)

    comes(stage, 20)

    assert timer_of(stage).state == Paused(HOUR, NOW)
    assert stage.roles.held == {KEY}


def test_a_pause_that_was_to_end_waits_for_the_member(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.put(pause(stage.have(HOUR), now=NOW, until=NOW + DAY))
    leaves(stage, 5)
    assert timer_of(stage).state == Paused(HOUR, NOW, away=True)


def test_a_person_may_pause_what_waits_and_let_it_go_on(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    leaves(stage, 5)
    stage.pause_time(_target(), asked=asked(NOW + 6 * MINUTE), view=VIEW)
    assert timer_of(stage).state == Paused(55 * MINUTE, NOW + 5 * MINUTE)

    comes(stage, 20)
    assert isinstance(timer_of(stage).state, Paused)

    stage.resume_time(_target(), asked=asked(NOW + 30 * MINUTE), view=VIEW, held={VIP})
    assert isinstance(timer_of(stage).state, Running)


def test_more_time_lets_a_timer_go_on_whose_member_is_there(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    leaves(stage, 5)

    stage.add_time(_target(), HOUR, asked=asked(NOW + 30 * MINUTE), view=VIEW, held=set())

    after = timer_of(stage).state
    assert isinstance(after, Running)
    assert after.ends_at == NOW + 145 * MINUTE
    assert stage.roles.held == {KEY}


def test_more_time_for_somebody_who_is_away_waits_with_the_rest(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    leaves(stage, 5)

    stage.add_time(_target(), HOUR, asked=asked(NOW + 30 * MINUTE), view=VIEW)

    assert timer_of(stage).state == Paused(115 * MINUTE, NOW + 5 * MINUTE, away=True)


def test_all_timers_of_a_member_are_dealt_with_and_members_by_one_look(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    stage.have(2 * HOUR, GOLD_KEY)
    looks: list[int] = []
    stage.interruptions.each_time(Point.BEFORE_BASIS, lambda: looks.append(1))

    others = [left(5, user=UserId(1_000 + number)) for number in range(199)]
    stage.follow_members([*others, left(5)])

    assert len(looks) == 1
    assert stage.actions == ["left", "left"]


def test_leaving_and_coming_back_at_once_are_taken_in_their_order(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    stage.clock.advance(6 * MINUTE)

    stage.follow_members([left(5), left(5, by=BOB, entry=7), joined(6), left(6), left(6)])

    assert timer_of(stage).state == Paused(55 * MINUTE, NOW + 6 * MINUTE, away=True)
    assert [entry.actor for entry in stage.ledger] == [BOB, None, None]


def test_somebody_who_is_gone_again_when_the_role_is_given_is_waited_for(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    leaves(stage, 5)
    stage.roles.member_leaves(GUILD, ALICE)

    comes(stage, 20)

    state = timer_of(stage).state
    assert isinstance(state, Paused)
    assert (state.remaining, state.away) == (55 * MINUTE, True)


def test_what_discord_does_not_do_is_repeated(stage: Stage) -> None:
    stage.have(DAY)
    stage.roles.take(KEY)
    stage.roles.fail_next(Held("429", SECOND))

    assert stage.follow_members([joined(5)]) == [joined(5)]
    assert stage.follow_members([joined(5)]) == []

    assert stage.roles.held == {KEY}
    assert stage.actions == ["returned"]


def test_a_role_that_cannot_be_given_is_left_to_people(stage: Stage) -> None:
    before = stage.have(DAY)
    stage.roles.take(KEY)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)

    assert stage.follow_members([joined(5)]) == []

    assert timer_of(stage).state == before.state


def test_a_command_that_was_faster_is_gone_by(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    stage.interruptions.plan(
        Point.BEFORE_COMMIT,
        lambda: stage.rows.commit(change(timer_of(stage), end(timer_of(stage), now=NOW + 6 * MINUTE), at=NOW)),
    )
    stage.follow_members([left(5)])
    assert isinstance(timer_of(stage).state, Ending)


@pytest.mark.parametrize("then", [Rejoin.COUNT_ON, Rejoin.PAUSE])
def test_a_timer_that_begins_later_begins_then_wherever_its_member_was_meanwhile(stage: Stage, then: Rejoin) -> None:
    decided(stage, then)
    planned = stage.put(start_later(KEY, HOUR, NOW + DAY, now=NOW, policy=POLICY), held=False)

    leaves(stage, 5)
    comes(stage, 20)
    stage.follow_members([seen(30, joined=NOW + 20 * MINUTE)])

    assert stage.rows.get(KEY) == planned
    assert stage.roles.held == set()


def test_of_somebody_else_nothing_is_changed(stage: Stage) -> None:
    decided(stage, Rejoin.END)
    stage.have(HOUR)
    stage.have(HOUR, key(7))
    stage.follow_members([left(5, user=BOB)])
    assert stage.actions == []


# Without anybody who tells of members: by what a command shows.


def test_who_is_seen_without_a_role_and_joined_since_gets_it_back_once(stage: Stage) -> None:
    stage.have(HOUR)
    stage.roles.take(KEY)

    for joined in (None, NOW - MINUTE):  # somebody took it
        stage.follow_members([seen(5, joined=joined)])
    assert stage.roles.held == set()

    stage.follow_members([seen(5, joined=NOW + 4 * MINUTE)])
    assert stage.roles.held == {KEY}
    assert stage.actions == ["returned"]

    stage.roles.take(KEY)
    stage.follow_members([seen(6, joined=NOW + 4 * MINUTE)])
    assert stage.roles.held == set()


def test_who_is_seen_is_waited_for_no_more(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    leaves(stage, 5)

    stage.clock.advance(5 * MINUTE)
    stage.follow_members([seen(10)])

    assert isinstance(timer_of(stage).state, Running)
    assert stage.roles.held == {KEY}


@pytest.mark.parametrize("then", [Rejoin.COUNT_ON, Rejoin.END])
def test_a_timer_that_is_paused_since_its_role_is_fought_over_gives_no_role_at_sight(
    stage: Stage, then: Rejoin
) -> None:
    decided(stage, then)
    stage.put(pause(stage.have(HOUR), now=NOW), held=False)
    stage.roles.take(KEY)

    stage.follow_members([seen(5, joined=NOW + 4 * MINUTE)])

    assert stage.roles.held == set()


def test_where_timers_end_sight_alone_says_nothing(stage: Stage) -> None:
    decided(stage, Rejoin.END)
    stage.have(HOUR)
    stage.follow_members([seen(5, joined=NOW + 4 * MINUTE)])
    assert stage.actions == []


def test_who_asks_what_is_left_has_their_role_first(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.have(HOUR)
    leaves(stage, 5)

    shown = stage.time_left(GUILD, ALICE, by=ALICE, view=VIEW, seen=seen(10))

    assert [timer.remaining(stage.clock.now()) for timer in shown.timers] == [55 * MINUTE]
    assert isinstance(shown.timers[0].state, Running)


def test_who_asks_and_misses_nothing_is_shown_it_with_one_look(stage: Stage) -> None:
    stage.have(HOUR)
    looks: list[int] = []
    stage.interruptions.each_time(Point.BEFORE_BASIS, lambda: looks.append(1))

    stage.time_left(GUILD, ALICE, by=ALICE, view=VIEW, seen=seen(10, frozenset({VIP}), joined=NOW + 4 * MINUTE))

    assert looks == []


def _target() -> Target:
    return Target(GUILD, ALICE, VIP)


def test_a_timer_waits_no_longer_than_the_date_by_which_all_end_allows(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.policies.change_rule(GUILD, VIP, lambda _: RoleRule(VIP, ends_on=NOW + DAY), asked=asked(request=8))
    stage.have(HOUR)
    leaves(stage, 5)
    assert timer_of(stage).state == Paused(55 * MINUTE, NOW + 5 * MINUTE, NOW + DAY - 55 * MINUTE, away=True)

    comes(stage, 20)
    assert timer_of(stage).ends_at == NOW + 75 * MINUTE


def test_a_timer_that_ends_on_that_date_does_not_wait(stage: Stage) -> None:
    decided(stage, Rejoin.PAUSE)
    stage.policies.change_rule(GUILD, VIP, lambda _: RoleRule(VIP, ends_on=NOW + HOUR), asked=asked(request=8))
    before = stage.have(HOUR)
    leaves(stage, 5)
    assert timer_of(stage) == before


@pytest.mark.parametrize("then", [Rejoin.COUNT_ON, Rejoin.PAUSE])
def test_whoever_returns_in_grace_gets_the_role_for_what_is_left_of_it(stage: Stage, then: Rejoin) -> None:
    decided(stage, then)
    stage.have(HOUR)
    stage.policies.change_rule(GUILD, VIP, lambda _: RoleRule(VIP, grace=DAY), asked=asked(request=8))
    stage.clock.advance(HOUR)
    stage.sweep()
    leaves(stage, 65)

    comes(stage, 90)

    assert timer_of(stage).state == Grace(NOW + HOUR, NOW + HOUR + DAY)
    assert stage.roles.held == {KEY}

"""`/movetime`: what remains goes to another member."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from boostmon.app.changing.changes import Note, Target
from boostmon.app.changing.granting import GrantHeld, GrantRefused
from boostmon.app.commands.move_time import MovedToItself
from boostmon.app.commands.undo import ChangedSince, OverByNow, UndoneAlready
from boostmon.app.ports import AuditReason, Cause
from boostmon.domain.eligibility import MemberGone, RoleNotTimeable, TimerOnBot
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RequestId, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.selection import NoTimer
from boostmon.domain.timers import Ending, Obstacle, TimeIsUp
from boostmon.domain.transitions import end
from tests.support.stage import HIGH_KEY, VIEW, Point, Stage
from tests.support.timers import (
    ALICE,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    SECOND,
    VIP,
    asked,
    running,
)

ANY, BOB = Target(GUILD, ALICE), UserId(ALICE + 1)
BOBS = replace(KEY, user=BOB)
MOVE = asked(request=7, reason="a swap")


def undo(stage: Stage, *, had_role: bool = False) -> object:
    again = replace(asked(at=stage.clock.now(), request=8))
    return stage.undo(RequestId(7), asked=again, view=VIEW, had_role=had_role)


def test_the_receivers_timer_starts_and_the_givers_ends(stage: Stage) -> None:
    before = stage.put(running(2 * HOUR, channel=CHANNEL))

    moved = stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)

    assert (moved.giver.before, moved.giver.after, moved.obstacle) == (before, None, None)
    assert stage.of() is None
    assert moved.receiver.after == stage.of(BOBS)
    assert moved.receiver.after is not None
    assert (moved.receiver.after.ends_at, moved.receiver.after.channel) == (NOW + 2 * HOUR, CHANNEL)
    assert stage.roles.held == {BOBS}
    assert [(act.key, act.reason) for act in stage.roles.acts] == [
        (BOBS, AuditReason(Cause.MOVED_HERE, MODERATOR)),
        (KEY, AuditReason(Cause.MOVED_AWAY, MODERATOR)),
    ]


def test_the_ledger_shows_both_under_one_request(stage: Stage) -> None:
    stage.have(HOUR)

    stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)

    of_request = [entry for entry in stage.ledger if entry.request == RequestId(7)]
    assert [(entry.key, entry.action, entry.actor, entry.reason) for entry in of_request] == [
        (KEY, Action.MOVE, MODERATOR, "a swap"),
        (BOBS, Action.MOVE, MODERATOR, "a swap"),
    ]
    assert stage.actions == ["move", "move", "ended"]


def test_a_receiver_with_a_timer_has_it_lengthened(stage: Stage) -> None:
    stage.have(HOUR)
    before = stage.have(DAY, BOBS)

    moved = stage.move_time(ANY, BOB, asked=MOVE, view=VIEW, held={VIP})

    assert moved.receiver.before == before
    assert moved.receiver.after is not None
    assert moved.receiver.after.remaining(NOW) == DAY + HOUR
    assert moved.receiver.notes == ()


def test_a_receiver_who_had_the_role_is_noted(stage: Stage) -> None:
    stage.have(HOUR)

    assert stage.move_time(ANY, BOB, asked=MOVE, view=VIEW, held={VIP}).receiver.notes == (Note.HAD_ROLE,)


@pytest.mark.parametrize(
    ("target", "to", "why"),
    [
        (ANY, ALICE, MovedToItself),
        (Target(GUILD, MODERATOR), BOB, NoTimer),
        (ANY, UserId(9), TimerOnBot),
    ],
)
def test_what_cannot_be_moved_is_refused(stage: Stage, target: Target, to: UserId, why: type[BoostMonError]) -> None:
    before = stage.have(HOUR)
    with pytest.raises(why):
        stage.move_time(target, to, asked=MOVE, view=replace(VIEW, me=UserId(9)))
    assert (stage.of(), stage.ledger) == (before, ())


def test_time_that_is_up_is_not_moved(stage: Stage) -> None:
    before = stage.put(end(running(HOUR), now=NOW))
    with pytest.raises(TimeIsUp):
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)
    assert (stage.of(), stage.ledger) == (before, ())


def test_a_role_above_the_moderator_is_not_moved(stage: Stage) -> None:
    before = stage.have(HOUR, HIGH_KEY)
    with pytest.raises(RoleNotTimeable):
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)
    assert (stage.of(HIGH_KEY), stage.ledger) == (before, ())


@pytest.mark.parametrize(
    ("refuse", "why"),
    [
        (lambda stage: stage.roles.obstruct(GUILD, Obstacle.ROLE_NOT_ASSIGNABLE), GrantRefused),
        (lambda stage: stage.roles.fail_next(Held("limit", after=MINUTE)), GrantHeld),
        (lambda stage: stage.roles.member_leaves(GUILD, BOB), MemberGone),
    ],
    ids=["refused", "held", "gone"],
)
@pytest.mark.parametrize("has_timer", [False, True])
def test_both_are_put_back_where_discord_refuses(
    stage: Stage, refuse: Callable[[Stage], None], why: type[BoostMonError], has_timer: bool
) -> None:
    given = stage.have(HOUR)
    there = stage.have(DAY, BOBS) if has_timer else None
    refuse(stage)
    # Meanwhile a sweep may come by: it leaves the giver's role alone.
    stage.interruptions.plan(Point.BEFORE_GRANT, stage.sweep)

    with pytest.raises(why):
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)

    after, bobs = stage.of(), stage.of(BOBS)
    assert after is not None
    assert replace(after, version=given.version) == given
    assert (bobs and replace(bobs, version=0)) == (there and replace(there, version=0))
    assert stage.actions == ["move", "move", "put_back", "put_back"]
    assert [act.kind for act in stage.roles.acts] == ["grant"]


def test_what_discord_does_not_take_at_once_the_sweep_takes(stage: Stage) -> None:
    stage.have(HOUR)
    stage.interruptions.plan(Point.AFTER_GRANT, lambda: stage.roles.fail_next(Retry("503")))

    moved = stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)

    assert moved.giver.notes == (Note.REMOVAL_PENDING,)
    stage.clock.advance(MINUTE)
    assert stage.sweep().ended == 1
    assert stage.roles.held == {BOBS}


def test_an_obstacle_to_taking_the_role_is_told(stage: Stage) -> None:
    stage.have(HOUR)
    stage.interruptions.plan(Point.AFTER_GRANT, lambda: stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS))

    moved = stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)

    assert moved.obstacle is Obstacle.MISSING_PERMISSIONS
    ending = stage.of()
    assert ending is not None
    assert isinstance(ending.state, Ending)


@pytest.mark.parametrize("of", [KEY, BOBS])
def test_it_starts_over_when_somebody_was_faster(stage: Stage, of: object) -> None:
    stage.have(HOUR)
    stage.have(DAY, BOBS)
    key = KEY if of == KEY else BOBS
    stage.interruptions.plan(
        Point.BEFORE_COMMIT, lambda: stage.alter(lambda timer: replace(timer, channel=CHANNEL), key)
    )

    moved = stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)

    assert moved.receiver.after == stage.of(BOBS)
    assert stage.actions == ["set", "move", "move", "ended"]


class TestUndo:
    def test_gives_the_time_and_the_role_back_and_takes_both_from_the_receiver(self, stage: Stage) -> None:
        before = stage.have(DAY)
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)
        stage.clock.advance(MINUTE)

        undo(stage)

        again = stage.of()
        assert again is not None
        assert again.ends_at == before.ends_at
        assert stage.of(BOBS) is None
        assert stage.roles.held == {KEY}
        assert stage.actions == ["move", "move", "ended", "undelivered", "undo", "undo", "ended"]

    def test_shortens_a_timer_that_was_lengthened(self, stage: Stage) -> None:
        stage.have(HOUR)
        there = stage.have(DAY, BOBS)
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)

        undo(stage)

        bobs = stage.of(BOBS)
        assert bobs is not None
        assert bobs.state == there.state
        assert stage.roles.held == {KEY, BOBS}

    def test_leaves_the_role_with_who_had_it_before(self, stage: Stage) -> None:
        stage.have(HOUR)
        stage.roles.give(BOBS)
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW, held={VIP})

        undo(stage, had_role=True)

        assert stage.of(BOBS) is None
        assert stage.roles.held == {KEY, BOBS}

    def test_is_put_back_whole_where_discord_refuses(self, stage: Stage) -> None:
        stage.have(HOUR)
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)
        bobs = stage.of(BOBS)
        stage.roles.fail_next(Held("limit", after=MINUTE))
        stage.interruptions.plan(Point.BEFORE_GRANT, stage.sweep)

        with pytest.raises(GrantHeld):
            undo(stage)

        assert stage.of() is None
        after = stage.of(BOBS)
        assert after is not None
        assert bobs is not None
        assert replace(after, version=bobs.version) == bobs
        assert stage.roles.held == {BOBS}

    @pytest.mark.parametrize("of", [KEY, BOBS])
    def test_is_too_late_when_either_timer_was_changed(self, stage: Stage, of: object) -> None:
        stage.have(HOUR)
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)
        stage.set_time(KEY if of == KEY else BOBS, DAY, asked=asked(at=NOW + SECOND, request=9), view=VIEW)

        with pytest.raises(ChangedSince):
            undo(stage)

    def test_is_done_once(self, stage: Stage) -> None:
        stage.have(HOUR)
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)
        undo(stage)

        with pytest.raises(UndoneAlready):
            undo(stage)

    def test_is_too_late_when_the_time_would_be_up(self, stage: Stage) -> None:
        stage.have(HOUR)
        stage.have(DAY, BOBS)
        stage.move_time(ANY, BOB, asked=MOVE, view=VIEW)
        stage.clock.advance(HOUR)

        with pytest.raises(OverByNow):
            undo(stage)

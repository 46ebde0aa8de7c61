"""Commands, the sweep, and roles taken by hand, while a member keeps a role whose time is up."""

from dataclasses import replace
from datetime import datetime

import pytest

from boostmon.app.changing.changes import Note, Target
from boostmon.app.commands.undo import OverByNow
from boostmon.domain.ids import RequestId, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.notices import GraceNotice, WarningNotice
from boostmon.domain.policy import TakenByHand
from boostmon.domain.role_events import RoleTaken
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Grace, Paused, Running, StillOver, TimeIsUp
from tests.support.stage import VIEW, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, NOW, SECOND, VIP, asked

MINE = Target(GUILD, ALICE, VIP)
UP = NOW + HOUR
UNTIL = UP + 3 * DAY
BOB = UserId(77)


@pytest.fixture
def kept(stage: Stage) -> Stage:
    """Alice's time is up, and she keeps the role; ten minutes have passed."""
    stage.policies.change_rule(GUILD, VIP, lambda _: RoleRule(VIP, thresholds=(), grace=3 * DAY), asked=asked())
    stage.set_time(KEY, HOUR, asked=asked(request=1), view=VIEW)
    stage.clock.advance(HOUR)
    stage.sweep()
    stage.clock.advance(10 * MINUTE)
    return stage


def now(stage: Stage) -> datetime:
    return stage.clock.now()


def test_the_member_is_told_and_keeps_the_role_and_then_it_goes(kept: Stage) -> None:
    timer = kept.of()
    assert timer is not None
    assert timer.state == Grace(UP, UNTIL)
    assert kept.roles.held == {KEY}
    assert kept.actions == ["set", "lapsed"]
    [owed] = kept.store.notices.values()
    assert owed.notice == GraceNotice(KEY, None, grace=3 * DAY, until=UNTIL)

    assert kept.sweep().next_due == UNTIL
    kept.clock.advance(3 * DAY)
    assert kept.sweep().ended == 1
    assert (kept.of(), kept.roles.held) == (None, frozenset())
    assert kept.actions[:3] == ["set", "lapsed", "ended"]


def test_what_the_member_was_warned_of_gives_way(stage: Stage) -> None:
    stage.policies.change_rule(GUILD, VIP, lambda _: RoleRule(VIP, grace=DAY), asked=asked())
    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)
    stage.clock.advance(50 * MINUTE)
    stage.sweep()
    assert [type(one.notice) for one in stage.store.notices.values()] == [WarningNotice]
    stage.clock.advance(10 * MINUTE)
    stage.sweep()
    assert [type(one.notice) for one in stage.store.notices.values()] == [GraceNotice]


def test_whoever_was_away_for_all_of_it_takes_the_role_at_once(stage: Stage) -> None:
    stage.policies.change_rule(GUILD, VIP, lambda _: RoleRule(VIP, grace=HOUR), asked=asked())
    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)
    stage.clock.advance(2 * HOUR)
    assert stage.sweep().ended == 1
    assert stage.actions == ["set", "ended"]


def test_a_renewal_counts_from_the_old_end_and_outdates_the_news(kept: Stage) -> None:
    changed = kept.add_time(MINE, DAY, asked=asked(now(kept)), view=VIEW, held={VIP})

    assert changed.after is not None
    assert changed.after.state == Running(UP + DAY, (), grace=3 * DAY)
    assert changed.notes == (Note.RENEWED,)
    assert kept.store.notices == {}
    assert len(kept.roles.acts) == 1


def test_one_that_would_be_over_already_is_refused(kept: Stage) -> None:
    before = kept.of()
    with pytest.raises(StillOver):
        kept.add_time(MINE, 10 * MINUTE, asked=asked(now(kept)), view=VIEW)
    assert kept.of() == before


def test_a_member_who_lost_the_role_meanwhile_gets_it_back_with_the_renewal(kept: Stage) -> None:
    kept.roles.take(KEY)

    changed = kept.add_time(MINE, DAY, asked=asked(now(kept)), view=VIEW, held=frozenset())

    assert changed.notes == (Note.RENEWED, Note.GIVEN_BACK)
    assert kept.roles.held == {KEY}


def test_settime_counts_from_now(kept: Stage) -> None:
    changed = kept.set_time(KEY, DAY, asked=asked(now(kept)), view=VIEW, had_role=True)
    assert changed.after is not None
    assert changed.after.ends_at == now(kept) + DAY


def test_cleartime_takes_the_role_now(kept: Stage) -> None:
    kept.clear_time(MINE, asked=asked(now(kept)), view=VIEW)
    assert (kept.of(), kept.roles.held) == (None, frozenset())


def test_the_rest_is_refused(kept: Stage) -> None:
    with pytest.raises(TimeIsUp):
        kept.pause_time(MINE, asked=asked(now(kept)), view=VIEW)
    with pytest.raises(TimeIsUp):
        kept.remove_time(MINE, MINUTE, asked=asked(now(kept)), view=VIEW)
    with pytest.raises(TimeIsUp):
        kept.move_time(MINE, BOB, asked=asked(now(kept)), view=VIEW)


def test_a_renewal_and_the_end_of_it_are_undone(kept: Stage) -> None:
    kept.add_time(MINE, DAY, asked=asked(now(kept), request=7), view=VIEW, held={VIP})
    kept.undo(RequestId(7), asked=asked(now(kept)), view=VIEW)
    timer = kept.of()
    assert timer is not None
    assert timer.state == Grace(UP, UNTIL)

    kept.clear_time(MINE, asked=asked(now(kept), request=8), view=VIEW)
    kept.undo(RequestId(8), asked=asked(now(kept)), view=VIEW)
    assert kept.roles.held == {KEY}
    assert kept.sweep().ended == 0

    kept.clear_time(MINE, asked=asked(now(kept), request=9), view=VIEW)
    kept.clock.advance(3 * DAY)
    with pytest.raises(OverByNow):
        kept.undo(RequestId(9), asked=asked(now(kept)), view=VIEW)


@pytest.mark.parametrize("policy", TakenByHand)
def test_a_role_taken_by_hand_goes_as_the_policy_says(kept: Stage, policy: TakenByHand) -> None:
    kept.policies.change(GUILD, lambda before: replace(before, taken_by_hand=policy), asked=asked(now(kept)))
    kept.roles.take(KEY)

    kept.follow_roles([RoleTaken(KEY, BOB, RequestId(9), now(kept))])

    is_given_back = policy is TakenByHand.GIVE_BACK
    assert kept.roles.held == ({KEY} if is_given_back else frozenset())
    assert kept.actions[-1] == (Action.GIVE_BACK if is_given_back else Action.TAKEN)
    assert (kept.of() is not None) is is_given_back


def test_a_role_that_is_fought_over_is_given_back_no_more(kept: Stage) -> None:
    kept.policies.change(
        GUILD, lambda before: replace(before, taken_by_hand=TakenByHand.GIVE_BACK), asked=asked(now(kept))
    )
    for number in range(1, 5):
        kept.roles.take(KEY)
        kept.clock.advance(SECOND)
        kept.follow_roles([RoleTaken(KEY, BOB, RequestId(number + 100), now(kept))])

    timer = kept.of()
    assert timer is not None
    assert not isinstance(timer.state, Paused)
    assert kept.actions[-1] == "fought"

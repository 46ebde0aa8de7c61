"""What a guild allows of timers, in the commands that give time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Target
from boostmon.app.guilds.policies import RolesWanted
from boostmon.domain.defaults import NoDuration
from boostmon.domain.durations import Span
from boostmon.domain.eligibility import Standing
from boostmon.domain.ids import RoleId
from boostmon.domain.limits import LongerThanAllowed, RoleNotListed
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.policy_values import MOST_ROLES, InvalidPolicy
from boostmon.domain.rules import RoleRule
from boostmon.domain.ruling import InvalidRule, LongerThanLongest
from boostmon.domain.transitions import pause
from tests.support.stage import GOLD, GOLD_KEY, VIEW, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, NOW, SECOND, VIP, asked, running

ADMINISTRATOR = replace(VIEW, asker=Standing(top=(9, -1), is_owner=True))
MINE = Target(GUILD, ALICE, VIP)


def limit(stage: Stage, longest: timedelta | None) -> None:
    stage.change_policy.longest(GUILD, longest, asked=asked())


def set_time(stage: Stage, length: timedelta) -> None:
    stage.set_time(KEY, length, asked=asked(), view=ADMINISTRATOR)


def set_until(stage: Stage, length: timedelta) -> None:
    stage.set_time(KEY, NOW + length, asked=asked(), view=ADMINISTRATOR)


def start(stage: Stage, length: timedelta) -> None:
    stage.add_time(MINE, length, asked=asked(), view=ADMINISTRATOR)


IN_JANUARY = NOW + 60 * DAY


def set_month(stage: Stage) -> None:
    stage.set_time(KEY, None, asked=asked(IN_JANUARY), view=ADMINISTRATOR)


def start_month(stage: Stage) -> None:
    stage.add_time(MINE, Span(1), asked=asked(IN_JANUARY), view=ADMINISTRATOR)


@pytest.mark.parametrize("give", [set_time, set_until, start])
def test_nobody_starts_a_timer_that_runs_for_longer_than_allowed(
    stage: Stage, give: Callable[[Stage, timedelta], None]
) -> None:
    limit(stage, DAY)

    with pytest.raises(LongerThanAllowed) as refused:
        give(stage, DAY + SECOND)

    assert (refused.value.wanted, refused.value.limit) == (DAY + SECOND, DAY)
    assert stage.of() is None
    assert (stage.ledger, stage.roles.acts) == ((), ())
    give(stage, DAY)
    assert stage.of() is not None


@pytest.mark.parametrize("is_paused", [False, True])
def test_nobody_adds_more_than_may_remain(stage: Stage, *, is_paused: bool) -> None:
    before = stage.put(pause(running(20 * HOUR), now=NOW) if is_paused else running(20 * HOUR))
    limit(stage, DAY)

    with pytest.raises(LongerThanAllowed) as refused:
        stage.add_time(MINE, 4 * HOUR + SECOND, asked=asked(), view=ADMINISTRATOR)

    assert refused.value.wanted == DAY + SECOND
    assert stage.of() == before
    stage.add_time(MINE, 4 * HOUR, asked=asked(), view=ADMINISTRATOR)


def test_what_a_second_time_adds_up_to_is_what_counts(stage: Stage) -> None:
    stage.put(running(20 * HOUR))
    stage.change_policy.stacking(GUILD, Stacking.EXTEND, asked=asked())
    limit(stage, DAY)

    with pytest.raises(LongerThanAllowed) as refused:
        set_time(stage, 5 * HOUR)

    assert refused.value.wanted == 25 * HOUR


def test_a_timer_that_runs_for_longer_is_left_as_it_is(stage: Stage) -> None:
    before = stage.put(running(30 * DAY))
    limit(stage, DAY)
    assert stage.of() == before

    stage.pause_time(MINE, asked=asked(), view=VIEW)
    stage.resume_time(MINE, asked=asked(), view=VIEW)
    stage.remove_time(MINE, HOUR, asked=asked(), view=VIEW)
    left = stage.of()
    assert left is not None
    assert left.remaining(NOW) == 30 * DAY - HOUR

    stage.change_policy.stacking(GUILD, Stacking.KEEP_LONGER, asked=asked())
    set_time(stage, HOUR)
    kept = stage.of()
    assert kept is not None
    assert kept.state == left.state


def test_a_limit_is_taken_back(stage: Stage) -> None:
    limit(stage, DAY)
    limit(stage, None)

    set_time(stage, 3650 * DAY)

    assert stage.policies.get(GUILD) == Policy()


def test_a_limit_that_no_server_may_have_changes_nothing(stage: Stage) -> None:
    limit(stage, DAY)
    with pytest.raises(InvalidPolicy):
        limit(stage, MINUTE - SECOND)
    assert stage.policies.get(GUILD) == Policy(longest=DAY)


def usual(stage: Stage, amount: timedelta | None) -> None:
    stage.change_policy.default_duration(GUILD, amount, asked=asked())


def test_without_a_duration_the_usual_time_counts_and_is_told(stage: Stage) -> None:
    usual(stage, 3 * DAY)

    changed = stage.set_time(KEY, None, asked=asked(), view=VIEW)

    assert changed.amount == 3 * DAY
    assert changed.after is not None
    assert changed.after == stage.of()
    assert changed.after.remaining(NOW) == 3 * DAY


def test_the_usual_time_of_a_role_goes_before_that_of_the_guild(stage: Stage) -> None:
    usual(stage, 3 * DAY)
    stage.policies.change_rule(GUILD, VIP, lambda _: RoleRule(VIP, duration=5 * DAY), asked=asked())

    assert stage.set_time(KEY, None, asked=asked(), view=VIEW).amount == 5 * DAY
    assert stage.set_time(GOLD_KEY, None, asked=asked(), view=VIEW).amount == 3 * DAY


def test_where_no_time_is_usual_somebody_has_to_say_how_long(stage: Stage) -> None:
    usual(stage, 3 * DAY)
    usual(stage, None)

    with pytest.raises(NoDuration):
        stage.set_time(KEY, None, asked=asked(), view=VIEW)

    assert stage.of() is None
    assert (stage.ledger, stage.roles.acts) == ((), ())


def test_no_time_is_usual_that_no_timer_may_run_for(stage: Stage) -> None:
    limit(stage, DAY)
    with pytest.raises(LongerThanAllowed):
        usual(stage, DAY + SECOND)
    usual(stage, DAY)
    limit(stage, HOUR)

    with pytest.raises(LongerThanAllowed):
        stage.set_time(KEY, None, asked=asked(), view=VIEW)


def list_roles(stage: Stage, wanted: RolesWanted | None) -> frozenset[RoleId] | None:
    return stage.change_policy.timeable(GUILD, wanted, asked=asked()).after.timeable


@pytest.mark.parametrize("give", [set_time, set_until, start])
def test_a_role_that_is_not_on_the_list_gets_no_time(stage: Stage, give: Callable[[Stage, timedelta], None]) -> None:
    list_roles(stage, RolesWanted(VIEW.roles, add=GOLD))

    with pytest.raises(RoleNotListed) as refused:
        give(stage, HOUR)

    assert (refused.value.role, refused.value.listed) == (VIP, frozenset({GOLD}))
    assert stage.of() is None
    assert stage.roles.acts == ()
    stage.set_time(GOLD_KEY, HOUR, asked=asked(), view=VIEW)


def test_a_timer_on_a_role_that_went_from_the_list_goes_on(stage: Stage) -> None:
    stage.put(running(DAY))
    list_roles(stage, RolesWanted(VIEW.roles, add=GOLD))

    with pytest.raises(RoleNotListed):
        stage.add_time(MINE, HOUR, asked=asked(), view=VIEW)
    stage.pause_time(MINE, asked=asked(), view=VIEW)
    stage.resume_time(MINE, asked=asked(), view=VIEW)
    stage.remove_time(MINE, MINUTE, asked=asked(), view=VIEW)


def test_a_list_begins_grows_shrinks_and_goes(stage: Stage) -> None:
    assert list_roles(stage, RolesWanted(VIEW.roles, add=VIP)) == frozenset({VIP})
    assert list_roles(stage, RolesWanted(VIEW.roles, add=GOLD)) == frozenset({VIP, GOLD})
    assert list_roles(stage, RolesWanted(VIEW.roles, add=VIP, remove=GOLD)) == frozenset({VIP})
    assert list_roles(stage, RolesWanted(VIEW.roles, remove=VIP)) == frozenset()
    assert list_roles(stage, None) is None


def test_roles_that_were_deleted_go_from_the_list_with_the_next_change(stage: Stage) -> None:
    list_roles(stage, RolesWanted(VIEW.roles, add=VIP))

    assert list_roles(stage, RolesWanted({GOLD}, add=GOLD)) == frozenset({GOLD})


def test_a_list_that_would_be_too_long_stays_as_it_is(stage: Stage) -> None:
    roles = [RoleId(number) for number in range(1, MOST_ROLES + 1)]
    for role in roles:
        list_roles(stage, RolesWanted(roles, add=role))

    with pytest.raises(InvalidPolicy):
        list_roles(stage, RolesWanted([*roles, VIP], add=VIP))

    assert stage.policies.get(GUILD).timeable == frozenset(roles)


@pytest.mark.parametrize("rule", [RoleRule(VIP, starts=True), RoleRule(VIP, starts=True, duration=30 * DAY)])
def test_no_limit_is_set_that_timers_would_exceed_which_start_by_themselves(stage: Stage, rule: RoleRule) -> None:
    stage.change_policy.default_duration(GUILD, 30 * DAY, asked=asked())
    stage.policies.change_rule(GUILD, VIP, lambda _: rule, asked=asked())

    with pytest.raises(InvalidRule) as refused:
        limit(stage, 30 * DAY - MINUTE)

    assert (refused.value.role, refused.value.problem) == (VIP, LongerThanLongest(30 * DAY, 30 * DAY - MINUTE))
    assert stage.policies.get(GUILD).longest is None
    limit(stage, 30 * DAY)
    stage.policies.change_rule(GUILD, VIP, lambda _: replace(rule, longest=30 * DAY), asked=asked(request=5))
    limit(stage, DAY)


def test_no_default_is_set_that_timers_would_have_which_start_by_themselves_and_may_not(stage: Stage) -> None:
    stage.change_policy.default_duration(GUILD, DAY, asked=asked())
    rule = RoleRule(VIP, starts=True, longest=DAY)
    stage.policies.change_rule(GUILD, VIP, lambda _: rule, asked=asked())

    with pytest.raises(InvalidRule) as refused:
        stage.change_policy.default_duration(GUILD, 2 * DAY, asked=asked())

    assert refused.value.problem == LongerThanLongest(2 * DAY, DAY)


@pytest.mark.parametrize("give", [set_month, start_month])
def test_a_month_is_not_too_long_for_having_31_days(stage: Stage, give: Callable[[Stage], None]) -> None:
    limit(stage, 30 * DAY)
    stage.policies.change(GUILD, lambda policy: replace(policy, default_duration=Span(1)), asked=asked())

    stage.clock.advance(60 * DAY)
    give(stage)

    timer = stage.of()
    assert timer is not None
    assert timer.remaining(IN_JANUARY) == 31 * DAY

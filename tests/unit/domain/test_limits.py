"""What a guild allows of timers, and whom that binds."""

from datetime import timedelta

import pytest

from boostmon.domain.durations import Span
from boostmon.domain.ids import RoleId
from boostmon.domain.limits import LongerThanAllowed, RoleNotListed, ensure_within_limits
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.transitions import pause
from tests.support.timers import DAY, HOUR, MINUTE, NOW, SECOND, VIP, key, running

MICROSECOND = timedelta(microseconds=1)
LISTED = frozenset({VIP, RoleId(VIP + 1)})


@pytest.mark.parametrize("policy", [Policy(), Policy(longest=30 * DAY), Policy(timeable=LISTED)])
def test_what_keeps_within_the_limits_is_let_through(policy: Policy) -> None:
    ensure_within_limits(running(30 * DAY), now=NOW, policy=policy)
    ensure_within_limits(pause(running(30 * DAY), now=NOW), now=NOW, policy=policy)
    ensure_within_limits(running(30 * DAY + MINUTE, NOW - MINUTE), now=NOW, policy=policy)


def test_a_timer_runs_for_no_longer_than_the_guild_lets_any() -> None:
    with pytest.raises(LongerThanAllowed) as refused:
        ensure_within_limits(running(30 * DAY + MICROSECOND), now=NOW, policy=Policy(longest=30 * DAY))
    assert (refused.value.wanted, refused.value.limit) == (30 * DAY + MICROSECOND, 30 * DAY)
    with pytest.raises(LongerThanAllowed):
        ensure_within_limits(pause(running(DAY), now=NOW), now=NOW, policy=Policy(longest=DAY - SECOND))


@pytest.mark.parametrize(
    ("amount", "remaining", "before"),
    [(Span(1), 31 * DAY, 0 * DAY), (Span(12), 366 * DAY, 0 * DAY), (Span(1), 31 * DAY + HOUR, HOUR)],
)
def test_months_are_measured_by_their_usual_length_whatever_the_one_that_was_given_has(
    amount: Span, remaining: timedelta, before: timedelta
) -> None:
    limit = Policy(longest=amount.usual_length + before)
    ensure_within_limits(running(remaining), now=NOW, policy=limit, given=amount, before=before)
    with pytest.raises(LongerThanAllowed):
        ensure_within_limits(running(remaining), now=NOW, policy=limit, given=remaining - before, before=before)
    with pytest.raises(LongerThanAllowed):
        ensure_within_limits(running(remaining + SECOND), now=NOW, policy=limit, given=amount, before=before + SECOND)


@pytest.mark.parametrize("listed", [frozenset(), frozenset({RoleId(VIP + 1)})])
def test_only_roles_of_the_list_are_timed(listed: frozenset[RoleId]) -> None:
    with pytest.raises(RoleNotListed) as refused:
        ensure_within_limits(running(DAY), now=NOW, policy=Policy(timeable=listed, longest=MINUTE))
    assert (refused.value.role, refused.value.listed) == (VIP, listed)


def test_a_rule_for_the_role_binds_instead_of_what_goes_for_all() -> None:
    policy = Policy(longest=DAY, rules={VIP: RoleRule(VIP, longest=30 * DAY)})

    ensure_within_limits(running(30 * DAY), now=NOW, policy=policy)
    with pytest.raises(LongerThanAllowed) as refused:
        ensure_within_limits(running(31 * DAY), now=NOW, policy=policy)
    assert refused.value.limit == 30 * DAY
    with pytest.raises(LongerThanAllowed):
        ensure_within_limits(running(30 * DAY, of=key()), now=NOW, policy=policy)

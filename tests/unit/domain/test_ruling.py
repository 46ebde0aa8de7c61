"""Rules that a guild may have for its roles, and policies with these laid over them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.domain.decisions import Advance, decide
from boostmon.domain.durations import MAX_DURATION, Span
from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.policy_values import InvalidPolicy
from boostmon.domain.replanning import replan
from boostmon.domain.rule_presets import PRESETS, Preset
from boostmon.domain.rules import MOST_RULES, RoleRule
from boostmon.domain.ruling import (
    InvalidRule,
    LongerThanLongest,
    RuleProblem,
    StartsWithoutDuration,
    TooManyRules,
    checked_rule,
    with_rule,
)
from boostmon.domain.thresholds import InvalidThresholds
from boostmon.domain.timers import Running, Timer
from boostmon.domain.transitions import extend, pause, resume, start
from tests.support.timers import DAY, HOUR, KEY, MINUTE, NOW, VIP, key

FULL = Policy(rules={RoleId(n): RoleRule(RoleId(n), longest=DAY) for n in range(1, MOST_RULES + 1)})
QUIET = Policy(rules={VIP: RoleRule(VIP, thresholds=(5 * MINUTE,))})


def problem_of(rule: RoleRule, policy: Policy) -> RuleProblem:
    with pytest.raises(InvalidRule) as error:
        checked_rule(rule, policy)
    assert error.value.role == rule.role
    return error.value.problem


def test_a_rule_that_decides_something_is_kept() -> None:
    rule = RoleRule(VIP, starts=True, duration=DAY, longest=DAY, thresholds=(HOUR,))

    assert checked_rule(rule, Policy()) == rule
    assert checked_rule(RoleRule(VIP, thresholds=()), Policy()) == RoleRule(VIP, thresholds=())


def test_a_rule_that_decides_nothing_is_none() -> None:
    assert checked_rule(RoleRule(VIP), FULL) is None


def test_thresholds_are_ordered_and_bounded_as_the_guilds_are() -> None:
    assert checked_rule(RoleRule(VIP, thresholds=(MINUTE, HOUR)), Policy()) == RoleRule(VIP, thresholds=(HOUR, MINUTE))
    with pytest.raises(InvalidThresholds):
        checked_rule(RoleRule(VIP, thresholds=(MINUTE, MINUTE)), Policy())


def test_a_guild_has_a_hundred_rules_at_most() -> None:
    last = FULL.rules[RoleId(MOST_RULES)]

    assert checked_rule(replace(last, longest=HOUR), FULL) is not None
    assert checked_rule(RoleRule(VIP, longest=DAY), with_rule(FULL, last.role, None)) is not None
    assert problem_of(RoleRule(VIP, longest=DAY), FULL) == TooManyRules()


def test_a_timer_that_starts_by_itself_has_a_duration() -> None:
    assert problem_of(RoleRule(VIP, starts=True, longest=DAY), Policy()) == StartsWithoutDuration()


def test_nothing_lasts_longer_than_the_longest() -> None:
    assert problem_of(RoleRule(VIP, duration=DAY, longest=HOUR), Policy()) == LongerThanLongest(DAY, HOUR)


def test_no_length_is_beyond_what_any_timer_may_have() -> None:
    with pytest.raises(InvalidPolicy):
        checked_rule(RoleRule(VIP, longest=MAX_DURATION + DAY), Policy())


def test_what_the_guild_decided_counts_where_the_rule_says_nothing() -> None:
    by_default = Policy(default_duration=DAY, longest=2 * DAY)

    assert checked_rule(RoleRule(VIP, starts=True), by_default) == RoleRule(VIP, starts=True)
    assert checked_rule(RoleRule(VIP, duration=30 * DAY, longest=90 * DAY), by_default) is not None
    for rule in (RoleRule(VIP, duration=3 * DAY), RoleRule(VIP, longest=HOUR), RoleRule(VIP, duration=Span(1))):
        assert isinstance(problem_of(rule, by_default), LongerThanLongest)


def test_a_rule_replaces_that_of_its_role_alone() -> None:
    first, second = RoleRule(VIP, longest=DAY), RoleRule(RoleId(2), longest=DAY)
    policy = with_rule(with_rule(Policy(dms=False), VIP, first), second.role, second)

    assert policy == Policy(dms=False, rules={VIP: first, second.role: second})
    assert with_rule(policy, VIP, None) == Policy(dms=False, rules={second.role: second})


def test_what_a_rule_does_not_say_is_as_the_guild_decided() -> None:
    policy = Policy(thresholds=(HOUR,), rules={VIP: RoleRule(VIP, longest=DAY)})

    assert policy.for_role(VIP).thresholds == (HOUR,)
    assert QUIET.for_role(VIP).thresholds == (5 * MINUTE,)
    assert policy.for_role(VIP).longest == DAY
    assert Policy(rules={VIP: RoleRule(VIP, duration=Span(1))}).for_role(VIP).default_duration == Span(1)
    assert QUIET.for_role(RoleId(2)) is QUIET
    assert QUIET.for_role(VIP).for_role(VIP) == QUIET.for_role(VIP)


def test_every_transition_goes_by_the_rule_of_the_timers_role() -> None:
    started = start(KEY, HOUR, now=NOW, policy=QUIET)
    elsewhere = start(key(), HOUR, now=NOW, policy=QUIET)

    assert [_armed(timer) for timer in (started, extend(started, HOUR, now=NOW, policy=QUIET))] == [(5 * MINUTE,)] * 2
    assert _armed(resume(pause(started, now=NOW), now=NOW, policy=QUIET)) == (5 * MINUTE,)
    assert _armed(replan(start(KEY, HOUR, now=NOW, policy=Policy()), QUIET, NOW)) == (5 * MINUTE,)
    assert _armed(elsewhere) == (10 * MINUTE, MINUTE)


def test_a_sweep_warns_by_the_rule_of_the_timers_role() -> None:
    timer = start(KEY, HOUR, now=NOW, policy=QUIET)
    decision = decide(timer, QUIET, NOW + 56 * MINUTE)

    assert isinstance(decision, Advance)
    assert decision.warning is not None
    assert decision.warning.threshold == 5 * MINUTE


@pytest.mark.parametrize("preset", Preset)
def test_every_preset_is_a_rule_that_a_guild_may_have(preset: Preset) -> None:
    rule = RoleRule(VIP, ends_on=NOW + DAY if preset is Preset.EVENT else None, **PRESETS[preset])

    assert checked_rule(rule, Policy()) == rule


def _armed(timer: Timer) -> tuple[timedelta, ...]:
    state = timer.state
    assert isinstance(state, Running)
    return state.armed

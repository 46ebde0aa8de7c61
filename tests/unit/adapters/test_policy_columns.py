"""A guild's policy as a row."""

from dataclasses import fields, replace

import pytest

from boostmon.adapters.postgres.policy_columns import POLICY_COLUMNS, policy_from, policy_row
from boostmon.adapters.postgres.rule_fields import RULE_FIELDS, rule_from
from boostmon.domain.policy import DEFAULT_POLICY, Policy
from boostmon.domain.rules import RoleRule
from tests.support.stored_values import ALL_DECIDED
from tests.support.timers import VIP


def test_every_field_has_its_column() -> None:
    assert {*POLICY_COLUMNS, "rules"} == {field.name for field in fields(Policy)}


def test_every_field_of_a_rule_has_its_name() -> None:
    assert {"role", *RULE_FIELDS} == {field.name for field in fields(RoleRule)}


def test_what_only_another_version_knows_of_a_rule_is_passed_over() -> None:
    assert rule_from(VIP, {"starts": True, "moon": "full"}) == RoleRule(VIP, starts=True)


def test_a_language_that_a_later_version_speaks_leaves_it_to_discord() -> None:
    row = {**policy_row(DEFAULT_POLICY), "thresholds": DEFAULT_POLICY.thresholds, "language": "tlh"}

    assert policy_from(row) == DEFAULT_POLICY


@pytest.mark.parametrize("column", ["stacking", "rejoin", "taken_by_hand", "months"])
def test_a_choice_that_a_later_version_knows_is_the_default_to_this_one(column: str) -> None:
    row = {**policy_row(ALL_DECIDED), "thresholds": ALL_DECIDED.thresholds, column: "by_moonlight"}

    assert policy_from(row) == replace(ALL_DECIDED, **{column: getattr(DEFAULT_POLICY, column)})


def test_an_amount_that_a_later_version_writes_is_none_to_this_one() -> None:
    row = {**policy_row(ALL_DECIDED), "thresholds": ALL_DECIDED.thresholds, "default_duration": "P1Lune"}

    assert policy_from(row) == replace(ALL_DECIDED, default_duration=None)


def test_everything_that_a_guild_can_decide_differs_from_the_default_in_the_example() -> None:
    same = [field.name for field in fields(Policy) if getattr(ALL_DECIDED, field.name) == getattr(Policy(), field.name)]
    assert same == ["rules"]  # they are stored by themselves

"""A guild's policy as a row."""

from dataclasses import fields

from boostmon.adapters.postgres.policy_columns import POLICY_COLUMNS, policy_from, policy_row
from boostmon.domain.policy import DEFAULT_POLICY, Policy


def test_every_field_has_its_column() -> None:
    assert list(POLICY_COLUMNS) == [field.name for field in fields(Policy)]


def test_a_language_that_a_later_version_speaks_leaves_it_to_discord() -> None:
    row = {**policy_row(DEFAULT_POLICY), "thresholds": DEFAULT_POLICY.thresholds, "language": "tlh"}

    assert policy_from(row) == DEFAULT_POLICY

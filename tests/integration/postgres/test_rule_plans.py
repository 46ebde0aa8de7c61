"""What reading the rules of roles along with a guild's policy costs. Deterministic: pages and rows, no clocks."""

from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.postgres import policies, timers
from boostmon.domain.ids import GuildId, UserId
from boostmon.domain.rules import MOST_RULES
from tests.support.plans import Plan, executed_plan
from tests.support.postgres_world import PostgresWorld, postgres_world

GUILDS = 10_000
WITH_RULES = 100
"""Every so manieth guild has as many rules as it may have."""
FILLING = (
    f"""
    INSERT INTO boostmon.guild_settings (guild_id, thresholds, dms)
    SELECT number, '{{}}', true FROM generate_series(1, {GUILDS}) AS number
    """,
    f"""
    INSERT INTO boostmon.role_rules (guild_id, role_id, rule)
    SELECT guild, role, '{{"starts": true, "duration": 86400.0, "longest": null, "thresholds": null}}'
    FROM generate_series({WITH_RULES}, {GUILDS}, {WITH_RULES}) AS guild, generate_series(1, {MOST_RULES}) AS role
    """,
    f"""
    INSERT INTO boostmon.timers (guild_id, user_id, role_id, state, ends_at, due_at, created_at, updated_at)
    SELECT guild, 7, role, 'running', now(), now(), now(), now()
    FROM generate_series(1, {GUILDS}) AS guild, generate_series(1, 3) AS role
    """,
    "VACUUM (ANALYZE, PARALLEL 0) boostmon.guild_settings, boostmon.role_rules, boostmon.timers",
)


@pytest.fixture(scope="module")
def world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with postgres_world(migrated_template, "rule_plans") as full:
        for statement in FILLING:
            full.execute(statement)
        yield full


def basis_of(world: PostgresWorld, guild: int) -> Plan:
    return executed_plan(world.database, timers.BASIS, {"guild_id": guild, "user_id": 7})


def test_a_guild_without_rules_pays_for_a_look_into_an_index(world: PostgresWorld) -> None:
    seen = basis_of(world, WITH_RULES + 1)

    looks = seen.of_index("role_rules_pkey")
    assert (looks["Actual Loops"], looks["Actual Rows"]) == (1, 0)
    assert looks["Shared Hit Blocks"] + looks["Shared Read Blocks"] <= 5
    assert seen.whole_tables == set()


def test_rules_are_gathered_once_for_all_timers_of_a_member(world: PostgresWorld) -> None:
    seen = basis_of(world, WITH_RULES)

    assert (seen.of_index("role_rules_pkey")["Actual Loops"], seen.of_index("role_rules_pkey")["Actual Rows"]) == (
        1,
        100,
    )
    assert seen.whole_tables == set()
    basis = world.timers.basis(GuildId(WITH_RULES), UserId(7))
    assert (len(basis.timers), len(basis.policy.rules)) == (3, MOST_RULES)


def test_the_policies_of_a_batch_look_once_for_each_guild(world: PostgresWorld) -> None:
    seen = executed_plan(world.database, policies.OF, {"guilds": list(range(WITH_RULES - 4, WITH_RULES + 6))})

    assert seen.of_index("role_rules_pkey")["Actual Loops"] == 10
    assert seen.whole_tables == set()

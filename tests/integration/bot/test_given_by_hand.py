"""A role with a rule that starts timers has its timer however it was given."""

import time

from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.domain.rules import RoleRule
from tests.integration.bot.stage import Stage
from tests.support.stopwatch import seconds_of
from tests.support.timers import HOUR, asked

SECONDS = 60.0


def ruled(stage: Stage) -> None:
    """A rule that another process has stored, so that this one hears of it when it looks the next time."""
    key = stage.key("@alice", "@VIP")
    rule = RoleRule(key.role, starts=True, duration=2 * HOUR)
    InMemoryPolicies(stage.store).change_rule(key.guild, key.role, lambda _: rule, asked=asked())
    logins = stage.discord.logins
    stage.discord.drop_gateway(forget_sessions=True)
    stage.discord.wait_until(lambda: stage.discord.logins > logins, SECONDS, "a new session")


def test_a_role_given_by_hand_has_its_timer_in_two_seconds_and_the_giver_is_named(stage: Stage) -> None:
    ruled(stage)
    slack = 10 * seconds_of(lambda: stage.type("/timeleft user:@alice"))  # as busy as the machine is
    began = time.monotonic()

    stage.discord.change(lambda world: world.give("@alice", "@VIP", by="@mod"))
    stage.discord.wait_until(lambda: stage.timer("@alice", "@VIP"), SECONDS, "a timer")

    assert time.monotonic() - began < 2.0 + slack
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(stage.clock.now()) == 2 * HOUR
    assert stage.store.ledger[-1].actor == stage.discord.id_of("@mod")
    assert stage.mention("@mod") in stage.type("/timeleft user:@alice").text


def test_a_role_without_a_rule_has_none(stage: Stage) -> None:
    ruled(stage)

    stage.discord.change(lambda world: world.give("@alice", "@Supporter", by="@mod"))
    stage.discord.change(lambda world: world.give("@bob", "@VIP", by="@mod"))
    stage.discord.wait_until(lambda: stage.timer("@bob", "@VIP"), SECONDS, "a timer")

    assert len(stage.store.timers) == 1

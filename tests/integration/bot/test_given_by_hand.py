"""A role with a rule that starts timers has its timer however it was given."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from simcord.enums import AuditLogAction

from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.domain.rules import RoleRule
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.world import World
from tests.integration.bot.stage import BotStage
from tests.support.patience import PATIENCE
from tests.support.stopwatch import seconds_of
from tests.support.timers import HOUR, asked

SECONDS = PATIENCE


def rule_is_set(stage: BotStage) -> None:
    """By another process: this one hears of it when it looks the next time."""
    key = stage.key("@alice", "@VIP")
    rule = RoleRule(key.role, starts=True, duration=2 * HOUR)
    InMemoryPolicies(stage.store).change_rule(key.guild, key.role, lambda _: rule, asked=asked())


def reconnect(stage: BotStage, meanwhile: Callable[[World], object] = lambda _: None) -> None:
    """With a new session. What happens meanwhile, no session hears of."""
    logins, beginnings = stage.discord.logins, len(log_requests(stage))
    stage.discord.drop_gateway(forget_sessions=True)
    stage.discord.look(meanwhile)
    stage.discord.wait_until(lambda: stage.discord.logins > logins, SECONDS, "a new session")
    stage.discord.wait_until(lambda: len(log_requests(stage)) > beginnings, SECONDS, "a look into the log")


def log_requests(stage: BotStage) -> list[object]:
    return [one for one in stage.discord.requests if one.path.endswith("/audit-logs")]


def ruled(stage: BotStage) -> None:
    rule_is_set(stage)
    reconnect(stage)


def test_a_role_given_by_hand_has_its_timer_in_two_seconds_and_the_giver_is_named(stage: BotStage) -> None:
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


def test_a_role_without_a_rule_has_none(stage: BotStage) -> None:
    ruled(stage)

    stage.discord.change(lambda world: world.give("@alice", "@Supporter", by="@mod"))
    stage.discord.change(lambda world: world.give("@bob", "@VIP", by="@mod"))
    stage.discord.wait_until(lambda: stage.timer("@bob", "@VIP"), SECONDS, "a timer")

    assert len(stage.store.timers) == 1


def test_a_role_given_while_the_bot_was_down_among_other_entries_has_its_timer_soon(stage: BotStage) -> None:
    ruled(stage)
    began = stage.clock.now()

    def hour(world: World) -> None:
        """Which the bot does not hear of: 250 other entries, and one of a role with a rule."""
        others = [{"key": "$add", "new_value": [{"id": str(world.role("@Supporter").id), "name": "Supporter"}]}]
        for number in range(251):
            if number == 120:
                Changes(world).give("@alice", "@VIP", by="@mod")
            else:
                world.backend.record_audit_log(
                    world.guild_id,
                    AuditLogAction.MEMBER_ROLE_UPDATE,
                    target_id=world.user("@bob").id,
                    changes=others,
                    user_id=world.user("@mod").id,
                )
            stage.clock.advance(HOUR / 251)

    slack = 10 * seconds_of(lambda: stage.type("/timeleft user:@alice"))
    reconnect(stage, hour)
    returned = time.monotonic()
    stage.discord.wait_until(lambda: stage.timer("@alice", "@VIP"), SECONDS, "a timer")

    assert time.monotonic() - returned < 15.0 + slack
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    # It counts from when the role was given: Discord's ids know that to the millisecond.
    assert abs(timer.created_at - (began + HOUR * 120 / 251)) < timedelta(milliseconds=2)
    assert stage.store.ledger[-1].actor == stage.discord.id_of("@mod")
    assert len(log_requests(stage)) <= 5


def test_a_role_taken_while_the_bot_was_down_ends_its_timer(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:1d")
    stage.discord.wait_until(lambda: log_requests(stage), SECONDS, "a first look into the log")

    def meanwhile(world: World) -> None:
        stage.clock.advance(HOUR)
        Changes(world).take("@alice", "@VIP", by="@mod")

    reconnect(stage, meanwhile)
    stage.discord.wait_until(lambda: stage.timer("@alice", "@VIP") is None, SECONDS, "the end of the timer")

    assert [str(entry.action) for entry in stage.store.ledger] == ["set", "taken"]


def test_without_view_audit_log_all_else_goes_on(stage: BotStage) -> None:
    stage.discord.change(lambda world: world.set_permission("view-audit-log", allowed=False))
    ruled(stage)

    stage.discord.change(lambda world: world.give("@alice", "@VIP", by="@mod"))
    answer = stage.type("/settime user:@alice role:@VIP duration:1d")

    assert not answer.hidden
    assert [str(entry.action) for entry in stage.store.ledger] == ["set"]


def allow(changes: Changes) -> None:
    changes.set_permission("view-audit-log", allowed=True)


def promote(changes: Changes) -> None:
    changes.set_permission("view-audit-log", allowed=True, role="@Supporter")
    changes.give("@BoostMon", "@Supporter", by="@owner")


@pytest.mark.parametrize("show", [allow, promote])
def test_what_was_written_while_the_log_was_hidden_is_read_once_it_can_be_seen(
    stage: BotStage, show: Callable[[Changes], None]
) -> None:
    stage.type("/settime user:@alice role:@VIP duration:1d")
    stage.discord.wait_until(lambda: log_requests(stage), SECONDS, "a first look into the log")
    stage.discord.change(lambda changes: changes.set_permission("view-audit-log", allowed=False))
    stage.clock.advance(HOUR)
    stage.discord.change(lambda changes: changes.take("@alice", "@VIP", by="@mod"))

    stage.discord.change(show)
    stage.discord.wait_until(lambda: stage.timer("@alice", "@VIP") is None, SECONDS, "the end of the timer")

    assert [str(entry.action) for entry in stage.store.ledger] == ["set", "taken"]


def test_whoever_decides_about_taken_roles_is_told_that_nobody_tells_of_them(stage: BotStage) -> None:
    stage.discord.change(lambda changes: changes.set_permission("view-audit-log", allowed=False))

    answer = stage.type("/timersettings taken-by-hand then:give_back", by="@owner")

    assert "View Audit Log" in answer.text

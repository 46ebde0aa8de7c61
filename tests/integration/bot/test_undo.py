"""The button under a change that takes it back, through the real client."""

from typing import Any, cast

import pytest
from nextcord.components import resolve_component

from boostmon.domain.ledger import Action
from boostmon.domain.timers import Paused, Running
from boostmon.sandbox.answer import Answer
from boostmon.sandbox.faults import Refusal
from boostmon.sandbox.world import World
from tests.integration.bot.pressing import SECONDS, as_it_is, buttons, embed, fields, press_id, showing, told
from tests.integration.bot.stage import BotStage, running_bot
from tests.integration.bot.sweeping import Sweeping
from tests.support.patience import PATIENCE
from tests.support.timers import DAY, HOUR, MINUTE, NOW


def undo(stage: BotStage, answer: Answer, by: str = "@mod") -> Answer:
    return told(stage, stage.discord.press(by, "Undo", on=answer))


def whispered(stage: BotStage, answer: Answer) -> str:
    """What the presser alone is told."""

    def private() -> str | None:
        now = stage.discord.answer_now(answer)
        return now.text if now.messages and now.hidden else None

    found = stage.discord.wait_until(private, SECONDS, "a whisper")
    assert found is not None
    return found


def is_without_buttons(stage: BotStage, answer: Answer) -> bool:
    return stage.discord.wait_until(lambda: not buttons(stage.discord.answer_now(answer)), SECONDS, "the button to go")


CHANGES = {
    "settime": "/settime user:@alice role:@VIP duration:29d",
    "addtime": "/addtime user:@alice duration:5d",
    "removetime": "/removetime user:@alice duration:5d",
    "pausetime": "/pausetime user:@alice",
    "cleartime": "/cleartime user:@alice keep_role:True",
}


@pytest.mark.parametrize("line", CHANGES.values(), ids=CHANGES)
def test_every_change_has_a_button_that_takes_it_back(stage: BotStage, line: str) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    answer = stage.type(line)
    assert not answer.hidden
    assert list(buttons(answer)) == ["Undo"]
    stage.clock.advance(HOUR)

    undone = undo(stage, answer, by="@owner")

    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert isinstance(timer.state, Running)
    assert timer.state.ends_at == NOW + 30 * DAY
    assert "@VIP" in stage.discord.member_roles("@alice")
    assert embed(undone)["title"] == "Change undone"
    assert stage.mention("@mod") in embed(undone)["description"]
    assert fields(undone)["By"] == stage.mention("@owner")
    assert fields(undone)["Remaining"].endswith("→ **29 days 23 hours**")
    assert buttons(undone) == {}
    assert is_without_buttons(stage, answer)
    entry = stage.store.ledger[-1]
    assert (entry.action, entry.actor) == (Action.UNDO, stage.discord.id_of("@owner"))
    assert entry.request == undone.interaction_id


def test_a_resumed_timer_is_paused_again(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    stage.type("/pausetime user:@alice")
    answer = stage.type("/resumetime user:@alice")
    stage.clock.advance(HOUR)

    undo(stage, answer)

    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.state == Paused(30 * DAY, since=NOW)


def test_thirty_days_replaced_by_a_minute_come_back(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type("/settime user:@alice role:@VIP duration:1m")
    answer = told(stage, stage.discord.press("@mod", "Replace", on=question))
    stage.clock.advance(5 * MINUTE)
    Sweeping(stage).sweep()
    assert "@VIP" not in stage.discord.member_roles("@alice")

    undone = undo(stage, answer)

    assert fields(undone)["Remaining"] == "no timer → **30 days**"
    assert "@VIP" in stage.discord.member_roles("@alice")
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(NOW) == 30 * DAY


def test_a_role_that_was_taken_by_hand_of_the_bot_is_given_back(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    answer = told(stage, stage.discord.press("@mod", "End the timer", on=stage.type("/cleartime user:@alice")))
    assert "@VIP" not in stage.discord.member_roles("@alice")

    undo(stage, answer)

    assert "@VIP" in stage.discord.member_roles("@alice")


def test_a_timer_that_was_started_ends(stage: BotStage) -> None:
    answer = stage.type("/settime user:@alice role:@VIP duration:30d")

    undone = undo(stage, answer)
    Sweeping(stage).sweep()

    assert "has ended" in embed(undone)["description"]
    assert stage.timer("@alice", "@VIP") is None
    assert "@VIP" not in stage.discord.member_roles("@alice")


@pytest.mark.parametrize(
    "line", ["/settime user:@alice role:@VIP duration:30d", "/addtime user:@alice role:VIP duration:1d"]
)
def test_who_had_the_role_before_keeps_it(stage: BotStage, line: str) -> None:
    stage.discord.change(lambda guild: guild.give("@alice", "@VIP", by="@owner"))
    answer = stage.type(line)

    undone = undo(stage, answer)
    Sweeping(stage).sweep()

    assert "is gone." in embed(undone)["description"]
    assert stage.timer("@alice", "@VIP") is None
    assert "@VIP" in stage.discord.member_roles("@alice")


def test_after_another_change_it_is_too_late(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    answer = stage.type("/addtime user:@alice duration:5d")
    stage.type("/pausetime user:@alice", by="@owner")
    after = stage.timer("@alice", "@VIP")

    text = whispered(stage, stage.discord.press("@mod", "Undo", on=answer))

    assert "Too late to undo" in text
    assert f"{stage.mention('@owner')} changed" in text
    assert "/pausetime" in text
    assert stage.timer("@alice", "@VIP") == after
    assert list(buttons(stage.discord.answer_now(answer))) == ["Undo"]


def test_pressed_twice_it_is_undone_once(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    answer = stage.type("/addtime user:@alice duration:5d")
    id_, message = buttons(answer)["Undo"], as_it_is(stage, answer)
    stage.timers.let_go.clear()
    presses = [press_id(stage, "@mod", id_, message, seconds=0.2) for _ in range(2)]
    stage.timers.let_go.set()

    def over() -> list[str] | None:
        found = [stage.discord.answer_now(one).text for one in presses]
        return sorted(found) if all(found) else None

    titles = stage.discord.wait_until(over, SECONDS, "both answers")
    assert titles is not None
    assert len([one for one in titles if "Change undone" in one]) == 1
    assert len([one for one in titles if "Undone already" in one]) == 1
    assert [entry.action for entry in stage.store.ledger] == ["set", "add", "undo"]


def test_days_later_what_would_be_over_stays_over(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", DAY)
    answer = stage.type("/pausetime user:@alice")
    stage.clock.advance(3 * DAY)

    text = whispered(stage, stage.discord.press("@mod", "Undo", on=answer))

    assert "would have ended" in text
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert isinstance(timer.state, Paused)


def test_members_cannot_undo(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    answer = stage.type("/pausetime user:@alice")
    after = stage.timer("@alice", "@VIP")

    assert "Manage Roles" in whispered(stage, stage.discord.press("@alice", "Undo", on=answer))

    assert stage.timer("@alice", "@VIP") == after


def test_a_role_above_the_presser_is_left_alone(stage: BotStage) -> None:
    answer = stage.type("/settime user:@alice role:@Moderator duration:30d", by="@owner")

    assert "your own highest role" in whispered(stage, stage.discord.press("@mod", "Undo", on=answer))

    assert stage.timer("@alice", "@Moderator") is not None


def test_where_discord_refuses_the_role_the_button_stays_and_works_later(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * MINUTE)
    answer = stage.type("/cleartime user:@alice")
    stage.discord.fail(Refusal(403, 50013), "PUT", "/guilds/*/roles/*")

    assert "did not let me give the role" in whispered(stage, stage.discord.press("@mod", "Undo", on=answer))
    assert stage.timer("@alice", "@VIP") is None

    undo(stage, answer)
    assert "@VIP" in stage.discord.member_roles("@alice")


def test_it_works_after_a_restart(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    answer = stage.type("/addtime user:@alice duration:5d")
    stage.running.stop()

    with running_bot(stage.discord, stage.store, stage.timers, stage.clock):
        stage.discord.wait_until_ready(PATIENCE)
        undo(stage, answer)

    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(NOW) == 30 * DAY


def test_an_unknown_change_is_answered(stage: BotStage) -> None:
    answer = stage.type("/settime user:@alice role:@VIP duration:30d")

    assert "no record of that change" in whispered(
        stage, press_id(stage, "@mod", "b1:u:7", showing(as_it_is(stage, answer), "b1:u:7"))
    )


def test_a_change_of_a_timer_whose_time_was_up_has_no_button(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", MINUTE)
    stage.clock.advance(HOUR)

    assert buttons(stage.type("/addtime user:@alice duration:1h")) == {}


def test_a_deleted_answer_takes_nothing_away_from_it(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    answer = stage.type("/addtime user:@alice duration:5d")
    stage.discord.fail(Refusal(404, 10008), "PATCH", "/webhooks/*")

    assert embed(undo(stage, answer))["title"] == "Change undone"


ODD_COMPONENTS = {"container": {"type": 17}, "text": {"type": 10}, "label": {"type": 18, "component": {"type": 4}}}


@pytest.mark.parametrize("component", ODD_COMPONENTS.values(), ids=ODD_COMPONENTS)
def test_a_press_is_heard_whatever_else_is_in_its_message(stage: BotStage, component: dict[str, object]) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    answer = stage.type("/addtime user:@alice duration:5d")

    def add(world: World) -> None:
        there = world.backend.messages[world.channel("#general").id]
        there[answer.messages[0].id].components.append(component)

    stage.discord.look(add)

    undo(stage, answer)

    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(NOW) == 30 * DAY


@pytest.mark.parametrize("component", ODD_COMPONENTS.values(), ids=ODD_COMPONENTS)
def test_nextcord_alone_does_not_hear_it(component: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        resolve_component(cast("Any", component))

"""The question before much time is taken away, through the real client, and the buttons under it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.domain.timers import Paused, Running
from boostmon.domain.transitions import extend, pause
from boostmon.entrypoints.bot.commands.presses import QUESTION_LIFE
from boostmon.entrypoints.bot.components.ids import Clear, Shown, encode
from boostmon.sandbox.errors import CannotDo
from tests.integration.bot.pressing import SECONDS, as_it_is, buttons, embed, fields, press_id, replaced, showing, told
from tests.integration.bot.stage import BotStage, running_bot
from tests.support.patience import PATIENCE
from tests.support.timers import DAY, HOUR, MINUTE, NOW, POLICY, SECOND, change

TO_A_MINUTE = "/settime user:@alice role:@VIP duration:1m"


def left(stage: BotStage) -> timedelta:
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    return timer.remaining(stage.clock.now())


def test_thirty_days_are_not_replaced_by_a_minute_before_somebody_says_so(stage: BotStage) -> None:
    before = stage.given("@alice", "@VIP", 30 * DAY)
    ends = int((NOW + 30 * DAY).timestamp())

    question = stage.type(TO_A_MINUTE)

    assert question.hidden
    assert len(question.messages) == 1
    assert embed(question)["title"] == "Replace 30 days with 1 minute?"
    assert embed(question)["description"] == (
        f"{stage.mention('@alice')} would lose **30 days** with {stage.mention('@VIP')}."
    )
    assert fields(question) == {
        "Now": f"30 days, until <t:{ends}:F>",
        "Then": "1 minute, from the moment that you confirm it",
    }
    assert list(buttons(question)) == ["Replace 30 days with 1 minute", "Keep it as it is"]
    assert stage.timer("@alice", "@VIP") == before
    assert len(stage.store.ledger) == 1


def test_a_confirmed_change_is_made_and_told_to_everybody(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(f"{TO_A_MINUTE} channel:#warnings reason:  a *slip*: #1 ")
    assert embed(question)["footer"]["text"] == "Reason: a *slip*: #1"
    stage.clock.advance(10 * MINUTE)

    answer = told(stage, stage.discord.press("@mod", "Replace", on=question))

    assert [message.hidden for message in answer.messages] == [True, False]
    assert embed(answer, 0)["title"] == "Confirmed"
    assert buttons(answer, 0) == {}
    assert embed(answer)["title"] == "Timer replaced"
    assert list(buttons(answer)) == ["Undo"]
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.state == Running(NOW + 11 * MINUTE, ())
    assert timer.channel == stage.discord.id_of("#warnings")
    entry = stage.store.ledger[-1]
    assert (entry.actor, entry.reason) == (stage.discord.id_of("@mod"), "a *slip*: #1")
    assert entry.request == answer.interaction_id
    assert "@VIP" in stage.discord.member_roles("@alice")


def test_what_is_kept_stays_as_it_is(stage: BotStage) -> None:
    before = stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(TO_A_MINUTE)

    answer = stage.discord.press("@mod", "Keep", on=question)

    assert answer.hidden
    assert embed(answer)["title"] == "Nothing was changed"
    assert buttons(answer) == {}
    assert stage.timer("@alice", "@VIP") == before


IN_TEN_DAYS = f"10 days, until <t:{int((NOW + 10 * DAY).timestamp())}:F>"


@pytest.mark.parametrize(
    ("line", "deed", "then", "after"),
    [
        ("/removetime user:@alice duration:20d", "Take 20 days away", IN_TEN_DAYS, 10 * DAY),
        ("/removetime user:@alice duration:2026-11-17 12:00", "Take 20 days away", IN_TEN_DAYS, 10 * DAY),
        (
            "/removetime user:@alice duration:60d",
            "Take all 30 days away",
            "Nothing: the role is taken at once",
            timedelta(0),
        ),
        (
            "/settime user:@alice role:@VIP duration:2026-11-17 12:00",
            "Replace 30 days with 10 days",
            IN_TEN_DAYS,
            10 * DAY,
        ),
    ],
)
def test_each_says_what_it_would_do_and_does_it(
    stage: BotStage, line: str, deed: str, then: str, after: timedelta
) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)

    question = stage.type(line)

    assert embed(question)["title"] == f"{deed}?"
    assert fields(question)["Then"] == then
    assert left(stage) == 30 * DAY
    told(stage, stage.discord.press("@mod", deed, on=question))
    assert left(stage) == after


def test_cleartime_asks_and_takes_the_role(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)

    question = stage.type("/cleartime user:@alice reason:bye")
    assert embed(question)["title"] == "End the timer, take the role?"
    assert "@VIP" in stage.discord.member_roles("@alice")
    answer = told(stage, stage.discord.press("@mod", "End the timer", on=question))

    assert embed(answer)["title"] == "Timer ended"
    assert stage.timer("@alice", "@VIP") is None
    assert "@VIP" not in stage.discord.member_roles("@alice")


def test_cleartime_that_leaves_the_role_does_not_ask(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)

    answer = stage.type("/cleartime user:@alice keep_role:True")

    assert not answer.hidden
    assert stage.timer("@alice", "@VIP") is None


def test_an_old_question_is_no_agreement(stage: BotStage) -> None:
    """It showed what would be left then; by now there may be nothing."""
    before = stage.given("@alice", "@VIP", 30 * HOUR)
    question = stage.type("/removetime user:@alice duration:22h")
    stage.clock.advance(QUESTION_LIFE + SECOND)

    answer = stage.discord.press("@mod", "Take", on=question)

    assert answer.hidden
    assert embed(answer)["title"] == "That question is too old"
    assert stage.timer("@alice", "@VIP") == before


def test_a_pause_is_asked_about_as_it_stands(stage: BotStage) -> None:
    stored = stage.given("@alice", "@VIP", 30 * DAY)
    stage.timers.commit(change(stored, pause(stored, now=NOW)))
    stage.clock.advance(60 * DAY)

    question = stage.type("/removetime user:@alice duration:20d")

    assert fields(question) == {"Now": "30 days, paused", "Then": "10 days, paused"}
    told(stage, stage.discord.press("@mod", "Take 20 days", on=question))
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.state == Paused(10 * DAY, since=NOW)


def test_where_the_timer_changed_meanwhile_it_asks_again_with_what_is_true_now(stage: BotStage) -> None:
    stored = stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(f"{TO_A_MINUTE} reason:tidy")
    stage.timers.commit(change(stored, extend(stored, 10 * DAY, now=NOW, policy=POLICY)))

    again = replaced(stage, stage.discord.press("@mod", "Replace", on=question))

    assert again.hidden
    assert embed(again)["description"].startswith("The timer has changed since I asked.")
    assert list(buttons(again)) == ["Replace 40 days with 1 minute", "Keep it as it is"]
    assert left(stage) == 40 * DAY
    told(stage, stage.discord.press("@mod", "Replace 40 days", on=again))
    assert left(stage) == MINUTE
    assert stage.store.ledger[-1].reason == "tidy"


def test_two_presses_change_it_once(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(TO_A_MINUTE)
    id_, message = buttons(question)["Replace 30 days with 1 minute"], as_it_is(stage, question)
    told(stage, stage.discord.press("@mod", "Replace", on=question))
    after = stage.timer("@alice", "@VIP")

    again = replaced(stage, press_id(stage, "@mod", id_, message))

    assert embed(again)["title"] == "The timer has changed since I asked"
    assert stage.timer("@alice", "@VIP") == after
    assert len(stage.store.ledger) == 2


def test_two_presses_at_once_change_it_once(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(TO_A_MINUTE)
    id_, message = buttons(question)["Replace 30 days with 1 minute"], as_it_is(stage, question)
    stage.timers.let_go.clear()
    first = press_id(stage, "@mod", id_, message)
    second = press_id(stage, "@mod", id_, message)
    stage.timers.let_go.set()

    def answers() -> list[str]:
        both = [stage.discord.answer_now(answer) for answer in (first, second)]
        return [embed(now)["title"] for now in both if not now.hidden]

    assert stage.discord.wait_until(answers, SECONDS, "an answer for everybody") == ["Timer replaced"]
    assert len(stage.store.ledger) == 2


def test_others_cannot_press_it(stage: BotStage) -> None:
    before = stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(TO_A_MINUTE)

    with pytest.raises(CannotDo, match="Only @mod sees"):
        stage.discord.press("@bob", "Replace", on=question)
    answer = press_id(stage, "@bob", buttons(question)["Replace 30 days with 1 minute"], as_it_is(stage, question))

    assert stage.timer("@alice", "@VIP") == before
    assert "Manage Roles" in replaced(stage, answer).text


def test_what_the_asker_may_no_more_is_refused(stage: BotStage) -> None:
    before = stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(TO_A_MINUTE)
    stage.discord.change(lambda world: world.take("@mod", "@Moderator", by="@owner"))

    answer = replaced(stage, stage.discord.press("@mod", "Replace", on=question))

    assert answer.hidden
    assert buttons(answer) == {}
    assert "Manage Roles" in answer.text
    assert stage.timer("@alice", "@VIP") == before


def test_a_question_of_before_a_restart_is_served_after_it(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(f"{TO_A_MINUTE} reason:still")
    stage.running.stop()

    with running_bot(stage.discord, stage.store, stage.timers, stage.clock):
        stage.discord.wait_until_ready(PATIENCE)
        told(stage, stage.discord.press("@mod", "Replace", on=question))

    assert left(stage) == MINUTE
    assert stage.store.ledger[-1].reason == "still"


@pytest.mark.parametrize("custom_id", ["poll:7", "b0:c:1:2:3:", "b1:c:1:2", "b1:c:1:2:3:4", "b1:" + "z" * 90, "\u202e"])
def test_an_id_that_is_not_ours_is_answered_all_the_same(stage: BotStage, custom_id: str) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(TO_A_MINUTE)

    answer = press_id(stage, "@mod", custom_id, showing(as_it_is(stage, question), custom_id))

    assert answer.hidden
    assert embed(answer)["title"] == "That button is outdated"
    assert left(stage) == 30 * DAY


@pytest.mark.parametrize("label", ["Replace 30 days with 1 minute", "Keep it as it is"])
def test_a_confirmation_counts_on_a_question_alone(stage: BotStage, label: str) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    public = stage.type("/pausetime user:@alice")
    question = stage.type(TO_A_MINUTE)
    id_, shown = buttons(question)[label], as_it_is(stage, question)
    others = replace(shown, author_id=stage.discord.id_of("@owner"))

    for message in (showing(as_it_is(stage, public), id_), others):
        answer = press_id(stage, "@mod", id_, message)
        assert embed(answer)["title"] == "That button is outdated"
    assert left(stage) == 30 * DAY
    assert embed(stage.discord.answer_now(public))["title"] == "Timer paused"


def test_a_client_that_makes_up_an_id_is_not_heard(stage: BotStage) -> None:
    """Whoever may use no command still has private answers, and might say to have been let through by an override."""
    stage.given("@carol", "@VIP", 30 * DAY)
    stage.discord.change(lambda guild: guild.give("@bob", "@Supporter", by="@owner"))
    private = stage.type("/timeleft", by="@bob")
    timer = stage.timer("@carol", "@VIP")
    assert timer is not None
    made_up = encode(Clear(Shown(timer.key.user, timer.key.role, timer.version, by_leave=True)))

    answer = press_id(stage, "@bob", made_up, as_it_is(stage, private))

    assert embed(answer)["title"] == "That button is outdated"
    assert stage.timer("@carol", "@VIP") == timer


def test_no_view_is_kept_in_memory(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type(TO_A_MINUTE)
    told(stage, stage.discord.press("@mod", "Replace", on=question))

    store = stage.running.bot._connection._view_store

    assert not store._views
    assert not store._synced_message_views

"""Suggestions while somebody types, through Discord."""

import threading

import pytest

from boostmon.app.errors import StorageUnavailable
from boostmon.entrypoints.bot.conversing import typing_line
from boostmon.sandbox.errors import NoAnswer
from boostmon.sandbox.faults import Latency, Refusal
from tests.integration.bot.stage import BotStage
from tests.support.patience import PATIENCE
from tests.support.timers import DAY, HOUR

SET = "/settime user:@alice role:@VIP duration:"


def test_a_duration_is_shown_as_understood_with_its_end(stage: BotStage) -> None:
    assert stage.suggestions(f"{SET}1h30m")["1 hour 30 minutes: ends Sat 7 Nov 13:30 UTC"] == "1h30m"


def test_a_wrong_duration_is_told_while_typing(stage: BotStage) -> None:
    assert stage.suggestions(f"{SET}5 parsecs") == {
        "“parsecs” is not a unit of time. Units: s, m, h, d, w, mo, y.": "5 parsecs"
    }


def test_nothing_typed_yet(stage: BotStage) -> None:
    assert len(stage.suggestions(SET)) == 10


def test_more_time_is_added_to_what_there_is(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * HOUR)
    assert "1 hour: ends Sat 7 Nov 16:00 UTC" in stage.suggestions("/addtime user:@alice duration:1h")


def test_of_several_timers_the_named_one_counts(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * HOUR)
    stage.given("@alice", "@Supporter", DAY)
    for command in ("addtime", "removetime"):
        assert "1 hour: choose one of the 2 roles, too" in stage.suggestions(f"/{command} user:@alice duration:1h")
    assert "1 hour: ends Sat 7 Nov 16:00 UTC" in stage.suggestions("/addtime user:@alice role:VIP duration:1h")
    assert "1 hour: ends Sun 8 Nov 11:00 UTC" in stage.suggestions("/removetime user:@alice role:Supporter duration:1h")


def test_without_a_timer_what_enter_would_say_is_told(stage: BotStage) -> None:
    assert "1 hour: no timer yet, choose a role to start one" in stage.suggestions("/addtime user:@alice duration:1h")
    assert "1 hour: no, there is no timer" in stage.suggestions("/removetime user:@alice duration:1h")
    assert "1 hour: ends Sat 7 Nov 13:00 UTC" in stage.suggestions("/addtime user:@alice role:VIP duration:1h")


def test_a_moment_is_told_with_what_it_adds_or_takes(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * HOUR)
    for command, typed, offered in (
        ("addtime", "18:00", "until Sat 7 Nov 18:00 UTC: 3 hours more"),
        ("addtime", "2pm", "until Sat 7 Nov 14:00 UTC: no, it ends Sat 7 Nov 15:00 UTC already"),
        ("removetime", "2pm", "until Sat 7 Nov 14:00 UTC: 1 hour less"),
    ):
        assert list(stage.suggestions(f"/{command} user:@alice duration:{typed}")) == [offered]


@pytest.mark.parametrize(
    ("locale", "typed", "told"),
    [("fr", "3 j", "3 jours"), ("de", "3 T", "3 Tage"), ("pt-BR", "3 dia", "3 dias"), ("es-ES", "3 día", "3 días")],
)
def test_a_duration_is_read_and_told_in_the_language_of_whoever_types(
    stage: BotStage, locale: str, typed: str, told: str
) -> None:
    stage.discord.change(lambda world: world.set_language(f"@mod {locale}"))
    name, value = next(iter(stage.suggestions(f"{SET}{typed}").items()))
    assert name.startswith(told)
    stage.type(f"/settime user:@alice role:@VIP duration:{value}")
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.remaining(stage.clock.now()) == 3 * DAY


def test_a_short_word_of_another_language_is_refused(stage: BotStage) -> None:
    assert list(stage.suggestions(f"{SET}3 j")) == ["“j” is not a unit of time. Units: s, m, h, d, w, mo, y."]


@pytest.mark.parametrize("typed", ["2 hours 30", "until tomorrow 18:00", "24 Dec", "1h", "in 3 days"])
def test_what_is_picked_and_what_is_typed_and_sent_do_the_same(stage: BotStage, typed: str) -> None:
    [value, *_] = stage.suggestions(f"{SET}{typed}").values()
    ends = []
    for duration in (typed, value):
        stage.type(f"/settime user:@alice role:@VIP duration:{duration}")
        timer = stage.timer("@alice", "@VIP")
        assert timer is not None
        ends.append(timer.due_at)
    assert ends[0] == ends[1]


def test_the_member_is_not_chosen_yet(stage: BotStage) -> None:
    assert "1 hour" in stage.suggestions("/addtime duration:1h")
    assert stage.suggestions("/pausetime role:") == {}


@pytest.mark.parametrize("command", ["removetime", "pausetime", "resumetime", "cleartime"])
def test_only_the_members_timed_roles_are_offered(stage: BotStage, command: str) -> None:
    timer = stage.given("@alice", "@VIP", 3 * HOUR)
    stage.given("@bob", "@Supporter", HOUR)
    assert stage.suggestions(f"/{command} user:@alice role:") == {"VIP: 3 hours left": str(timer.key.role)}


def test_addtime_offers_other_roles_after_the_timed_ones(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * HOUR)
    assert list(stage.suggestions("/addtime user:@alice role:")) == ["VIP: 3 hours left", "Supporter"]


def test_what_is_picked_is_what_was_meant(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * HOUR)
    stage.given("@alice", "@Supporter", HOUR)
    [value] = stage.suggestions("/pausetime user:@alice role:supp").values()
    assert stage.mention("@Supporter") in stage.type(f"/pausetime user:@alice role:{value}").text


def test_timeleft_offers_ones_own_roles_to_everyone_and_those_of_others_to_moderators(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * HOUR)
    assert list(stage.suggestions("/timeleft role:", by="@alice")) == ["VIP: 3 hours left"]
    assert list(stage.suggestions("/timeleft user:@alice role:", by="@mod")) == ["VIP: 3 hours left"]
    assert stage.suggestions("/timeleft user:@alice role:", by="@bob") == {}


@pytest.mark.parametrize("failure", [StorageUnavailable("connection refused"), ZeroDivisionError()])
def test_without_the_database_roles_are_not_offered_and_durations_are(stage: BotStage, failure: Exception) -> None:
    stage.given("@alice", "@VIP", 3 * HOUR)
    stage.timers.read_failure = failure
    assert stage.suggestions("/pausetime user:@alice role:") == {}
    assert "1 hour" in stage.suggestions("/addtime user:@alice duration:1h")


def test_a_slow_database_is_not_waited_for(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * HOUR)
    stage.timers.let_go.clear()
    assert stage.suggestions("/pausetime user:@alice role:") == {}


def test_many_slow_suggestions_do_not_hold_up_commands(stage: BotStage) -> None:
    stage.timers.let_go.clear()
    line, typists = "/timeleft role:", ("@alice", "@bob", "@carol", "@dave", "@erin", "@mod", "@owner", "@staff")
    typing = [threading.Thread(target=stage.suggestions, args=(line, who)) for who in typists]
    for thread in typing:
        thread.start()
    assert stage.timers.waiting.wait(60.0)
    answer = stage.type("/settime user:@alice role:@VIP duration:soon")
    assert "neither a duration nor a moment" in answer.text
    for thread in typing:
        thread.join(60.0)
    assert not any(thread.is_alive() for thread in typing)


def test_of_many_keystrokes_of_one_person_the_last_is_answered(
    stage: BotStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # This is not about the time that a busy machine takes.
    monkeypatch.setattr(typing_line, "STALE", 60.0)
    monkeypatch.setattr(stage.running.bot.completion, "_lookup_seconds", 60.0)
    stage.timers.waiting.clear()
    stage.timers.let_go.clear()
    typed, came = [f"/timeleft role:{'VIP!!'[:length]}" for length in range(1, 6)], list[float | None]()
    typing = threading.Thread(
        target=lambda: came.extend(stage.discord.autocompletes_at_once([("@mod", line) for line in typed]))
    )
    typing.start()
    assert stage.timers.waiting.wait(60.0)
    stage.discord.wait_until(
        lambda: stage.discord.look(lambda world: len(world.backend.interactions)) >= len(typed),
        PATIENCE,
        "the keystrokes",
    )
    stage.type("/settime user:@alice role:@VIP duration:soon")  # comes after them, and is answered
    assert len(stage.running.bot._typing) == 1
    stage.timers.let_go.set()
    typing.join(60.0)
    assert [one is not None for one in came] == [True, False, False, False, True]


def test_keystrokes_that_cannot_be_served_wait_in_line_too(stage: BotStage) -> None:
    async def forget() -> None:
        # As after an outage of Discord's, before the guild has come back.
        stage.running.bot._connection._guilds.clear()

    stage.running.run(forget())
    stage.discord.fail(Latency(1.0), "POST", "/interactions/*/callback", times=None)
    stage.discord.autocompletes_at_once([("@mod", "/timeleft role:V")] * 20)
    answered = [one for one in stage.discord.requests if one.path.endswith("/callback")]
    assert 1 <= len(answered) <= 4


def test_suggestions_that_come_too_late_are_let_go(stage: BotStage) -> None:
    stage.discord.fail(Refusal(404, 10062, "Unknown interaction"), "POST", "/interactions/*/callback")
    with pytest.raises(NoAnswer):
        stage.suggestions(f"{SET}1h")
    assert stage.suggestions(f"{SET}1h")

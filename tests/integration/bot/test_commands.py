"""Each command through the real client: what Discord shows, what is stored, and what becomes of the role."""

from datetime import timedelta

import pytest

from boostmon.app.errors import StorageUnavailable
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Paused, Running
from boostmon.sandbox.answer import Answer
from tests.integration.bot.stage import BotStage
from tests.integration.bot.sweeping import Sweeping
from tests.support.timers import DAY, HOUR, MINUTE, NOW


def _fields(answer: Answer) -> dict[str, str]:
    [embed] = answer.embeds
    return {field["name"]: field["value"] for field in embed.get("fields", [])}


def _title(answer: Answer) -> str:
    [embed] = answer.embeds
    return str(embed["title"])


def _ends_at(stage: BotStage, member: str, role: str) -> object:
    timer = stage.timer(member, role)
    assert timer is not None
    assert isinstance(timer.state, Running)
    return timer.state.ends_at


def test_settime_starts_a_timer_and_gives_the_role(stage: BotStage) -> None:
    answer = stage.type("/settime user:@alice role:@VIP duration:1d 2h channel:#warnings reason:Thanks a lot")
    assert not answer.hidden
    assert _title(answer) == "Timer started"
    fields = _fields(answer)
    assert fields["By"] == stage.mention("@mod")
    assert list(fields) == ["Ends", "Warnings", "Reason", "By"]
    assert fields["Warnings"].endswith(f"before the end, in {stage.mention('#warnings')}")
    assert fields["Reason"] == "Thanks a lot"
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.channel == stage.discord.id_of("#warnings")
    assert _ends_at(stage, "@alice", "@VIP") == NOW + DAY + 2 * HOUR
    assert "@VIP" in stage.discord.member_roles("@alice")


def test_the_ledger_says_who_when_why_and_by_which_interaction(stage: BotStage) -> None:
    answer = stage.type("/settime user:@alice role:@VIP duration:2h reason:  Thanks  ")
    [entry] = stage.store.ledger
    assert entry.action is Action.SET
    assert entry.actor == stage.discord.id_of("@mod")
    assert (entry.at, entry.reason, entry.request) == (NOW, "Thanks", answer.interaction_id)


def test_the_role_change_names_the_moderator_in_the_audit_log(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:2h")
    [given] = [request for request in stage.discord.requests if request.method == "PUT"]
    assert str(stage.discord.id_of("@mod")) in str(given.reason)


def test_settime_until_a_moment(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:2026-11-09 18:00")
    assert _ends_at(stage, "@alice", "@VIP") == NOW + 2 * DAY + 6 * HOUR


def test_settime_replaces_a_timer(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 5 * HOUR)
    answer = stage.insist("/settime user:@alice role:@VIP duration:1h")
    assert _title(answer) == "Timer replaced"
    assert _fields(answer)["Remaining"] == "5 hours → **1 hour**"


def test_settime_says_that_the_member_had_the_role(stage: BotStage) -> None:
    stage.discord.change(lambda world: world.give("@alice", "@VIP", by="@owner"))
    assert "had this role before" in _fields(stage.type("/settime user:@alice role:@VIP duration:1h"))["Note"]


def test_an_administrator_is_not_bound_by_the_order_of_roles(stage: BotStage) -> None:
    assert _title(stage.type("/settime user:@alice role:@Moderator duration:1h", by="@owner")) == "Timer started"


def test_addtime_lengthens_the_only_timer(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    answer = stage.type("/addtime user:@alice duration:30m")
    assert _title(answer) == "Time added"
    assert _ends_at(stage, "@alice", "@VIP") == NOW + timedelta(hours=2, minutes=30)


@pytest.mark.parametrize("named", ["", " role:@VIP"])
def test_addtime_and_resumetime_give_back_a_role_that_somebody_took(stage: BotStage, named: str) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    for line in ("/addtime user:@alice duration:30m", "/pausetime user:@alice", "/resumetime user:@alice"):
        stage.take_unheard("@alice", "@VIP")
        answer = stage.type(f"{line}{named}")
        is_pause = line.startswith("/pausetime")
        assert ("I gave it back" in _fields(answer).get("Note", "")) is not is_pause
        assert ("@VIP" in stage.discord.member_roles("@alice")) is not is_pause


@pytest.mark.parametrize("role", ["@VIP", "vip", "{id}", "{mention}", "@vip"])
def test_addtime_starts_a_timer_on_a_role_however_it_is_named(stage: BotStage, role: str) -> None:
    named = role.format(id=stage.discord.id_of("@VIP"), mention=stage.mention("@VIP"))
    assert _title(stage.type(f"/addtime user:@alice duration:1h role:{named}")) == "Timer started"
    assert "@VIP" in stage.discord.member_roles("@alice")


def test_addtime_revives_a_timer_whose_time_is_up(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", MINUTE)
    stage.clock.advance(HOUR)
    answer = stage.type("/addtime user:@alice duration:1h")
    assert "Time was up already" in _fields(answer)["Note"]
    assert _fields(answer)["Remaining"] == "time is up → **1 hour**"


def test_a_moment_is_when_the_timer_ends_whether_it_is_more_time_or_less(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * DAY)
    for line, remaining in (
        ("/addtime user:@alice duration:2026-11-20 12:00", 13 * DAY),
        ("/removetime user:@alice duration:2026-11-19 12:00", 12 * DAY),
    ):
        answer = stage.type(line)
        assert f"until **<t:{int((NOW + remaining).timestamp())}:F>**" in answer.text
        assert _ends_at(stage, "@alice", "@VIP") == NOW + remaining


def test_a_moment_on_the_wrong_side_of_the_end_is_refused(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 3 * DAY)
    for line, title in (
        ("/addtime user:@alice duration:2026-11-08", "That is not more time"),
        ("/removetime user:@alice duration:2026-12-24", "That is not less time"),
    ):
        answer = stage.type(line)
        assert answer.hidden
        assert _title(answer) == title
        assert _ends_at(stage, "@alice", "@VIP") == NOW + 3 * DAY


def test_removetime_shortens(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    assert _title(stage.type("/removetime user:@alice duration:30m")) == "Time removed"
    assert _ends_at(stage, "@alice", "@VIP") == NOW + timedelta(hours=1, minutes=30)


def test_removetime_below_zero_ends_the_timer_now(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    answer = stage.insist("/removetime user:@alice duration:3h")
    assert _title(answer) == "Timer ended"
    assert "is being taken" in _fields(answer)["Note"]
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.due_at == NOW


def test_pausetime_and_resumetime_keep_what_remains(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    assert _title(stage.type("/pausetime user:@alice")) == "Timer paused"
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.state == Paused(remaining=2 * HOUR, since=NOW)
    stage.clock.advance(DAY)
    assert _title(stage.type("/resumetime user:@alice role:@VIP")) == "Timer resumed"
    assert _ends_at(stage, "@alice", "@VIP") == NOW + DAY + 2 * HOUR


def test_pausetime_for_a_while_ends_by_itself(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    until, ends = (f"<t:{int((NOW + length).timestamp())}:F>" for length in (3 * DAY, 3 * DAY + 2 * HOUR))

    answer = stage.type("/pausetime user:@alice duration:3d")

    assert f"is paused until **{until}**, with **2 hours** left" in answer.text
    assert _fields(answer)["Ends"] == ends
    assert f"Goes on {until}" in stage.type("/timeleft user:@alice").text
    assert "3 days: goes on Tue 10 Nov 12:00 UTC" in stage.suggestions("/pausetime user:@alice duration:3d")
    stage.clock.advance(3 * DAY)
    Sweeping(stage).sweep()
    assert _ends_at(stage, "@alice", "@VIP") == NOW + 3 * DAY + 2 * HOUR


@pytest.mark.parametrize("named", ["", " role:@VIP"])
def test_movetime_gives_what_remains_and_the_role_to_another(stage: BotStage, named: str) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)

    answer = stage.type(f"/movetime from:@alice to:@bob{named} reason:a swap")

    assert _title(answer) == "Time moved"
    told = f"{stage.mention('@bob')} has the **2 hours** that {stage.mention('@alice')} had left"
    assert told in answer.text
    assert list(_fields(answer)) == ["Ends", "Warnings", "Reason", "By"]
    assert _ends_at(stage, "@bob", "@VIP") == NOW + 2 * HOUR
    assert stage.timer("@alice", "@VIP") is None
    assert "@VIP" in stage.discord.member_roles("@bob")
    assert "@VIP" not in stage.discord.member_roles("@alice")


def test_movetime_is_undone_by_one_press(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    moved = stage.type("/movetime from:@alice to:@bob")

    undone = stage.discord.press("@mod", "Undo", on=moved)

    assert "`/movetime` by" in undone.text
    assert _ends_at(stage, "@alice", "@VIP") == NOW + 2 * HOUR
    assert stage.timer("@bob", "@VIP") is None
    assert "@VIP" in stage.discord.member_roles("@alice")
    assert "@VIP" not in stage.discord.member_roles("@bob")


def test_movetime_suggests_the_roles_of_the_giver(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    assert list(stage.suggestions("/movetime from:@alice to:@bob role:")) == ["VIP: 2 hours left"]


def test_movetime_to_the_same_member_is_refused(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    answer = stage.type("/movetime from:@alice to:@alice")
    assert answer.hidden
    assert _title(answer) == "That is the same member"


def test_cleartime_takes_the_role(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    answer = stage.insist("/cleartime user:@alice")
    assert "was taken from" in answer.text
    assert stage.timer("@alice", "@VIP") is None
    assert "@VIP" not in stage.discord.member_roles("@alice")


def test_cleartime_tells_the_member_as_any_ending_does(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.insist("/cleartime user:@alice")
    assert Sweeping(stage).deliver().delivered == 1
    [told] = stage.discord.dms("@alice")
    assert "VIP" in told.text
    assert "ended" in told.text


def test_cleartime_leaves_the_role_where_it_is_asked_to(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    assert "left as it is" in stage.type("/cleartime user:@alice keep_role:true").text
    assert stage.timer("@alice", "@VIP") is None
    assert "@VIP" in stage.discord.member_roles("@alice")


def test_cleartime_of_a_member_who_left(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.discord.change(lambda world: world.kick("@alice", by="@owner"))
    answer = stage.insist("/cleartime user:@alice")
    assert "not a member of this server any more" in _fields(answer)["Note"]
    assert stage.timer("@alice", "@VIP") is None


def test_cleartime_says_of_nobody_who_left_that_they_keep_the_role(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.discord.change(lambda world: world.kick("@alice", by="@owner"))
    answer = stage.type("/cleartime user:@alice keep_role:true")
    assert _fields(answer)["Note"] == "The user is not a member of this server any more."
    assert stage.timer("@alice", "@VIP") is None


def test_more_and_less_time_are_of_the_timer_whoever_has_the_role(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.take_unheard("@alice", "@VIP")
    more, less = stage.type("/addtime user:@alice duration:1h"), stage.type("/removetime user:@alice duration:30m")
    assert "runs **1 hour** longer." in more.text
    assert "runs **30 minutes** less." in less.text
    assert " has " not in f"{more.text} {less.text}"


@pytest.mark.parametrize("command", ["addtime duration:1h", "removetime duration:1h", "pausetime", "resumetime"])
def test_the_timer_of_a_deleted_role_can_only_be_ended(stage: BotStage, command: str) -> None:
    stage.timers.role_failure = StorageUnavailable("so that the timer does not end with the role")
    before = stage.given("@alice", "@VIP", 2 * HOUR)
    stage.discord.change(lambda world: world.delete_role("@VIP"))
    name, _, rest = command.partition(" ")
    answer = stage.type(f"/{name} user:@alice {rest}".strip())
    assert (answer.hidden, _title(answer)) == (True, "That role does not exist")
    assert "/cleartime" in answer.text
    assert stage.timers.get(before.key) == before


def test_cleartime_of_a_deleted_role(stage: BotStage) -> None:
    stage.timers.role_failure = StorageUnavailable("so that the timer does not end with the role")
    key = stage.given("@alice", "@VIP", 2 * HOUR).key
    stage.discord.change(lambda world: world.delete_role("@VIP"))
    answer = stage.insist(f"/cleartime user:@alice role:{key.role}")
    assert "does not exist any more" in _fields(answer)["Note"]
    assert stage.timers.get(key) is None


def test_cleartime_says_what_keeps_the_role_from_being_taken(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.discord.change(lambda world: world.set_permission("manage-roles", allowed=False))
    answer = stage.insist("/cleartime user:@alice")
    note = _fields(answer)["Note"]
    assert "I lack the permission **Manage Roles**" in note
    own = stage.discord.look(lambda world: world.role("@BoostMon").id)
    assert f"switch it on for <@&{own}>" in note
    assert "drag" not in note
    by_timeleft = stage.type("/timeleft user:@alice").text
    assert "I lack the permission **Manage Roles**" in by_timeleft
    assert "drag" not in by_timeleft
    assert stage.timer("@alice", "@VIP") is not None


def test_timeleft_shows_ones_own_timers_to_oneself_alone(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.given("@alice", "@Supporter", DAY)
    answer = stage.type("/timeleft", by="@alice")
    assert answer.hidden
    assert list(_fields(answer)) == ["@VIP", "@Supporter"]
    assert "2 hours left" in _fields(answer)["@VIP"]


def test_timeleft_of_somebody_without_timers(stage: BotStage) -> None:
    answer = stage.type("/timeleft user:@bob")
    assert (answer.hidden, _title(answer)) == (True, "No timed roles")


def test_timeleft_of_one_role(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.given("@alice", "@Supporter", DAY)
    assert list(_fields(stage.type("/timeleft user:@alice role:@Supporter"))) == ["@Supporter"]


def test_timeleft_of_a_member_who_left(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.discord.change(lambda world: world.kick("@alice", by="@owner"))
    assert list(_fields(stage.type("/timeleft user:@alice"))) == ["@VIP"]


def test_timeleft_says_who_set_a_timer_and_why_to_those_who_may_know(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:2h reason:after the fight with Bob")
    by_mod = _fields(stage.type("/timeleft user:@alice"))["@VIP"]
    assert f"Set by {stage.mention('@mod')}" in by_mod
    assert "Reason: after the fight with Bob" in by_mod
    by_herself = _fields(stage.type("/timeleft", by="@alice"))["@VIP"]
    assert f"Set by {stage.mention('@mod')}" in by_herself
    assert "fight" not in by_herself
    assert "not have" not in by_mod + by_herself


def test_timeleft_says_that_a_role_was_taken(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:2h")
    stage.take_unheard("@alice", "@VIP")
    assert "They do not have this role at the moment" in _fields(stage.type("/timeleft user:@alice"))["@VIP"]
    by_herself = _fields(stage.type("/timeleft", by="@alice"))["@VIP"]
    assert "You do not have this role at the moment" in by_herself
    assert "A moderator can give it back" in by_herself
    stage.discord.change(lambda world: world.give("@alice", "@VIP", by="@owner"))
    assert "not have" not in _fields(stage.type("/timeleft user:@alice"))["@VIP"]


def test_timeleft_of_a_member_who_left_and_came_back_says_that_the_role_is_missing(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:2h")
    stage.discord.change(lambda world: world.kick("@alice", by="@owner"))
    assert "not in this server" in _fields(stage.type("/timeleft user:@alice"))["@VIP"]
    stage.discord.change(lambda world: world.join("@alice"))
    assert "do not have this role" in _fields(stage.type("/timeleft user:@alice"))["@VIP"]


def test_timeleft_of_a_deleted_role_says_that_its_timer_is_over(stage: BotStage) -> None:
    stage.timers.role_failure = StorageUnavailable("so that the timer does not end with the role")
    stage.given("@alice", "@VIP", 2 * HOUR)
    stage.discord.change(lambda world: world.delete_role("@VIP"))
    assert "the role was deleted" in _fields(stage.type("/timeleft user:@alice"))["Deleted role"]


def test_answers_ping_nobody(stage: BotStage) -> None:
    stage.type("/settime user:@alice role:@VIP duration:2h reason:@everyone @here")
    [answer] = [request for request in stage.discord.requests if request.path.endswith("/messages/@original")]
    assert isinstance(answer.body, dict)
    assert answer.body["allowed_mentions"] == {"parse": []}


def test_commands_are_acknowledged_before_they_are_carried_out(stage: BotStage) -> None:
    stage.given("@alice", "@VIP", 2 * HOUR)
    answer = stage.type("/addtime user:@alice duration:1h")
    assert answer.deferred
    assert answer.acknowledged_in is not None
    assert answer.acknowledged_in < 1.0

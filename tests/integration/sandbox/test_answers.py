"""Slash commands of an unmodified nextcord bot, as the member who typed them sees them."""

import json

import pytest

from boostmon.sandbox.errors import CannotDo, NoAnswer
from boostmon.sandbox.server import LoopbackDiscord

pytestmark = [
    pytest.mark.usefixtures("bot"),
    # nextcord 3.2 connects its websocket in a way that aiohttp calls deprecated.
    pytest.mark.filterwarnings("ignore:parameter 'timeout' of type 'float':DeprecationWarning"),
]


@pytest.mark.parametrize(
    ("how", "hidden", "deferred"),
    [
        ("now", False, False),
        ("hidden", True, False),
        ("later", False, True),
        ("later hidden", True, True),
        ("replaced", True, True),
    ],
)
def test_answers_are_seen_with_their_visibility(
    discord: LoopbackDiscord, how: str, hidden: bool, deferred: bool
) -> None:
    answer = discord.command("@alice", f"/answer how:{how} text:good day")

    assert "good day" in answer.text
    assert (answer.hidden, answer.deferred, answer.failure) == (hidden, deferred, None)
    assert answer.acknowledged_in is not None
    assert answer.acknowledged_in < 3
    public = [m.text for m in discord.messages("#general")]
    assert bool(public) is not hidden


def test_many_may_type_at_the_same_moment(discord: LoopbackDiscord) -> None:
    typed = [("@alice", "/answer how:hidden text:one"), ("@bob", "/answer how:later text:two")] * 3

    answers = discord.commands_at_once(typed)

    assert [answer.text.splitlines()[-1] for answer in answers] == ["one", "two"] * 3
    assert len({answer.interaction_id for answer in answers}) == 6
    assert all(answer.acknowledged_in is not None and answer.failure is None for answer in answers)


def test_nothing_is_sent_where_one_of_many_cannot_be(discord: LoopbackDiscord) -> None:
    with pytest.raises(CannotDo):
        discord.commands_at_once([("@alice", "/answer how:now text:one"), ("@bob", "/nothing")])

    assert discord.messages("#general") == ()


def test_many_may_be_offered_suggestions_at_the_same_moment(discord: LoopbackDiscord) -> None:
    came = discord.autocompletes_at_once([("@alice", "/fruit name:ap"), ("@bob", "/fruit name:b")])

    assert all(seconds is not None and seconds > 0 for seconds in came)
    assert len(came) == 2


def test_a_public_deferral_that_was_deleted_leaves_nothing_public(discord: LoopbackDiscord) -> None:
    answer = discord.command("@alice", "/answer how:replaced")

    assert len(answer.messages) == 1
    assert discord.messages("#general") == ()


def test_an_answer_can_be_edited_later(discord: LoopbackDiscord) -> None:
    discord.command("@alice", "/answer how:edited text:after")

    discord.wait_until(lambda: [m.content for m in discord.messages("#general")] == ["after"], 60)


def test_a_bot_that_stays_silent_did_not_respond(discord: LoopbackDiscord) -> None:
    answer = discord.command("@alice", "/answer how:never")

    assert answer.text == "The application did not respond"
    assert answer.messages == ()


def test_an_answer_after_three_seconds_comes_too_late(discord: LoopbackDiscord) -> None:
    answer = discord.command("@alice", "/answer how:slow")

    assert answer.failure is not None
    discord.wait_until(lambda: discord.messages("#general"), 60)
    assert discord.messages("#general")[0].content == "too late: 10062"


def test_roles_are_given_and_taken_with_the_reason_in_the_audit_log(discord: LoopbackDiscord) -> None:
    assert discord.command("@mod", "/role user:@alice role:@VIP").content == "done"
    assert discord.member_roles("@alice") == {"@VIP"}
    assert discord.command("@mod", "/role user:@alice role:@VIP take:True").content == "done"
    assert discord.member_roles("@alice") == frozenset()

    put, delete = (r for r in discord.requests if "/roles/" in r.path)
    assert (put.method, put.status, put.reason) == ("PUT", 204, "a reason: é / 100 %")
    assert (delete.method, delete.status) == ("DELETE", 204)
    reasons = discord.look(lambda w: [e.reason for e in w.guild.audit_log_entries])
    assert reasons == ["a reason: é / 100 %"] * 2


@pytest.mark.parametrize(
    ("role", "error"),
    [("@Staff", "403 50013"), ("@Booster", "400 50028"), ("@BoostMon", "400 50028"), ("@everyone", "400 50028")],
)
def test_roles_out_of_the_bots_reach_are_refused(discord: LoopbackDiscord, role: str, error: str) -> None:
    answer = discord.command("@owner", f"/role user:@alice role:{role}")

    assert (answer.content, answer.hidden) == (error, True)
    assert discord.member_roles("@alice") == frozenset()


def test_without_manage_roles_every_role_is_refused(discord: LoopbackDiscord) -> None:
    discord.change(lambda c: c.set_permission("manage-roles", allowed=False))

    assert discord.command("@mod", "/role user:@alice role:@VIP").content == "403 50013"

    discord.change(lambda c: c.set_permission("manage-roles", allowed=True))
    assert discord.command("@mod", "/role user:@alice role:@VIP").content == "done"


def test_direct_messages_arrive_unless_they_are_closed(discord: LoopbackDiscord) -> None:
    assert discord.command("@mod", "/dm user:@bob text:psst").content == "sent"
    assert [m.content for m in discord.dms("@bob")] == ["psst"]

    assert discord.command("@mod", "/dm user:@dave text:psst").content == "403 50007"
    discord.change(lambda c: c.set_dms("@dave", closed=False))
    assert discord.command("@mod", "/dm user:@dave text:psst").content == "sent"


def test_a_member_who_left_has_no_mutual_server(discord: LoopbackDiscord) -> None:
    discord.change(lambda c: c.kick("@bob", by="@mod"))

    assert discord.command("@mod", "/dm user:@bob text:psst").content == "403 50278"


def test_messages_in_channels_follow_the_bots_rights(discord: LoopbackDiscord) -> None:
    assert discord.command("@mod", "/post channel:#warnings text:look out").content.startswith("posted")
    assert [m.content for m in discord.messages("#warnings")] == ["look out"]

    assert discord.command("@mod", "/post channel:#secret text:look out").content == "403 50013"


def test_an_enforced_nonce_makes_one_message_of_two(discord: LoopbackDiscord) -> None:
    first = discord.command("@mod", "/post channel:#warnings text:once nonce:abc")
    second = discord.command("@mod", "/post channel:#warnings text:once nonce:abc")
    other = discord.command("@mod", "/post channel:#warnings text:twice nonce:def")

    assert first.content == second.content != other.content
    assert first.content.endswith("nonce abc")
    assert [m.content for m in discord.messages("#warnings")] == ["once", "twice"]


def test_suggestions_are_offered_and_picked_by_name(discord: LoopbackDiscord) -> None:
    choices = discord.autocomplete("@mod", "/fruit user:@bob name:ap")
    assert [(c.name, c.value) for c in choices] == [("@apple fruit", "apple"), ("@apricot fruit", "apricot")]

    assert discord.command("@mod", "/fruit user:@bob name:@apple").text.endswith("likes apple")
    assert discord.command("@mod", "/fruit user:@bob name:anything").text.endswith("likes anything")


def test_silence_to_half_typed_text_is_a_failure(discord: LoopbackDiscord) -> None:
    with pytest.raises(NoAnswer, match="Loading options failed"):
        discord.autocomplete("@mod", "/fruit user:@bob name:silence")


@pytest.mark.parametrize(
    ("actor", "line", "why"),
    [
        ("@alice", "/role user:@bob role:@VIP", "does not show /role to @alice"),
        ("@mod", "/nothing", "There is no command /nothing"),
        ("@mod", "/role user:@bob", "needs role"),
        ("@mod", "/role user:@nobody role:@VIP", "no user '@nobody'"),
        ("@mod", "/role user:@bob role:@VIP take:perhaps", "True or False"),
        ("@mod", "/answer how:sideways", "only allows"),
        ("@mod", f"/answer how:now text:{'x' * 21}", "at most 20 characters"),
        ("@mod", "/answer loudly:yes how:now", "no option 'loudly'"),
    ],
)
def test_discords_client_does_not_send_what_is_wrong(discord: LoopbackDiscord, actor: str, line: str, why: str) -> None:
    before = len(discord.requests)

    with pytest.raises(CannotDo, match=why):
        discord.command(actor, line)

    assert len(discord.requests) == before


def test_the_bots_cache_follows_the_guild(discord: LoopbackDiscord) -> None:
    discord.change(lambda c: c.give("@alice", "@VIP", by="@owner"))
    discord.change(lambda c: c.kick("@bob", by="@owner"))
    discord.change(lambda c: c.join("@newcomer"))
    discord.change(lambda c: c.move_role("@Moderator", "@BoostMon", above=True))

    seen = json.loads(discord.command("@mod", "/cache").content)

    assert seen["members"]["alice"] == ["VIP"]
    assert "bob" not in seen["members"]
    assert seen["members"]["newcomer"] == []
    assert (seen["booster"], seen["mine"], seen["top"]) == (["Booster"], ["BoostMon"], "BoostMon")


def test_each_member_has_a_language_and_so_has_the_server(discord: LoopbackDiscord) -> None:
    def languages(actor: str) -> list[str]:
        found: list[str] = json.loads(discord.command(actor, "/cache").content)["languages"]
        return found

    assert languages("@mod") == ["en-US"] * 3
    discord.change(lambda c: c.set_language("@mod de"))
    discord.change(lambda c: c.set_language("server pt-br"))
    assert languages("@mod") == ["de", "pt-BR", "pt-BR"]
    assert languages("@alice") == ["en-US", "pt-BR", "pt-BR"]


def test_a_client_shows_commands_and_choices_in_its_language(discord: LoopbackDiscord) -> None:
    discord.change(lambda c: c.set_language("@mod de"))

    assert discord.description("@mod", "colour") == [
        "  /colour: Wähle eine Farbe",
        "    name: Welche",
        "      (Rot, Blau)",
    ]
    assert discord.description("@alice", "colour")[0] == "  /colour: Choose a colour"
    assert discord.command("@mod", "/colour name:Blau").content == "chosen: b"
    assert discord.command("@alice", "/colour name:red").content == "chosen: r"
    with pytest.raises(CannotDo):
        discord.command("@alice", "/colour name:Blau")

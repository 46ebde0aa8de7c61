"""What a person at the prompt gets: completion from the running bot, lines, and a clean way out."""

import io

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from boostmon.sandbox.completion import suggestions_for
from boostmon.sandbox.console import run_console
from boostmon.sandbox.desk import Desk
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.printer import Printer
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.sandbox.conftest import ROOT, ThreadBot, ThreadProcess

pytestmark = pytest.mark.filterwarnings("ignore:parameter 'timeout' of type 'float':DeprecationWarning")


@pytest.fixture
def desk(discord: LoopbackDiscord, bot: ThreadBot) -> Desk:
    del bot  # it only has to be there
    return Desk(discord, ThreadProcess(discord), Printer(discord, io.StringIO(), colour=False))


@pytest.mark.parametrize(
    ("typed", "offered", "not_offered"),
    [
        ("", ["members", "wait", "/role", "/cache"], []),
        ("me", ["members", "messages"], ["/role"]),
        ("/ro", ["/role"], ["/post"]),
        ("/role ", ["user:", "role:", "take:"], ["text:"]),
        ("/role user:@alice ", ["role:", "take:"], ["user:"]),
        ("/role user:@a", ["@alice"], ["@bob", "@VIP"]),
        ("/role user:@alice role:V", ["@VIP"], ["@alice", "@Staff"]),
        ("/post channel:#w", ["#warnings"], ["#general"]),
        ("/answer how:la", ["later", "later hidden"], ["now"]),
        ("/fruit user:@bob name:ap", ["apple", "apricot"], ["banana"]),
        ("suggest /fruit user:@bob name:b", ["banana"], ["apple"]),
        ("give @al", ["@alice"], ["@bob"]),
        ("in #se", ["#secret"], ["#general"]),
    ],
)
def test_what_may_come_next_is_offered(desk: Desk, typed: str, offered: list[str], not_offered: list[str]) -> None:
    offers = {offer.text for offer in suggestions_for(desk, typed)}

    assert set(offered) <= offers
    assert not offers & set(not_offered)


def test_an_offer_takes_the_place_of_what_was_typed(desk: Desk) -> None:
    (offer,) = suggestions_for(desk, "/role user:@alice role:VI")

    assert (offer.text, offer.replaces) == ("@VIP", len("VI"))


def test_members_are_offered_only_what_they_may_use(desk: Desk) -> None:
    desk.actor = "@alice"

    assert "/role" not in {offer.text for offer in suggestions_for(desk, "/")}
    assert list(suggestions_for(desk, "/role u")) == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/", set()),
        ("give @al", {"@alice"}),
        ("join @", {"@BoostMon"}),
        ("as @m", {"@mod"}),
        ("in #w", {"#warnings"}),
    ],
)
def test_there_are_offers_without_the_bot(desk: Desk, typed: str, offered: set[str]) -> None:
    desk.execute("kick @BoostMon")

    assert {offer.text for offer in suggestions_for(desk, typed)} == offered


@pytest.mark.parametrize("line", ["kick @mod", "delete-channel #general"])
@pytest.mark.parametrize("typed", ["/", "/role user:@a", "give @", "press "])
def test_typing_goes_on_where_the_person_or_the_channel_is_gone(desk: Desk, line: str, typed: str) -> None:
    desk.execute(line)

    assert "/role" not in {offer.text for offer in suggestions_for(desk, typed)}


@pytest.mark.parametrize("goodbye", ["quit\r", "\x04", "\x03\x03", "half a line\x03\x03time\r\x03\x03"])
def test_a_person_types_and_leaves(discord: LoopbackDiscord, quick_bot: ThreadProcess, goodbye: str) -> None:
    out = io.StringIO()
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("as @alice\r/answer how:now\rdance\r" + goodbye)

        assert run_console(discord, quick_bot, out=out, interactive=True) == 0

    assert "You are @alice now." in out.getvalue()
    assert "hello" in out.getvalue()
    assert "'dance' is no word" in out.getvalue()
    assert "half a line" not in out.getvalue()
    assert ("It is 2026-06-01" in out.getvalue()) == ("time" in goodbye)
    assert not quick_bot.is_running


def test_a_person_is_told_who_is_here_and_what_to_try(discord: LoopbackDiscord, quick_bot: ThreadProcess) -> None:
    out = io.StringIO()
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("quit\r")
        tries = ("/role user:@alice role:@VIP", "/nothing of=this")
        run_console(discord, quick_bot, out=out, interactive=True, starting=" slowly", tries=tries)

    shown = out.getvalue()
    assert "  Starting the bot slowly …\n  It logs in to Discord, after " in shown
    assert "  The bot is ready, after " in shown
    assert "You are @mod in #general. With you: @owner @staff @alice" in shown
    assert "  Try:\n    /role user:@alice role:@VIP\n  Tab completes" in shown


def test_every_word_answers_something(discord: LoopbackDiscord, quick_bot: ThreadProcess) -> None:
    out = io.StringIO()
    printer = Printer(discord, out, colour=False)
    desk = Desk(discord, quick_bot, printer)
    discord.listen(printer.happening)
    for line, told in (
        ("create-channel #news", "The channel #news was created."),
        ("delete-channel #news", "The channel #news was deleted."),
        ("move-role @VIP above @Supporter", "highest first: @Staff @BoostMon @Moderator @Booster @VIP @Supporter."),
        ("give @alice @VIP", "@alice was given @VIP"),
        ("give @alice @VIP", "@alice has @VIP already."),
        ("take @alice @VIP", "@alice lost @VIP"),
        ("take @alice @VIP", "@alice does not have @VIP."),
        ("deny manage-roles", "@BoostMon does not have the permission Manage Roles now."),
        ("allow manage-roles @VIP", "@VIP has the permission Manage Roles now."),
        ("allow manage-roles @bob in #general", "In #general, @bob is allowed Manage Roles now."),
        ("close-dms @alice", "@alice takes no direct messages now."),
        ("open-dms @alice", "@alice takes direct messages now."),
        ("wait 0.01s", "It is 2026-06-01 12:00:"),
        ("expect @alice lacks @VIP", "✓ so it is"),
        ("bot stop", "The bot does not run."),
        ("bot kill", "The bot does not run."),
        ("say hello", "@mod wrote in #general"),
    ):
        out.truncate(0)
        desk.execute(line)
        assert told in out.getvalue(), line


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("give @erin @Booster", "managed by Discord"),
        ("give @alice", "Write it like `give @bob @VIP`"),
        ("create-role", "Write it like `create-role @Gold`"),
        ("create-channel #", "Write it like `create-channel #news`"),
        ("say", "Write it like `say Hello everybody`"),
        ("move-role @VIP above @VIP", "cannot be moved there"),
        ("delete-role @Booster", "managed by Discord"),
        ("kick @owner", "owner leave"),
        ("kick @alice by @nobody", "no user '@nobody'"),
        ("audit-log loud", "`audit-log on`, `audit-log silent` or `audit-log off`"),
        ("leave @BoostMon", "`kick @BoostMon` removes it"),
        ("add-bot @alice", "`join @alice` lets them in"),
        ("say " + "x" * 2001, "Discord refuses it"),
        ("move-role @everyone above @VIP", "cannot be moved there"),
    ],
)
def test_a_wrong_form_is_told_with_the_right_one(
    discord: LoopbackDiscord, quick_bot: ThreadProcess, line: str, why: str
) -> None:
    desk = Desk(discord, quick_bot, Printer(discord, io.StringIO(), colour=False))

    with pytest.raises(CannotDo, match=why):
        desk.execute(line)


def test_the_documentation_has_every_word(desk: Desk) -> None:
    page = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")

    assert {word for word in desk.verbs if f"`{word}" not in page} == set()

"""Buttons of an unmodified nextcord bot, pressed by members; the kinds are Discord's of an interaction's answer."""

import io

import pytest

from boostmon.sandbox.answer import INTERACTION_FAILED
from boostmon.sandbox.completion import suggestions_for
from boostmon.sandbox.console import run_console
from boostmon.sandbox.desk import Desk
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.printer import Printer
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.sandbox.conftest import ThreadProcess

pytestmark = pytest.mark.filterwarnings("ignore:parameter 'timeout' of type 'float':DeprecationWarning")


@pytest.mark.usefixtures("bot")
class TestPress:
    def test_kind_4_answers_with_a_message_of_its_own(self, discord: LoopbackDiscord) -> None:
        discord.command("@alice", "/buttons text:this")

        answer = discord.press("@bob", "Say")

        assert (answer.content, answer.hidden, answer.failure) == ("bob pressed this", False, None)
        assert [m.content for m in discord.messages("#general")] == ["this", "bob pressed this"]
        assert answer.acknowledged_in is not None
        assert answer.acknowledged_in < 3

    def test_kind_4_may_be_private(self, discord: LoopbackDiscord) -> None:
        discord.command("@alice", "/buttons text:this")

        answer = discord.press("@alice", "say it")

        assert (answer.content, answer.hidden) == ("between us", True)

    def test_kind_5_thinks_and_answers(self, discord: LoopbackDiscord) -> None:
        discord.command("@alice", "/buttons text:this")

        answer = discord.press("@alice", "think")

        assert (answer.content, answer.hidden, answer.deferred) == ("thought about it", True, True)
        assert [m.content for m in discord.messages("#general")] == ["this"]

    def test_kind_6_changes_the_message_later(self, discord: LoopbackDiscord) -> None:
        before = discord.command("@alice", "/buttons text:this hidden:True")

        answer = discord.press("@alice", "Change later", on=before)

        assert (answer.content, answer.hidden, answer.deferred) == ("changed later", True, True)
        assert answer.buttons == ()
        assert answer.messages[0].id == before.messages[0].id

    def test_kind_6_may_end_with_nothing(self, discord: LoopbackDiscord) -> None:
        discord.command("@alice", "/buttons text:this")

        answer = discord.press("@alice", "Remove")

        assert (answer.messages, answer.thinking, answer.failure) == ((), False, None)
        assert discord.messages("#general") == ()

    def test_kind_7_changes_the_message_and_may_add_to_it(self, discord: LoopbackDiscord) -> None:
        discord.command("@alice", "/buttons text:this")

        answer = discord.press("@alice", "Change")

        assert answer.messages[0].content == "changed"
        assert [m.content for m in discord.messages("#general")] == ["changed"]
        discord.wait_until(lambda: len(discord.answer_now(answer).messages) == 2, 60)
        assert discord.answer_now(answer).content == "and told you"

    def test_silence_is_a_failed_interaction(self, discord: LoopbackDiscord) -> None:
        discord.command("@alice", "/buttons text:this")

        answer = discord.press("@alice", "Ignore")

        assert answer.text == INTERACTION_FAILED
        assert [m.content for m in discord.messages("#general")] == ["this"]

    def test_a_private_answer_is_for_its_reader_alone(self, discord: LoopbackDiscord) -> None:
        private = discord.command("@alice", "/buttons text:this hidden:True")

        with pytest.raises(CannotDo, match="Only @alice sees"):
            discord.press("@bob", "Say", on=private)

        discord.command("@alice", "/buttons text:older")
        discord.command("@alice", "/buttons text:newer hidden:True")
        assert discord.press("@bob", "Say", on=private).content == "bob pressed older"
        assert discord.press("@alice", "Say").content == "alice pressed newer"
        assert discord.press("@alice", "Say", on=private).content == "alice pressed this"

    @pytest.mark.parametrize(
        ("label", "why"),
        [
            ("Dance", r"sees no button 'Dance' in #general; buttons are \[Say\], \[Say it privately\], \[Think\]"),
            ("", "sees no button"),
            ("Th", ""),
            ("Sa", r"may be any of the buttons \[Say\], \[Say it privately\]"),
            ("Off", r"\[Off\] is greyed out"),
            ("Elsewhere", "is a link, which opens https://example.com/"),
        ],
    )
    def test_a_client_lets_only_one_button_be_pressed(self, discord: LoopbackDiscord, label: str, why: str) -> None:
        discord.command("@alice", "/buttons text:this")

        if why:
            with pytest.raises(CannotDo, match=why):
                discord.press("@alice", label)
        else:
            assert discord.press("@alice", label).content == "thought about it"

    def test_a_button_lies_in_its_channel(self, discord: LoopbackDiscord) -> None:
        discord.command("@alice", "/buttons text:this", channel="#warnings")

        with pytest.raises(CannotDo, match="in #general"):
            discord.press("@alice", "Say")
        assert discord.press("@alice", "Say", "#warnings").content == "alice pressed this"

    def test_without_the_bot_its_buttons_do_nothing(self, discord: LoopbackDiscord) -> None:
        discord.command("@alice", "/buttons text:this")
        discord.change(lambda c: c.kick("@BoostMon", by="@owner"))

        with pytest.raises(CannotDo, match="@BoostMon is not in this server"):
            discord.press("@alice", "Say")

    def test_the_prompt_offers_the_buttons_of_the_last_answer(self, discord: LoopbackDiscord) -> None:
        desk = Desk(discord, ThreadProcess(discord), Printer(discord, io.StringIO(), colour=False))
        assert list(suggestions_for(desk, "press ")) == []
        desk.execute("/buttons text:this")

        assert [offer.text for offer in suggestions_for(desk, "press ")][:2] == ["Say", "Say it privately"]
        assert [offer.text for offer in suggestions_for(desk, "press ch")] == ["Change later", "Change"]


def test_a_script_presses_and_expects(discord: LoopbackDiscord, quick_bot: ThreadProcess) -> None:
    script = """
        as @alice
        /buttons text:this hidden:True
        expect answer has button Say
        expect answer has button change l
        expect answer lacks button Off
        expect answer lacks button Dance
        as @bob
        press Say
        expect refused contains Only @alice sees
        as @alice
        press Change
        expect answer contains changed
        expect answer contains and told you
        expect answer lacks button Say
        press Dance
        expect refused contains sees no button
        press
        """
    out = io.StringIO()

    code = run_console(discord, quick_bot, script.splitlines(), out=out)

    shown = out.getvalue()
    assert code == 1
    assert "[Say]  [Say it privately]  [Think]  [Change later]  [Change]\n  [Remove]" in shown
    assert "[Elsewhere]  [Off (off)]" in shown
    assert "✗ line 18: press\n  Write what stands on the button" in shown


@pytest.mark.usefixtures("bot")
def test_a_message_that_answers_nothing_may_have_buttons_and_its_change_is_told_once(discord: LoopbackDiscord) -> None:
    told: list[str] = []
    discord.listen(lambda happening: told.append(happening.text))
    discord.command("@alice", "/buttons text:this apart:True")
    discord.wait_until(lambda: discord.messages("#general"), 60)

    answer = discord.press("@bob", "Change later")

    assert (answer.content, answer.hidden) == ("changed later", False)
    assert not [text for text in told if "edited" in text]


@pytest.mark.usefixtures("bot")
def test_what_comes_after_the_answer_was_seen_is_told_live(discord: LoopbackDiscord) -> None:
    told: list[str] = []
    discord.listen(lambda happening: told.append(happening.message.content if happening.message else ""))
    discord.command("@alice", "/buttons text:this hidden:True")

    answer = discord.press("@alice", "Change")

    seen = [m.content for m in answer.messages]
    discord.wait_until(lambda: [*seen, *told] == ["changed", "and told you"], 60)

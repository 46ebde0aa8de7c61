"""Scripts and piped lines, played against a bot in a process of its own."""

import io
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from nextcord.http import Route

from boostmon.sandbox.bot import BotProcess, SubprocessBot
from boostmon.sandbox.console import run_console
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.sandbox.conftest import ThreadProcess, bot_in_a_process, running_clock

STUBBORN = """
import signal, threading
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up")
threading.Event().wait()
"""

pytestmark = pytest.mark.filterwarnings("ignore:parameter 'timeout' of type 'float':DeprecationWarning")


@pytest.fixture
def stopped_bot(discord: LoopbackDiscord) -> Iterator[SubprocessBot]:
    process = bot_in_a_process(discord)
    yield process
    process.kill()


def play(discord: LoopbackDiscord, bot: BotProcess, script: str) -> tuple[int, str]:
    out = io.StringIO()
    code = run_console(discord, bot, script.splitlines(), out=out)
    return code, out.getvalue()


def test_a_script_that_holds_ends_with_0_and_leaves_no_bot(
    discord: LoopbackDiscord, stopped_bot: SubprocessBot
) -> None:
    code, shown = play(
        discord,
        stopped_bot,
        """
        # roles, by the bot and by hand
        /role user:@alice role:@VIP
        expect answer contains done
        expect answer public
        expect @alice has @VIP within 5s
        take @alice @VIP
        expect @alice lacks @VIP
        # hidden answers, embeds, refusals
        /role user:@alice role:@Staff
        expect answer hidden
        expect answer contains 50013
        /answer how:later text:good day
        expect answer contains good day
        expect answer lacks "bad day"
        as @alice
        /role user:@alice role:@VIP
        expect refused contains permission
        suggest /fruit user:@bob name:ap
        expect suggestions contain apple
        expect suggestions lack banana
        # messages
        as @mod
        /post channel:#warnings text:look out
        expect message #warnings contains look out within 5s
        /dm user:@bob text:psst
        expect dm @bob contains psst
        expect no dm @carol within 0.2s
        expect no message #general contains look out
        members
        roles
        channels
        messages #warnings
        wait 0.2s
        bot kill
        expect @alice lacks @VIP
        bot start
        /answer how:now text:back again
        expect answer contains back again
        quit
        this is never reached
        """,
    )

    assert code == 0, shown
    assert not stopped_bot.is_running
    assert "@alice was given @VIP by @BoostMon" in shown
    assert "@alice lost @VIP\n" in shown
    assert "(only you can see this)" in shown
    assert "  | Late\n  | good day" in shown
    assert "@BoostMon is offline" in shown
    assert "✗" not in shown


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("expect @alice has @VIP", ["line 1: expect @alice has @VIP", "@alice has no role"]),
        ("# x\n\nexpect dm @bob contains hi", ["line 3", "in @bob there was: nothing"]),
        ("/answer how:now\nexpect answer hidden", ["line 2", "the answer was public"]),
        ("/answer how:now\nexpect answer contains bye", ["line 2", "the answer was: hello"]),
        ("# a\n/nothing\n\n/answer how:now", ["line 2: /nothing", "not send this: There is no command /nothing"]),
        ("/nothing\n# b\nexpect refused\ndance", ["! There is no command", "line 4: dance", "no word"]),
        ("/nothing\nexpect answer hidden", ["line 1", "There is no command /nothing"]),
        ("/nothing", ["line 1", "There is no command /nothing"]),
        ("suggest /nothing x:", ["line 1", "There is no command /nothing"]),
        ("dance", ["line 1", "'dance' is no word of the sandbox"]),
        ("expect rain", ["line 1", "This is not an expectation"]),
        ("expect answer hidden", ["line 1", "no command was answered before"]),
    ],
)
def test_the_first_line_that_fails_ends_a_script_with_1(
    discord: LoopbackDiscord, quick_bot: ThreadProcess, script: str, told: list[str]
) -> None:
    code, shown = play(discord, quick_bot, script + "\ntime")

    assert code == 1
    for part in told:
        assert part in shown
    assert shown.count("✗") == 1
    assert "UTC" not in shown


def test_a_bot_that_dies_is_reported_with_its_last_words(discord: LoopbackDiscord) -> None:
    dying = SubprocessBot([sys.executable, "-c", "print('no token, no bot'); raise SystemExit(3)"])

    code, shown = play(discord, dying, "time")

    assert code == 1
    assert "ended by itself" in shown
    assert "| no token, no bot" in shown


def test_the_last_words_are_read_to_their_end() -> None:
    # As many lines as a pipe holds, written at once: nobody has read them all when the process is over.
    words = "import os; os.write(1, b'w\\n' * 30_000 + b'the last\\n'); os._exit(3)"
    wordy = SubprocessBot([sys.executable, "-c", words])
    wordy.start()
    while wordy.is_running:
        pass

    assert wordy.output[-1] == "the last"


def test_waiting_follows_the_sandboxs_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackDiscord(running_clock(speed=600)) as discord:
        monkeypatch.setattr(Route, "BASE", discord.url)
        began = discord.now
        code, shown = play(discord, ThreadProcess(discord), "wait 10m\nexpect no dm @bob within 5m")

        assert code == 0, shown
        assert discord.now - began >= timedelta(minutes=15)


def test_piped_lines_end_nothing_when_they_are_wrong(
    discord: LoopbackDiscord, quick_bot: ThreadProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("dance\nas @alice\n/answer how:now\n"))
    out = io.StringIO()

    assert run_console(discord, quick_bot, out=out) == 0

    assert "! 'dance' is no word" in out.getvalue()
    assert "hello" in out.getvalue()


class Terminal(io.StringIO):
    """Somewhere that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("settings", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_that_want_them(
    discord: LoopbackDiscord,
    quick_bot: ThreadProcess,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    coloured: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    out = Terminal()

    run_console(discord, quick_bot, ["/answer how:now"], out=out)

    assert ("\x1b[" in out.getvalue()) == coloured


def test_stop_asks_first_and_kills_when_nobody_listens() -> None:
    stubborn = SubprocessBot(
        [
            sys.executable,
            "-uc",
            STUBBORN,
        ],
        patience=0.2,
    )
    stubborn.start()
    up = threading.Event()
    while "up" not in stubborn.output and not up.wait(0.01):
        pass

    assert stubborn.stop() == -9
    assert any("was killed" in line for line in stubborn.output)
    assert not stubborn.is_running


def test_every_line_works_after_the_bot_was_thrown_out(discord: LoopbackDiscord, quick_bot: ThreadProcess) -> None:
    code, shown = play(
        discord,
        quick_bot,
        """
        kick @BoostMon
        members
        roles
        channels
        give @alice @VIP
        expect @alice has @VIP
        /answer how:now
        expect refused contains @BoostMon is not in this server
        deny manage-roles
        """,
    )
    assert code == 1
    assert "✗ line 10: deny manage-roles\n  @BoostMon is not in this server; `join @BoostMon` invites it again" in shown

    code, shown = play(
        discord,
        quick_bot,
        """
        join @BoostMon
        take @alice @VIP
        move-role @BoostMon above @Moderator
        /role user:@alice role:@VIP
        expect answer contains done
        expect @alice has @VIP
        """,
    )
    assert code == 0, shown
    assert "@BoostMon joined the server" in shown


def test_a_script_tries_what_may_go_wrong_with_roles(discord: LoopbackDiscord, quick_bot: ThreadProcess) -> None:
    code, shown = play(
        discord,
        quick_bot,
        """
        add-bot @Patron
        give @alice @VIP by @Patron
        expect audit-log contains @Patron gave @alice @VIP
        swap @alice @VIP for @Supporter
        expect audit-log contains @mod gave @alice @Supporter and took @VIP from @alice
        /role user:@alice role:@VIP
        expect audit-log contains @BoostMon gave @alice @VIP
        undo given @VIP by @Patron
        give @bob @VIP
        expect @bob lacks @VIP within 10s
        expect audit-log contains @Patron took @VIP from @bob
        undo nothing
        burst give 20 @VIP by @Patron
        expect @fan-20 has @VIP
        burst take 21 @VIP
        expect @alice lacks @VIP
        audit-log off
        give @carol @VIP
        audit-log silent
        leave @bob
        join @bob
        expect @bob lacks @VIP
        audit-log on
        audit-log
        expect audit-log lacks @carol
        """,
    )

    assert code == 0, shown
    assert "@alice was given @VIP by @Patron\n" in shown
    assert "@bob was given @VIP\n" in shown
    assert "@bob lost @VIP by @Patron\n" in shown
    assert "  20 were given @VIP at once.\n" in shown
    assert "  Entries are neither written nor sent from now on.\n" in shown
    assert "  @mod took @VIP from @fan-20\n" in shown

    code, shown = play(discord, quick_bot, "audit-log off\nexpect audit-log contains nobody did this")
    assert code == 1
    assert "but the audit log was:\n" in shown
    assert "@Patron gave @alice @VIP" in shown

"""What the sandbox's lines do: who is typing where, and the deeds behind every word but the slash."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from simcord.backend.errors import BackendError

from boostmon.sandbox import listing
from boostmon.sandbox.bot import BotProcess
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.deeds import DEEDS, Deed
from boostmon.sandbox.errors import CannotDo, Refused
from boostmon.sandbox.expectations import parse_expectation, seconds
from boostmon.sandbox.judge import Judge, Said
from boostmon.sandbox.keeper import Keeper
from boostmon.sandbox.printer import Printer
from boostmon.sandbox.server import LoopbackDiscord


def is_comment(line: str) -> bool:
    """Whether a stripped line does nothing; `#general` is a channel, `# general` is a comment."""
    return not line or line == "#" or line.startswith("# ")


class Quit(Exception):
    """Leave the sandbox."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A word that a line may start with."""

    usage: str
    explanation: str
    run: Callable[[str], None]


class Desk:
    """Executes lines one after the other. Not thread-safe: one person sits here.

    `starting` is as in `Keeper`; `tries` are commands to try.
    """

    def __init__(
        self,
        discord: LoopbackDiscord,
        bot: BotProcess,
        printer: Printer,
        *,
        starting: str = "",
        tries: Sequence[str] = (),
    ) -> None:
        self.discord = discord
        self.actor = "@mod"
        self.channel = "#general"
        self.bot = Keeper(discord, bot, printer, starting)
        self._tries = tries
        self._printer = printer
        self._judge = Judge(discord)
        self._said = Said()
        self.verbs = self._verbs()

    # ------------------------------------------------------------------ lines

    def execute(self, line: str) -> None:
        """Do what a line says. Raises `SandboxError` when it cannot be done, `Quit` to leave."""
        text = line.strip()
        if is_comment(text):
            return
        if text.startswith("/"):
            self._command(text)
            return
        word, _, rest = text.partition(" ")
        verb = self.verbs.get(word.casefold())
        if verb is None:
            raise CannotDo(f"{word!r} is no word of the sandbox; `help` lists them, commands start with /")
        verb.run(rest.strip())

    def _command(self, line: str) -> None:
        self._said = Said()
        try:
            self._said.answer = self.discord.command(self.actor, line, self.channel)
        except CannotDo as refused:
            self._said.refusal = str(refused)
            raise Refused(str(refused)) from refused
        self._printer.answer(self._said.answer)

    def _press(self, rest: str) -> None:
        if not rest:
            raise CannotDo("Write what stands on the button, as in `press Undo`")
        before, self._said = self._said.answer, Said()
        try:
            self._said.answer = self.discord.press(self.actor, rest, self.channel, on=before)
        except CannotDo as refused:
            self._said = Said(answer=before, refusal=str(refused))
            raise Refused(str(refused)) from refused
        self._printer.answer(self._said.answer)

    @property
    def buttons(self) -> list[str]:
        """What stands on the buttons of the last answer that can be pressed."""
        answer = self._said.answer
        return [] if answer is None else [b.label for b in answer.buttons if b.custom_id and not b.disabled]

    def _suggest(self, rest: str) -> None:
        self._said = Said()
        try:
            self._said.suggestions = tuple(self.discord.autocomplete(self.actor, rest, self.channel))
        except CannotDo as refused:
            self._said.refusal = str(refused)
            raise Refused(str(refused)) from refused
        self._printer.lines(f"  - {c.name}" for c in self._said.suggestions)
        if not self._said.suggestions:
            self._printer.lines(["  (no suggestions)"])

    def _expect(self, rest: str) -> None:
        self._judge.check(parse_expectation(rest), self._said)
        self._printer.lines(["  ✓ so it is"])

    # ------------------------------------------------------------------ the person

    def _as(self, rest: str) -> None:
        name = self.discord.look(lambda w: w.user_name(w.member(rest).user_id))
        self.actor = name
        self._printer.lines([f"  You are {name} now."])

    def _in(self, rest: str) -> None:
        self.channel = self.discord.look(lambda w: f"#{w.channel(rest).name}")
        self._printer.lines([f"  You are in {self.channel} now."])

    def _wait(self, rest: str) -> None:
        until = self.discord.now + timedelta(seconds=seconds(rest))
        pause = threading.Event()
        while self.discord.now < until:
            self.bot.check()
            pause.wait(0.02)
        self._time("")

    def _say(self, rest: str) -> None:
        self._change(lambda c: c.say(self.actor, self.channel, rest))

    def welcome(self) -> None:
        """Say who is here and what may be tried."""
        others = self.discord.look(lambda w: [w.user_name(u) for u in w.guild.members if u != w.bot_id])
        here = " ".join(name for name in others if name != self.actor)
        tries = [line for line in self._tries if line.split()[0].removeprefix("/") in self.discord.commands(self.actor)]
        self._printer.lines(
            [
                "",
                f"  You are {self.actor} in {self.channel}. With you: {here}",
                *(["  Try:", *(f"    {line}" for line in tries)] if tries else []),
                "  Tab completes, `help` lists everything, Ctrl-D leaves.",
                "",
            ]
        )

    # ------------------------------------------------------------------ looking

    def _members(self, _rest: str) -> None:
        self._printer.lines(self.discord.look(listing.members))

    def _roles(self, _rest: str) -> None:
        self._printer.lines(self.discord.look(listing.roles))

    def _channels(self, _rest: str) -> None:
        self._printer.lines(self.discord.look(listing.channels))

    def _messages(self, rest: str) -> None:
        place = rest or self.channel
        found = self.discord.dms(place) if place.startswith("@") else self.discord.messages(place)
        self._printer.messages(found)
        if not found:
            nothing = f"no direct messages to {place}" if place.startswith("@") else f"nothing in {place}"
            self._printer.lines([f"  ({nothing})"])

    def _audit(self, rest: str) -> None:
        if rest:
            self._change(lambda changes: changes.keep_audit_log(rest))
        else:
            self._printer.lines(self.discord.look(listing.audit_log) or ["  (no entries)"])

    def _time(self, _rest: str) -> None:
        self._printer.lines([f"  It is {self.discord.now:%Y-%m-%d %H:%M:%S} UTC here."])

    def _help(self, rest: str) -> None:
        if rest:
            self._printer.lines(self.discord.description(self.actor, rest.removeprefix("/"), self.channel))
            return
        wide = max(len(v.usage) for v in self.verbs.values())
        shown = self.discord.commands(self.actor, self.channel)
        self._printer.lines(
            [
                "  /command option:value …".ljust(wide + 4) + "type a command as in Discord",
                *(f"  {v.usage.ljust(wide)}  {v.explanation}" for v in self.verbs.values()),
                f"  {self.actor} sees: {'  '.join('/' + n for n in shown) or 'no command'}",
            ]
        )

    def _quit(self, _rest: str) -> None:
        raise Quit

    # ------------------------------------------------------------------ changing

    def _change(self, deed: Callable[[Changes], str | None]) -> None:
        try:
            told = self.discord.change(deed)
        except BackendError as refused:
            raise CannotDo(f"Discord refuses it: {refused}") from refused
        if told:
            self._printer.lines([f"  {told}."])

    def _doing(self, deed: Deed) -> Callable[[str], None]:
        return lambda rest: self._change(lambda changes: deed.run(changes, rest, self.actor))

    def _verbs(self) -> dict[str, Verb]:
        table = (
            Verb("suggest /command … option:text", "what the bot suggests for the last option", self._suggest),
            Verb("press LABEL", "press a button of the last answer, or of the newest message that has it", self._press),
            Verb("as @user", "be another member", self._as),
            Verb("in #channel", "go to another channel", self._in),
            Verb("say TEXT", "post a message", self._say),
            Verb("members", "who is here, with which roles", self._members),
            Verb("roles", "the roles, highest first", self._roles),
            Verb("channels", "the channels", self._channels),
            Verb("messages [#channel|@dm]", "what was written there", self._messages),
            Verb("wait 90s", "let time pass, on the sandbox's clock", self._wait),
            Verb("time", "what time it is here", self._time),
            Verb(
                "audit-log [on|silent|off]",
                "who did what; or let entries be sent, only written, or neither",
                self._audit,
            ),
            *(Verb(deed.usage, deed.explanation, self._doing(deed)) for deed in DEEDS),
            Verb("bot start|stop|kill|log", "the bot's process", self.bot.act),
            Verb("expect …", "check something (scripts); a wrong one lists the forms", self._expect),
            Verb("help [/command]", "this list, or what you are shown of a command", self._help),
            Verb("quit", "leave", self._quit),
        )
        return {verb.usage.split()[0]: verb for verb in table}

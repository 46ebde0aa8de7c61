"""The terminal's front: lines from a person or a script, and everything that happens, live.

`run_console` starts the bot, runs the lines and stops the bot again, whatever happens in between.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TextIO

from boostmon.sandbox.bot import BotProcess
from boostmon.sandbox.desk import Desk, Quit, is_comment
from boostmon.sandbox.errors import BotDied, Refused, SandboxError
from boostmon.sandbox.judge import NotMet
from boostmon.sandbox.printer import Printer
from boostmon.sandbox.server import LoopbackDiscord

FAILED = 1


def run_console(
    discord: LoopbackDiscord,
    bot: BotProcess,
    lines: Iterable[str] | None = None,
    *,
    out: TextIO | None = None,
    interactive: bool = False,
    colour: bool | None = None,
    history: Path | None = None,
    starting: str = "",
    tries: Sequence[str] = (),
) -> int:
    """Run the sandbox and return the exit code: 0, or 1 when a script's line failed or the bot died.

    `discord` is already listening. With `lines` (a script; `# ` starts a comment) they are played, and
    the first that fails ends it. Otherwise lines come from the person at the terminal (`interactive`,
    with completion and a `history` file) or from standard input, where a wrong line ends nothing.
    `colour` None: when `out` is a terminal that shows colours and NO_COLOR is not set. `starting` and `tries` are
    as in `Desk`.
    """
    stream = out or sys.stdout
    printer = Printer(discord, out, colour=_shows_colours(stream) if colour is None else colour)
    desk = Desk(discord, bot, printer, starting=starting, tries=tries)
    discord.listen(printer.happening)
    with _terminated_as_exit():
        try:
            desk.bot.start()
            return _run(desk, printer, lines, interactive=interactive, history=history)
        except BotDied as died:
            printer.lines([str(died)])
            return FAILED
        except KeyboardInterrupt:
            return 0
        finally:
            with contextlib.suppress(KeyboardInterrupt):
                desk.bot.stop()


def _run(desk: Desk, printer: Printer, lines: Iterable[str] | None, *, interactive: bool, history: Path | None) -> int:
    if lines is not None:
        return _play(desk, printer, lines)
    if interactive:
        from boostmon.sandbox.prompt import prompted_lines

        return _converse(desk, printer, prompted_lines(desk, history))
    return _converse(desk, printer, _plain_lines())


def _plain_lines() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\n")


# ---------------------------------------------------------------------- scripts


def _play(desk: Desk, printer: Printer, lines: Iterable[str]) -> int:
    script = [line.strip() for line in lines]
    for number, text in enumerate(script, start=1):
        if is_comment(text):
            printer.note(text)
            continue
        printer.lines([f"{desk.actor} > {text}" if text.startswith("/") else f"> {text}"])
        try:
            desk.bot.check()
            desk.execute(text)
        except Quit:
            return 0
        except NotMet as otherwise:
            return _fail(printer, number, text, f"but {otherwise}")
        except Refused as refused:
            # Being refused by Discord's client may be what the script is after: its next line tells.
            if not _next(script, number).startswith("expect refused"):
                return _fail(printer, number, text, f"Discord's client does not send this: {refused}")
            printer.lines([f"  ! {refused}"])
        except SandboxError as error:
            return _fail(printer, number, text, str(error))
    return 0


def _next(script: list[str], number: int) -> str:
    """The line after the first `number` that does something."""
    return next((line for line in script[number:] if not is_comment(line)), "")


def _fail(printer: Printer, number: int, text: str, why: str) -> int:
    printer.lines([f"✗ line {number}: {text}", *(f"  {line}" for line in why.splitlines())])
    return FAILED


# ---------------------------------------------------------------------- people


def _converse(desk: Desk, printer: Printer, lines: Iterator[str]) -> int:
    desk.welcome()
    for line in lines:
        try:
            desk.execute(line)
        except Quit:
            break
        except KeyboardInterrupt:
            printer.lines(["  (stopped waiting)"])
        except SandboxError as error:
            printer.lines([f"  ! {part}" for part in str(error).splitlines()])
        try:
            desk.bot.check()
        except BotDied as died:
            printer.lines([*str(died).splitlines(), "  `bot start` starts it again."])
    return 0


def _shows_colours(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextlib.contextmanager
def _terminated_as_exit() -> Iterator[None]:
    """A SIGTERM to the sandbox must not leave the bot behind: let it run through `finally`."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

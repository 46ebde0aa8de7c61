"""The prompt of the interactive sandbox: history, completion, and events that do not tear it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, ThreadedCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout

from boostmon.sandbox.completion import suggestions_for
from boostmon.sandbox.desk import Desk


def prompted_lines(desk: Desk, history: Path | None) -> Iterator[str]:
    """The lines that a person types, until the end of input or Ctrl-C twice on an empty line.

    Ctrl-C clears a line that is half typed, as in a shell.
    """
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)) if history else InMemoryHistory(),
        completer=ThreadedCompleter(_Completer(desk)),
        complete_while_typing=True,
        key_bindings=_keys(),
    )
    interrupted = False
    with patch_stdout(raw=True):
        while True:
            try:
                line = session.prompt(f"{desk.actor} in {desk.channel} > ")
            except EOFError:
                return
            except KeyboardInterrupt:
                if interrupted:
                    return
                interrupted = True
                print("  Ctrl-C once more leaves.")  # noqa: T201 - to the person at this prompt
                continue
            interrupted = False
            yield line


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    def clear_or_leave(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    return keys


class _Completer(Completer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        del complete_event  # typed or asked for, the offer is the same
        for offer in suggestions_for(self._desk, document.text_before_cursor):
            yield Completion(offer.text, start_position=-offer.replaces, display=offer.shown)

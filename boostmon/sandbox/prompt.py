"""The prompt of the interactive sandbox: history, completion, and events that do not tear it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, ThreadedCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from boostmon.sandbox.completion import suggestions_for
from boostmon.sandbox.desk import Desk


def prompted_lines(desk: Desk, history: Path | None) -> Iterator[str]:
    """The lines that a person types, until Ctrl-C or the end of input."""
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)) if history else InMemoryHistory(),
        completer=ThreadedCompleter(_Completer(desk)),
        complete_while_typing=True,
    )
    with patch_stdout(raw=True):
        while True:
            try:
                yield session.prompt(f"{desk.actor} in {desk.channel} > ")
            except (EOFError, KeyboardInterrupt):
                return


class _Completer(Completer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        del complete_event  # typed or asked for, the offer is the same
        for offer in suggestions_for(self._desk, document.text_before_cursor):
            yield Completion(offer.text, start_position=-offer.replaces, display=offer.shown)

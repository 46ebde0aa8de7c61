"""Whether an expectation holds, and what was there if it does not."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from boostmon.sandbox import listing
from boostmon.sandbox.answer import Answer, Choice, PostedMessage
from boostmon.sandbox.buttons import matching, named
from boostmon.sandbox.errors import CannotDo, SandboxError
from boostmon.sandbox.expectations import (
    ExpectAnswer,
    Expectation,
    ExpectButton,
    ExpectEntry,
    ExpectMessage,
    ExpectRefusal,
    ExpectRole,
    ExpectSuggestion,
    ExpectVisibility,
)
from boostmon.sandbox.markup import Names, readable
from boostmon.sandbox.server import LoopbackDiscord

#: However fast the sandbox's clock runs, a bot gets this many real seconds to do what is expected.
REAL_SECONDS = 2.0


class NotMet(SandboxError):
    """An expectation failed; the text says what was there instead."""


@dataclass(slots=True)
class Said:
    """What the last command brought: an answer, a refusal by Discord's client, or suggestions."""

    answer: Answer | None = None
    refusal: str | None = None
    suggestions: tuple[Choice, ...] | None = None


class Judge:
    """Holds expectations against a loopback Discord."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self._discord = discord

    def check(self, expected: Expectation, said: Said) -> None:
        """Return when the expectation holds. Raises `NotMet`, or `CannotDo` for unknown names."""
        match expected:
            case ExpectAnswer():
                answer = self._settled(said, lambda a: self._says(a, expected))
                _require(self._says(answer, expected), f"the answer was: {self._shown(answer.text)}")
            case ExpectButton():
                answer = self._settled(said, lambda a: _has_button(a, expected))
                labels = named(answer.buttons) or "none"
                _require(_has_button(answer, expected), f"the answer's buttons were: {labels}")
            case ExpectVisibility():
                answer = self._now(said)
                _require(answer.message is not None, f"there was no message: {answer.text}")
                was = "hidden" if answer.hidden else "public"
                _require(answer.hidden == expected.hidden, f"the answer was {was}")
            case ExpectRefusal():
                was = said.refusal if said.refusal is not None else "Discord's client sent the command"
                _require(said.refusal is not None and _contains(was, expected.text), was)
            case ExpectSuggestion():
                self._check_suggestions(expected, said)
            case ExpectRole():
                self._within(expected.within, lambda: self._role_is(expected), lambda: self._roles(expected))
            case ExpectEntry():
                self._within(expected.within, lambda: self._logged(expected), self._log)
            case ExpectMessage(negated=True):
                self._check_silence(expected)
            case ExpectMessage():
                self._within(expected.within, lambda: bool(self._found(expected)), lambda: self._there(expected))

    # ------------------------------------------------------------------ answers

    def _answer(self, said: Said) -> Answer:
        if said.answer is None:
            raise NotMet(said.refusal or "no command was answered before")
        return said.answer

    def _now(self, said: Said) -> Answer:
        return self._discord.answer_now(self._answer(said))

    def _settled(self, said: Said, holds: Callable[[Answer], bool]) -> Answer:
        """The answer as it stands, given a moment: a follow-up or an edit may be on its way."""
        soonest = time.monotonic() + REAL_SECONDS
        self._discord.wait_until(lambda: holds(self._now(said)) or time.monotonic() >= soonest, float("inf"))
        return self._now(said)

    def _says(self, answer: Answer, expected: ExpectAnswer) -> bool:
        return _contains(self._shown(answer.text), expected.text) != expected.negated

    def _check_suggestions(self, expected: ExpectSuggestion, said: Said) -> None:
        if said.suggestions is None:
            raise NotMet(said.refusal or "no suggestions were asked for before")
        names = [choice.name for choice in said.suggestions]
        found = any(_contains(name, expected.text) for name in names)
        _require(found != expected.negated, f"the suggestions were: {'; '.join(names) or 'none'}")

    # ------------------------------------------------------------------ world

    def _role_is(self, expected: ExpectRole) -> bool:
        wanted = self._discord.look(lambda w: w.role_name(w.role(expected.role).id))
        try:
            return (wanted in self._discord.member_roles(expected.user)) != expected.negated
        except CannotDo:
            # Who left has no roles any more.
            return expected.negated

    def _roles(self, expected: ExpectRole) -> str:
        try:
            roles = sorted(self._discord.member_roles(expected.user))
        except CannotDo as gone:
            return str(gone)
        return f"{expected.user} has {', '.join(roles) or 'no role'}"

    def _logged(self, expected: ExpectEntry) -> bool:
        entries = self._discord.look(listing.audit_log)
        return any(_contains(entry, expected.text) for entry in entries) != expected.negated

    def _log(self) -> str:
        return "\n".join(["the audit log was:", *(self._discord.look(listing.audit_log) or ["  empty"])])

    def _found(self, expected: ExpectMessage) -> list[PostedMessage]:
        return [m for m in self._messages(expected.place) if _contains(self._shown(m.text), expected.text)]

    def _messages(self, place: str) -> tuple[PostedMessage, ...]:
        return self._discord.messages(place) if place.startswith("#") else self._discord.dms(place)

    def _there(self, expected: ExpectMessage) -> str:
        texts = [self._shown(m.text) for m in self._messages(expected.place)]
        return f"in {expected.place} there was: {' / '.join(texts) or 'nothing'}"

    def _check_silence(self, expected: ExpectMessage) -> None:
        until = self._discord.now + timedelta(seconds=expected.within)

        def over() -> bool:
            return bool(self._found(expected)) or self._discord.now >= until

        self._discord.wait_until(over, float("inf"))
        _require(not self._found(expected), self._there(expected))

    def _within(self, span: float, holds: Callable[[], bool], was: Callable[[], str]) -> None:
        until = self._discord.now + timedelta(seconds=span)
        soonest = time.monotonic() + REAL_SECONDS

        def decided() -> bool:
            return holds() or (self._discord.now >= until and time.monotonic() >= soonest)

        self._discord.wait_until(decided, float("inf"))
        _require(holds(), was())

    def _shown(self, text: str) -> str:
        return readable(text, self._discord.look(Names.of), self._discord.now)


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion with its message
    if not holds:
        raise NotMet(otherwise)


def _has_button(answer: Answer, expected: ExpectButton) -> bool:
    there = [button for button in answer.buttons if not button.disabled]
    return bool(matching(there, expected.label)) != expected.negated


def _contains(text: str, part: str) -> bool:
    return _folded(part) in _folded(text)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold().strip()

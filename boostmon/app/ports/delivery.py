"""Telling people: messages, their ways, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from boostmon.domain.languages import Language
from boostmon.domain.notices import Notice
from boostmon.domain.outcomes import Held
from boostmon.domain.own_words import OwnWords
from boostmon.domain.ways import Barrier, Refusal, Way


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent at once to one place: one notice, or many that go to the same channel.

    `refusals` are the ways that were tried before for any of them; None where nobody remembers. `language` is the one
    that the guild decided for; None: the one that Discord knows it by. `own` is what the guild says of all of them in
    its own words, if it does.
    """

    id: UUID
    way: Way
    notices: tuple[Notice, ...]
    refusals: tuple[Refusal, ...] | None = ()
    language: Language | None = None
    own: OwnWords | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The notice reached somebody by this way."""

    way: Way


@dataclass(frozen=True, slots=True)
class Postponed:
    """It may be delivered later, not before `after` has passed. Unless it `is_unsent` for certain, it may have been."""

    error: str
    after: timedelta = timedelta(0)
    is_unsent: bool = False


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The place does not accept the message, now or later: the notices in it have to go another way."""

    error: str
    barrier: Barrier = Barrier.UNKNOWN


type Reply = Delivered | Postponed | Held | TurnedAway
"""What became of a message."""


class Notifier(Protocol):
    """Sends messages to members and channels."""

    def deliver(self, messages: Sequence[Message]) -> Sequence[Reply]:
        """Sends each message by its way; one reply for each, in their order. Never raises for one of them.

        A message whose result is unknown is postponed. Repeating one under the same id within a few minutes does not
        send it twice, whatever it says by then.
        """
        ...

    def held(self, messages: Sequence[Message]) -> Sequence[Held | None]:
        """Which of these `deliver` would hold back now, taken one after the other, as far as is known without asking.

        Sends nothing, and gives nobody a turn. So what has to wait is planned again without standing in the way of
        others. Never raises.
        """
        ...

"""What came back to the person who typed: messages, suggestions, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from boostmon.sandbox.buttons import Button, all_of

#: What Discord shows when a command, or a pressed button, is not acknowledged in time.
DID_NOT_RESPOND = "The application did not respond"
INTERACTION_FAILED = "This interaction failed"


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message as it stands now. `hidden`: only the person who typed the command sees it.

    `embeds` and `components` are Discord's JSON. `at` and `edited_at` are the sandbox's time.
    """

    id: int
    channel: str
    author: str
    content: str
    embeds: tuple[Mapping[str, Any], ...]
    components: tuple[Mapping[str, Any], ...]
    hidden: bool
    at: datetime
    edited: bool = False

    @property
    def text(self) -> str:
        """Everything readable in it, line by line, mentions still in Discord's notation."""
        return "\n".join([*([self.content] if self.content else []), *(_embed_text(e) for e in self.embeds)])


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's answer to a command or to a pressed button; of a button's message, too, once that was changed.

    `failure` is what Discord shows instead when nothing came. `acknowledged_in` and `replied_in` are
    real seconds from the command to the first callback and to the message; `replied_at` is the sandbox's
    time. `thinking` means that the bot deferred and had not finished when the wait ended.
    """

    interaction_id: int
    messages: tuple[PostedMessage, ...]
    deferred: bool
    thinking: bool
    failure: str | None
    acknowledged_in: float | None
    replied_in: float | None
    replied_at: datetime

    @property
    def message(self) -> PostedMessage | None:
        """The newest visible message, if there is one."""
        return self.messages[-1] if self.messages else None

    @property
    def content(self) -> str:
        """The content of the newest message."""
        return self.message.content if self.message else ""

    @property
    def embeds(self) -> tuple[Mapping[str, Any], ...]:
        """The embeds of the newest message."""
        return self.message.embeds if self.message else ()

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons below its messages, as they are read."""
        return tuple(button for message in self.messages for button in all_of(message.components))

    @property
    def hidden(self) -> bool:
        """Whether only the person who typed sees the answer."""
        return self.message is not None and self.message.hidden

    @property
    def text(self) -> str:
        """Everything readable in the answer, or the failure that Discord shows."""
        if self.failure:
            return self.failure
        return "\n".join(message.text for message in self.messages)


@dataclass(frozen=True, slots=True)
class Choice:
    """A suggestion of an option's autocomplete: what is shown, and what would be sent."""

    name: str
    value: str | int | float


def _embed_text(embed: Mapping[str, Any]) -> str:
    parts = [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
    parts.extend(f"{f.get('name', '')}: {f.get('value', '')}" for f in embed.get("fields") or [])
    parts.append((embed.get("footer") or {}).get("text"))
    return "\n".join(str(part) for part in parts if part)

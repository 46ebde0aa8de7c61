"""A message's box as plain values: what Discord calls an embed, before any client library has seen it."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Self


class Colour(IntEnum):
    """The bar at the side: what it is about at a glance."""

    ACTIVE = 0x2ECC71
    PAUSED = 0xF1C40F
    ENDED = 0xE74C3C
    NONE = 0x95A5A6
    ATTENTION = 0xE67E22
    WARNING = 0xF39C12


@dataclass(frozen=True, slots=True)
class Field:
    """A titled paragraph."""

    name: str
    value: str


@dataclass(slots=True)
class Card:
    """A title, a text, and titled paragraphs below it. Its length is what Discord counts against 6,000 characters."""

    title: str
    description: str | None = None
    colour: Colour = Colour.NONE
    fields: list[Field] = field(default_factory=list)
    author: str | None = None
    footer: str | None = None

    def add_field(self, name: str, value: str) -> Self:
        """Adds a paragraph below the others."""
        self.fields.append(Field(name, value))
        return self

    def __len__(self) -> int:
        texts = [self.title, self.description, self.author, self.footer]
        texts += [text for one in self.fields for text in (one.name, one.value)]
        return sum(len(text) for text in texts if text)

    def __bool__(self) -> bool:
        return True

    def payload(self) -> dict[str, Any]:
        """The embed object of Discord's API."""
        body: dict[str, Any] = {"title": self.title, "color": int(self.colour)}
        if self.description is not None:
            body["description"] = self.description
        if self.author is not None:
            body["author"] = {"name": self.author}
        if self.footer is not None:
            body["footer"] = {"text": self.footer}
        if self.fields:
            body["fields"] = [{"name": one.name, "value": one.value, "inline": False} for one in self.fields]
        return body

"""What is said somewhere, as Discord gets it, and as a person reads it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from babel.dates import format_date, format_timedelta

from boostmon.texts import Language
from boostmon.texts.answers import problem_card
from boostmon.texts.cards import Card
from boostmon.texts.refusals import Problem
from tests.support.timers import ALICE, CHANNEL, MODERATOR, NOW, VIP

_STAMP = re.compile(r"<t:(\d+):([FR])>")
_MENTION = re.compile(r"<(@&|@|#)(\d+)>")
_NAMES = {
    f"@{ALICE}": "@Alice",
    f"@{ALICE + 1}": "@Bob",
    f"@{MODERATOR}": "@Mara",
    f"@&{VIP}": "@VIP",
    f"@&{VIP + 1}": "@Gold",
    f"@&{VIP + 2}": "@Silver",
    f"@&{VIP + 50}": "@BoostMon",
    f"#{CHANNEL}": "#news",
    f"#{CHANNEL + 1}": "#log",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A message with embeds and the labels of its buttons, or the choices of an option."""

    embeds: tuple[Mapping[str, Any], ...] = ()
    content: str = ""
    buttons: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def card(cls, card: Card, *buttons: str) -> Self:
        """An answer."""
        return cls((card.payload(),), buttons=buttons)

    @classmethod
    def problem(cls, problem: Problem) -> Self:
        """A refusal."""
        return cls.card(problem_card(problem))

    @classmethod
    def message(cls, body: Mapping[str, Any]) -> Self:
        """A message, by the body of its request."""
        return cls(tuple(body["embeds"]), content=body.get("content", ""))

    def lines(self) -> Iterator[str]:
        """As a reader sees it, but for the markdown."""
        yield from self.content.splitlines()
        for embed in self.embeds:
            yield from _embed(embed)
        if self.buttons:
            yield "  ".join(f"[{label}]" for label in self.buttons)
        for name, value in self.choices.items():
            yield f"{name}  ({value})"


type Example = tuple[str, Said]
"""What it shows, and what is said."""


def _embed(embed: Mapping[str, Any]) -> Iterator[str]:
    if "author" in embed:
        yield f"{embed['author']['name']}:"
    yield embed["title"]
    yield from _indented(embed.get("description", ""))
    for one in embed.get("fields", ()):
        first, *others = one["value"].split("\n")
        yield f"  {one['name']} | {first}" if not others else f"  {one['name']} |"
        if others:
            yield from _indented(one["value"], "    ")
    yield from _indented(embed.get("footer", {}).get("text", ""))


def _indented(text: str, margin: str = "  ") -> Iterator[str]:
    return (f"{margin}{line}" for line in text.splitlines())


def readable(text: str, language: Language) -> str:
    """With the names of mentions, and with stamps as Discord shows them to a reader in UTC."""
    named = _MENTION.sub(lambda found: _NAMES.get(found[1] + found[2], found[0]), text)
    return _STAMP.sub(lambda found: _stamp(int(found[1]), found[2], language), named)


def _stamp(seconds: int, style: str, language: Language) -> str:
    locale = "en_GB" if language is Language.EN else language
    instant = datetime.fromtimestamp(seconds, UTC)
    if style == "R":
        return format_timedelta(instant - NOW, add_direction=True, locale=locale)
    return f"{format_date(instant.date(), 'full', locale=locale)} {instant:%H:%M}"

"""The answer to a command or a press: a card, the buttons under it, and who sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

import nextcord

from boostmon.domain.ids import TimerKey
from boostmon.entrypoints.bot.components.ids import Wish, encode
from boostmon.texts.cards import Card

MOST_LABEL = 80
"""Characters on a button; Discord's limit."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that has `wish` done; a dangerous one is red."""

    label: str
    wish: Wish
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, with buttons in one row. `is_question`: only the asker sees it, and nothing was done yet.

    `key` is the timer that was changed, for the log.
    """

    card: Card
    buttons: tuple[Button, ...] = ()
    is_question: bool = False
    key: TimerKey | None = None

    @property
    def embed(self) -> nextcord.Embed:
        """The card as nextcord sends it."""
        return embed_of(self.card)


def embed_of(card: Card) -> nextcord.Embed:
    """A card as nextcord sends it."""
    return nextcord.Embed.from_dict(card.payload())


def view_of(buttons: Sequence[Button]) -> nextcord.ui.View:
    """The buttons as nextcord sends them. It keeps nothing of them: what they do is in their ids."""
    view = nextcord.ui.View(timeout=None, auto_defer=False, prevent_update=False)
    for button in buttons:
        style = nextcord.ButtonStyle.danger if button.is_dangerous else nextcord.ButtonStyle.secondary
        view.add_item(nextcord.ui.Button(style=style, label=button.label, custom_id=encode(button.wish)))
    return view

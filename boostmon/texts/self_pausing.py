"""The answers to members who pause their own timers."""

from datetime import timedelta

from boostmon.app.commands.self_pause import SelfPaused
from boostmon.domain.timers import ZERO
from boostmon.texts.answers import change_card
from boostmon.texts.cards import Card
from boostmon.texts.channels import IsLost, all_there
from boostmon.texts.words import Words


def self_paused_card(paused: SelfPaused, words: Words, *, is_lost: IsLost = all_there) -> Card:
    """What became of the timer, and for how long it may be paused again; `is_lost` as in `change_card`."""
    card = change_card(paused.changed, words, by=paused.changed.key.user, is_lost=is_lost)
    if paused.days:
        days = words.duration(timedelta(days=paused.days))
        left = words.duration(paused.left) if paused.left > ZERO else words("nothing")
        card.add_field(words("Pauses left"), words("{left} ({days} a year in all)", left=left, days=days))
    return card

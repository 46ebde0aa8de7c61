"""The question that is asked before much time is taken away, for the asker's eyes alone.

What is to be done stands in the id of its button, all but the reason, which is too long for one: that stands in the
footer, which Discord shows as it is and sends back as it is with a press.
"""

from datetime import datetime
from typing import assert_never

import nextcord

from boostmon.app.changing.confirming import Loss, NotConfirmed
from boostmon.domain.timers import Ending, Paused, Running, Timer
from boostmon.entrypoints.bot.components.ids import Clear, Confirmation, Keep, Replace, Shorten
from boostmon.entrypoints.bot.components.replies import Button, Reply
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.english import approximate

KEEP = "Keep it as it is"
_REASON = "Reason: "


def question(asked: NotConfirmed, wish: Confirmation, *, reason: str | None) -> Reply:
    """Asks whether `wish` is meant."""
    deed = _deed(asked.loss, wish)
    card = Card(title=f"{deed}?", description=_told(asked), colour=Colour.ATTENTION)
    card.add_field(name="Now", value=_now(asked.loss.before, asked.loss.at))
    card.add_field(name="Then", value=_then(asked.loss, wish))
    if reason:
        card.footer = f"{_REASON}{reason}"
    return Reply(card, (Button(deed, wish, is_dangerous=True), Button(KEEP, Keep())), is_question=True)


def reason_in(message: nextcord.Message) -> str | None:
    """The reason that stands in a question; None where none was given."""
    for embed in message.embeds:
        footer = embed.footer.text
        if footer and footer.startswith(_REASON):
            return footer.removeprefix(_REASON)
    return None


def _told(asked: NotConfirmed) -> str:
    key, lost = asked.loss.before.key, approximate(asked.loss.length)
    changed = "The timer has changed since I asked. " if asked.changed_since else ""
    return f"{changed}{stamps.user(key.user)} would lose **{lost}** with {stamps.role(key.role)}."


def _deed(loss: Loss, wish: Confirmation) -> str:
    before, after = (approximate(timer.remaining(loss.at)) for timer in (loss.before, loss.after))
    match wish:
        case Replace():
            return f"Replace {before} by {after}"
        case Shorten() if loss.after.is_over(loss.at):
            return f"Take all {before} away"
        case Shorten():
            return f"Take {approximate(loss.length)} away"
        case Clear():
            return "End the timer, take the role"
        case _ as never:
            assert_never(never)


def _now(timer: Timer, at: datetime) -> str:
    left = approximate(timer.remaining(at))
    match timer.state:
        case Running(ends_at=ends_at):
            return f"{left}, until {stamps.moment(ends_at)}"
        case Paused():
            return f"{left}, paused"
        case Ending():
            return "time is up"
        case _ as never:
            assert_never(never)


def _then(loss: Loss, wish: Confirmation) -> str:
    if loss.after.is_over(loss.at):
        return "Nothing: the role is taken at once"
    if isinstance(wish, Replace) and not isinstance(wish.when, datetime):
        return f"{approximate(wish.when)}, from the moment that you confirm it"
    return _now(loss.after, loss.at)

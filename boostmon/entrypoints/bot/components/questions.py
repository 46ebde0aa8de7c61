"""The question that is asked before much time is taken away, for the asker's eyes alone.

What is to be done stands in the id of its button, all but the reason, which is too long for one: that stands in the
footer, which Discord shows as it is and sends back as it is with a press.
"""

from datetime import datetime
from typing import assert_never

import nextcord

from boostmon.app.changing.confirming import Loss, NotConfirmed
from boostmon.domain.timers import Ending, Grace, Paused, Running, Timer, Waiting
from boostmon.entrypoints.bot.components.ids import Clear, Confirmation, Keep, Replace, Shorten
from boostmon.entrypoints.bot.components.replies import Button, Reply
from boostmon.texts import Language, Words, msgid, stamps, words_of
from boostmon.texts.cards import Card, Colour
from boostmon.texts.refusals.timers import whose

KEEP = msgid("Keep it as it is")
_REASON = msgid("Reason: {reason}")
"""In every language what is said of the reason comes before it: a press sends the footer back, and it is read again."""


def question(asked: NotConfirmed, wish: Confirmation, words: Words, *, reason: str | None) -> Reply:
    """Asks whether `wish` is meant."""
    deed = _deed(asked.loss, wish, words)
    card = Card(title=words("{deed}?", deed=deed), description=_told(asked, words), colour=Colour.ATTENTION)
    card.add_field(name=words("Now"), value=_now(asked.loss.before, asked.loss.at, words))
    card.add_field(name=words("Then"), value=_then(asked.loss, wish, words))
    if reason:
        card.footer = words(_REASON, reason=reason)
    return Reply(card, (Button(deed, wish, is_dangerous=True), Button(words(KEEP), Keep())), is_question=True)


def reason_in(message: nextcord.Message) -> str | None:
    """The reason that stands in a question; None where none was given."""
    for embed in message.embeds:
        footer = embed.footer.text
        for prefix in (words_of(language)(_REASON, reason="") for language in Language):
            if footer and footer.startswith(prefix):
                return footer.removeprefix(prefix)
    return None


def _told(asked: NotConfirmed, words: Words) -> str:
    who = whose(asked.loss.before.key)
    told = words("{user} would lose **{lost}** with {role}.", **who, lost=words.duration(asked.loss.length))
    return f"{words('The timer has changed since I asked.')} {told}" if asked.changed_since else told


def _deed(loss: Loss, wish: Confirmation, words: Words) -> str:
    before, after = (words.duration(timer.remaining(loss.at)) for timer in (loss.before, loss.after))
    match wish:
        case Replace():
            return words("Replace {before} with {after}", before=before, after=after)
        case Shorten() if loss.after.is_over(loss.at):
            return words("Take all {duration} away", duration=before)
        case Shorten():
            return words("Take {duration} away", duration=words.duration(loss.length))
        case Clear():
            return words("End the timer, take the role")
        case _ as never:
            assert_never(never)


def _now(timer: Timer, at: datetime, words: Words) -> str:
    left = words.duration(timer.remaining(at))
    match timer.state:
        case Running(ends_at=ends_at):
            return words("{duration}, until {moment}", duration=left, moment=stamps.moment(ends_at))
        case Paused():
            return words("{duration}, paused", duration=left)
        case Grace() | Ending():
            return words("time is up")
        case Waiting(starts_at=starts_at):
            return words("{duration}, from {moment}", duration=left, moment=stamps.moment(starts_at))
        case _ as never:
            assert_never(never)


def _then(loss: Loss, wish: Confirmation, words: Words) -> str:
    if loss.after.is_over(loss.at):
        return words("Nothing: the role is taken at once")
    if isinstance(wish, Replace) and not isinstance(wish.when, datetime):
        return words("{duration}, from the moment that you confirm it", duration=words.amount(wish.when, units=2))
    return _now(loss.after, loss.at, words)

"""What is asked before much time is taken away."""

from collections.abc import Iterator

from boostmon.app.changing.confirming import Loss, NotConfirmed
from boostmon.domain.durations import MAX_DURATION
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import end, pause, reduce
from boostmon.entrypoints.bot.components.ids import Clear, Confirmation, Replace, Shorten, Shown
from boostmon.entrypoints.bot.components.questions import question
from boostmon.texts import Words
from tests.support.examples.casts import Cast
from tests.support.examples.said import Example, Said
from tests.support.timers import ALICE, DAY, HOUR, MINUTE, NOW, POLICY, SECOND, VIP, running

_SHOWN = Shown(ALICE, VIP, version=7)
_MONTH = running(30 * DAY)
_LONGEST = running(MAX_DURATION - HOUR)


def questions(words: Words, cast: Cast) -> Iterator[Example]:
    """One for each thing that can be confirmed."""
    over, paused = end(_MONTH, now=NOW), pause(_MONTH, now=NOW)
    yield "Replace by a length", _asked(_MONTH, running(HOUR), Replace(_SHOWN, HOUR), words, cast)
    yield (
        "Replace by a moment, asked again",
        _asked(_MONTH, running(HOUR), Replace(_SHOWN, NOW + HOUR), words, cast, again=True),
    )
    yield (
        "Take from a paused timer",
        _asked(paused, reduce(paused, 29 * DAY, now=NOW, policy=POLICY), Shorten(_SHOWN, 29 * DAY), words, cast),
    )
    yield "Take all", _asked(_MONTH, over, Shorten(_SHOWN, 90 * DAY), words, cast)
    yield "End", _asked(_MONTH, over, Clear(_SHOWN), words, cast)
    yield (
        "The longest there is",
        _asked(
            _LONGEST,
            running(MAX_DURATION - 31 * DAY - HOUR - MINUTE - SECOND),
            Replace(_SHOWN, MAX_DURATION - 31 * DAY - HOUR - MINUTE - SECOND),
            words,
            cast,
        ),
    )


def _asked(before: Timer, after: Timer, wish: Confirmation, words: Words, cast: Cast, *, again: bool = False) -> Said:
    asked = NotConfirmed(Loss(before, after, NOW), changed_since=again)
    reply = question(asked, wish, words, reason=cast.reason)
    return Said.card(reply.card, *(button.label for button in reply.buttons))

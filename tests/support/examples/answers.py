"""What is said when a timer was changed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from boostmon.app.changing.changes import Changed, Note
from boostmon.app.commands.move_time import Moved
from boostmon.app.commands.self_pause import SelfPaused
from boostmon.app.commands.undo import Undone
from boostmon.app.ports import RecordedChange
from boostmon.domain.ids import TimerKey
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Obstacle, Timer
from boostmon.domain.transitions import end, extend, pause, reduce, resume
from boostmon.domain.ways import ToChannel, ToMember
from boostmon.texts import Words
from boostmon.texts.answers import NOTES, change_card, undone_card
from boostmon.texts.moves import moved_card
from boostmon.texts.self_pausing import self_paused_card
from tests.support.examples.casts import Cast
from tests.support.examples.said import Example, Said
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, MINUTE, MODERATOR, NOW, POLICY, running, waiting

_DAYS = running(2 * DAY)
_PAUSED = pause(_DAYS, now=NOW)
_PAUSED_FOR_DAYS = pause(_DAYS, now=NOW, until=NOW + 3 * DAY)
_OVER = end(_DAYS, now=NOW)
_LONGER = extend(_DAYS, 3 * HOUR, now=NOW, policy=POLICY)
_SHORTER = reduce(_DAYS, 3 * HOUR, now=NOW, policy=POLICY)


def _changed(action: Action, before: Timer | None, after: Timer | None, *notes: Note, **more: Any) -> Changed:
    return Changed(action, KEY, before, after, NOW, notes=notes, **more)


def answers(words: Words, cast: Cast) -> Iterator[Example]:
    """One for each command and outcome."""
    for name, changed in {**_lengthening(cast), **_shortening(), **_ending(), **_later()}.items():
        yield name, Said.card(change_card(changed, words, by=MODERATOR))
    for note in NOTES:
        changed = _changed(Action.SET, None, _DAYS, note, amount=2 * DAY)
        yield f"Note: {note.name}", Said.card(change_card(changed, words, by=MODERATOR))
    pending = _changed(Action.CLEAR, _DAYS, _OVER, Note.REMOVAL_PENDING)
    yield (
        "Ended, but Discord refuses to take the role",
        Said.card(
            change_card(pending, words, by=MODERATOR, obstacle=Obstacle.ROLE_NOT_ASSIGNABLE),
        ),
    )


def moves(words: Words, cast: Cast) -> Iterator[Example]:
    """One for each state of the receiver's timer, and of the giver's role."""
    other = TimerKey(KEY.guild, MODERATOR, KEY.role)
    got = Changed(Action.MOVE, other, None, running(2 * DAY, of=other), NOW, reason=cast.reason)
    longer = extend(running(HOUR, of=other), 2 * DAY, now=NOW, policy=POLICY)
    taken, pending = _changed(Action.MOVE, _DAYS, None), _changed(Action.MOVE, _DAYS, _OVER, Note.REMOVAL_PENDING)
    cases = {
        "Moved": Moved(taken, got),
        "Moved to somebody with a timer": Moved(taken, replace(got, before=running(HOUR, of=other), after=longer)),
        "Moved before it begins": Moved(
            _changed(Action.MOVE, waiting(2 * DAY), None), replace(got, after=waiting(2 * DAY, of=other))
        ),
        "Moved, and Discord has not answered yet": Moved(pending, got),
        "Moved, but Discord refuses to take the role": Moved(pending, got, Obstacle.ROLE_NOT_ASSIGNABLE),
    }
    for name, moved in cases.items():
        yield name, Said.card(moved_card(moved, words, by=MODERATOR))


def _lengthening(cast: Cast) -> dict[str, Changed]:
    started = _changed(Action.SET, None, _DAYS, amount=2 * DAY, reason=cast.reason)
    unwarned = running(HOUR / 2 / 60)
    return {
        "Started for a length": started,
        "Started until a moment": replace(started, amount=NOW + 2 * DAY, reason=None),
        "Started, with a channel": replace(
            started, after=running(2 * DAY, channel=CHANNEL), ways=(ToChannel(CHANNEL),)
        ),
        "Started, and nobody can be told": replace(started, ways=()),
        "Started for so short a time that there are no warnings": replace(started, after=unwarned, amount=MINUTE / 2),
        "Replaced": replace(started, before=running(5 * MINUTE)),
        "Set again, and added": replace(
            started, before=_DAYS, after=_LONGER, amount=3 * HOUR, notes=(Note.ADDED_UP,), reason=None
        ),
        "Set again, and the timer kept": replace(
            started, before=_DAYS, amount=3 * HOUR, notes=(Note.LASTS_LONGER,), reason=None
        ),
        "Set again, and the paused timer kept": replace(
            started, before=_PAUSED, after=_PAUSED, amount=NOW + HOUR, notes=(Note.LASTS_LONGER,), reason=None
        ),
        "Added a length": _changed(Action.ADD, _DAYS, _LONGER, amount=3 * HOUR),
        "Added until a moment": _changed(Action.ADD, _DAYS, _LONGER, amount=NOW + 2 * DAY + 3 * HOUR),
        "Added to a timer that was over": _changed(Action.ADD, _OVER, running(3 * HOUR), Note.REVIVED, amount=3 * HOUR),
        "Resumed": _changed(Action.RESUME, _PAUSED, resume(_PAUSED, now=NOW, policy=POLICY)),
        "Added to a paused timer": _changed(
            Action.ADD, _PAUSED, extend(_PAUSED, HOUR, now=NOW, policy=POLICY), amount=HOUR
        ),
        "Changed otherwise": _changed(Action.GIVE_BACK, _DAYS, _LONGER, amount=3 * HOUR),
    }


def _shortening() -> dict[str, Changed]:
    return {
        "Removed a length": _changed(Action.REMOVE, _DAYS, _SHORTER, amount=3 * HOUR),
        "Removed until a moment": _changed(Action.REMOVE, _DAYS, _SHORTER, amount=NOW + 2 * DAY - 3 * HOUR),
        "Removed all that remained": _changed(Action.REMOVE, _DAYS, _OVER, Note.ENDS_NOW, amount=5 * DAY),
        "Paused": _changed(Action.PAUSE, _DAYS, _PAUSED),
        "Paused for a while": _changed(Action.PAUSE, _DAYS, _PAUSED_FOR_DAYS),
        "Paused, with a channel": _changed(Action.PAUSE, _DAYS, _PAUSED, ways=(ToChannel(CHANNEL), ToMember())),
    }


def _ending() -> dict[str, Changed]:
    return {
        "Ended": _changed(Action.CLEAR, _DAYS, None),
        "Ended when time was up": _changed(Action.CLEAR, _OVER, None),
        "Ended, and the role is kept": _changed(Action.CLEAR, _DAYS, None, Note.ROLE_KEPT),
        "Ended when time was up, and the role is kept": _changed(Action.CLEAR, _OVER, None, Note.ROLE_KEPT),
        "Ended, and Discord has not answered yet": _changed(Action.CLEAR, _DAYS, _OVER, Note.REMOVAL_PENDING),
    }


def _later() -> dict[str, Changed]:
    planned, longer = waiting(2 * DAY), waiting(3 * DAY)
    return {
        "Set for later": _changed(Action.SET, None, planned, amount=2 * DAY),
        "Set for later until a moment": _changed(Action.SET, None, planned, amount=NOW + 3 * DAY),
        "Set for another day": _changed(Action.SET, longer, planned, amount=2 * DAY),
        "Added before it begins": _changed(Action.ADD, planned, longer, amount=DAY),
        "Set again before it begins, and kept": _changed(Action.SET, longer, longer, Note.LASTS_LONGER, amount=DAY),
        "Set again, so that it begins now": _changed(Action.SET, planned, _DAYS, amount=2 * DAY),
        "Cancelled": _changed(Action.CLEAR, planned, None, Note.CANCELLED),
    }


def self_pauses(words: Words, _cast: Cast) -> Iterator[Example]:
    """To the member alone, who paused their timer or let it go on."""
    paused = _changed(Action.SELF_PAUSE, _DAYS, _PAUSED_FOR_DAYS)
    resumed = _changed(Action.SELF_RESUME, _PAUSED_FOR_DAYS, resume(_PAUSED_FOR_DAYS, now=NOW, policy=POLICY))
    cases = {
        "Paused by the member": SelfPaused(paused, 30, 27 * DAY),
        "Paused by the member, for the last days": SelfPaused(paused, 3, 0 * DAY),
        "Resumed by the member": SelfPaused(resumed, 30, 29 * DAY),
        "Resumed by the member, where nobody may pause any more": SelfPaused(resumed, 0, -DAY),
    }
    for name, one in cases.items():
        yield name, Said.card(self_paused_card(one, words))


def undoings(words: Words, cast: Cast) -> Iterator[Example]:
    """One for each state that a timer can be in again."""
    changes = {
        "A start undone, and the role is kept": (Action.SET, _changed(Action.UNDO, _DAYS, None, Note.ROLE_KEPT)),
        "A start undone": (Action.SET, _changed(Action.UNDO, _DAYS, _OVER)),
        "A resumption undone": (Action.RESUME, _changed(Action.UNDO, _DAYS, _PAUSED)),
        "An addition undone": (Action.ADD, _changed(Action.UNDO, _LONGER, _DAYS)),
        "A move undone": (Action.MOVE, _changed(Action.UNDO, _OVER, _DAYS)),
        "A cancellation undone": (Action.CLEAR, _changed(Action.UNDO, None, waiting(2 * DAY))),
        "A start for later undone": (Action.SET, _changed(Action.UNDO, waiting(2 * DAY), None, Note.CANCELLED)),
        "An undoing undone": (Action.UNDO, _changed(Action.UNDO, _LONGER, _DAYS)),
    }
    for name, (action, changed) in changes.items():
        also = (_changed(Action.UNDO, _DAYS, _OVER),) if action is Action.MOVE else ()
        change = RecordedChange(KEY, NOW - HOUR, action, MODERATOR, None)
        undone = Undone(change, replace(changed, reason=cast.reason), also)
        yield name, Said.card(undone_card(undone, words, by=MODERATOR))

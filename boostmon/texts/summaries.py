"""What became of a timer by a change, in one sentence."""

from datetime import datetime, timedelta

from boostmon.app.changing.changes import Changed, Note
from boostmon.domain.durations import Amount
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Paused, Timer, Waiting
from boostmon.texts import stamps
from boostmon.texts.refusals.timers import whose
from boostmon.texts.words import Words


def summary(changed: Changed, words: Words) -> str:
    """The sentence. Only those changes that give the role say that the member has it."""
    if changed.after is None or changed.after.is_over(changed.at):
        return _of_end(changed, words)
    if isinstance(changed.after.state, Waiting):
        return _of_later(changed, changed.after.state, words)
    return _of_active(changed, changed.after, words)


def _of_active(changed: Changed, after: Timer, words: Words) -> str:
    match changed.action:
        case Action.PAUSE | Action.SELF_PAUSE:
            return _of_pause(after, changed.at, words)
        case Action.RESUME | Action.SELF_RESUME:
            left, who = words.duration(after.remaining(changed.at)), whose(changed.key)
            return words("The timer of {user} on {role} is running again, with **{left}** left.", **who, left=left)
        case Action.SET if changed.before is not None:
            return _of_second(changed, words)
        case Action.ADD | Action.REMOVE if changed.before is not None:
            return _of_change(changed, words)
        case _:
            return _of_start(changed, words)


def _of_later(changed: Changed, state: Waiting, words: Words) -> str:
    """Of a timer that begins later."""
    who = whose(changed.key)
    if Note.LASTS_LONGER in changed.notes:
        return words("The timer of {user} on {role} stays as it is, and has not begun.", **who)
    values = {**who, "start": stamps.moment(state.starts_at)}
    if state.ends_at is None:
        return words("{user} gets {role} for good.", **who)
    if isinstance(changed.amount, datetime):
        return words("{user} gets {role} on **{start}**, until **{end}**.", **values, end=stamps.moment(state.ends_at))
    is_all = changed.action is Action.SET and not changed.notes and changed.amount is not None
    duration = _exactly(changed.amount, words) if is_all else words.duration(state.length)
    return words("{user} gets {role} on **{start}**, for **{duration}**.", **values, duration=duration)


def _of_second(changed: Changed, words: Words) -> str:
    """Of a timer that was set where there was one already."""
    who = whose(changed.key)
    if changed.after is not None and Note.LASTS_LONGER in changed.notes:
        left = words.duration(changed.after.remaining(changed.at))
        return words("The timer of {user} on {role} stays as it is, with **{left}** left.", **who, left=left)
    if Note.ADDED_UP in changed.notes:
        return _of_change(changed, words)
    if isinstance(changed.amount, datetime):
        return _of_start(changed, words)
    return words("The timer of {user} on {role} was replaced.", **who)


def _of_start(changed: Changed, words: Words) -> str:
    who = whose(changed.key)
    if isinstance(changed.amount, datetime):
        return words("{user} has {role} until **{moment}**.", **who, moment=stamps.moment(changed.amount))
    return words("{user} has {role} for **{duration}**.", **who, duration=_exactly(changed.amount, words))


def _of_pause(timer: Timer, at: datetime, words: Words) -> str:
    who, left = whose(timer.key), words.duration(timer.remaining(at))
    if not isinstance(timer.state, Paused) or timer.state.until is None:
        return words("The timer of {user} on {role} is paused, with **{left}** left.", **who, left=left)
    moment = stamps.moment(timer.state.until)
    return words(
        "The timer of {user} on {role} is paused until **{moment}**, with **{left}** left.",
        **who,
        moment=moment,
        left=left,
    )


def _of_change(changed: Changed, words: Words) -> str:
    who = whose(changed.key)
    if isinstance(changed.amount, datetime):
        moment = stamps.moment(changed.amount)
        return words("The timer of {user} on {role} runs until **{moment}**.", **who, moment=moment)
    duration = _exactly(changed.amount, words)
    if changed.action is Action.REMOVE:
        return words("The timer of {user} on {role} runs **{duration}** less.", **who, duration=duration)
    return words("The timer of {user} on {role} runs **{duration}** longer.", **who, duration=duration)


def _exactly(amount: Amount | None, words: Words) -> str:
    return words.amount(amount or timedelta())


def _of_end(changed: Changed, words: Words) -> str:
    who = whose(changed.key)
    if Note.CANCELLED in changed.notes:
        return words("The timer of {user} on {role} was cancelled before it began.", **who)
    was_taken = changed.after is None and not {Note.ROLE_KEPT, Note.ROLE_GONE, Note.MEMBER_GONE} & set(changed.notes)
    left = None if Note.ENDS_NOW in changed.notes else _left(changed.before, changed.at, words)
    if left is None and was_taken:
        return words("{role} was taken from {user}.", **who)
    if left is None:
        return words("The timer of {user} on {role} has ended.", **who)
    if was_taken:
        return words("{role} was taken from {user}, with **{left}** left.", **who, left=left)
    return words("The timer of {user} on {role} has ended, with **{left}** left.", **who, left=left)


def _left(timer: Timer | None, at: datetime, words: Words) -> str | None:
    return None if timer is None or timer.is_over(at) else words.duration(timer.remaining(at))

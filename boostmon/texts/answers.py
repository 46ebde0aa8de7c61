"""The answers to commands that were carried out, as embeds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from boostmon.app.changing.changes import Changed, Note
from boostmon.app.commands.undo import Undone
from boostmon.domain.ids import UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Ending, Obstacle, Paused, Running, Timer
from boostmon.domain.ways import ToChannel, ToMember
from boostmon.texts import stamps
from boostmon.texts.actions import COMMANDS
from boostmon.texts.cards import Card, Colour, Field
from boostmon.texts.english import approximate
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.quoting import escaped
from boostmon.texts.refusals import Problem

NOTES: dict[Note, str] = {
    Note.HAD_ROLE: (
        "The member had this role before. It will be taken at the end all the same; "
        "`/cleartime` with `keep_role` lets them keep it."
    ),
    Note.GRANT_UNCONFIRMED: (
        "Discord did not confirm that it gave the role. The timer runs; if the role is missing, "
        "run `/settime` again or give it by hand."
    ),
    Note.ENDED_MEANWHILE: "The timer ended before Discord had given the role; the role was taken again.",
    Note.REMOVAL_PENDING: "Discord has not taken the role yet. I go on trying.",
    Note.ENDS_NOW: "Nothing remains: the role is being taken.",
    Note.REVIVED: "Time was up already; the timer goes on from now.",
    Note.ROLE_GONE: "The role does not exist any more.",
    Note.MEMBER_GONE: "The user is not a member of this server any more.",
    Note.ROLE_KEPT: "The role was left as it is; I do not take it.",
}
"""What a moderator should know about a change, in a sentence or two."""

_TITLES = {
    Action.SET: "Timer replaced",
    Action.ADD: "Time added",
    Action.REMOVE: "Time removed",
    Action.PAUSE: "Timer paused",
    Action.RESUME: "Timer resumed",
    Action.CLEAR: "Timer ended",
}

_MEASURED = frozenset({Action.SET, Action.ADD, Action.REMOVE})
"""Whose answers show what remained before and what remains now; a pause changes nothing of that."""


def change_card(changed: Changed, *, by: UserId, obstacle: Obstacle | None = None, lack: Lack | None = None) -> Card:
    """What a command changed, for everybody in the channel.

    `obstacle`: why Discord did not take the role; `lack`: what the bot is known to lack for it.

    It stays there, and says each thing once: the sentence whose timer it is and what became of it, the fields the rest.
    """
    card = Card(title=_title(changed), description=_summary(changed), colour=_colour(changed))
    is_measured = changed.action in _MEASURED and not _has_ended(changed) and changed.before is not None
    if is_measured and (remaining := _remaining_then_and_now(changed)):
        card.add_field(name="Remaining", value=remaining)
    is_said = isinstance(changed.amount, datetime)
    if changed.after is not None and isinstance(changed.after.state, Running) and not is_said:
        card.add_field(name="Ends", value=stamps.moment(changed.after.state.ends_at))
    if changed.after is not None and not changed.after.is_over(changed.at):
        card.add_field(name="Warnings", value=_warnings(changed.after, changed.ways))
    if changed.reason:
        card.add_field(name="Reason", value=escaped(changed.reason, 500))
    notes = [NOTES[note] for note in changed.notes]
    if obstacle is not None:
        notes.append(in_the_way(obstacle, changed.key.role, lack=lack))
    if notes:
        card.add_field(name="Note", value="\n".join(notes))
    return card.add_field(name="By", value=stamps.user(by))


def undone_card(undone: Undone, *, by: UserId) -> Card:
    """What was taken back, for everybody in the channel."""
    change, changed = undone.change, undone.changed
    card = change_card(changed, by=by)
    card.title = "Change undone"
    command = f"`{COMMANDS[change.action]}` by " if change.action in COMMANDS else "The change by "
    card.description = f"{command}{stamps.user(change.actor)} is undone: {_as_it_was(changed)}."
    if changed.after is not None and not _has_ended(changed) and (remaining := _remaining_then_and_now(changed)):
        card.fields.insert(0, Field("Remaining", remaining))
    return card


def _as_it_was(changed: Changed) -> str:
    member, role = stamps.user(changed.key.user), stamps.role(changed.key.role)
    if changed.after is None:
        return f"the timer of {member} on {role} is gone"
    if _has_ended(changed):
        return f"the timer of {member} on {role}, which it had started, has ended"
    if isinstance(changed.after.state, Paused):
        return f"the timer of {member} on {role} is paused, as before"
    return f"the timer of {member} on {role} runs for as long as before"


def problem_card(problem: Problem) -> Card:
    """A refusal, for the asker alone."""
    return Card(title=problem.title, description=problem.text, colour=Colour.ENDED)


def _title(changed: Changed) -> str:
    if changed.before is None:
        return "Timer started"
    if _has_ended(changed):
        return "Timer ended"
    return _TITLES.get(changed.action, "Timer changed")


def _colour(changed: Changed) -> Colour:
    if Note.ROLE_GONE in changed.notes:
        return Colour.ATTENTION
    if _has_ended(changed):
        return Colour.ENDED
    return Colour.PAUSED if changed.after is not None and isinstance(changed.after.state, Paused) else Colour.ACTIVE


def _has_ended(changed: Changed) -> bool:
    return changed.after is None or changed.after.is_over(changed.at)


def _summary(changed: Changed) -> str:
    member, role = stamps.user(changed.key.user), stamps.role(changed.key.role)
    if _has_ended(changed):
        return _summary_of_end(changed, member, role)
    timer = f"The timer of {member} on {role}"
    match changed.action:
        case Action.PAUSE:
            return f"{timer} is paused{_with_left(changed.after, changed.at)}."
        case Action.RESUME:
            return f"{timer} is running again{_with_left(changed.after, changed.at)}."
        case Action.SET if changed.before is not None and not isinstance(changed.amount, datetime):
            return f"{timer} was replaced."
        case _:
            # Only those that give the role say that the member has it.
            of_timer = changed.action in {Action.ADD, Action.REMOVE} and changed.before is not None
            return f"{f'{timer} runs' if of_timer else f'{member} has {role}'} {_how_long(changed)}."


def _how_long(changed: Changed) -> str:
    match changed.amount:
        case datetime() as moment:
            return f"until **{stamps.moment(moment)}**"
        case amount:
            words = f"**{approximate(amount or timedelta(), units=5)}**"
    if changed.action is Action.REMOVE:
        return f"{words} less"
    return f"{words} longer" if changed.action is Action.ADD and changed.before is not None else f"for {words}"


def _with_left(timer: Timer | None, at: datetime) -> str:
    if timer is None or timer.is_over(at):
        return ""
    return f", with **{approximate(timer.remaining(at))}** left"


def _summary_of_end(changed: Changed, member: str, role: str) -> str:
    taken = changed.after is None and not {Note.ROLE_KEPT, Note.ROLE_GONE, Note.MEMBER_GONE} & set(changed.notes)
    what = f"{role} was taken from {member}" if taken else f"The timer of {member} on {role} has ended"
    left = "" if Note.ENDS_NOW in changed.notes else _with_left(changed.before, changed.at)
    return f"{what}{left}."


def _remaining_then_and_now(changed: Changed) -> str | None:
    """Rounded no more than lets the difference be seen; None where there is none."""
    for units in (2, 3, 5):
        before = _remaining(changed.before, changed.at, units)
        after = _remaining(changed.after, changed.at, units)
        if before != after:
            return f"{before} → **{after}**"
    return None


def _remaining(timer: Timer | None, at: datetime, units: int) -> str:
    if timer is None:
        return "no timer"
    if timer.is_over(at):
        return "time is up"
    left = approximate(timer.remaining(at), units)
    return f"{left} (paused)" if isinstance(timer.state, Paused) else left


def _warnings(timer: Timer, ways: Sequence[ToChannel | ToMember]) -> str:
    if not ways:
        return "To nobody: direct messages are off here, and there is no channel. `/timersettings` changes that"
    way = ways[0]
    place = f"in {stamps.channel(way.channel)}" if isinstance(way, ToChannel) else "by direct message"
    if not isinstance(timer.state, Running):
        return f"After the pause, {place}"
    if not timer.state.armed:
        return f"At the end only, {place}"
    return f"{_enumerated([approximate(threshold) for threshold in timer.state.armed])} before the end, {place}"


def _enumerated(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def timer_state_colour(timer: Timer) -> Colour:
    """The colour of one timer."""
    match timer.state:
        case Running():
            return Colour.ACTIVE
        case Paused():
            return Colour.PAUSED
        case Ending():
            return Colour.ENDED
        case _ as never:
            assert_never(never)

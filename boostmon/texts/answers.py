"""The answers to commands that were carried out, as embeds."""

from collections.abc import Sequence
from datetime import datetime

from boostmon.app.changing.changes import Changed, Note
from boostmon.app.commands.undo import Undone
from boostmon.domain.ids import UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Grace, Obstacle, Paused, Running, Timer, Waiting
from boostmon.domain.ways import ToChannel, ToMember
from boostmon.texts import stamps
from boostmon.texts.actions import COMMANDS
from boostmon.texts.cards import Card, Colour, Field
from boostmon.texts.channels import IsLost, all_there, channel
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.quoting import escaped
from boostmon.texts.refusals import Problem
from boostmon.texts.refusals.timers import whose
from boostmon.texts.summaries import summary
from boostmon.texts.words import Words, msgid

NOTES: dict[Note, str] = {
    Note.HAD_ROLE: msgid(
        "The member had this role before. It will be taken at the end all the same; `/cleartime` with `keep_role` lets "
        "them keep it."
    ),
    Note.GRANT_UNCONFIRMED: msgid(
        "Discord did not confirm that it gave the role. The timer runs; if the role is missing, run `/settime` again "
        "or give it by hand."
    ),
    Note.GIVEN_BACK: msgid("The member did not have the role any more; I gave it back."),
    Note.ENDED_MEANWHILE: msgid("The timer ended before Discord had given the role; the role was taken again."),
    Note.REMOVAL_PENDING: msgid("Discord has not taken the role yet. I go on trying."),
    Note.ENDS_NOW: msgid("Nothing remains: the role is being taken."),
    Note.REVIVED: msgid("Time was up already; the timer goes on from now."),
    Note.RENEWED: msgid("Time was up, and the role was kept to be renewed: the new time counts from when it was up."),
    Note.ROLE_GONE: msgid("The role does not exist any more."),
    Note.MEMBER_GONE: msgid("The user is not a member of this server any more."),
    Note.ROLE_KEPT: msgid("The role was left as it is; I do not take it."),
    Note.CANCELLED: msgid("The role was not given by this timer, and is left as it is."),
    Note.ADDED_UP: msgid("In this server, the time of a second `/settime` is added to what is left."),
    Note.LASTS_LONGER: msgid("In this server, a second `/settime` counts only if it ends later than the timer."),
}
"""What a moderator should know about a change, in a sentence or two."""

_TITLES = {
    Action.SET: msgid("Timer replaced"),
    Action.ADD: msgid("Time added"),
    Action.REMOVE: msgid("Time removed"),
    Action.PAUSE: msgid("Timer paused"),
    Action.RESUME: msgid("Timer resumed"),
    Action.SELF_PAUSE: msgid("Timer paused"),
    Action.SELF_RESUME: msgid("Timer resumed"),
    Action.CLEAR: msgid("Timer ended"),
}

_MEASURED = frozenset({Action.SET, Action.ADD, Action.REMOVE, Action.MOVE})
"""Whose answers show what remained before and what remains now; a pause changes nothing of that."""


def change_card(
    changed: Changed,
    words: Words,
    *,
    by: UserId,
    obstacle: Obstacle | None = None,
    lack: Lack | None = None,
    is_lost: IsLost = all_there,
) -> Card:
    """What a command changed, for everybody in the channel.

    `obstacle`: why Discord did not take the role; `lack`: what the bot is known to lack for it; `is_lost` tells of
    channels that are not there.

    It stays there, and says each thing once: the sentence whose timer it is and what became of it, the fields the rest.
    """
    card = Card(_title(changed, words), summary(changed, words), _colour(changed))
    is_measured = changed.action in _MEASURED and not _has_ended(changed) and changed.before is not None
    if is_measured and (remaining := _remaining_then_and_now(changed, words)):
        card.add_field(words("Remaining"), remaining)
    is_said = isinstance(changed.amount, datetime)
    if changed.after is not None and changed.after.ends_at is not None and not is_said and not _has_ended(changed):
        card.add_field(words("Ends"), stamps.moment(changed.after.ends_at))
    if changed.after is not None and not changed.after.is_over(changed.at):
        card.add_field(words("Warnings"), _warnings(changed.after, changed.ways, is_lost, words))
    if changed.reason:
        card.add_field(words("Reason"), escaped(changed.reason, 500))
    notes = [words(NOTES[note]) for note in changed.notes]
    if obstacle is not None:
        notes.append(in_the_way(obstacle, [changed.key.role], words, lack=lack))
    if notes:
        card.add_field(words("Note"), "\n".join(notes))
    return card.add_field(words.context("who did it", "By"), stamps.user(by))


def undone_card(undone: Undone, words: Words, *, by: UserId) -> Card:
    """What was taken back, for everybody in the channel."""
    change, changed = undone.change, undone.changed
    card = change_card(changed, words, by=by)
    card.title = words("Change undone")
    actor = stamps.user(change.actor)
    what = (
        words("`{command}` by {actor} is undone.", command=COMMANDS[change.action], actor=actor)
        if change.action in COMMANDS
        else words("The change by {actor} is undone.", actor=actor)
    )
    card.description = " ".join([what, *(_as_it_was(one, words) for one in (changed, *undone.also))])
    if changed.after is not None and not _has_ended(changed) and (remaining := _remaining_then_and_now(changed, words)):
        card.fields.insert(0, Field(words("Remaining"), remaining))
    return card


def _as_it_was(changed: Changed, words: Words) -> str:
    who = whose(changed.key)
    if changed.after is None:
        return words("The timer of {user} on {role} is gone.", **who)
    if _has_ended(changed):
        return words("The timer of {user} on {role}, which it had started, has ended.", **who)
    if isinstance(changed.after.state, Waiting):
        moment = stamps.moment(changed.after.state.starts_at)
        return words("The timer of {user} on {role} begins on {moment}, as before.", **who, moment=moment)
    if isinstance(changed.after.state, Paused):
        return words("The timer of {user} on {role} is paused, as before.", **who)
    if isinstance(changed.after.state, Grace):
        until = stamps.moment(changed.after.state.until)
        return words(
            "The time of {user} with {role} is up, as before; they keep the role until {moment}.", **who, moment=until
        )
    return words("The timer of {user} on {role} runs for as long as before.", **who)


def problem_card(problem: Problem) -> Card:
    """A refusal, for the asker alone."""
    return Card(problem.title, problem.text, Colour.ENDED)


def _title(changed: Changed, words: Words) -> str:
    is_later = changed.after is not None and isinstance(changed.after.state, Waiting)
    if changed.before is None:
        return words("Timer set for later") if is_later else words("Timer started")
    if Note.CANCELLED in changed.notes:
        return words("Timer cancelled")
    if _has_ended(changed):
        return words("Timer ended")
    if Note.LASTS_LONGER in changed.notes:
        return words("Timer kept")
    if Note.ADDED_UP in changed.notes:
        return words("Time added")
    title = _TITLES.get(changed.action)
    return words("Timer changed") if title is None else words(title)


def _colour(changed: Changed) -> Colour:
    if Note.ROLE_GONE in changed.notes:
        return Colour.ATTENTION
    if _has_ended(changed):
        return Colour.ENDED
    return Colour.PAUSED if changed.after is not None and isinstance(changed.after.state, Paused) else Colour.ACTIVE


def _has_ended(changed: Changed) -> bool:
    return changed.after is None or not changed.after.goes_on(changed.at)


def _remaining_then_and_now(changed: Changed, words: Words) -> str | None:
    """Rounded no more than lets the difference be seen; None where there is none."""
    for units in (2, 3, 5):
        before = _remaining(changed.before, changed.at, units, words)
        after = _remaining(changed.after, changed.at, units, words)
        if before != after:
            return f"{before} → **{after}**"
    return None


def _remaining(timer: Timer | None, at: datetime, units: int, words: Words) -> str:
    if timer is None:
        return words("no timer")
    if timer.is_over(at):
        return words("time is up")
    left = words.duration(timer.remaining(at), units)
    if isinstance(timer.state, Waiting):
        return words("{duration} (not begun)", duration=left)
    return words("{duration} (paused)", duration=left) if isinstance(timer.state, Paused) else left


def _warnings(timer: Timer, ways: Sequence[ToChannel | ToMember], is_lost: IsLost, words: Words) -> str:
    if not ways:
        return words("To nobody: direct messages are off here, and there is no channel. `/timersettings` changes that")
    way = ways[0]
    place = (
        words("in {channel}", channel=channel(way.channel, words, is_lost))
        if isinstance(way, ToChannel)
        else words("by direct message")
    )
    if isinstance(timer.state, Waiting):
        return words("Once it has begun, {place}", place=place)
    if not isinstance(timer.state, Running):
        return words("After the pause, {place}", place=place)
    if not timer.state.armed:
        return words("At the end only, {place}", place=place)
    thresholds = words.listed(words.durations(timer.state.armed))
    return words("{durations} before the end, {place}", durations=thresholds, place=place)

"""The refusals that a press alone can get, in words."""

from boostmon.app.changing.confirming import NotConfirmed, OtherThanShown
from boostmon.app.commands.errors import OutdatedButton, QuestionTooOld
from boostmon.app.commands.undo import BegunSince, ChangedSince, NothingToUndo, OverByNow, UndoneAlready
from boostmon.domain.timers import Ending
from boostmon.texts import stamps
from boostmon.texts.actions import COMMANDS
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.refusals.timers import standing, whose
from boostmon.texts.words import Words


@explain.register
def _nothing_to_undo(_error: NothingToUndo, words: Words) -> Problem:
    return Problem(
        words("Nothing to undo"),
        words("I have no record of that change in this server. `/timeleft` shows how a timer stands."),
    )


@explain.register
def _undone_already(error: UndoneAlready, words: Words) -> Problem:
    return Problem(
        words("Undone already"),
        words("{user} undid that change {distance}.", user=stamps.user(error.by), distance=stamps.distance(error.at)),
    )


@explain.register
def _changed_since(error: ChangedSince, words: Words) -> Problem:
    later = error.later
    values = {**whose(error.key), "actor": stamps.user(later.actor), "distance": stamps.distance(later.at)}
    if later.action in COMMANDS:
        who = words(
            "{actor} changed the timer of {user} on {role} with `{command}` {distance}, and undoing the earlier change "
            "would undo that, too.",
            **values,
            command=COMMANDS[later.action],
        )
    else:
        who = words(
            "{actor} changed the timer of {user} on {role} {distance}, and undoing the earlier change would undo that, "
            "too.",
            **values,
        )
    how = words("`/timeleft` shows how the timer stands; go on from there.")
    return Problem(words("Too late to undo"), f"{who} {how}")


@explain.register
def _begun_since(error: BegunSince, words: Words) -> Problem:
    return Problem(
        words("Too late to undo"),
        words(
            "As it was before the change, the timer of {user} on {role} had not begun; it has begun since. "
            "`/cleartime` ends it, `/settime` with `starts` begins one later.",
            **whose(error.key),
        ),
    )


@explain.register
def _over_by_now(error: OverByNow, words: Words) -> Problem:
    state = error.timer.state
    ended = state.since if isinstance(state, Ending) else error.timer.ends_at or error.timer.updated_at
    return Problem(
        words("Too late to undo"),
        words(
            "As it was before the change, the timer of {user} on {role} would have ended {distance}. `/settime` starts "
            "a new one.",
            **whose(error.timer.key),
            distance=stamps.distance(ended),
        ),
    )


@explain.register
def _outdated_button(_error: OutdatedButton, words: Words) -> Problem:
    return Problem(
        words("That button is outdated"),
        words(
            "It does nothing any more: it comes from an earlier version of me, or is not mine. Type the command again."
        ),
    )


@explain.register
def _question_too_old(_error: QuestionTooOld, words: Words) -> Problem:
    return Problem(
        words("That question is too old"),
        words(
            "Time has gone by since I asked, so what it says is not what would come of it now. Nothing was changed; if "
            "you still want to, type the command again."
        ),
    )


@explain.register
def _not_confirmed(error: NotConfirmed, words: Words) -> Problem:
    return Problem(
        words("That takes a lot of time away"),
        words(
            "The timer of {user} on {role} would lose {lost}. Nothing was changed.",
            **whose(error.loss.before.key),
            lost=words.duration(error.loss.length),
        ),
    )


@explain.register
def _other_than_shown(error: OtherThanShown, words: Words) -> Problem:
    timer, key = error.timer, whose(error.key)
    now = (
        words("The timer of {user} on {role} is gone.", **key)
        if timer is None
        else words("The timer of {user} on {role} has changed: {standing}.", **key, standing=standing(timer, words))
    )
    rest = words("Nothing was changed by you; if you still want to, type the command again.")
    return Problem(words("The timer has changed since I asked"), f"{now} {rest}")

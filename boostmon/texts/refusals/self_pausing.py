"""Members who want to pause their own timers, and cannot."""

from datetime import timedelta

from boostmon.domain.self_pausing import MayNotPause, NothingToPause, NotTheirPause, PausesUsedUp
from boostmon.texts import stamps
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.refusals.timers import standing
from boostmon.texts.words import Words


@explain.register
def _may_not_pause(error: MayNotPause, words: Words) -> Problem:  # noqa: ARG001 - by its type alone
    return Problem(
        words("Not in this server"),
        words("This server does not let members pause their timers. Ask a moderator to pause it."),
    )


@explain.register
def _nothing_to_pause(error: NothingToPause, words: Words) -> Problem:
    return Problem(
        words("Nothing to pause"),
        words(
            "Your timer on {role} is not running ({standing}). Only one that runs can be paused. `/myresume` ends a "
            "pause that you made.",
            role=stamps.role(error.timer.key.role),
            standing=standing(error.timer, words),
        ),
    )


@explain.register
def _not_their_pause(error: NotTheirPause, words: Words) -> Problem:
    return Problem(
        words("Not your pause"),
        words(
            "Your timer on {role} ({standing}) is not paused by you. `/myresume` ends only a pause that you made "
            "yourself; ask a moderator for anything else.",
            role=stamps.role(error.timer.key.role),
            standing=standing(error.timer, words),
        ),
    )


@explain.register
def _pauses_used_up(error: PausesUsedUp, words: Words) -> Problem:
    return Problem(
        words("No days left"),
        words(
            "You have paused your timer on {role} for {duration} within a year, and this server allows no more. "
            "Some of that is free again on {moment}.",
            role=stamps.role(error.key.role),
            duration=words.duration(timedelta(days=error.days)),
            moment=stamps.moment(error.free_at),
        ),
    )

"""What went wrong on the way: with Discord, the database, or BoostMon itself."""

from boostmon.app.changing.granting import GrantHeld, GrantRefused
from boostmon.app.commands.errors import GuildUnseen, Stopping, TooManyCommands
from boostmon.app.errors import StorageOutcomeUnknown, StorageUnavailable
from boostmon.domain.lacks import Lack
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def grant_refused(error: GrantRefused, words: Words, lack: Lack | None = None) -> Problem:
    """Says exactly what is missing where `lack`, what the bot lacks for the role, is known."""
    remedy = in_the_way(error.obstacle, [error.key.role], words, lack=lack)
    outcome = words("The timer is as it was before; once that is fixed, try again.")
    return Problem(words("Discord did not let me give the role"), f"{remedy}\n{outcome}")


@explain.register
def _grant_held(error: GrantHeld, words: Words) -> Problem:
    return Problem(
        words("Discord wants me to slow down"),
        words.plural(
            "I may not give more roles at the moment. The timer is as it was before; try again in {n} second.",
            "I may not give more roles at the moment. The timer is as it was before; try again in {n} seconds.",
            max(round(error.after.total_seconds()), 1),
        ),
    )


@explain.register
def _too_many_commands(error: TooManyCommands, words: Words) -> Problem:
    return Problem(
        words("Too many commands at once"),
        words.plural(
            "More commands have come than I can carry out, so I did not begin this one. Nothing was changed; try again "
            "in {n} second.",
            "More commands have come than I can carry out, so I did not begin this one. Nothing was changed; try again "
            "in {n} seconds.",
            round(error.seconds),
        ),
    )


@explain.register
def _storage_unavailable(_error: StorageUnavailable, words: Words) -> Problem:
    return Problem(
        words("My database does not answer"),
        words("As far as I can tell, nothing was changed. Try again in a moment; `/timeleft` shows how things stand."),
    )


@explain.register
def _storage_outcome_unknown(_error: StorageOutcomeUnknown, words: Words) -> Problem:
    return Problem(
        words("My database broke off"),
        words("The change may have been made, or not. Look with `/timeleft` before you try again."),
    )


@explain.register
def _guild_unseen(_error: GuildUnseen, words: Words) -> Problem:
    return Problem(
        words("I cannot see this server"),
        words(
            "Try again in a minute: I may have just been started. If it stays so, I was added without the scope `bot`; "
            "invite me again with it."
        ),
    )


@explain.register
def _stopping(_error: Stopping, words: Words) -> Problem:
    return Problem(words("I am being restarted"), words("Nothing was changed. Try again in a minute."))

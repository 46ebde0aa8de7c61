"""What went wrong on the way: with Discord, the database, or BoostMon itself."""

from boostmon.app.changing.granting import GrantHeld, GrantRefused
from boostmon.app.commands.errors import (
    GuildUnseen,
    Stopping,
    TooManyCommands,
)
from boostmon.app.errors import StorageOutcomeUnknown, StorageUnavailable
from boostmon.domain.lacks import Lack
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.refusals.problems import Problem, explain


@explain.register
def grant_refused(error: GrantRefused, lack: Lack | None = None) -> Problem:
    """Says exactly what is missing where `lack`, what the bot lacks for the role, is known."""
    return Problem(
        "Discord did not let me give the role",
        f"{in_the_way(error.obstacle, error.key.role, lack=lack)}\n"
        "The timer is as it was before; once that is mended, try again.",
    )


@explain.register
def _grant_held(error: GrantHeld) -> Problem:
    seconds = max(round(error.after.total_seconds()), 1)
    return Problem(
        "Discord wants me to slow down",
        "I may not give more roles at the moment. The timer is as it was before; "
        f"try again in {seconds} second{'' if seconds == 1 else 's'}.",
    )


@explain.register
def _too_many_commands(error: TooManyCommands) -> Problem:
    return Problem(
        "Too many commands at once",
        "More commands have come than I can carry out, so I did not begin this one. Nothing was changed; "
        f"try again in {round(error.seconds)} seconds.",
    )


@explain.register
def _storage_unavailable(_error: StorageUnavailable) -> Problem:
    return Problem(
        "My database does not answer",
        "As far as I can tell, nothing was changed. Try again in a moment; `/timeleft` shows how things stand.",
    )


@explain.register
def _storage_outcome_unknown(_error: StorageOutcomeUnknown) -> Problem:
    return Problem(
        "My database broke off",
        "The change may have been made, or not. Look with `/timeleft` before you try again.",
    )


@explain.register
def _guild_unseen(_error: GuildUnseen) -> Problem:
    return Problem(
        "I cannot see this server",
        "Try again in a minute: I may have just been started. If it stays so, I was added without the scope `bot`; "
        "invite me again with it.",
    )


@explain.register
def _stopping(_error: Stopping) -> Problem:
    return Problem("I am being restarted", "Nothing was changed. Try again in a minute.")

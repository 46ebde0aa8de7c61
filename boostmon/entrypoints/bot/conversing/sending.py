"""Requests to Discord that answer an interaction. Those that Discord refuses are logged; nothing here raises."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import nextcord
from nextcord.utils import MISSING

from boostmon.adapters.discord.faults import fault_of
from boostmon.entrypoints.bot.components.replies import Reply, view_of
from boostmon.entrypoints.bot.reading.asking import Interaction

_log = logging.getLogger(__name__)

DISCORD_FAILED = (nextcord.DiscordException, aiohttp.ClientError, OSError)
"""A request to Discord was refused or lost. Refusals include those of an interaction that is too old (10062)
or was acknowledged already (40060)."""

_NOBODY = nextcord.AllowedMentions.none()


async def answer(interaction: Interaction, reply: Reply) -> None:
    """Puts the reply in the place of the "thinking…", or of the message whose button was pressed."""
    edit = interaction.edit_original_message(embed=reply.embed, view=_view(reply), allowed_mentions=_NOBODY)
    error = await failure(edit, interaction, "an answer could not be given")
    if isinstance(error, nextcord.NotFound):
        # Somebody deleted it meanwhile. What was done stands, so its asker should hear of it.
        await whisper_more(interaction, reply)


async def whisper_first(interaction: Interaction, reply: Reply) -> None:
    """Tells the asker alone, at once. Raises what Discord answers: it may be that somebody else was faster."""
    await interaction.response.send_message(
        embed=reply.embed, view=_view(reply), ephemeral=True, allowed_mentions=_NOBODY
    )


async def whisper_more(interaction: Interaction, reply: Reply) -> None:
    """Tells the asker alone, after the interaction was acknowledged."""
    message = interaction.followup.send(embed=reply.embed, view=_view(reply), ephemeral=True, allowed_mentions=_NOBODY)
    await failure(message, interaction, WHISPER_FAILED)


async def tell_everybody(interaction: Interaction, reply: Reply) -> None:
    """Tells it in a message of its own, after the interaction was acknowledged."""
    message = interaction.followup.send(embed=reply.embed, view=_view(reply), allowed_mentions=_NOBODY)
    await failure(message, interaction, "an answer could not be given")


async def take_answer_away(interaction: Interaction) -> None:
    """Deletes the "thinking…"."""
    await failure(interaction.delete_original_message(), interaction, "a deferred answer could not be deleted")


async def take_buttons_away(interaction: Interaction) -> None:
    """Leaves the message whose button was pressed without any."""
    await failure(interaction.edit_original_message(view=None), interaction, "a button could not be taken away")


WHISPER_FAILED = "a message for the asker alone could not be sent"


def _view(reply: Reply) -> Any:
    return view_of(reply.buttons) if reply.buttons else MISSING


async def failure(
    request: Coroutine[Any, Any, object],
    interaction: Interaction,
    what: str,
    *,
    unless: Callable[[Exception], bool] = lambda _: False,
) -> Exception | None:
    """Sends a request to Discord; where it fails, returns why and, unless that is as it should be, logs `what`."""
    try:
        await request
    except Exception as error:  # noqa: BLE001 - there is nobody left who could be told
        if unless(error):
            return error
        is_foreseen = isinstance(error, DISCORD_FAILED) or fault_of(error) is not None
        _log.log(
            logging.WARNING if is_foreseen else logging.ERROR,
            what,
            extra=about(interaction, error),
            exc_info=None if is_foreseen else error,
        )
        return error
    return None


def about(interaction: Interaction, error: Exception) -> dict[str, object]:
    """What the log should know of an interaction in which something went wrong."""
    command = interaction.application_command
    return {
        "command": None if command is None else command.name,
        "interaction": interaction.id,
        "guild": interaction.guild_id,
        "by": None if interaction.user is None else interaction.user.id,
        "error": f"{type(error).__name__}: {error}",
    }

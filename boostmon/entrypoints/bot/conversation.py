"""One command from its arrival to its answer: acknowledged at once, carried out off the event loop, answered.

Discord waits 3 s for the acknowledgement and 15 minutes for the answer. Whatever goes wrong is told to the
asker alone; what Discord does not take any more is logged.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import nextcord

from boostmon.adapters.discord.faults import fault_of
from boostmon.app.ports import Clock
from boostmon.domain.errors import BoostMonError
from boostmon.entrypoints.bot.answers import problem_embed
from boostmon.entrypoints.bot.asking import Asking, Interaction, asking
from boostmon.entrypoints.bot.texts import Problem, apology, explain

_log = logging.getLogger(__name__)

type Job = Callable[[], nextcord.Embed]
"""Carries a command out, blocking, and returns the answer."""

type Preparation = Callable[[Asking], Job]
"""Checks what was typed, without waiting for anything, and says what is to be done."""

DISCORD_FAILED = (nextcord.DiscordException, aiohttp.ClientError, OSError)
"""A request to Discord was refused or lost. Refusals include those of an interaction that is too old (10062)
or was acknowledged already (40060)."""

_NOBODY = nextcord.AllowedMentions.none()


async def converse(interaction: Interaction, clock: Clock, prepare: Preparation, *, hidden: bool = False) -> None:
    """Answers a command; never raises. `hidden`: the answer is for the asker's eyes only.

    What `prepare` refuses is answered at once. After the acknowledgement everybody sees that the bot is
    thinking; a refusal then takes that away and is whispered. A command that cannot be acknowledged is not
    carried out: its asker is told by Discord that it failed.
    """
    try:
        job = prepare(asking(interaction, clock))
    except Exception as error:  # noqa: BLE001 - the asker is to hear of a fault of ours, too
        await refuse(interaction, problem_of(error, interaction))
        return
    acknowledgement = interaction.response.defer(ephemeral=hidden)
    if await _failure(acknowledgement, interaction, "a command could not be acknowledged and was dropped"):
        return
    try:
        embed = await asyncio.to_thread(job)
    except Exception as error:  # noqa: BLE001 - as above
        if not hidden:
            # A follow-up would be put in the place of the public "thinking…", and be as public.
            await _failure(interaction.delete_original_message(), interaction, "a deferred answer could not be deleted")
        await refuse(interaction, problem_of(error, interaction))
    else:
        await _answer(interaction, embed)


def problem_of(error: Exception, interaction: Interaction) -> Problem:
    """What the asker is told. An error that nobody foresaw goes to the log, under a reference that they are given."""
    if isinstance(error, BoostMonError):
        try:
            return explain(error)
        except TypeError:
            _log.exception("an error has no text", extra=_about(interaction, error))
    reference = secrets.token_hex(4)
    _log.error("a command failed", extra={**_about(interaction, error), "reference": reference}, exc_info=error)
    return apology(reference)


async def refuse(interaction: Interaction, problem: Problem) -> None:
    """Tells the asker alone; never raises."""
    await _whisper(interaction, problem_embed(problem))


async def _answer(interaction: Interaction, embed: nextcord.Embed) -> None:
    edit = interaction.edit_original_message(embed=embed, allowed_mentions=_NOBODY)
    failure = await _failure(edit, interaction, "an answer could not be given")
    if isinstance(failure, nextcord.NotFound):
        # Somebody deleted the "thinking…" meanwhile. The change stands, so its asker should hear of it.
        await _whisper(interaction, embed)


async def _whisper(interaction: Interaction, embed: nextcord.Embed) -> None:
    message: Coroutine[Any, Any, object]
    if interaction.response.is_done():
        message = interaction.followup.send(embed=embed, ephemeral=True, allowed_mentions=_NOBODY)
    else:
        message = interaction.response.send_message(embed=embed, ephemeral=True, allowed_mentions=_NOBODY)
    await _failure(message, interaction, "a message for the asker alone could not be sent")


async def _failure(request: Coroutine[Any, Any, object], interaction: Interaction, what: str) -> Exception | None:
    """Sends a request to Discord; where it fails, logs `what` and returns why."""
    try:
        await request
    except Exception as error:  # noqa: BLE001 - there is nobody left who could be told
        is_foreseen = isinstance(error, DISCORD_FAILED) or fault_of(error) is not None
        _log.log(
            logging.WARNING if is_foreseen else logging.ERROR,
            what,
            extra=_about(interaction, error),
            exc_info=None if is_foreseen else error,
        )
        return error
    return None


def _about(interaction: Interaction, error: Exception) -> dict[str, object]:
    command = interaction.application_command
    return {
        "command": None if command is None else command.name,
        "interaction": interaction.id,
        "guild": interaction.guild_id,
        "user": None if interaction.user is None else interaction.user.id,
        "error": f"{type(error).__name__}: {error}",
    }

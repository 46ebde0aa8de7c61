"""One command from its arrival to its answer: acknowledged in time, carried out off the event loop, answered.

Discord waits 3 s for the acknowledgement and 15 minutes for the answer. Whatever goes wrong is told to the
asker alone; what Discord does not take any more is logged.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import nextcord

from boostmon.adapters.discord.faults import fault_of
from boostmon.app.granting import GrantRefused
from boostmon.app.ports import Clock
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import TimerKey
from boostmon.entrypoints.bot.answers import problem_embed
from boostmon.entrypoints.bot.asking import Asking, Interaction, asking
from boostmon.entrypoints.bot.errors import TooManyCommands
from boostmon.entrypoints.bot.granting_turns import GrantingTurns, UntilOpen
from boostmon.entrypoints.bot.guild_view import lack_now
from boostmon.entrypoints.bot.lanes import Lanes
from boostmon.entrypoints.bot.rivals import Rivals
from boostmon.entrypoints.bot.texts import Problem, apology, explain, grant_refused

_log = logging.getLogger(__name__)

PREPARING_SECONDS = 1.0
"""After which a command is acknowledged though nobody has looked yet at what was typed."""
MOST_TURNED_AWAY = 100
"""Commands that are told at the same time that there are too many of them."""


@dataclass(frozen=True, slots=True)
class GivesRole:
    """A job that will have Discord give the role of `key`; it is begun when Discord would let it pass."""

    key: TimerKey
    work: Callable[[], nextcord.Embed]

    def __call__(self) -> nextcord.Embed:
        """Carries it out."""
        return self.work()


type Job = Callable[[], nextcord.Embed]
"""Carries a command out, blocking, and returns the answer. A `GivesRole` is one."""

type Preparation = Callable[[Asking], Job]
"""Checks what was typed, without waiting for anything, and says what is to be done. Called on a thread of its own."""

DISCORD_FAILED = (nextcord.DiscordException, aiohttp.ClientError, OSError)
"""A request to Discord was refused or lost. Refusals include those of an interaction that is too old (10062)
or was acknowledged already (40060)."""

_NOBODY = nextcord.AllowedMentions.none()


class Conversations:
    """All commands of one bot. For its event loop only."""

    def __init__(self, clock: Clock, lanes: Lanes, until_open: UntilOpen) -> None:
        self.rivals = Rivals()
        self._clock = clock
        self._lanes = lanes
        self._turns = GrantingTurns(lanes, until_open)
        self._turning_away = 0

    async def converse(
        self, interaction: Interaction, prepare: Preparation, *, hidden: bool = False, reads: bool = False
    ) -> None:
        """Answers a command; never raises.

        What `prepare` refuses is answered at once. After the acknowledgement everybody sees that the bot is
        thinking; a refusal then takes that away and is whispered. A command that cannot be acknowledged is not
        carried out: another process does that, or its asker is told by Discord that it failed.

        Args:
            interaction: the command.
            prepare: what it is to do.
            hidden: the answer is for the asker's eyes only.
            reads: it changes nothing.
        """
        try:
            with self._lanes.service(interaction.guild_id or 0):
                await self._serve(interaction, prepare, hidden=hidden, reads=reads)
        except TooManyCommands as error:
            await self._turn_away(interaction, error)
        except Exception as error:  # noqa: BLE001 - the asker is to hear of a fault of ours, too
            await self.refuse(interaction, problem_of(error, interaction))

    async def _turn_away(self, interaction: Interaction, error: TooManyCommands) -> None:
        """Tells that there are too many, unless that would be too many, too: Discord then tells that nobody answers."""
        if self._turning_away >= MOST_TURNED_AWAY:
            return
        self._turning_away += 1
        try:
            await self.refuse(interaction, explain(error))
        finally:
            self._turning_away -= 1

    async def _serve(self, interaction: Interaction, prepare: Preparation, *, hidden: bool, reads: bool) -> None:
        guild, at = interaction.guild_id or 0, self._clock.now()
        await self.rivals.hold_back()
        preparing = asyncio.ensure_future(
            self._lanes.preparing.run(guild, partial(_prepared, interaction, lambda: prepare(asking(interaction, at))))
        )
        await asyncio.wait({preparing}, timeout=PREPARING_SECONDS)
        if preparing.done() and isinstance(problem := preparing.result(), Problem):
            await self.refuse(interaction, problem)
            return
        if not await self._acknowledged(interaction, hidden=hidden):
            preparing.cancel()
            return
        told = await self._carried_out(interaction, preparing, reads=reads)
        if isinstance(told, nextcord.Embed):
            await self._answer(interaction, told)
            return
        if not hidden:
            # A follow-up would be put in the place of the public "thinking…", and be as public.
            await _failure(interaction.delete_original_message(), interaction, "a deferred answer could not be deleted")
        await self.refuse(interaction, told)

    async def _carried_out(
        self, interaction: Interaction, preparing: "asyncio.Future[Job | Problem]", *, reads: bool
    ) -> nextcord.Embed | Problem:
        guild = interaction.guild_id or 0
        lane = self._lanes.reading if reads else self._lanes.writing
        try:
            job = await preparing
            if isinstance(job, Problem):
                return job
            work = partial(_prepared, interaction, job)
            if isinstance(job, GivesRole):
                async with self._turns.turn(job.key):
                    return await lane.run(guild, work)
            return await lane.run(guild, work)
        except Exception as error:  # noqa: BLE001 - as above
            return problem_of(error, interaction)

    async def _acknowledged(self, interaction: Interaction, *, hidden: bool) -> bool:
        acknowledgement = interaction.response.defer(ephemeral=hidden)
        what = "a command could not be acknowledged and was dropped"
        return await self._first_answer(acknowledgement, interaction, what)

    async def _first_answer(self, request: Coroutine[Any, Any, object], interaction: Interaction, what: str) -> bool:
        """Whether Discord took what it may have been sent by another process before."""
        failure = await _failure(request, interaction, what, unless=self.rivals.was_beaten)
        if failure is None:
            self.rivals.came_first()
        return failure is None

    async def refuse(self, interaction: Interaction, problem: Problem) -> None:
        """Tells the asker alone; never raises."""
        await self._whisper(interaction, problem_embed(problem))

    async def _answer(self, interaction: Interaction, embed: nextcord.Embed) -> None:
        edit = interaction.edit_original_message(embed=embed, allowed_mentions=_NOBODY)
        failure = await _failure(edit, interaction, "an answer could not be given")
        if isinstance(failure, nextcord.NotFound):
            # Somebody deleted the "thinking…" meanwhile. The change stands, so its asker should hear of it.
            await self._whisper(interaction, embed)

    async def _whisper(self, interaction: Interaction, embed: nextcord.Embed) -> None:
        what = "a message for the asker alone could not be sent"
        if interaction.response.is_done():
            message = interaction.followup.send(embed=embed, ephemeral=True, allowed_mentions=_NOBODY)
            await _failure(message, interaction, what)
        else:
            reply = interaction.response.send_message(embed=embed, ephemeral=True, allowed_mentions=_NOBODY)
            await self._first_answer(reply, interaction, what)


def _prepared[T](interaction: Interaction, work: Callable[[], T]) -> T | Problem:
    """What `work` returns, or how its error is told: worded here, on a thread, since that may take a while."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - as above
        return problem_of(error, interaction)


def problem_of(error: Exception, interaction: Interaction) -> Problem:
    """What the asker is told. An error that nobody foresaw goes to the log, under a reference that they are given."""
    if isinstance(error, GrantRefused):
        return grant_refused(error, lack_now(interaction.guild, error.key.role))
    if isinstance(error, BoostMonError):
        try:
            return explain(error)
        except TypeError:
            _log.exception("an error has no text", extra=_about(interaction, error))
    reference = secrets.token_hex(4)
    _log.error("a command failed", extra={**_about(interaction, error), "reference": reference}, exc_info=error)
    return apology(reference)


async def _failure(
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

"""One command or press from its arrival to its answer: acknowledged in time, carried out off the event loop, answered.

Discord waits 3 s for the acknowledgement and 15 minutes for the answer. Whatever goes wrong is told to the
asker alone; what Discord does not take any more is logged.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from boostmon.app.changing.changes import Target
from boostmon.app.changing.granting import GrantRefused
from boostmon.app.commands.errors import TooManyCommands
from boostmon.app.ports import Clock
from boostmon.domain.eligibility import RoleNotTimeable
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId, TimerKey
from boostmon.entrypoints.bot.components.replies import Reply, embed_of
from boostmon.entrypoints.bot.conversing import command_log, sending
from boostmon.entrypoints.bot.conversing.granting_turns import GrantingTurns, UntilOpen
from boostmon.entrypoints.bot.conversing.lanes import Lanes
from boostmon.entrypoints.bot.conversing.manners import Manner, Typed
from boostmon.entrypoints.bot.conversing.rivals import Rivals
from boostmon.entrypoints.bot.reading.asking import Asking, Interaction, asker_words, asking, is_small
from boostmon.entrypoints.bot.reading.guild_view import lack_now
from boostmon.texts.answers import problem_card
from boostmon.texts.cards import Card
from boostmon.texts.refusals import Problem, apology, explain, grant_refused, role_not_timeable

_log = logging.getLogger(__name__)

PREPARING_SECONDS = 1.0
"""After which a command is acknowledged though nobody has looked yet at what was typed."""
MOST_TURNED_AWAY = 100
"""Commands that are told at the same time that there are too many of them."""


@dataclass(frozen=True, slots=True)
class GivesRole:
    """A job that will have Discord give the role of `key`; it is begun when Discord would let it pass."""

    key: TimerKey
    work: Callable[[], Card | Reply]

    def __call__(self) -> Card | Reply:
        """Carries it out."""
        return self.work()


type Job = Callable[[], Card | Reply]
"""Carries a command out, blocking, and returns the answer. A `GivesRole` is one."""


def giving(target: Target, held: Collection[RoleId] | None, job: Job) -> Job:
    """The job, as one that gives the role where the member, who holds these roles, most probably lacks it.

    Without a role in the command, only what is stored tells which is meant: then it waits for Discord while it gives.
    """
    if target.role is None or held is None or target.role in held:
        return job
    return GivesRole(TimerKey(target.guild, target.user, target.role), job)


type Preparation = Callable[[Asking], Job]
"""Checks what was typed, without waiting for anything, and says what is to be done. Called on a thread, mostly."""


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
        await self._serve(interaction, prepare, Typed(hidden), reads=reads)

    async def press(self, interaction: Interaction, prepare: Preparation, manner: Manner) -> None:
        """Answers a press that may change something; never raises. As `converse`."""
        await self._serve(interaction, prepare, manner, reads=False)

    async def replace(self, interaction: Interaction, card: Card) -> None:
        """Puts something in the place of the message whose button was pressed, and of its buttons; never raises."""
        await self.rivals.hold_back()
        began = _now()
        edit = interaction.response.edit_message(embed=embed_of(card), view=None)
        if await self._first_answer(edit, interaction, "a message could not be replaced"):
            command_log.tell(interaction, command_log.DONE, _now() - began)

    async def _serve(self, interaction: Interaction, prepare: Preparation, manner: Manner, *, reads: bool) -> None:
        began = _now()
        try:
            with self._lanes.service(interaction.guild_id or 0):
                told = await self._in_service(interaction, prepare, manner, reads=reads)
        except TooManyCommands as error:
            await self._turn_away(interaction, error)
            return
        except Exception as error:  # noqa: BLE001 - the asker is to hear of a fault of ours, too
            problem = problem_of(error, interaction)
            told = problem if await self.refuse(interaction, problem) else None
        self._log(interaction, told, _now() - began)

    def _log(self, interaction: Interaction, told: Reply | Problem | None, seconds: float) -> None:
        match told:
            case None:  # at the other process, if there is one, it is a command like any other
                command_log.tell(interaction, command_log.DROPPED, seconds, is_minor=self.rivals.comes_second)
            case Problem(why=why):
                command_log.tell(interaction, command_log.REFUSED, seconds, why=why)
            case Reply(is_question=True):
                command_log.tell(interaction, command_log.ASKED, seconds)
            case Reply(key=key):
                command_log.tell(interaction, command_log.DONE, seconds, key=key)

    async def _turn_away(self, interaction: Interaction, error: TooManyCommands) -> None:
        """Tells that there are too many, unless that would be too many, too: Discord then tells that nobody answers."""
        if self._turning_away >= MOST_TURNED_AWAY:
            return
        self._turning_away += 1
        try:
            await self.refuse(interaction, explain(error, asker_words(interaction)))
        finally:
            self._turning_away -= 1

    async def _in_service(
        self, interaction: Interaction, prepare: Preparation, manner: Manner, *, reads: bool
    ) -> Reply | Problem | None:
        """What its asker was told in the end; None where Discord took no acknowledgement."""
        at = self._clock.now()
        await self.rivals.hold_back()

        def prepared() -> Job:
            return prepare(asking(interaction, at, continues=manner.continues))

        preparing = asyncio.ensure_future(self._prepared(interaction, prepared))
        await asyncio.wait({preparing}, timeout=PREPARING_SECONDS)
        if preparing.done() and isinstance(problem := preparing.result(), Problem):
            return problem if await self.refuse(interaction, problem) else None
        what = "a command could not be acknowledged and was dropped"
        if not await self._first_answer(manner.acknowledge(interaction), interaction, what):
            preparing.cancel()
            return None
        told = await self._carried_out(interaction, preparing, reads=reads)
        if isinstance(told, Problem):
            await manner.refuse(interaction, Reply(problem_card(told)))
            return told
        reply = told if isinstance(told, Reply) else Reply(told)
        await manner.tell(interaction, reply)
        return reply

    async def _prepared(self, interaction: Interaction, read: Callable[[], Job]) -> Job | Problem:
        guild = interaction.guild_id or 0
        if not is_small(interaction):
            return await self._lanes.preparing.run(guild, partial(_worded, interaction, read))
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - as above
            return await self._lanes.preparing.run(guild, partial(problem_of, error, interaction))

    async def _carried_out(
        self, interaction: Interaction, preparing: "asyncio.Future[Job | Problem]", *, reads: bool
    ) -> Card | Reply | Problem:
        guild = interaction.guild_id or 0
        lane = self._lanes.reading if reads else self._lanes.writing
        try:
            job = await preparing
            if isinstance(job, Problem):
                return job
            work = partial(_worded, interaction, job)
            if isinstance(job, GivesRole):
                async with self._turns.turn(job.key):
                    return await lane.run(guild, work)
            return await lane.run(guild, work)
        except Exception as error:  # noqa: BLE001 - as above
            return problem_of(error, interaction)

    async def _first_answer(self, request: Coroutine[Any, Any, object], interaction: Interaction, what: str) -> bool:
        """Whether Discord took what it may have been sent by another process before."""
        failure = await sending.failure(request, interaction, what, unless=self.rivals.was_beaten)
        if failure is None:
            self.rivals.came_first()
        return failure is None

    async def refuse(self, interaction: Interaction, problem: Problem) -> bool:
        """Tells the asker alone, and returns whether the interaction was this process's to answer; never raises."""
        refusal = Reply(problem_card(problem))
        if interaction.response.is_done():
            await sending.whisper_more(interaction, refusal)
            return True
        whisper = sending.whisper_first(interaction, refusal)
        return await self._first_answer(whisper, interaction, sending.WHISPER_FAILED)


def _worded[T](interaction: Interaction, work: Callable[[], T]) -> T | Problem:
    """What `work` returns, or how its error is told: worded here, on a thread, since that may take a while."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - as above
        return problem_of(error, interaction)


def problem_of(error: Exception, interaction: Interaction) -> Problem:
    """What the asker is told. An error that nobody foresaw goes to the log, under a reference that they are given."""
    return replace(_in_words(error, interaction), why=type(error).__name__)


def _in_words(error: Exception, interaction: Interaction) -> Problem:
    words = asker_words(interaction)
    if isinstance(error, GrantRefused):
        return grant_refused(error, words, lack_now(interaction.guild, error.key.role))
    if isinstance(error, RoleNotTimeable):
        return role_not_timeable(error, words, lack_now(interaction.guild, error.role.id))
    if isinstance(error, BoostMonError):
        try:
            return explain(error, words)
        except TypeError:
            _log.exception("an error has no text", extra=sending.about(interaction, error))
    reference = secrets.token_hex(4)
    _log.error("a command failed", extra={**sending.about(interaction, error), "reference": reference}, exc_info=error)
    return apology(reference, words)


def _now() -> float:
    return asyncio.get_running_loop().time()
